//! Deleting a task and bringing it back.

use super::{ground::Ground, log};
use crate::{
    error::{Error, Result},
    live::model::FieldChange,
    people::access::Access,
    tasks::{model::TaskKey, position::Place, store},
};

/// Deletes a task. It can be restored for 30 days.
pub async fn delete_task(access: &Access, key: &TaskKey) -> Result<()> {
    let mut ground = Ground::of_task(access, key).await?;
    let task = ground.task_or_deleted(key).await?;
    if task.deleted {
        return Ok(());
    }
    let by = Some(access.person().id);
    let connection = ground.change.connection();
    store::set_deleted(connection, access.team(), task.id, by, true).await?;
    let changes = vec![FieldChange::new("title", Some(task.title.clone()), None)];
    ground.finish("task.deleted", &task, changes).await?;
    Ok(())
}

/// Brings a deleted task back, into the first column of its kind when its own is gone.
pub async fn restore_task(access: &Access, key: &TaskKey) -> Result<()> {
    let mut ground = Ground::alone(access, key).await?;
    let task = ground.task_or_deleted(key).await?;
    if !task.deleted {
        return Ok(());
    }
    let mut changes = vec![FieldChange::new("title", None, Some(task.title.clone()))];
    let homeless = task.column.is_none();
    if homeless {
        let home = match ground.first_column(Some(task.kind)).await? {
            Some(home) => Some(home),
            None => ground.first_column(None).await?,
        };
        let home = home.ok_or_else(Error::not_found)?;
        ground.put(&task, &home, Place::End, true).await?;
        changes.push(log::column(None, &home));
    }
    let connection = ground.change.connection();
    store::set_deleted(connection, access.team(), task.id, None, !homeless).await?;
    ground.finish("task.restored", &task, changes).await?;
    Ok(())
}
