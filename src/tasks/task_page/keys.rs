//! The page in the browser: its keys (`e` edit, `i` claim), where the focus begins, and the question
//! before unsaved text is left.

use std::collections::BTreeMap;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{arrival, description::focus_description, state::TaskState};
use crate::tasks::outbox;

/// Listens as long as the page is open.
pub fn attend(state: TaskState) {
    Effect::new(move |_| {
        let keys = window_event_listener(ev::keydown, move |event| on_key(state, &event));
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            if state.changed.with_untracked(|fields| !fields.is_empty()) {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            keys.remove();
            leaving.remove();
        });
        let task = state.page.with_untracked(|page| page.task.id);
        outbox::attend(task, move |sent, answer| state.saved(&sent, answer));
        request_animation_frame(move || {
            if state.page.is_disposed() {
                return;
            }
            state.take_up_draft();
            if arrival::take_begin_with_title() {
                focus_title(state);
            }
        });
    });
    Effect::new(move |before: Option<BTreeMap<String, String>>| {
        state.show_what_is_on_the_way(&before.unwrap_or_default())
    });
}

fn focus_title(state: TaskState) {
    let field = state
        .control("title")
        .and_then(|field| field.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        // Focus is a courtesy: where it cannot be given nothing is lost.
        let _ = field.focus();
    }
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
            event.prevent_default();
            focus_description(state);
        }
        "i" => {
            event.prevent_default();
            state.claim();
        }
        _ => {}
    }
}
