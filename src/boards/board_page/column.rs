//! A column: its name, its limit, its cards, and the field that adds one.

use leptos::{ev::SubmitEvent, html, prelude::*, server_fn::ServerFn};

use super::{
    card::Card,
    state::{BoardState, ColumnState},
};
use crate::{
    columns::model::ColumnKind,
    forms::view::FormState,
    ids::TaskId,
    tasks::{model::TaskTitle, requests::CreateTask},
    ui::announce::use_announcer,
};

#[component]
pub fn ColumnRegion(column: ColumnState, new_id: TaskId, may_write: bool) -> impl IntoView {
    let state = expect_context::<BoardState>();
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
    let older = move || {
        let last = cards.with(|cards| cards.last().map(|card| card.id));
        last.map(|last| format!("?older={id}.{last}"))
    };
    let empty = match column.view.kind {
        ColumnKind::Todo => "Nothing waits here. Type a task below.",
        ColumnKind::Doing => "Nobody works on anything here.",
        ColumnKind::Done => "Nothing is finished yet.",
    };
    view! {
        <section class="column" aria-labelledby=labelled data-column=id.to_string()>
            <header class="column-header">
                <h2 id=heading>{column.view.name.clone()}</h2>
                <span class="count" class:over=over>
                    {move || cards.with(Vec::len)}
                    {limit.map(|limit| format!(" / {limit}"))}
                    {move || more.get().then_some("+")}
                </span>
                {move || over.get().then(|| view! { <span class="badge warning">"over its limit"</span> })}
            </header>
            <ol class="cards" aria-labelledby=list>
                <For each=move || cards.get() key=|card| card.id let:card>
                    <Card card=card may_write=may_write can_move_inside=can_move_inside />
                </For>
            </ol>
            {move || cards.with(Vec::is_empty).then(|| view! { <p class="column-empty muted">{empty}</p> })}
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
                                "Show more"
                            </a>
                        }
                    })
            }}
            {may_write.then(|| view! { <NewTask column=column new_id=new_id /> })}
        </section>
    }
}

/// Type, Enter, and the field stays ready.
#[component]
fn NewTask(column: ColumnState, new_id: TaskId) -> impl IntoView {
    let state = expect_context::<BoardState>();
    let announcer = use_announcer();
    let id = column.view.id;
    let column_id = id.to_string();
    let form = FormState::of(CreateTask::url(), Some(("column", &column_id)));
    let field = NodeRef::<html::Input>::new();
    let submit = {
        let state = state.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.get_untracked() else {
                return;
            };
            match TaskTitle::parse(&input.value()) {
                Ok(title) => {
                    input.set_value("");
                    state.add(id, title.as_str().to_owned(), move |title| {
                        if let Some(input) = field.get_untracked()
                            && input.value().is_empty()
                        {
                            input.set_value(&title);
                        }
                    });
                }
                Err(error) => announcer.failure(format!("Title: {}", error.message)),
            }
        }
    };
    let typed = form.value("title", "");
    let error = form.error;
    view! {
        <form class="new-task" method="post" action=CreateTask::url() on:submit=submit>
            <input type="hidden" name="team" value=state.team.clone() />
            <input type="hidden" name="board" value=state.board.to_string() />
            <input type="hidden" name="column" value=column_id />
            <input type="hidden" name="id" value=new_id.to_string() />
            {move || error.get().map(|error| view! { <p class="form-error" role="alert">{error.message}</p> })}
            <input
                node_ref=field
                class="new-task-title"
                name="title"
                aria-label="New task"
                placeholder="New task"
                autocomplete="off"
                maxlength="200"
                required
                value=typed
            />
            <button type="submit">"Add task"</button>
        </form>
    }
}
