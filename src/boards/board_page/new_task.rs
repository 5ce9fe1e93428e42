//! The field at the end of a column: type, Enter, and it stays ready.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    server_fn::ServerFn,
};
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{
    keys::leave_new_task,
    state::{BoardState, use_board},
};
use crate::{
    columns::model::ColumnView,
    error::Error,
    forms::view::FormState,
    ids::{ColumnId, TaskId},
    people::shell::keys::table::{Typing, WHILE_TYPING},
    tasks::{
        model::TaskTitle,
        requests::CreateTask,
        similar::{Similar, SimilarTasks},
        task_page::draft,
    },
    ui::{
        dom::{find, focus},
        keys::pressed,
        storage::Storage,
    },
};

#[component]
pub fn NewTask(column: ColumnId, new_id: TaskId) -> impl IntoView {
    let state = use_board();
    let column_id = column.to_string();
    let form = FormState::of(CreateTask::url(), Some(("column", &column_id)));
    let refused = RwSignal::new(form.error.get_untracked());
    let is_of_title = move || {
        refused.with(|error| {
            let error = error.as_ref();
            error.is_some_and(|error| error.on("title").is_some())
        })
    };
    let typed = form.value("title", "");
    // What was refused because the server was away may have arrived: the same title goes with the same id.
    let may_be_there = form
        .error
        .with_untracked(|error| error.as_ref().is_some_and(Error::may_have_arrived));
    let refused_id = form.value("id", "").parse().ok().filter(|_| may_be_there);
    let new_id = refused_id.unwrap_or(new_id);
    let again = StoredValue::new((typed.clone(), refused_id));
    // A page that is loaded after each task begins where one types the next.
    let is_next = form.error.with_untracked(Option::is_some) || was_added_to(&column_id);
    let field = NodeRef::<html::Input>::new();
    let similar = Similar::to_new_task(&state.team);
    let draft = draft_place(&state, column);
    let (kept, sent, typing) = (draft.clone(), draft.clone(), draft);
    Effect::new(move |_| {
        if let (Some(typed), Some(input)) = (Storage::Tab.read(&kept), field.get())
            && input.value().is_empty()
        {
            input.set_value(&typed);
        }
    });
    let submit = {
        let state = state.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.get_untracked() else {
                return;
            };
            match TaskTitle::parse(&input.value()) {
                Ok(title) => {
                    similar.kept();
                    input.set_value("");
                    Storage::Tab.keep(&sent, "");
                    refused.set(None);
                    let title = title.as_str().to_owned();
                    let id = again.with_value(|(refused, id)| id.filter(|_| *refused == title));
                    let sent = sent.clone();
                    state.add(column, id.unwrap_or_default(), title, move |title, id| {
                        let remembered =
                            again.try_update_value(|again| *again = (title.clone(), id));
                        // It may be there already. Offered anew without its id, it would be added a second time.
                        let is_lost = id.is_some() && remembered.is_none();
                        if !is_lost && Storage::Tab.read(&sent).is_none() {
                            Storage::Tab.keep(&sent, &title);
                        }
                        // The column may be gone by now, or the whole board, and its field with it.
                        if let Some(input) = field.try_get_untracked().flatten()
                            && input.value().is_empty()
                        {
                            input.set_value(&title);
                        }
                    });
                }
                Err(error) => refused.set(Some(error)),
            }
        }
    };
    let escape = {
        let state = state.clone();
        move |event: KeyboardEvent| {
            if !similar.on_key(&event)
                && pressed(WHILE_TYPING, &event) == Some(Typing::Leave)
                && let Some(field) = field.get_untracked()
            {
                event.prevent_default();
                refused.set(None);
                leave_new_task(&state, &field);
            }
        }
    };
    view! {
        <form class="new-task" method="post" action=CreateTask::url() on:submit=submit on:keydown=escape>
            <input type="hidden" name="team" value=state.team.clone() />
            <input type="hidden" name="board" value=state.board.to_string() />
            <input type="hidden" name="column" value=column_id />
            <input type="hidden" name="id" value=new_id.to_string() />
            {move || {
                refused.get().map(|error| view! { <p class="form-error" role="alert">{error.message}</p> })
            }}
            <input
                node_ref=field
                class="new-task-title"
                name="title"
                aria-label="New task"
                aria-invalid=move || is_of_title().then_some("true")
                placeholder="New task"
                autocomplete="off"
                autofocus=is_next
                required
                value=typed
                on:input=move |event| {
                    refused.set(None);
                    let title = event_target_value(&event);
                    Storage::Tab.keep(&typing, &title);
                    similar.typed(title);
                }
            />
            <button type="submit">"Add task"</button>
            <SimilarTasks similar=similar id=format!("similar-{column}") />
        </form>
    }
}

