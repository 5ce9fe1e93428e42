//! What one looks at stays where it is while columns are added, removed or put elsewhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The focus and how far everything is scrolled, to be given back when this is dropped.
pub struct Held {
    focus: Option<HtmlElement>,
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
        let focus = document()
            .active_element()
            .and_then(|element| element.dyn_into().ok());
        Self { focus, scrolled }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (focus, scrolled) = (self.focus.take(), std::mem::take(&mut self.scrolled));
        // An element that is put elsewhere loses both.
        request_animation_frame(move || {
            let active = document().active_element();
            let is_lost = active.is_none_or(|active| active.tag_name() == "BODY");
            if let Some(focus) = focus.filter(|_| is_lost) {
                // Focus is a courtesy: where it cannot be given nothing is lost.
                let _ = focus.focus();
            }
            for (part, left, top) in scrolled {
                part.set_scroll_left(left);
                part.set_scroll_top(top);
            }
        });
    }
}
