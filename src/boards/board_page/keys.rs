//! The board by keyboard, by the keys of [`ON_BOARD`] and [`ON_SELECTED`]. With no card in the focus, the first
//! key of a way leads to the first card.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    move_menu::{focus_card, focus_link_of},
    state::{BoardState, Menu, Step},
};
use crate::{
    ids::TaskId,
    people::shell::keys::{
        SecondKey, listen_on_page,
        table::{ON_BOARD, ON_SELECTED, OnBoard, OnSelected, Way},
    },
    tasks::task_page::arrival,
    ui::{
        dom::{self, blur, closest, find, find_in},
        focus::{FocusBefore, nothing_has_focus, when_focus_is_lost},
        page::{focus_content, is_something_open},
    },
};

/// Listens as long as the board is open, and puts the focus where it was when one left it or opened a task
/// over it; who is led to an empty board can type at once. `open` leads to a task's page.
pub fn attend(state: &BoardState, open: impl Fn(&str) + Clone + 'static) {
    let (state, shown) = (state.clone(), state.clone());
    let led_here = comes_from_another_page();
    let second = expect_context::<SecondKey>();
    Effect::new(move |_| {
        let (state, selected, open) = (state.clone(), state.clone(), open.clone());
        let may_write = state.may_write;
        listen_on_page(
            second,
            ON_SELECTED,
            move || may_write,
            move |action, target| act_on_selected(&selected, action, target.as_ref()),
        );
        listen_on_page(
            second,
            ON_BOARD,
            move || may_write,
            move |action, target| act(&state, &open, action, target.as_ref()),
        );
    });
    let covered = shown.covered;
    Effect::new(move |before: Option<()>| {
        if covered.get() {
            return;
        }
        if let Some(card) = arrival::take_opened() {
            return_to(card);
        } else if before.is_none() && led_here && shown.is_empty() {
            when_focus_is_lost(|| {
                focus(find(".new-task-title"));
            });
        }
    });
}

fn act(
    state: &BoardState,
    open: &impl Fn(&str),
    action: OnBoard,
    target: Option<&Element>,
) -> bool {
    if !is_for_the_board(state, target) {
        return false;
    }
    match card_around(target) {
        Some((id, card)) => act_on_card(state, open, action, id, &card),
        None => act_on_nothing(state, action),
    }
}

fn is_for_the_board(state: &BoardState, target: Option<&Element>) -> bool {
    !state.covered.get_untracked() && around(target, "details[open]").is_none()
}

/// The card that something belongs to.
pub fn card_around(target: Option<&Element>) -> Option<(TaskId, Element)> {
    let card = around(target, "[data-task]")?;
    Some((id_of(&card)?, card))
}

fn around(target: Option<&Element>, place: &str) -> Option<Element> {
    closest(target?, place)
}

/// Does nothing as long as no card is selected, or to a card that is not.
fn act_on_selected(state: &BoardState, action: OnSelected, target: Option<&Element>) -> bool {
    if !is_for_the_board(state, target) || !state.has_chosen() {
        return false;
    }
    let is_about_them = card_around(target).is_none_or(|(id, _)| state.is_chosen(id));
    match action {
        OnSelected::Move => is_about_them && state.open_for_chosen(Menu::PlaceOfMany),
        OnSelected::Assign => is_about_them && state.open_for_chosen(Menu::PersonOfMany),
        OnSelected::Offer => focus(find(".bulk-bar button")),
        OnSelected::Clear => {
            let is_last = !is_something_open();
            if is_last {
                state.choose_nothing();
            }
            is_last
        }
    }
}

fn act_on_card(
    state: &BoardState,
    open: &impl Fn(&str),
    action: OnBoard,
    id: TaskId,
    card: &Element,
) -> bool {
    match action {
        OnBoard::Go(way) => focus_link(next(card, way)),
        // What has the focus is a link.
        OnBoard::Open => false,
        OnBoard::Carry(way) => carry(state, id, way),
        OnBoard::Move => {
            state.menu.set(Some((id, Menu::Place)));
            true
        }
        OnBoard::Assign => {
            state.menu.set(Some((id, Menu::Person)));
            true
        }
        OnBoard::Claim => {
            state.claim(id);
            focus_card(id);
            true
        }
        OnBoard::Edit => {
            edit(state, id, "title", open);
            true
        }
        OnBoard::Select => {
            state.choose(id, !state.is_chosen(id));
            true
        }
        OnBoard::Draw(way) => {
            let next = next(card, way);
            if let Some(to) = next.as_ref().and_then(id_of) {
                state.draw(id, to);
            }
            focus_link(next)
        }
        OnBoard::SelectColumn => {
            state.choose_column_of(id);
            true
        }
        OnBoard::NewTask => {
            state.adding_from.set_value(Some(id));
            let column = closest(card, ".column");
            focus(column.and_then(|column| find_in(&column, ".new-task-title")))
        }
    }
}

