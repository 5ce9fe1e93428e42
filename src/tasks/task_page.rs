//! One task: its fields, what happened to it and what was said about it.
//!
//! Without JavaScript the form posts and the page is loaded again. With it, saving leaves the page as it
//! is: what is being typed stays, and what others changed meanwhile comes in around it.

pub mod arrival;
mod closed;
mod comment;
mod conflict;
mod data;
mod deeds;
pub mod deletion;
mod description;
pub mod draft;
mod fields;
mod follow;
mod history;
mod keys;
mod offered;
mod panel;
mod reassign;
mod state;
mod undo;
pub mod watch;

use leptos::{ev::KeyboardEvent, prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use wasm_bindgen::JsCast;

use self::{
    closed::{ClosableFields, KeptTexts, has_changes, has_comment, is_editable},
    comment::NewComment,
    deeds::{DeedRefusals, Deeds},
    fields::{Facts, TaskForm},
    follow::{count_conflicts, follow_feed},
    history::HistoryRegion,
    keys::attend,
    offered::offer,
    panel::{Panel, TaskPlace, use_panel},
    state::TaskState,
    watch::Watch,
};
pub use self::{
    data::{LoadTask, TaskPageData, load_task},
    reassign::reassign,
    undo::lasting,
};
use super::requests::{EditTask, RestoreTask};
use crate::{
    forms::view::{FormState, PlainForm},
    live::looking::{AlsoHere, Place},
    people::shell::{
        keys::table::{Typing, WHILE_TYPING},
        use_team,
    },
    ui::{data::PageData, keys::pressed, page::Loaded, time::Ago},
};

/// The page of a task, or a panel over its board when it is opened from there.
#[component]
pub fn TaskPage() -> impl IntoView {
    let params = use_params_map();
    let param = move |name: &str| params.with(|params| params.get(name).unwrap_or_default());
    let team = Memo::new(move |_| param("team"));
    let task = Memo::new(move |_| param("task"));
    let panel = Panel::provide(task);
    let page = PageData::new(
        move || (team.get(), task.get()),
        |(team, task)| load_task(team, task),
    );
    // One task's fields are never filled with another's: a list of one, with the task as its key.
    let one = |page: TaskPageData| {
        view! {
            <For each=move || [page.clone()] key=|page| page.task.id let:page>
                <Task page=page />
            </For>
        }
    };
    view! {
        <TaskPlace panel=panel task=task>
            <Loaded data=page view=one />
        </TaskPlace>
    }
}

#[component]
fn Task(page: TaskPageData) -> impl IntoView {
    let key = page.task.key.clone();
    // What was refused on a page that cannot be edited has no form here.
    let form = if is_editable(&page) {
        FormState::of(EditTask::url(), Some(("task", &key)))
    } else {
        FormState::absent(EditTask::url(), Some(("task", &key)))
    };
    let refused = form.error.get_untracked();
    let version = form_version(&form, &page);
    let state = TaskState::new(page, version, refused);
    let editable = Memo::new(move |_| state.page.with(is_editable));
    // Fields that were there stay, with what is typed in them, when others delete the task.
    let has_fields = Memo::new(move |before| before == Some(&true) || editable.get());
    let title = move || state.page.with(|page| page.task.title.clone());
    let board = state.page.with_untracked(|page| {
        let address = format!("/teams/{}/boards/{}", use_team().slug, page.task.board_key);
        (address, page.task.board_name.clone())
    });
    let document_title = {
        let key = key.clone();
        let team = use_team().name;
        move || format!("{key} {} · {team}", title())
    };
    follow_feed(state);
    count_conflicts(state);
    let id = state.page.with_untracked(|page| page.task.id);
    let (panel, place) = (use_panel(), Place::Task(id));
    offer(state);
    Effect::new(move |_| panel.begin(id));
    view! {
        <Title text=document_title />
        <article class="task" class:editable=has_fields>
            <header class="task-header">
                <a class="task-board" href=board.0>
                    {board.1}
                </a>
                <h1>
                    <span class="task-key">{key}</span>
                    " "
                    <span class:visually-hidden=has_fields>{title}</span>
                </h1>
                <AlsoHere place=place />
                <div class="task-tools">
                    <Watch state=state />
                    {move || editable.get().then(|| view! { <Deeds state=state /> })}
                </div>
            </header>
            <Notices state=state />
            <DeedRefusals state=state />
            <KeptTexts state=state has_fields=has_fields />
            {move || {
                if has_fields.get() {
                    attend(state);
                    let form = form.clone();
                    view! {
                        <ClosableFields state=state editable=editable class="task-fields" is_typed=has_changes>
                            <TaskForm state=state form=form />
                        </ClosableFields>
                    }
                        .into_any()
                } else {
                    view! { <Facts state=state /> }.into_any()
                }
            }}
            <HistoryRegion state=state />
            {move || {
                has_fields
                    .get()
                    .then(|| {
                        view! {
                            <ClosableFields state=state editable=editable class="commenting" is_typed=has_comment>
                                <NewComment state=state />
                            </ClosableFields>
                        }
                    })
            }}
        </article>
    }
}

/// The version that the fields start from. After a conflict it is the one that the person now sees
/// beside theirs, and fields that only others changed show what they are now.
fn form_version(form: &FormState, page: &TaskPageData) -> i64 {
    let base = form.value("version", "").parse::<i64>().ok();
    let conflict = form
        .error
        .with_untracked(|error| error.as_ref().and_then(|error| error.conflict.clone()));
    match (base, conflict) {
        (Some(base), Some(conflict)) => {
            form.typed.update_value(|typed| {
                typed.retain(|field, _| {
                    let in_conflict = conflict.fields.iter().any(|other| other.field == *field);
                    let changed = page.task.field_versions.get(field).copied().unwrap_or(0);
                    in_conflict || !(base < changed && changed <= conflict.version)
                });
            });
            conflict.version
        }
        (Some(base), None) => base,
        (None, _) => page.task.version,
    }
}

/// What stands in the way of changing the task, said also when it comes while the page is open.
#[component]
fn Notices(state: TaskState) -> impl IntoView {
    let page = state.page;
    let archived = Memo::new(move |_| page.with(|page| page.task.board_archived));
    let deleted = Memo::new(move |_| page.with(|page| page.task.deleted_at));
    let may_write = Memo::new(move |_| page.with(|page| page.may_write));
    let unsaved = move || state.changed.with(|fields| !fields.is_empty());
    let restore = move || {
        let (team, key) = (state.team.get_value(), state.key.get_value());
        view! {
            <PlainForm action=RestoreTask::url() key=("task".to_owned(), key)>
                <input type="hidden" name="team" value=team />
                <button type="submit">"Restore"</button>
            </PlainForm>
        }
    };
    view! {
        <div class="task-notices" aria-live="polite">
            {move || {
                archived
                    .get()
                    .then(|| view! { <p class="notice">"The board is archived. Bring it back to change this task."</p> })
            }}
            {move || {
                let now = page.with_untracked(|page| page.now);
                deleted
                    .get()
                    .map(|at| {
                        view! {
                            <div class="notice">
                                <p>"This task was deleted " <Ago at=at now=now /> ". It can be restored for 30 days."</p>
                                {move || unsaved().then(|| view! { <p>"What you typed stays below until then."</p> })}
                                {move || may_write.get().then(restore)}
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// Ctrl or Cmd and Enter send the form that they are pressed in.
fn ctrl_enter_sends(event: KeyboardEvent) {
    if pressed(WHILE_TYPING, &event) != Some(Typing::Send) {
        return;
    }
    let form = event
        .current_target()
        .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    if let Some(form) = form {
        event.prevent_default();
        // A form that its browser finds incomplete is not sent, and says so itself.
        let _ = form.request_submit();
    }
}
