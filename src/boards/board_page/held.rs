//! What one looks at stays where it is while columns are added, removed or put elsewhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::ui::{dom::focus, focus::when_focus_is_lost};

/// The focus and how far everything is scrolled, to be given back when this is dropped.
pub struct Held {
    focus: Option<Element>,
    scrolled: Vec<(Element, i32, i32)>,
}

impl Held {
    pub fn now() -> Self {
        let parts = document().query_selector_all(".board, .column-scroll").ok();
        let scrolled = parts
            .iter()
            .flat_map(|parts| (0..parts.length()).filter_map(|index| parts.item(index)))
            .filter_map(|part| part.dyn_into::<Element>().ok())
            .map(|part| (part.clone(), part.scroll_left(), part.scroll_top()))
            .collect();
        Self {
            focus: document().active_element(),
            scrolled,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (held, scrolled) = (self.focus.take(), std::mem::take(&mut self.scrolled));
        // An element that is put elsewhere loses both.
        if let Some(held) = held {
            when_focus_is_lost(move || {
                focus(&held);
            });
        }
        // Behind the focus, which may scroll.
        request_animation_frame(move || {
            for (part, left, top) in scrolled {
                part.set_scroll_left(left);
                part.set_scroll_top(top);
            }
        });
    }
}
