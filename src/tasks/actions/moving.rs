//! Moving a task between columns and inside of one.

use super::{editing::meanwhile, ground::Ground, log};
use crate::{
    accounts,
    columns::model::ColumnView,
    error::{ConflictingField, Error, Result},
    ids::ColumnId,
    insights::actions::counting_conflicts,
    live::{merge, model::FieldChange},
    people::access::Access,
    tasks::{
        model::{Start, TaskKey},
        position::Place,
        store::HeldTask,
    },
    ui::time,
};

/// Moves a task to a place in a column of its board. A task that is there already is left alone.
///
/// With `start` it is safe to ask again, and late: what has arrived in another column than it came from is
/// not moved a second time, what somebody else has put elsewhere meanwhile is left there, and behind a
/// task that is gone is the end.
///
/// # Errors
/// A field error when the board has no such column, or when the task to stand behind is not in it; 409 when
/// somebody else has moved the task since `start`.
pub async fn move_task(
    access: &Access,
    key: &TaskKey,
    column: ColumnId,
    place: Place,
    start: Option<Start>,
) -> Result<()> {
    counting_conflicts(access, put(access, key, column, place, start)).await
}

async fn put(
    access: &Access,
    key: &TaskKey,
    column: ColumnId,
    place: Place,
    start: Option<Start>,
) -> Result<()> {
    let mut ground = Ground::of_task(access, key).await?;
    let column = ground.column(column).await?;
    let task = ground.task(key).await?;
    let moved = shift(&mut ground, &task, &column, place, start).await?;
    if let Some(changes) = moved {
        ground.finish("task.moved", &task, changes).await?;
    }
    Ok(())
}

/// Puts a held task at a place in a held column. Gives what is to be recorded, or nothing when the task was
/// left alone.
async fn shift(
    ground: &mut Ground,
    task: &HeldTask,
    column: &ColumnView,
    place: Place,
    start: Option<Start>,
) -> Result<Option<Vec<FieldChange>>> {
    let is_here = is_in(task, column);
    if let Some(start) = start {
        if is_here && start.column != column.id {
            return Ok(None);
        }
        if !is_here {
            refuse_if_moved(ground, task, column, start.version).await?;
        }
    }
    let is_moved = match ground.put(task, column, place, true).await {
        Err(error) if start.is_some() && error.on("place").is_some() => {
            ground.put(task, column, Place::End, true).await?
        }
        put => put?,
    };
    if !is_moved {
        return Ok(None);
    }
    Ok(Some(match is_here {
        true => Vec::new(),
        false => vec![log::column(task.column.as_ref(), column)],
    }))
}

/// Moves a held task to the end of a held column that it is not in yet, as one of many.
pub(super) async fn move_along(
    ground: &mut Ground,
    task: &HeldTask,
    column: &ColumnView,
    version: i64,
) -> Result<Option<Vec<FieldChange>>> {
    if is_in(task, column) {
        return Ok(None);
    }
    refuse_if_moved(ground, task, column, version).await?;
    ground.put(task, column, Place::End, true).await?;
    Ok(Some(vec![
        log::column(task.column.as_ref(), column),
        log::place(task),
    ]))
}

fn is_in(task: &HeldTask, column: &ColumnView) -> bool {
    task.column.as_ref().map(|here| here.id) == Some(column.id)
}

/// Refuses a move of a task that somebody else has put into another column since a version.
async fn refuse_if_moved(
    ground: &mut Ground,
    task: &HeldTask,
    wanted: &ColumnView,
    version: i64,
) -> Result<()> {
    let mut others = meanwhile(ground, task, version).await?;
    let me = ground.change.access().person().id;
    others.retain(|event| {
        event.actor.id != me && event.changes.iter().any(|change| change.field == "column")
    });
    if others.is_empty() {
        return Ok(());
    }
    let here = task.column.as_ref();
    let theirs = here.map(|here| here.name.clone()).unwrap_or_default();
    let field = ConflictingField {
        field: "column".to_owned(),
        yours: wanted.name.clone(),
        theirs: theirs.clone(),
        theirs_id: here.map(|here| here.id.to_string()),
    };
    let refused = merge::conflict(&others, task.version, vec![field]);
    let now = accounts::store::now(ground.change.connection()).await?;
    let message = refused.conflict.as_ref().map(|conflict| {
        let when = time::ago(conflict.at, now);
        format!("{} moved it, {when}. It is in {theirs} now.", conflict.by)
    });
    Err(Error {
        message: message.unwrap_or_else(|| refused.message.clone()),
        ..refused
    })
}
