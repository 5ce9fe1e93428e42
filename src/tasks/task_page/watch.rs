//! Whether the reader wants to know how the task goes on without holding it.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

use super::state::TaskState;
use crate::{
    tasks::requests::{UnwatchTask, WatchTask, unwatch_task, watch_task},
    ui::announce::Announcer,
};

/// The button by which the reader begins or ends to watch the task.
#[component]
pub fn Watch(state: TaskState) -> impl IntoView {
    let watches = Memo::new(move |_| state.page.with(|page| page.watched));
    let action = move || {
        if watches.get() {
            UnwatchTask::url()
        } else {
            WatchTask::url()
        }
    };
    let toggle = move |event: SubmitEvent| {
        event.prevent_default();
        state.watch(!watches.get_untracked());
    };
    view! {
        <form method="post" action=action on:submit=toggle>
            <input type="hidden" name="team" value=state.team.get_value() />
            <input type="hidden" name="task" value=state.key.get_value() />
            <button type="submit" class="quiet" title="What you watch is on My tasks">
                {move || if watches.get() { "Unwatch" } else { "Watch" }}
            </button>
        </form>
    }
}

impl TaskState {
    pub fn watch(self, wanted: bool) {
        let (team, key) = (self.team.get_value(), self.key.get_value());
        let page = self.page;
        page.update(|page| page.watched = wanted);
        spawn_local(async move {
            let is_done = ask(self.announcer, team, key, wanted).await;
            if !page.is_disposed() {
                // What was read meanwhile may not have known it.
                page.update(|page| page.watched = wanted == is_done);
                self.refresh();
            }
        });
    }
}

/// Begins or ends to watch a task, and says what became of it.
pub async fn ask(announcer: Announcer, team: String, key: String, wanted: bool) -> bool {
    let answer = if wanted {
        watch_task(team, key.clone()).await
    } else {
        unwatch_task(team, key.clone()).await
    };
    match &answer {
        Ok(()) if wanted => announcer.success(format!("You watch {key}.")),
        Ok(()) => announcer.success(format!("You watch {key} no more.")),
        Err(error) => announcer.failure(&error.message),
    }
    answer.is_ok()
}
