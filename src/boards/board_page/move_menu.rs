//! The one menu that serves all cards: `Move` with the other columns and the places inside the card's
//! own, or whoever can hold the task.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::state::{BoardState, Menu, Step, use_board};
use crate::{
    columns::model::ColumnKind,
    ids::{ColumnId, TaskId},
    people::{
        model::PersonName,
        shell::keys::table::{IN_MENU, InMenu},
    },
    tasks::bulk::BulkDeed,
    ui::{
        dom::{closest, find, find_in, focus},
        focus::FocusBefore,
        keys::pressed,
    },
};

/// What an item of the menu does.
#[derive(Clone)]
enum Choice {
    Move(ColumnId, Step),
    Assign(Option<PersonName>),
}

/// One item: its words, what it does, and whether that would change anything.
struct Item {
    words: String,
    choice: Choice,
    idle: bool,
}

#[component]
pub fn MoveMenu() -> impl IntoView {
    let state = use_board();
    let menu = NodeRef::<html::Div>::new();
    let open = state.menu;
    // Whether its key was pressed on the card itself, and not on a button of it.
    let from_card = StoredValue::new(false);
    let close = move || {
        if let Some((id, kind)) = open.get_untracked() {
            open.set(None);
            if from_card.get_value() && !kind.is_of_many() {
                focus_card(id);
            } else {
                focus_opener(id, kind);
            }
        }
    };
    // The menu is placed and focused when it has been drawn.
    Effect::new(move |_| {
        let (Some((id, kind)), Some(menu)) = (open.get(), menu.get()) else {
            return;
        };
        if let Some(button) = find_opener(id, kind) {
            place_beside(&menu, &button);
        }
        let active = document().active_element();
        if active
            .as_ref()
            .and_then(|active| closest(active, ".move-menu"))
            .is_none()
        {
            from_card.set_value(active.is_some() && active == link_of(id));
        }
        focus_item(&menu, 0);
    });
    let choose = {
        let state = state.clone();
        move |item: &Choice| {
            let Some((id, kind)) = open.get_untracked() else {
                return;
            };
            open.set(None);
            if kind.is_of_many() {
                state.do_with_chosen(match item.clone() {
                    Choice::Move(column, _) => BulkDeed::Move(column),
                    Choice::Assign(person) => BulkDeed::Assign(person.map(|person| person.id)),
                });
                return focus_opener(id, kind);
            }
            match item.clone() {
                Choice::Move(column, step) => state.shift(id, column, step),
                Choice::Assign(person) => state.assign(id, person),
            }
            focus_card(id);
        }
    };
    let keys = move |event: KeyboardEvent| {
        let Some(menu) = menu.get_untracked() else {
            return;
        };
        let now = items(&menu)
            .iter()
            .position(|item| document().active_element().as_ref() == Some(item.as_ref()))
            .unwrap_or_default();
        let count = items(&menu).len();
        let to = |index| focus_item(&menu, index);
        match pressed(IN_MENU, &event) {
            Some(InMenu::Close | InMenu::Leave) => close(),
            Some(InMenu::Next) => to((now + 1) % count),
            Some(InMenu::Previous) => to((now + count - 1) % count),
            Some(InMenu::First) => to(0),
            Some(InMenu::Last) => to(count - 1),
            // An item is a button.
            Some(InMenu::Choose) | None => {
                event.stop_propagation();
                return;
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let name = move || match open.get() {
        Some((_, Menu::Person | Menu::PersonOfMany)) => "Assign to",
        _ => "Move to",
    };
    let groups = move || {
        let Some((id, kind)) = open.get() else {
            return Vec::new();
        };
        match kind {
            Menu::Place => places(&state, id),
            Menu::Person => vec![("Assign to", people(&state, holder_of(&state, id)))],
            Menu::PlaceOfMany => vec![("Move to", columns(&state))],
            Menu::PersonOfMany => vec![("Assign to", people(&state, None))],
        }
    };
    view! {
        <Show when=move || open.with(Option::is_some)>
            <div class="menu-backdrop" on:click=move |_| close()></div>
            <div node_ref=menu class="move-menu" role="menu" aria-label=name on:keydown=keys>
                {
                    let (groups, choose) = (groups.clone(), choose.clone());
                    move || {
                        groups()
                            .into_iter()
                            .map(|(heading, items)| {
                                view! { <Group heading=heading items=items choose=choose.clone() /> }
                            })
                            .collect_view()
                    }
                }
            </div>
        </Show>
    }
}

#[component]
fn Group(
    heading: &'static str,
    items: Vec<Item>,
    choose: impl Fn(&Choice) + Clone + 'static,
) -> impl IntoView {
    view! {
        <div role="group" aria-label=heading>
            <span class="menu-heading" aria-hidden="true">
                {heading}
            </span>
            {items
                .into_iter()
                .map(|item| {
                    let Item { words, choice, idle } = item;
                    let choose = choose.clone();
                    view! {
                        <button
                            type="button"
                            role="menuitem"
                            aria-disabled=idle.then_some("true")
                            on:click=move |_| {
                                if !idle {
                                    choose(&choice);
                                }
                            }
                        >
                            {words}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// The other columns, then the places inside the card's own column, where order is the team's choice.
fn places(state: &BoardState, id: TaskId) -> Vec<(&'static str, Vec<Item>)> {
    let own = state
        .card(id)
        .map(|card| card.view.with_untracked(|view| view.column));
    let columns = state
        .columns
        .iter()
        .filter(|column| Some(column.view.id) != own)
        .map(|column| Item {
            words: column.view.name.clone(),
            choice: Choice::Move(column.view.id, Step::End),
            idle: false,
        })
        .collect();
    let mut groups = vec![("Move to", columns)];
    let own = own
        .and_then(|own| state.column(own))
        .filter(|own| own.view.kind != ColumnKind::Done);
    if let Some(own) = own {
        let index = own.index(id).unwrap_or_default();
        let is_first = index == 0;
        let is_last = own.cards.with_untracked(Vec::len) == index + 1;
        let stays = |step| state.among_shown(&own, id, step).is_none();
        let inside = [
            ("Up", Step::Up, is_first || stays(Step::Up)),
            ("Down", Step::Down, is_last || stays(Step::Down)),
            ("To the top", Step::Start, is_first),
            ("To the bottom", Step::End, is_last),
        ];
        let inside = inside.map(|(words, step, idle)| Item {
            words: words.to_owned(),
            choice: Choice::Move(own.view.id, step),
            idle,
        });
        groups.push(("In this column", inside.into()));
    }
    groups
}

/// All columns, for cards that may lie in several.
fn columns(state: &BoardState) -> Vec<Item> {
    let columns = state.columns.iter();
    columns
        .map(|column| Item {
            words: column.view.name.clone(),
            choice: Choice::Move(column.view.id, Step::End),
            idle: false,
        })
        .collect()
}

/// Who holds a task, or nobody. Nothing when the card is gone.
fn holder_of(state: &BoardState, id: TaskId) -> Option<Option<PersonName>> {
    let card = state.card(id)?;
    Some(card.view.with_untracked(|view| view.assignee.clone()))
}

/// Oneself first, because that is who one asks for most. Whoever holds it already cannot get it.
fn people(state: &BoardState, holder: Option<Option<PersonName>>) -> Vec<Item> {
    let (me, others): (Vec<_>, Vec<_>) = state
        .people
        .get_untracked()
        .into_iter()
        .partition(|person| *person == state.me);
    me.into_iter()
        .chain(others)
        .map(Some)
        .chain([None])
        .map(|person| Item {
            words: person
                .as_ref()
                .map_or_else(|| "Nobody".to_owned(), |person| person.name.clone()),
            idle: Some(&person) == holder.as_ref(),
            choice: Choice::Assign(person),
        })
        .collect()
}

/// What the menu stands below, and what has the focus again when it is closed, unless that was the card itself.
const fn opener(menu: Menu) -> &'static str {
    match menu {
        Menu::Place => "button[aria-haspopup]",
        Menu::Person => "a",
        Menu::PlaceOfMany => "#bulk-move",
        Menu::PersonOfMany => "#bulk-assign",
    }
}

fn find_opener(id: TaskId, menu: Menu) -> Option<Element> {
    match menu.is_of_many() {
        true => find(opener(menu)),
        false => find_in(&find_card(id)?, opener(menu)),
    }
}

fn focus_opener(id: TaskId, menu: Menu) {
    FocusBefore::now().lead_on(move || {
        if let Some(opener) = find_opener(id, menu) {
            focus(&opener);
        }
    });
}

/// The element of a card.
pub fn find_card(id: TaskId) -> Option<Element> {
    find(&format!("[data-task='{id}']"))
}

/// Leads the focus to a card once it stands where it belongs.
pub fn focus_card(id: TaskId) {
    FocusBefore::now().lead_on(move || {
        focus_link_of(id);
    });
}

/// Gives the focus to a card that stands there now, and says whether that was possible.
pub fn focus_link_of(id: TaskId) -> bool {
    link_of(id).is_some_and(|link| focus(&link))
}

fn link_of(id: TaskId) -> Option<Element> {
    find_in(&find_card(id)?, "a")
}

fn items(menu: &Element) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all("[role=menuitem]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into().ok())
        .collect()
}

fn focus_item(menu: &Element, index: usize) {
    if let Some(item) = items(menu).get(index) {
        focus(item);
    }
}

/// Puts the menu below its button, or above it where there is no room, and inside the window.
fn place_beside(menu: &web_sys::HtmlDivElement, button: &Element) {
    let at = button.get_bounding_client_rect();
    let size = menu.get_bounding_client_rect();
    let width = window()
        .inner_width()
        .ok()
        .and_then(|width| width.as_f64())
        .unwrap_or_default();
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let left = at.left().min(width - size.width() - 8.0).max(8.0);
    let (lowest, above) = (height - size.height() - 8.0, at.top() - size.height());
    let is_above = at.bottom() > lowest && above >= 8.0;
    let top = if is_above { above } else { at.bottom() };
    let top = top.min(lowest).max(8.0);
    let style = HtmlElement::style(menu);
    // A browser that refuses a length leaves the menu where its stylesheet puts it.
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}
