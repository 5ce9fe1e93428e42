//! The foot of every page of somebody who is in a team: the button that asks the three questions, and the card
//! that asks them by itself.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use super::{
    asking::Asking,
    dialog::{Dialog, FeedbackDialog},
    model::{Occasion, PagePath},
};
use crate::{
    people::model::TeamLink,
    ui::{dom::focus, focus::when_focus_is_lost},
};

/// The button `Feedback`. With scripts it opens a dialog; without, its form leads to a page.
#[component]
pub fn FeedbackButton(
    /// Whose owners read what is said.
    team: TeamLink,
    /// Whether this may be a moment to ask for it.
    #[prop(optional)]
    asks: bool,
) -> impl IntoView {
    let dialog = Dialog::new();
    let button = NodeRef::<html::Button>::new();
    let asked = RwSignal::new(None::<Occasion>);
    // What had the focus goes with the card.
    let settle = Callback::new(move |()| {
        if asked.try_update(Option::take).flatten().is_some() {
            when_focus_is_lost(move || {
                if let Some(button) = button.try_get_untracked().flatten() {
                    focus(&button);
                }
            });
        }
    });
    let given = Callback::new(move |_: Occasion| settle.run(()));
    let path = use_location().pathname;
    let slug = team.slug.clone();
    let here = move || path.with(|path| PagePath::of(path, &slug).as_str().to_owned());
    let page = format!("/teams/{}/feedback", team.slug);
    let card = asks.then(|| {
        view! { <Asking team=team.slug.clone() asked=asked dialog=dialog settle=settle /> }
    });
    view! {
        <footer class="feedback-foot">
            {card}
            <form
                method="get"
                action=page
                on:submit=move |event| {
                    event.prevent_default();
                    dialog.open(Occasion::Button);
                }
            >
                <input type="hidden" name="page" value=here />
                <button type="submit" class="quiet" node_ref=button>
                    "Feedback"
                </button>
            </form>
            <FeedbackDialog dialog=dialog team=team given=given />
        </footer>
    }
}
