//! A column: its name, its limit, its cards, and the field that adds one.

use leptos::prelude::*;

use super::{
    card::Card,
    filter::Filter,
    new_task::NewTask,
    state::{BoardState, ColumnState},
};
use crate::{columns::model::ColumnKind, ids::TaskId};

#[component]
pub fn ColumnRegion(column: ColumnState, new_id: TaskId) -> impl IntoView {
    let state = expect_context::<BoardState>();
    let may_write = state.may_write;
    let id = column.view.id;
    let heading = format!("column-{id}");
    let (labelled, list) = (heading.clone(), heading.clone());
    let cards = column.cards;
    let can_move_inside = column.view.kind != ColumnKind::Done;
    let limit = column.view.wip_limit;
    let over = {
        let column = column.clone();
        Memo::new(move |_| column.is_over())
    };
    let more = column.more;
    let filter = state.filter;
    let older = move || {
        let last = cards.with(|cards| cards.last().map(|card| card.id))?;
        let filter = filter.with(Filter::in_address);
        Some(format!("?older={id}.{last}{filter}"))
    };
    let shown = {
        let (state, column) = (state.clone(), column.clone());
        move || state.shown(&column)
    };
    let empty = match column.view.kind {
        ColumnKind::Todo if may_write => "Nothing to do yet. Type a task below.",
        ColumnKind::Todo => "Nothing to do.",
        ColumnKind::Doing => "Nothing in progress.",
        ColumnKind::Done => "Nothing finished yet.",
    };
    let class = format!("column {}", column.view.kind.as_str());
    let counted = {
        let (state, column) = (state.clone(), column.clone());
        move || state.count(&column)
    };
    let is_empty = {
        let shown = shown.clone();
        Memo::new(move |_| shown().is_empty())
    };
    let why_empty = move || {
        if cards.with(Vec::is_empty) {
            empty
        } else {
            "Nothing here fits the filter."
        }
    };
    view! {
        <section class=class aria-labelledby=labelled data-column=id.to_string()>
            <header class="column-header">
                <h2 id=heading>{column.view.name.clone()}</h2>
                <span class="count" class:over=over>
                    {counted}
                    {limit.map(|limit| format!(" / {limit}"))}
                    {move || over.get().then(|| view! { <span class="over-limit">" over its limit"</span> })}
                </span>
            </header>
            <div class="column-scroll">
                <ol class="cards" aria-labelledby=list>
                    <For each=shown key=|card| card.id let:card>
                        <Card card=card can_move_inside=can_move_inside />
                    </For>
                </ol>
                {move || is_empty.get().then(|| view! { <p class="column-empty muted">{why_empty}</p> })}
                {move || {
                    let state = state.clone();
                    more.get()
                        .then(|| {
                            view! {
                                <a
                                    class="show-more"
                                    href=older
                                    on:click=move |event| {
                                        event.prevent_default();
                                        event.stop_propagation();
                                        state.show_more(id);
                                    }
                                >
                                    "Show older"
                                </a>
                            }
                        })
                }}
            </div>
            {may_write
                .then(|| view! { <NewTask column=column.view.id new_id=new_id /> })}
        </section>
    }
}
