//! What was deleted in the last 30 days, and the way back.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

use super::{model::DeletedTaskView, requests::RestoreTask};
use crate::{
    error::Result,
    forms::view::PlainForm,
    live::{coalesced::at_events, model::FeedEvent},
    people::shell::use_team,
    ui::{data::PageData, icon::Icon, page::Loaded, time::Ago},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedPageData {
    /// Latest first.
    pub tasks: Vec<DeletedTaskView>,
    pub may_write: bool,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// The page of what can be restored.
#[component]
pub fn DeletedPage() -> impl IntoView {
    let params = use_params_map();
    let team = Memo::new(move |_| params.with(|params| params.get("team").unwrap_or_default()));
    let page = PageData::new(move || team.get(), load_deleted);
    view! { <Loaded data=page view=|page| view! { <Deleted page=page /> } /> }
}

#[component]
fn Deleted(page: DeletedPageData) -> impl IntoView {
    let team = use_team();
    let title = format!("Recently deleted · {}", team.name);
    let boards = format!("/teams/{}/boards", team.slug);
    let (tasks, may_write) = (RwSignal::new(page.tasks), page.may_write);
    let clock = RwSignal::new(page.now);
    follow_feed(team.seq, team.slug.clone(), tasks, clock);
    let empty = Memo::new(move |_| tasks.with(Vec::is_empty));
    let team = team.slug;
    view! {
        <Title text=title />
        <header class="page-header">
            <h1>"Recently deleted"</h1>
            <p class="muted">"Deleted tasks can be restored for 30 days."</p>
        </header>
        {move || {
            empty
                .get()
                .then(|| {
                    view! { <p class="empty">"Nothing was deleted in the last 30 days."</p> }
                })
        }}
        <ul class="deleted-tasks">
            <For each=move || tasks.get() key=|task| (task.key.clone(), task.deleted_at) let:task>
                <Row team=team.clone() task=task now=clock.get_untracked() may_write=may_write />
            </For>
        </ul>
        <p class="page-foot">
            <a href=boards>
                <Icon name="arrow-left" />
                "Boards"
            </a>
        </p>
    }
}

/// Reads the page again when a task is deleted or brought back. Only what is different is drawn anew.
fn follow_feed(
    seq: i64,
    team: String,
    tasks: RwSignal<Vec<DeletedTaskView>>,
    clock: RwSignal<i64>,
) {
    let read = move || {
        let request = load_deleted(team.clone());
        async move {
            let fresh = request.await?;
            if !tasks.is_disposed() {
                clock.set(fresh.now);
                tasks.set(fresh.tasks);
            }
            Ok(())
        }
    };
    let concerns = |event: &FeedEvent| matches!(&*event.kind, "task.deleted" | "task.restored");
    at_events(seq, concerns, read);
}

#[component]
fn Row(team: String, task: DeletedTaskView, now: i64, may_write: bool) -> impl IntoView {
    let link = format!("/teams/{team}/tasks/{}", task.key);
    view! {
        <li class="deleted-task">
            <p>
                <span class="task-key">{task.key.clone()}</span>
                " "
                <a href=link>{task.title}</a>
            </p>
            <p class="muted">
                {task.board_name} " · deleted by " {task.deleted_by.name} " "
                <Ago at=task.deleted_at now=now />
            </p>
            {may_write
                .then(|| {
                    view! {
                        <PlainForm action=RestoreTask::url() key=("task".to_owned(), task.key)>
                            <input type="hidden" name="team" value=team />
                            <input type="hidden" name="back" value="deleted" />
                            <button type="submit">"Restore"</button>
                        </PlainForm>
                    }
                })}
        </li>
    }
}

/// Reads what can be restored.
#[server]
pub async fn load_deleted(team: String) -> Result<DeletedPageData> {
    use super::store;
    use crate::{accounts, people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    Ok(DeletedPageData {
        tasks: store::deleted(access.db(), access.team()).await?,
        now: accounts::store::now(access.db()).await?,
        may_write: access.role().may_write(),
    })
}
