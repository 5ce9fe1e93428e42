//! A second question before something that cannot be taken back lightly. It is a popover, so it needs
//! no JavaScript.

use leptos::{either::Either, prelude::*};

use super::icon::Icon;

/// The question that the form inside answers.
#[derive(Clone)]
struct Question(String);

/// A button that opens a small dialog; what is inside decides, and ends with [`Answers`].
#[component]
pub fn Confirm(
    /// An id that no other element of the page has.
    #[prop(into)]
    id: String,
    /// The words on the button.
    #[prop(into)]
    opener: String,
    /// What the button shows in the place of its words.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// The ids of what describes the button.
    #[prop(optional, into)]
    described_by: Option<String>,
    /// What is asked.
    #[prop(into)]
    title: String,
    /// Whether something is taken away.
    #[prop(optional)]
    danger: bool,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    let opens = id.clone();
    provide_context(Question(id.clone()));
    let name = icon.is_some().then(|| opener.clone());
    let face = match icon {
        Some(icon) => Either::Left(view! { <Icon name=icon /> }),
        None => Either::Right(opener),
    };
    view! {
        <button
            type="button"
            class="quiet"
            class:danger=danger
            popovertarget=opens
            aria-label=name.clone()
            aria-describedby=described_by
            title=name
        >
            {face}
        </button>
        <div id=id class="confirm" popover="auto" role="dialog" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            {children()}
        </div>
    }
}

/// `Cancel`, and beside it the button that does it.
#[component]
pub fn Answers(children: Children) -> impl IntoView {
    let Question(id) = expect_context();
    view! {
        <div class="actions answers">
            <button type="button" class="quiet" popovertarget=id popovertargetaction="hide">
                "Cancel"
            </button>
            {children()}
        </div>
    }
}
