//! The one `Move` menu that serves all cards: the other columns, and places inside the card's own.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::state::{BoardState, Step};
use crate::{
    columns::model::ColumnKind,
    ids::{ColumnId, TaskId},
};

#[component]
pub fn MoveMenu() -> impl IntoView {
    let state = expect_context::<BoardState>();
    let menu = NodeRef::<html::Div>::new();
    let moving = state.moving;
    let close = move || {
        if let Some(id) = moving.get_untracked() {
            moving.set(None);
            focus_card(id, "button[aria-haspopup]");
        }
    };
    // The menu is placed and focused when it has been drawn.
    Effect::new(move |_| {
        let (Some(id), Some(menu)) = (moving.get(), menu.get()) else {
            return;
        };
        if let Some(button) = find_card(id)
            .and_then(|card| card.query_selector("button[aria-haspopup]").ok().flatten())
        {
            place_below(&menu, &button);
        }
        focus_item(&menu, 0);
    });
    let choose = {
        let state = state.clone();
        move |column: ColumnId, step: Step| {
            let Some(id) = moving.get_untracked() else {
                return;
            };
            moving.set(None);
            state.shift(id, column, step);
            focus_card(id, "a");
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
        match event.key().as_str() {
            "Escape" | "Tab" => close(),
            "ArrowDown" => focus_item(&menu, (now + 1) % count),
            "ArrowUp" => focus_item(&menu, (now + count - 1) % count),
            "Home" => focus_item(&menu, 0),
            "End" => focus_item(&menu, count - 1),
            _ => {
                event.stop_propagation();
                return;
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <Show when=move || moving.with(Option::is_some)>
            <div class="menu-backdrop" on:click=move |_| close()></div>
            <div node_ref=menu class="move-menu" role="menu" aria-label="Move to" on:keydown=keys>
                {
                    let state = state.clone();
                    let choose = choose.clone();
                    move || {
                        let choose = choose.clone();
                        let own = moving.get().and_then(|id| state.card(id)).map(|card| card.view.get_untracked().column);
                        targets(&state, own)
                            .into_iter()
                            .map(|(words, column, step)| {
                                let choose = choose.clone();
                                view! {
                                    <button
                                        type="button"
                                        role="menuitem"
                                        tabindex="-1"
                                        on:click=move |_| choose(column, step)
                                    >
                                        {words}
                                    </button>
                                }
                            })
                            .collect_view()
                    }
                }
            </div>
        </Show>
    }
}

/// The other columns, then the places inside the card's own column, where order is the team's choice.
fn targets(state: &BoardState, own: Option<ColumnId>) -> Vec<(String, ColumnId, Step)> {
    let mut targets: Vec<_> = state
        .columns
        .iter()
        .filter(|column| Some(column.view.id) != own)
        .map(|column| (column.view.name.clone(), column.view.id, Step::End))
        .collect();
    if let Some(own) = own
        && state
            .column(own)
            .is_some_and(|column| column.view.kind != ColumnKind::Done)
    {
        for (words, step) in [
            ("Up", Step::Up),
            ("Down", Step::Down),
            ("To the top", Step::Start),
            ("To the bottom", Step::End),
        ] {
            targets.push((words.to_owned(), own, step));
        }
    }
    targets
}

/// The element of a card.
pub fn find_card(id: TaskId) -> Option<web_sys::Element> {
    document()
        .query_selector(&format!("[data-task='{id}']"))
        .ok()
        .flatten()
}

/// Gives the focus to a part of a card once the card stands where it belongs.
pub fn focus_card(id: TaskId, part: &'static str) {
    request_animation_frame(move || {
        let target = find_card(id).and_then(|card| card.query_selector(part).ok().flatten());
        if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            // An element that cannot be focused leaves the focus where it is.
            let _ = target.focus();
        }
    });
}

fn items(menu: &web_sys::Element) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all("[role=menuitem]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into().ok())
        .collect()
}

fn focus_item(menu: &web_sys::Element, index: usize) {
    if let Some(item) = items(menu).get(index) {
        // An element that cannot be focused leaves the focus where it is.
        let _ = item.focus();
    }
}

/// Puts the menu below its button, and inside the window.
fn place_below(menu: &web_sys::HtmlDivElement, button: &web_sys::Element) {
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
    let top = at.bottom().min(height - size.height() - 8.0).max(8.0);
    let style = HtmlElement::style(menu);
    // A browser that refuses a length leaves the menu where its stylesheet puts it.
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}
