//! What pages ask of tasks: thin entrances to the same door.

use leptos::prelude::*;

use super::{
    bulk::{Changed, Undone},
    model::{CardView, SimilarTask},
};
use crate::{error::Result, forms::given::Given};

#[cfg(feature = "ssr")]
use super::{
    actions,
    bulk::{BulkDeed, Seen},
    model::{Start, TaskTitle},
    position::Place,
    store,
};
#[cfg(feature = "ssr")]
use crate::{
    error::Error,
    ids::{BoardId, ChangeId, ColumnId, TaskId},
    now,
    people::access::Permission,
    server::request::{self, access, access_for},
};

/// Creates a task at the end of a column and gives its number on the board. Where a page follows, the next one is
/// typed in the same column. `by` is whoever typed it, where that may have been some time ago; so it is in all that
/// a browser keeps until it is sent.
#[server]
pub async fn create_task(
    team: String,
    board: String,
    column: String,
    id: String,
    title: String,
    by: Option<String>,
) -> Result<i32> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let number = actions::create_task(
        &access,
        BoardId::parse("board", &board)?,
        ColumnId::parse("column", &column)?,
        TaskId::parse("id", &id)?,
        &TaskTitle::parse(&title)?,
    )
    .await?;
    request::go_on_at(&column);
    Ok(number)
}

/// Changes the fields that are given, on the ground of the version that the person saw. `before` says in
/// JSON what some of them were when the person began, by their names. Gives what is to be remarked on:
/// whoever was given the task may have too much in progress now.
#[server]
pub async fn edit_task(
    team: String,
    task: String,
    version: String,
    #[server(default)] title: Given,
    #[server(default)] description: Given,
    #[server(default)] assignee: Given,
    #[server(default)] column: Given,
    #[server(default)] due_on: Given,
    #[server(default)] priority: Given,
    #[server(default)] labels: Given,
    before: Option<String>,
    by: Option<String>,
) -> Result<Option<String>> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let version = parse_version(&version)?;
    let read = |before: String| {
        let fields = serde_json::from_str(&before)?;
        serde_json::from_value(serde_json::Value::Object(fields))
    };
    let before = before
        .map(read)
        .transpose()
        .map_err(|_| Error::field("before", "These are no fields of a task."))?
        .unwrap_or_default();
    let edit = actions::Edit {
        title: title.0,
        description: description.0,
        assignee: assignee.0,
        column: column.0,
        due_on: due_on.0,
        priority: priority.0,
        labels: labels.0,
    };
    let base = actions::Base::Page {
        version,
        before: &before,
    };
    let edited = actions::edit_task(&access, &task.parse()?, base, edit).await?;
    let Some(change) = edited else {
        return Ok(None);
    };
    let remark = now::actions::remark_on(&access, change).await;
    if let Some(words) = &remark {
        request::remark(words);
    }
    Ok(remark)
}

#[cfg(feature = "ssr")]
fn parse_version(text: &str) -> Result<i64> {
    text.parse()
        .map_err(|_| Error::field("version", "This is not a version."))
}

/// Moves a task to a place in a column: `start`, `end`, `up`, `down`, or behind another task. With the
/// column that it is moved `from` and the `version` that was seen, what somebody else moved since then is
/// left where it is.
#[server]
pub async fn move_task(
    team: String,
    task: String,
    column: String,
    place: Option<String>,
    from: Option<String>,
    version: Option<String>,
    by: Option<String>,
) -> Result<()> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let column = ColumnId::parse("column", &column)?;
    let place = Place::parse(place.as_deref())?;
    let start = match (from, version) {
        (Some(from), Some(version)) => Some(Start {
            column: ColumnId::parse("from", &from)?,
            version: parse_version(&version)?,
        }),
        _ => None,
    };
    actions::move_task(&access, &task.parse()?, column, place, start).await
}

/// Takes an unassigned task and starts it.
#[server]
pub async fn claim_task(team: String, task: String, by: Option<String>) -> Result<()> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    actions::claim_task(&access, &task.parse()?).await
}

/// Deletes a task, and leads back to its board when it was deleted on its own page.
#[server]
pub async fn delete_task(team: String, task: String, back: Option<String>) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let key: super::model::TaskKey = task.parse()?;
    actions::delete_task(&access, &key, None).await?;
    if back.is_some() {
        request::redirect(&format!("/teams/{}/boards/{}", access.slug(), key.board));
    }
    Ok(())
}

/// Does one thing with many tasks of a board, such as `WEB-12:3,WEB-15:1` with the versions that were seen.
/// `change` is an id that whoever asks has chosen, so that asking again does it once.
#[server]
pub async fn change_tasks(
    team: String,
    tasks: String,
    change: String,
    deed: String,
    #[server(default)] value: Given,
    by: Option<String>,
) -> Result<Changed> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let tasks = Seen::parse_all(&tasks)?;
    let change = ChangeId::parse("change", &change)?;
    let deed = BulkDeed::parse(&deed, &value.0.unwrap_or_default())?;
    let count = actions::change_tasks(&access, change, &tasks, &deed).await?;
    let remark = now::actions::remark_on(&access, change).await;
    if let Some(words) = &remark {
        request::remark(words);
    }
    Ok(Changed { count, remark })
}

/// Takes back what one change did with tasks, where nobody has changed them since. `id` is that of the change
/// that this makes.
#[server]
pub async fn undo_change(
    team: String,
    change: String,
    id: String,
    by: Option<String>,
) -> Result<Undone> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let change = ChangeId::parse("change", &change)?;
    let id = ChangeId::parse("id", &id)?;
    actions::undo_change(&access, change, id).await
}

/// Brings a deleted task back. The page of what was deleted, which it is gone from then, is told its key.
#[server]
pub async fn restore_task(team: String, task: String, back: Option<String>) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let key: super::model::TaskKey = task.parse()?;
    actions::restore_task(&access, &key).await?;
    if back.is_some() {
        let page = format!("/teams/{}/deleted?restored={key}", access.slug());
        request::redirect(&page);
    }
    Ok(())
}

/// Puts a task among those that one watches.
#[server]
pub async fn watch_task(team: String, task: String) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    actions::watch_task(&access, &task.parse()?).await
}

/// Takes a task out of those that one watches.
#[server]
pub async fn unwatch_task(team: String, task: String) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    actions::unwatch_task(&access, &task.parse()?).await
}

/// The tasks that may be the same work as one of this title: five at most, the likeliest first. `except` is the
/// key of a task that is not compared with itself.
#[server]
pub async fn similar_tasks(
    team: String,
    title: String,
    except: Option<String>,
) -> Result<Vec<SimilarTask>> {
    let access = access(&team, Permission::Read).await?;
    let except = except.filter(|key| !key.is_empty());
    let except = except.map(|key| key.parse()).transpose()?;
    actions::similar_tasks(&access, &title, except.as_ref()).await
}

/// The cards of a `done` column that come after one of them: up to 50, and one more when there are more.
#[server]
pub async fn load_done_before(
    team: String,
    board: String,
    column: String,
    task: String,
) -> Result<Vec<CardView>> {
    let access = access(&team, Permission::Read).await?;
    store::done_before(
        access.db(),
        access.team(),
        BoardId::parse("board", &board)?,
        ColumnId::parse("column", &column)?,
        TaskId::parse("task", &task)?,
    )
    .await
}
