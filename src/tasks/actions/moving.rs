//! Moving a task between columns and inside of one.

use super::{
    ground::{Ground, count_completion},
    log,
};
use crate::{
    error::Result,
    ids::ColumnId,
    people::access::Access,
    tasks::{model::TaskKey, position::Place},
};

/// Moves a task to a place in a column of its board.
///
/// # Errors
/// A field error when the board has no such column, or when the task to stand behind is not in it.
pub async fn move_task(
    access: &Access,
    key: &TaskKey,
    column: ColumnId,
    place: Place,
) -> Result<()> {
    let mut ground = Ground::of_task(access, key).await?;
    let column = ground.column(column).await?;
    let task = ground.task(key).await?;
    ground.put(&task, &column, place, true).await?;
    let from = task.column.as_ref();
    let changes = match from.map(|from| from.id) {
        Some(same) if same == column.id => Vec::new(),
        _ => vec![log::column(from, &column)],
    };
    ground.finish("task.moved", &task, changes).await?;
    count_completion(task.kind, column.kind);
    Ok(())
}
