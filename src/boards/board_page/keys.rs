//! The board by keyboard: between cards by arrows or `h j k l`, `m` move, `a` assign, `i` claim, `e` edit,
//! `c` new task. With no card in the focus, the first key of a way leads to the first card.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    move_menu::{find_card, focus_card},
    state::{BoardState, Menu, Step},
};
use crate::{
    ids::TaskId, people::shell::keys::SecondKey, tasks::task_page::arrival, ui::page::focus_content,
};

/// Where a key on the board is not for the board.
const ELSEWHERE: &str = "input, textarea, select, dialog, [popover], [role=menu], details[open]";

/// Listens as long as the board is open, and puts the focus where it was when one left it or opened a task
/// over it; who is led to an empty board can type at once. `open` leads to a task's page.
pub fn attend(state: &BoardState, open: impl Fn(&str) + Clone + 'static) {
    let (state, shown) = (state.clone(), state.clone());
    let led_here = comes_from_another_page();
    let second = expect_context::<SecondKey>();
    Effect::new(move |_| {
        let (pressed, open) = (state.clone(), open.clone());
        let keys = window_event_listener(ev::keydown, move |event| {
            if !second.is_awaited() {
                on_key(&pressed, &open, &event);
            }
        });
        on_cleanup(move || keys.remove());
    });
    let covered = shown.covered;
    Effect::new(move |before: Option<()>| {
        if covered.get() {
            return;
        }
        if let Some(card) = arrival::take_opened() {
            return_to(card);
        } else if before.is_none() && led_here && shown.is_empty() {
            request_animation_frame(|| {
                if nothing_has_focus() {
                    focus(query(".new-task-title"));
                }
            });
        }
    });
}

fn on_key(state: &BoardState, open: &impl Fn(&str), event: &KeyboardEvent) {
    if state.covered.get_untracked() {
        return;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let elsewhere = target
        .as_ref()
        .is_some_and(|target| target.closest(ELSEWHERE).ok().flatten().is_some());
    if elsewhere || event.default_prevented() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let card = target.and_then(|target| target.closest("[data-task]").ok().flatten());
    let key = event.key();
    let handled = match card.and_then(|card| Some((id_of(&card)?, card))) {
        Some((id, _)) if event.alt_key() => state.may_write && carry(state, id, &key),
        Some((id, card)) => on_card(state, open, id, &card, &key),
        None if event.alt_key() => false,
        None => on_nothing(state, &key),
    };
    if handled {
        event.prevent_default();
    }
}

fn on_card(
    state: &BoardState,
    open: &impl Fn(&str),
    id: TaskId,
    card: &Element,
    key: &str,
) -> bool {
    match key {
        "j" | "ArrowDown" => focus_link(card.next_element_sibling()),
        "k" | "ArrowUp" => focus_link(card.previous_element_sibling()),
        "l" | "ArrowRight" => focus_link(beside(card, Element::next_element_sibling)),
        "h" | "ArrowLeft" => focus_link(beside(card, Element::previous_element_sibling)),
        _ if !state.may_write => false,
        "m" => {
            state.menu.set(Some((id, Menu::Place)));
            true
        }
        "a" => {
            state.menu.set(Some((id, Menu::Person)));
            true
        }
        "i" => {
            state.claim(id);
            focus_card(id, "a");
            true
        }
        "e" => {
            let link = state
                .card(id)
                .map(|card| card.view.with_untracked(|view| state.link(view)));
            if let Some(link) = link {
                arrival::opened(id);
                arrival::begin_with_title();
                open(&link);
            }
            true
        }
        "c" => {
            state.adding_from.set_value(Some(id));
            let column = card.closest(".column").ok().flatten();
            focus(column.and_then(|column| column.query_selector(".new-task-title").ok().flatten()))
        }
        _ => false,
    }
}

fn on_nothing(state: &BoardState, key: &str) -> bool {
    match key {
        "c" if state.may_write => {
            state.adding_from.set_value(None);
            focus(query(".new-task-title"))
        }
        "j" | "k" | "h" | "l" | "ArrowDown" | "ArrowUp" | "ArrowLeft" | "ArrowRight" => {
            nothing_has_focus() && focus_link(query(".card"))
        }
        _ => false,
    }
}

/// Leaves the field for a new task, back to the card that one came from or to one of its column.
pub fn leave_new_task(state: &BoardState, field: &Element) {
    let card = state.adding_from.get_value();
    state.adding_from.set_value(None);
    if let Some(card) = card {
        return focus_card(card, "a");
    }
    let column = field.closest(".column").ok().flatten();
    let first = column.and_then(|column| column.query_selector(".card").ok().flatten());
    if !focus_link(first)
        && let Some(field) = field.dyn_ref::<HtmlElement>()
    {
        // A field that keeps the focus keeps what was typed as well.
        let _ = field.blur();
    }
}

/// Gives the focus to the card that was opened, or to the page when the card is gone.
fn return_to(card: TaskId) {
    focus_card(card, "a");
    request_animation_frame(move || {
        if find_card(card).is_none() {
            focus_content();
        }
    });
}

/// Whether the board was opened from another page of the app, and not by loading its own.
fn comes_from_another_page() -> bool {
    Owner::current_shared_context().is_some_and(|context| !context.during_hydration())
}

fn nothing_has_focus() -> bool {
    document()
        .active_element()
        .is_none_or(|element| matches!(element.tag_name().as_str(), "BODY" | "HTML" | "MAIN"))
}

fn id_of(card: &Element) -> Option<TaskId> {
    card.get_attribute("data-task")?.parse().ok()
}

fn query(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Alt and an arrow carry the card itself.
fn carry(state: &BoardState, id: TaskId, key: &str) -> bool {
    let Some(card) = state.card(id) else {
        return false;
    };
    let own = card.view.with_untracked(|view| view.column);
    let columns: Vec<_> = state.columns.iter().map(|column| column.view.id).collect();
    let Some(index) = columns.iter().position(|column| *column == own) else {
        return false;
    };
    let (column, step) = match key {
        "ArrowUp" => (index, Step::Up),
        "ArrowDown" => (index, Step::Down),
        "ArrowLeft" if index > 0 => (index - 1, Step::End),
        "ArrowRight" if index + 1 < columns.len() => (index + 1, Step::End),
        _ => return false,
    };
    state.shift(id, columns[column], step);
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
