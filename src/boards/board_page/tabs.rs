//! Where a window shows one column at a time: the names of all, each a way to its column.

use std::sync::Arc;

use leptos::{ev::MouseEvent, html, prelude::*};
use web_sys::Element;

use super::state::{BoardState, ColumnState, use_board};

/// Links by plain anchors. With JavaScript they leave the address alone and tell which column is seen.
#[component]
pub fn ColumnTabs(board: NodeRef<html::Div>, seen: RwSignal<usize>) -> impl IntoView {
    let state = use_board();
    let columns = state.columns;
    view! {
        <nav class="column-tabs" aria-label="On this board">
            <For each=move || columns.all() key=|column| column.view.id let:column>
                <Tab state=state.clone() column=column seen=seen board=board />
            </For>
        </nav>
    }
}

#[component]
fn Tab(
    state: Arc<BoardState>,
    column: ColumnState,
    seen: RwSignal<usize>,
    board: NodeRef<html::Div>,
) -> impl IntoView {
    let heading = format!("column-{}", column.view.id);
    let href = format!("#{heading}");
    let (id, columns) = (column.view.id, state.columns);
    let is_seen = move || {
        columns
            .find(id)
            .is_some_and(|(place, _)| place == seen.get())
    };
    let name = move || columns.find(id).map(|(_, view)| view.name);
    let show = move |event: MouseEvent| {
        let column = document()
            .get_element_by_id(&heading)
            .and_then(|heading| heading.closest(".column").ok().flatten());
        if let (Some(column), Some(board)) = (column, board.get_untracked()) {
            event.prevent_default();
            bring_to_start(&board, &column);
        }
    };
    view! {
        <a href=href aria-current=move || is_seen().then_some("true") on:click=show>
            {name}
            " "
            <span class="muted">{move || state.count(&column)}</span>
        </a>
    }
}

/// Scrolls the columns so that one stands first; the stylesheet decides how fast.
fn bring_to_start(board: &Element, column: &Element) {
    let left = |element: &Element| element.get_bounding_client_rect().left();
    let way = (left(column) - left(board)).round() as i32;
    board.set_scroll_left(board.scroll_left() + way);
}

/// The place of the column that is nearest to the start of what is seen.
pub fn nearest(board: &Element, count: usize) -> usize {
    let (at, width) = (
        f64::from(board.scroll_left()),
        f64::from(board.scroll_width()),
    );
    let each = width / count.max(1) as f64;
    ((at / each).round().max(0.0) as usize).min(count.saturating_sub(1))
}
