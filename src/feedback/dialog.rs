//! The three questions over the page. What was typed stays there until it is sent, also when the dialog is closed.

use std::collections::BTreeMap;

use leptos::{context::Provider, ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

use super::{
    model::{Occasion, PagePath, VERSION},
    questions::{Fields, Questions, Readers},
    requests::give_feedback,
};
use crate::{
    error::Error,
    forms::view::{FormError, FormState, ShownFields},
    ids::FeedbackId,
    people::model::TeamLink,
    ui::announce::use_announcer,
};

/// The dialog as others open it.
#[derive(Clone, Copy)]
pub struct Dialog {
    is_open: RwSignal<bool>,
    /// It is drawn when somebody asks for it, and stays.
    was_opened: RwSignal<bool>,
    occasion: RwSignal<Occasion>,
}

impl Dialog {
    pub fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
            was_opened: RwSignal::new(false),
            occasion: RwSignal::new(Occasion::Button),
        }
    }

    /// Opens it for somebody who has a reason to answer.
    pub fn open(self, occasion: Occasion) {
        self.occasion.set(occasion);
        self.was_opened.set(true);
        self.is_open.set(true);
    }
}

/// The dialog itself. Without scripts nothing opens it.
#[component]
pub fn FeedbackDialog(
    dialog: Dialog,
    /// Whose owners read what is said.
    team: TeamLink,
    /// What happens when something was said.
    given: Callback<Occasion>,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let fields = Fields::new();
    // It is shown when its first field has been drawn.
    Effect::new(move |_| {
        let is_open = dialog.is_open.get();
        if let (true, Some(element), Some(field)) = (is_open, element.get(), fields.first().get())
            && !element.open()
        {
            // It can fail only while it is open or not in the document.
            let _ = element.show_modal();
            // Where it cannot be focused, the dialog has the focus.
            let _ = field.focus();
        }
    });
    let close = move || {
        if let Some(element) = element.try_get_untracked().flatten() {
            // The focus goes back to where it was.
            element.close();
        }
    };
    // It is told a moment later, when the dialog may be open again.
    let closed = move |_| {
        if !element
            .get_untracked()
            .is_some_and(|element| element.open())
        {
            dialog.is_open.set(false);
        }
    };
    let inside = move || {
        view! {
            <Inside
                dialog=dialog
                team=team.clone()
                fields=fields
                close=Callback::new(move |()| close())
                given=given
            />
        }
    };
    view! {
        <dialog
            class="feedback-dialog"
            node_ref=element
            aria-labelledby="feedback-dialog-title"
            on:close=closed
        >
            <h2 id="feedback-dialog-title">"Feedback"</h2>
            <Show when=move || dialog.was_opened.get()>{inside.clone()}</Show>
        </dialog>
    }
}

#[component]
fn Inside(
    dialog: Dialog,
    team: TeamLink,
    fields: Fields,
    close: Callback<()>,
    given: Callback<Occasion>,
) -> impl IntoView {
    let announcer = use_announcer();
    let path = use_location().pathname;
    let error = RwSignal::new(None::<Error>);
    let is_sending = RwSignal::new(false);
    // The same answer sent again is the same one.
    let id = StoredValue::new(None::<FeedbackId>);
    let form = FormState {
        error: error.into(),
        typed: StoredValue::new(BTreeMap::new()),
        prefix: StoredValue::new("feedback-dialog".to_owned()),
    };
    let slug = team.slug;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_sending.get_untracked() {
            return;
        }
        let occasion = dialog.occasion.get_untracked();
        let this = id.get_value().unwrap_or_default();
        id.set_value(Some(this));
        let [most_useful, in_the_way, missing] = fields.typed();
        let page = path.with_untracked(|path| PagePath::of(path, &slug));
        let request = give_feedback(
            slug.clone(),
            this.to_string(),
            occasion.as_str().to_owned(),
            most_useful,
            in_the_way,
            missing,
            page.as_str().to_owned(),
            VERSION.to_owned(),
            None,
        );
        is_sending.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = request.await;
            // The page may be left meanwhile.
            is_sending.try_set(false);
            let has_arrived = match &answer {
                Ok(()) => true,
                Err(problem) => !problem.may_have_arrived(),
            };
            if has_arrived {
                id.try_set_value(None);
            }
            match answer {
                Ok(()) => {
                    fields.clear();
                    close.try_run(());
                    given.try_run(occasion);
                    announcer.success("Thank you. The owners of the team read it.");
                }
                Err(problem) => {
                    error.try_set(Some(problem));
                }
            }
        });
    };
    let words = move || {
        if is_sending.get() {
            "Sending…"
        } else {
            "Send feedback"
        }
    };
    view! {
        <Readers team=team.name />
        <Provider value=form>
            <Provider value=ShownFields::begin()>
                <form on:submit=submit>
                    <FormError />
                    <Questions fields=fields />
                    <div class="actions answers">
                        <button type="button" class="quiet" on:click=move |_| close.run(())>
                            "Close"
                        </button>
                        <button
                            type="submit"
                            class="primary"
                            aria-busy=move || is_sending.get().then_some("true")
                        >
                            {words}
                        </button>
                    </div>
                </form>
            </Provider>
        </Provider>
    }
}
