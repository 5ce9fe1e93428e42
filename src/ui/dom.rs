//! Elements of the page: found, told by an event, given the focus, and scrolled to.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlElement, NodeList, ScrollIntoViewOptions, ScrollLogicalPosition,
};

/// The first element of the page that a selector is about.
pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// The first one inside of an element.
pub fn find_in(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

/// All elements of the page that a selector is about, in their order.
pub fn find_all(selector: &str) -> Vec<Element> {
    elements(document().query_selector_all(selector).ok())
}

/// All of them inside of an element.
pub fn find_all_in(element: &Element, selector: &str) -> Vec<Element> {
    elements(element.query_selector_all(selector).ok())
}

fn elements(found: Option<NodeList>) -> Vec<Element> {
    found
        .iter()
        .flat_map(|found| (0..found.length()).filter_map(|index| found.item(index)))
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

/// An element itself, or else the nearest one around it.
pub fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// Gives the focus to an element, and says whether that was possible. Where it is a courtesy nobody has to look.
pub fn focus(element: &Element) -> bool {
    let element = element.dyn_ref::<HtmlElement>();
    element.is_some_and(|element| element.focus().is_ok())
}

/// Scrolls to an element, no further than it takes.
pub fn scroll_near(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Takes the focus away from an element. One that keeps it keeps what was typed in it as well.
pub fn blur(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.blur();
    }
}

/// What an event happened to.
pub fn target_of<T: JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}
