//! A column: its name, its limit, its cards, and the field that adds one.

use leptos::prelude::*;

use super::{
    card::Card,
    filter::Filter,
    new_task::NewTask,
    state::{ColumnState, use_board},
};
use crate::{columns::model::ColumnKind, ids::TaskId};

/// The columns side by side. What is changed of one is changed where it stands.
#[component]
pub fn ColumnRegions(
    /// For the plain form of each, in their order.
    new_ids: Vec<TaskId>,
) -> impl IntoView {
    let columns = use_board().columns;
    let ids: Vec<_> = columns
        .iter()
        .map(|column| column.view.id)
        .zip(new_ids)
        .collect();
    let new_id = move |column: &ColumnState| {
        let known = ids.iter().find(|(id, _)| *id == column.view.id);
        known.map_or_else(TaskId::new, |(_, new_id)| *new_id)
    };
    view! {
        <For each=move || columns.all() key=|column| column.view.id let:column>
            <ColumnRegion new_id=new_id(&column) column=column />
        </For>
    }
}

#[component]
fn ColumnRegion(column: ColumnState, new_id: TaskId) -> impl IntoView {
    let state = use_board();
    let may_write = state.may_write;
    let id = column.view.id;
    let heading = format!("column-{id}");
    let (labelled, list) = (heading.clone(), heading.clone());
    let cards = column.cards;
    let columns = state.columns;
    let first = column.view.clone();
    let view = Memo::new(move |_| {
        let known = columns.find(id);
        known.map_or_else(|| first.clone(), |(_, view)| view)
    });
    let kind = Memo::new(move |_| view.with(|view| view.kind));
    let can_move_inside = Signal::derive(move || kind.get() != ColumnKind::Done);
    let limit = move || view.with(|view| view.wip_limit);
    let over = {
        let column = column.clone();
        Memo::new(move |_| {
            let limit = limit().and_then(|limit| usize::try_from(limit).ok());
            limit.is_some_and(|limit| column.count() > limit)
        })
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
    let empty = move || match kind.get() {
        ColumnKind::Todo if may_write => "Nothing to do yet. Type a task below.",
        ColumnKind::Todo => "Nothing to do.",
        ColumnKind::Doing => "Nothing in progress.",
        ColumnKind::Done => "Nothing finished yet.",
    };
    let class = move || format!("column {}", kind.get().as_str());
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
            empty()
        } else {
            "Nothing here fits the filter."
        }
    };
    view! {
        <section class=class aria-labelledby=labelled data-column=id.to_string()>
            <header class="column-header">
                <h2 id=heading>{move || view.with(|view| view.name.clone())}</h2>
                <span class="count" class:over=over>
                    {counted}
                    {move || limit().map(|limit| format!(" / {limit}"))}
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
                .then(|| view! { <NewTask column=id new_id=new_id /> })}
        </section>
    }
}