/// How the places begin where titles for a board are kept that are not sent.
fn drafts(state: &BoardState) -> String {
    draft::new_task_places(state.me.id, &state.team, state.board)
}

/// Where a title is kept that is not sent.
fn draft_place(state: &BoardState, column: ColumnId) -> String {
    draft::new_task_place(state.me.id, &state.team, state.board, column)
}

fn field_of(column: ColumnId) -> Option<HtmlInputElement> {
    let field = find(&format!("[data-column='{column}'] .new-task-title"))?;
    field.dyn_into().ok()
}

/// Takes what is typed for columns that are about to go into the first field that is empty. Where none is, it is said.
pub fn keep_typed(state: &BoardState, left: &[ColumnView]) {
    for gone in state.columns.iter().map(|column| column.view) {
        let field = field_of(gone.id).filter(|field| !field.value().trim().is_empty());
        let (Some(field), false) = (field, left.iter().any(|column| column.id == gone.id)) else {
            continue;
        };
        let place = draft_place(state, gone.id);
        let (words, free) = put_elsewhere(state, left, &place, &field.value());
        if let Some(free) = free
            && document().active_element().as_ref() == Some(field.as_ref())
        {
            focus(&free);
        }
        let name = gone.name;
        let text = format!("The column {name} was removed. {words}");
        state.announcer.late_failure(text, None);
    }
}

/// The same with what was typed for columns that went while no page showed them.
pub fn take_up_typed(state: &BoardState) {
    if !state.may_write {
        return;
    }
    let state = state.clone();
    Effect::new(move |_| {
        let columns: Vec<_> = state.columns.iter().map(|column| column.view).collect();
        let is_here = |place: &String| {
            let mut places = columns.iter().map(|column| draft_place(&state, column.id));
            places.any(|other| other == *place)
        };
        for place in Storage::Tab.places(&drafts(&state)) {
            let typed = Storage::Tab.read(&place).filter(|_| !is_here(&place));
            if let Some(typed) = typed {
                let (words, _) = put_elsewhere(&state, &columns, &place, &typed);
                let text = format!("A column was removed. {words}");
                state.announcer.late_failure(text, None);
            }
        }
    });
}

/// Puts what was typed for a column that is gone into the first field that is empty, which it gives if it is on the
/// page already, and says where it is.
fn put_elsewhere(
    state: &BoardState,
    left: &[ColumnView],
    gone: &str,
    typed: &str,
) -> (String, Option<HtmlInputElement>) {
    // A field that is not on the page yet will show what is kept for it.
    let is_kept = Storage::Tab.read(gone).is_some();
    let free = left.iter().find_map(|column| {
        let (place, field) = (draft_place(state, column.id), field_of(column.id));
        let is_free = Storage::Tab.read(&place).is_none()
            && field
                .as_ref()
                .map_or(is_kept, |field| field.value().is_empty());
        is_free.then_some((column, place, field))
    });
    let Some((column, place, field)) = free else {
        return (format!("You had typed there: {typed}"), None);
    };
    if let Some(field) = &field {
        field.set_value(typed);
    }
    Storage::Tab.keep(&place, typed);
    Storage::Tab.keep(gone, "");
    let words = format!("What you typed there is in {} now.", column.name);
    (words, field)
}

/// Whether the page was loaded because a task was added to this column.
fn was_added_to(column: &str) -> bool {
    use_query_map().with_untracked(|query| {
        query.get_str("done") == Some("create_task") && query.get_str("at") == Some(column)
    })
}
