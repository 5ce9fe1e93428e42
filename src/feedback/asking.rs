//! The card that asks by itself, at a moment that the server chooses. Only a browser that runs scripts asks the
//! server, because a page that is opened writes nothing down.

use leptos::{prelude::*, task::spawn_local};

use super::{
    dialog::Dialog,
    model::Occasion,
    requests::{ask_for_feedback, dismiss_feedback},
};
use crate::ui::announce::use_announcer;

/// A quiet card that takes no focus and goes when it is told to.
#[component]
pub fn Asking(
    /// Its slug.
    team: String,
    /// The moment at which it asks, once the server has said so.
    asked: RwSignal<Option<Occasion>>,
    dialog: Dialog,
    /// Takes the card away.
    settle: Callback<()>,
) -> impl IntoView {
    let announcer = use_announcer();
    let team = StoredValue::new(team);
    Effect::new(move |_| {
        let request = ask_for_feedback(team.get_value());
        spawn_local(async move {
            // Who cannot be asked now is asked on another page.
            if let Ok(due) = request.await {
                asked.try_set(due);
            }
        });
    });
    let never = move |occasion: Occasion| {
        let request = dismiss_feedback(team.get_value(), occasion.as_str().to_owned());
        spawn_local(async move {
            match request.await {
                Ok(()) => {
                    settle.try_run(());
                    announcer.success("You are not asked this again.");
                }
                Err(error) => announcer.failure(error.message),
            }
        });
    };
    let card = move || {
        asked.get().map(|occasion| {
            let why = match occasion {
                Occasion::TenthTask => "Ten tasks of yours are finished.",
                Occasion::Button | Occasion::FirstWeek => "You have been here for a week.",
            };
            view! {
                <section class="feedback-card" aria-labelledby="feedback-card-title">
                    <div>
                        <h2 id="feedback-card-title">"How is it going?"</h2>
                        <p>{why} " What helps you here, and what does not? Three short questions."</p>
                    </div>
                    <div class="actions">
                        <button type="button" class="primary" on:click=move |_| dialog.open(occasion)>
                            "Answer"
                        </button>
                        <button type="button" class="quiet" on:click=move |_| settle.run(())>
                            "Later"
                        </button>
                        <button type="button" class="quiet" on:click=move |_| never(occasion)>
                            "Don’t ask again"
                        </button>
                    </div>
                </section>
            }
        })
    };
    let said = move || {
        asked
            .with(Option::is_some)
            .then_some("Three short questions wait at the end of the page.")
    };
    view! {
        <p class="visually-hidden" aria-live="polite">
            {said}
        </p>
        {card}
    }
}
