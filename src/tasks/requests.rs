//! What pages ask of tasks: thin entrances to the same door.

use leptos::prelude::*;

use super::model::CardView;
use crate::{error::Result, forms::given::Given};

#[cfg(feature = "ssr")]
use super::{actions, model::TaskTitle, position::Place, store};
#[cfg(feature = "ssr")]
use crate::{
    error::Error,
    ids::{BoardId, ColumnId, TaskId},
    now,
    people::access::Permission,
    server::request::{self, access},
};

/// Creates a task at the end of a column and gives its number on the board.
#[server]
pub async fn create_task(
    team: String,
    board: String,
    column: String,
    id: String,
    title: String,
) -> Result<i32> {
    let access = access(&team, Permission::Write).await?;
    actions::create_task(
        &access,
        BoardId::parse("board", &board)?,
        ColumnId::parse("column", &column)?,
        TaskId::parse("id", &id)?,
        &TaskTitle::parse(&title)?,
    )
    .await
}

/// Changes the fields that are given, on the ground of the version that the person saw. Gives what is to be
/// remarked on: whoever was given the task may have too much in progress now.
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
) -> Result<Option<String>> {
    let access = access(&team, Permission::Write).await?;
    let base = version
        .parse()
        .map_err(|_| Error::field("version", "This is not a version."))?;
    let edit = actions::Edit {
        title: title.0,
        description: description.0,
        assignee: assignee.0,
        column: column.0,
        due_on: due_on.0,
        priority: priority.0,
        labels: labels.0,
    };
    let Some(change) = actions::edit_task(&access, &task.parse()?, base, edit).await? else {
        return Ok(None);
    };
    let remark = now::actions::remark_on(&access, change).await;
    if let Some(words) = &remark {
        request::remark(words);
    }
    Ok(remark)
}

/// Moves a task to a place in a column: `start`, `end`, `up`, `down`, or behind another task.
#[server]
pub async fn move_task(
    team: String,
    task: String,
    column: String,
    place: Option<String>,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let column = ColumnId::parse("column", &column)?;
    actions::move_task(
        &access,
        &task.parse()?,
        column,
        Place::parse(place.as_deref())?,
    )
    .await
}

/// Takes an unassigned task and starts it.
#[server]
pub async fn claim_task(team: String, task: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    actions::claim_task(&access, &task.parse()?).await
}

/// Deletes a task, and leads back to its board when it was deleted on its own page.
#[server]
pub async fn delete_task(team: String, task: String, back: Option<String>) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let key: super::model::TaskKey = task.parse()?;
    actions::delete_task(&access, &key).await?;
    if back.is_some() {
        request::redirect(&format!("/teams/{}/boards/{}", access.slug(), key.board));
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