/// Leads to the task of a card, to begin with one of its fields.
pub fn edit(state: &BoardState, id: TaskId, field: &'static str, open: &impl Fn(&str)) {
    let link = state
        .card(id)
        .map(|card| card.view.with_untracked(|view| state.link(view)));
    if let Some(link) = link {
        arrival::opened(id);
        arrival::begin_with(field);
        open(&link);
    }
}

fn act_on_nothing(state: &BoardState, action: OnBoard) -> bool {
    match action {
        OnBoard::NewTask => begin_new_task(state),
        OnBoard::Go(_) => nothing_has_focus() && focus_link(find(".card")),
        OnBoard::Open
        | OnBoard::Edit
        | OnBoard::Move
        | OnBoard::Assign
        | OnBoard::Claim
        | OnBoard::Carry(_)
        | OnBoard::Select
        | OnBoard::Draw(_)
        | OnBoard::SelectColumn => false,
    }
}

/// Leads to the field of the first column.
pub fn begin_new_task(state: &BoardState) -> bool {
    state.adding_from.set_value(None);
    focus(find(".new-task-title"))
}

/// The card that has the focus.
pub fn focused_card() -> Option<TaskId> {
    card_around(document().active_element().as_ref()).map(|(id, _)| id)
}

/// Leaves the field for a new task, back to the card that one came from or to one of its column.
pub fn leave_new_task(state: &BoardState, field: &Element) {
    let card = state.adding_from.get_value();
    state.adding_from.set_value(None);
    if let Some(card) = card {
        return focus_card(card);
    }
    let column = closest(field, ".column");
    if !focus_link(column.and_then(|column| find_in(&column, ".card"))) {
        blur(field);
    }
}

/// Gives the focus to the card that was opened, or to the page when the card is gone.
fn return_to(card: TaskId) {
    FocusBefore::now().lead_on(move || {
        if !focus_link_of(card) {
            focus_content();
        }
    });
}

/// Whether the board was opened from another page of the app, and not by loading its own.
fn comes_from_another_page() -> bool {
    Owner::current_shared_context().is_some_and(|context| !context.during_hydration())
}

fn id_of(card: &Element) -> Option<TaskId> {
    card.get_attribute("data-task")?.parse().ok()
}

/// Carries the card itself a step.
fn carry(state: &BoardState, id: TaskId, way: Way) -> bool {
    let Some(card) = state.card(id) else {
        return false;
    };
    let own = card.view.with_untracked(|view| view.column);
    let columns: Vec<_> = state.columns.iter().map(|column| column.view.id).collect();
    let Some(index) = columns.iter().position(|column| *column == own) else {
        return false;
    };
    let (column, step) = match way {
        Way::Up => (index, Step::Up),
        Way::Down => (index, Step::Down),
        Way::Left if index > 0 => (index - 1, Step::End),
        Way::Right if index + 1 < columns.len() => (index + 1, Step::End),
        Way::Left | Way::Right => return false,
    };
    state.shift(id, columns[column], step);
    focus_card(id);
    true
}

/// The card that lies a step from another.
fn next(card: &Element, way: Way) -> Option<Element> {
    match way {
        Way::Down => card.next_element_sibling(),
        Way::Up => card.previous_element_sibling(),
        Way::Right => beside(card, Element::next_element_sibling),
        Way::Left => beside(card, Element::previous_element_sibling),
    }
}

/// The card at the same height in the next column that has any.
fn beside(card: &Element, next: impl Fn(&Element) -> Option<Element>) -> Option<Element> {
    let column = closest(card, ".column")?;
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
    focus(card.and_then(|card| find_in(&card, "a")))
}

fn focus(element: Option<Element>) -> bool {
    element.is_some_and(|element| dom::focus(&element))
}
