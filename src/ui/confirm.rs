//! A second question before something that cannot be taken back lightly. It is a popover, so it needs
//! no JavaScript.

use leptos::prelude::*;

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
    view! {
        <button type="button" class="quiet" class:danger=danger popovertarget=opens>
            {opener}
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
