//! What others do with the task while its page is open.

use leptos::{prelude::*, task::spawn_local};

use super::state::TaskState;
use crate::live::{
    listener::{Told, follow},
    looking::{Place, look_at},
    model::FeedEvent,
    requests::count_conflict,
};

/// Follows the feed from what the page shows, and says that one is here.
pub fn follow_feed(state: TaskState) {
    let (task, seq) = state
        .page
        .with_untracked(|page| (page.task.id, page.task.seq));
    Effect::new(move |_| {
        look_at(Place::Task(task));
        follow(seq, move |told| {
            let concerns = match told {
                Told::Event(event) => state.is_concerned(event),
                Told::Resync => true,
            };
            if concerns {
                state.refresh();
            }
        });
    });
}

/// Counts the conflicts that the page tells before anything is sent. The server knows the others.
pub fn count_conflicts(state: TaskState) {
    let shown = move || {
        let error = state.error.get()?;
        error.conflict.map(|conflict| conflict.version)
    };
    Effect::new(move |before: Option<Option<i64>>| {
        let now = shown();
        let is_news = now.is_some() && before.is_some_and(|before| before != now);
        if is_news && !state.saving.get_untracked() {
            let request = count_conflict(state.team.get_value());
            // It is only a number.
            spawn_local(async move { drop(request.await) });
        }
        now
    });
}

impl TaskState {
    /// Whether the page shows what happened, and does not know it yet.
    fn is_concerned(self, event: &FeedEvent) -> bool {
        let known = |page: &super::TaskPageData| match event.task {
            Some(task) if task == page.task.id => {
                let seen = event.card.as_ref().map(|card| card.version);
                event.kind.starts_with("task.") && seen == Some(page.task.version)
            }
            Some(_) => true,
            // Its columns, and who can hold it.
            None => event.board.is_some_and(|board| board != page.task.board),
        };
        self.page.try_with_untracked(|page| !known(page)) == Some(true)
    }
}
