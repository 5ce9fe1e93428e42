//! The keyboard focus where it is given a moment later: once what has changed is drawn, or an answer has come.

use leptos::prelude::{document, request_animation_frame};
use web_sys::Element;

use super::dom::{closest, find, find_in, focus};

/// What had the focus when something began that leads it on.
pub struct FocusBefore(Option<Element>);

impl FocusBefore {
    pub fn now() -> Self {
        Self(document().active_element())
    }

    /// Lets `give` lead it on, once what has changed is drawn. Whoever has gone on to something else meanwhile stays
    /// there.
    pub fn lead_on(self, give: impl FnOnce() + 'static) {
        request_animation_frame(move || {
            if nothing_has_focus() || document().active_element() == self.0 {
                give();
            }
        });
    }
}

/// Lets `give` give the focus, once what has changed is drawn, if nothing has it then.
pub fn when_focus_is_lost(give: impl FnOnce() + 'static) {
    FocusBefore(None).lead_on(give);
}

/// Whether the focus is on nothing but the page as a whole: where it was is gone, or the page has just come.
pub fn nothing_has_focus() -> bool {
    document()
        .active_element()
        .is_none_or(|active| matches!(active.tag_name().as_str(), "BODY" | "HTML" | "MAIN"))
}

/// Gives the focus to an element, and says whether it has taken it: nothing does that is hidden.
pub fn take_focus(element: &Element) -> bool {
    focus(element) && document().active_element().as_ref() == Some(element)
}

/// The same, but where an element is hidden what shows it gets the focus.
pub fn reach(element: &Element) -> bool {
    take_focus(element) || opener(element).is_some_and(|opener| take_focus(&opener))
}

/// What shows an element that lies in a closed popover or disclosure.
fn opener(hidden: &Element) -> Option<Element> {
    if let Some(popover) = closest(hidden, "[popover]:not(:popover-open)") {
        return find(&format!("[popovertarget='{}']", popover.id()));
    }
    find_in(&closest(hidden, "details:not([open])")?, "summary")
}
