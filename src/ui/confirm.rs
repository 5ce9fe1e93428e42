//! A second question before something that cannot be taken back lightly. It is a popover, so it needs
//! no JavaScript.

use leptos::prelude::*;

/// A button that opens a small dialog; what is inside decides.
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
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    let (opens, closes) = (id.clone(), id.clone());
    view! {
        <button type="button" class="quiet" popovertarget=opens>
            {opener}
        </button>
        <div
            id=id
            class="confirm"
            popover="auto"
            role="dialog"
            aria-labelledby=labelled_by
        >
            <h2 id=heading>{title}</h2>
            {children()}
            <button type="button" class="quiet" popovertarget=closes popovertargetaction="hide">
                "Cancel"
            </button>
        </div>
    }
}
