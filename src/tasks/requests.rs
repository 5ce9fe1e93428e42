//! What pages ask of tasks: thin entrances to the same door.

use leptos::prelude::*;

use super::model::{CardView, SimilarTask};
use crate::{error::Result, forms::given::Given};

#[cfg(feature = "ssr")]
use super::{actions, model::TaskTitle, position::Place, store};
#[cfg(feature = "ssr")]
use crate::{
    error::Error,
    ids::{BoardId, ColumnId, TaskId},
    people::access::Permission,
    server::request::access,
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

/// Changes the fields that are given, on the ground of the version that the person saw.
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
) -> Result<()> {
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
    actions::edit_task(&access, &task.parse()?, base, edit)
        .await
        .map(drop)
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
