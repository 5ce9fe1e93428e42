//! What pages ask of tasks: thin entrances to the same door.

use leptos::prelude::*;

use super::model::CardView;
use crate::{error::Result, forms::given::Given};

#[cfg(feature = "ssr")]
use super::{
    actions,
    model::{Start, TaskTitle},
    position::Place,
    store,
};
#[cfg(feature = "ssr")]
use crate::{
    error::Error,
    ids::{BoardId, ColumnId, TaskId},
    people::access::Permission,
    server::request::{access, access_for},
};

/// Creates a task at the end of a column and gives its number on the board. `by` is whoever typed it, where
/// that may have been some time ago; so it is in all that a browser keeps until it is sent.
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
    actions::create_task(
        &access,
        BoardId::parse("board", &board)?,
        ColumnId::parse("column", &column)?,
        TaskId::parse("id", &id)?,
        &TaskTitle::parse(&title)?,
    )
    .await
}

/// Changes the fields that are given, on the ground of the version that the person saw. `before` says in
/// JSON what some of them were when the person began, by their names.
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
) -> Result<()> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let base = parse_version(&version)?;
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
    actions::edit_task(&access, &task.parse()?, base, edit, &before)
        .await
        .map(drop)
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
    actions::delete_task(&access, &key).await?;
    if back.is_some() {
        crate::server::request::redirect(&format!("/teams/{}/boards/{}", access.slug(), key.board));
    }
    Ok(())
}

/// Brings a deleted task back.
#[server]
pub async fn restore_task(team: String, task: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    actions::restore_task(&access, &task.parse()?).await
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
