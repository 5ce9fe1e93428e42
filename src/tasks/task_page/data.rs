//! What the page of a task shows.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    columns::model::ColumnView, comments::model::CommentView, error::Result, ids::CommentId,
    live::model::EventView, people::model::PersonName, tasks::model::TaskView,
};

/// Everything that the page of a task shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskPageData {
    pub task: TaskView,
    pub columns: Vec<ColumnView>,
    /// Who can hold the task.
    pub people: Vec<PersonName>,
    /// Oldest first.
    pub comments: Vec<CommentView>,
    /// Newest first, without what the comments say themselves.
    pub history: Vec<EventView>,
    pub may_write: bool,
    /// Whether the reader watches it.
    pub watched: bool,
    /// For the next comment, so that sending it twice says it once.
    pub new_comment_id: CommentId,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// The calendar date of the team, `YYYY-MM-DD`.
    pub today: String,
}

/// How many changes the history of a task shows: the latest.
pub const HISTORY: i64 = 100;

/// Reads a task with everything that its page shows.
#[server]
pub async fn load_task(team: String, task: String) -> Result<TaskPageData> {
    use crate::{
        columns, comments,
        error::Error,
        live, people,
        people::access::Permission,
        server::{markdown, request},
        tasks::{model::TaskKey, store},
    };

    let access = request::access(&team, Permission::Read).await?;
    let (db, team) = (access.db(), access.team());
    let key: TaskKey = task.parse()?;
    let (mut task, boards) = store::find(db, team, &key)
        .await?
        .ok_or_else(Error::not_found)?;
    let me = access.person().id;
    let named = markdown::Tasks {
        team: access.slug(),
        boards: &boards,
    };
    let (columns, people, comments, history, calendar, watched) = tokio::try_join!(
        columns::store::of_board(db, team, task.board),
        people::store::assignable(db, team),
        comments::actions::of_task(&access, task.id, named),
        live::store::of_task(db, team, task.id, HISTORY),
        people::store::calendar(db, team),
        store::is_watched_by(db, team, task.id, me),
    )?;
    task.description_html = markdown::to_html(&task.description, named);
    Ok(TaskPageData {
        may_write: access.role().may_write() && !task.board_archived,
        watched,
        columns,
        people,
        comments,
        history: history.into_iter().filter_map(for_reading).collect(),
        new_comment_id: CommentId::new(),
        now: calendar.now,
        today: calendar.today.to_string(),
        task,
    })
}

/// An event as the history shows it: comments speak for themselves, a deleted one says nothing any
/// more, and long texts are cut.
#[cfg(feature = "ssr")]
fn for_reading(mut event: EventView) -> Option<EventView> {
    const LONGEST: usize = 2_000;
    if matches!(&*event.kind, "comment.added" | "comment.edited") {
        return None;
    }
    crate::live::told::without_deleted(&event.kind, &mut event.changes);
    event
        .changes
        .retain(|change| !matches!(&*change.field, "version" | "place"));
    for change in &mut event.changes {
        for text in [&mut change.from, &mut change.to].into_iter().flatten() {
            if let Some((end, _)) = text.char_indices().nth(LONGEST) {
                text.truncate(end);
                text.push('…');
            }
        }
    }
    Some(event)
}
