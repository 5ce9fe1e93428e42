//! The page by keyboard: `e` edit, `i` claim.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::state::TaskState;

/// Answers keys as long as the page is open, unless somebody is typing.
pub fn answer_keys(state: TaskState) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| on_key(state, &event));
        on_cleanup(move || handle.remove());
    });
}

fn on_key(state: TaskState, event: &ev::KeyboardEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let typing = target.is_some_and(|element| {
        element.is_content_editable()
            || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    });
    if typing
        || event.default_prevented()
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
    {
        return;
    }
    match event.key().as_str() {
        "e" => {
            let field = state
                .control("description")
                .and_then(|field| field.dyn_into::<HtmlElement>().ok());
            if let Some(field) = field {
                event.prevent_default();
                // Focus is a courtesy: where it cannot be given nothing is lost.
                let _ = field.focus();
            }
        }
        "i" => {
            event.prevent_default();
            state.claim();
        }
        _ => {}
    }
}
