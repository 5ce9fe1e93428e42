//! The board by keyboard: between cards by arrows or `h j k l`, `m` move, `i` claim, `c` new task.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    move_menu::focus_card,
    state::{BoardState, Step},
};
use crate::ids::TaskId;

/// Answers a key that was pressed on the board, unless somebody is typing.
pub fn on_key(state: &BoardState, event: &KeyboardEvent) {
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    let typing = matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    if typing || event.ctrl_key() || event.meta_key() {
        return;
    }
    let Some(card) = target.closest("[data-task]").ok().flatten() else {
        return;
    };
    let Some(id) = card
        .get_attribute("data-task")
        .and_then(|id| id.parse::<TaskId>().ok())
    else {
        return;
    };
    let may_write = card
        .query_selector("button[aria-haspopup]")
        .is_ok_and(|button| button.is_some());
    let handled = if event.alt_key() {
        may_write && carry(state, id, &event.key())
    } else {
        match event.key().as_str() {
            "j" | "ArrowDown" => focus_link(card.next_element_sibling()),
            "k" | "ArrowUp" => focus_link(card.previous_element_sibling()),
            "l" | "ArrowRight" => focus_link(beside(&card, Element::next_element_sibling)),
            "h" | "ArrowLeft" => focus_link(beside(&card, Element::previous_element_sibling)),
            "m" if may_write => {
                state.moving.set(Some(id));
                true
            }
            "i" if may_write => {
                state.claim(id);
                focus_card(id, "a");
                true
            }
            "c" if may_write => focus(
                card.closest(".column")
                    .ok()
                    .flatten()
                    .and_then(|column| column.query_selector(".new-task-title").ok().flatten()),
            ),
            _ => false,
        }
    };
    if handled {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Alt and an arrow carry the card itself.
fn carry(state: &BoardState, id: TaskId, key: &str) -> bool {
    let Some(card) = state.card(id) else {
        return false;
    };
    let own = card.view.with_untracked(|view| view.column);
    let Some(index) = state
        .columns
        .iter()
        .position(|column| column.view.id == own)
    else {
        return false;
    };
    let (column, step) = match key {
        "ArrowUp" => (index, Step::Up),
        "ArrowDown" => (index, Step::Down),
        "ArrowLeft" if index > 0 => (index - 1, Step::End),
        "ArrowRight" if index + 1 < state.columns.len() => (index + 1, Step::End),
        _ => return false,
    };
    state.shift(id, state.columns[column].view.id, step);
    focus_card(id, "a");
    true
}

/// The card at the same height in the next column that has any.
fn beside(card: &Element, next: impl Fn(&Element) -> Option<Element>) -> Option<Element> {
    let column = card.closest(".column").ok().flatten()?;
    let siblings = card.parent_element()?.children();
    let index =
        (0..siblings.length()).find(|index| siblings.item(*index).as_ref() == Some(card))?;
    let mut other = next(&column);
    while let Some(candidate) = other {
        let cards = candidate.query_selector_all(".card").ok()?;
        if cards.length() > 0 {
            let node = cards.item(index.min(cards.length() - 1))?;
            return node.dyn_into().ok();
        }
        other = next(&candidate);
    }
    None
}

fn focus_link(card: Option<Element>) -> bool {
    focus(card.and_then(|card| card.query_selector("a").ok().flatten()))
}

fn focus(element: Option<Element>) -> bool {
    element
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}
