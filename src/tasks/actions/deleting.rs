//! Deleting a task and bringing it back.

use super::{editing::meanwhile, ground::Ground, log};
use crate::{
    error::{Error, Result},
    insights::actions::counting_conflicts,
    live::{merge, model::FieldChange},
    people::access::Access,
    tasks::{
        model::TaskKey,
        position::Place,
        store::{self, HeldTask},
    },
};

/// Deletes a task. It can be restored for 30 days.
///
/// # Errors
/// 409 when it was changed since the version `base`, if one is given.
pub async fn delete_task(access: &Access, key: &TaskKey, base: Option<i64>) -> Result<()> {
    counting_conflicts(access, take_away(access, key, base)).await
}

async fn take_away(access: &Access, key: &TaskKey, base: Option<i64>) -> Result<()> {
    let mut ground = Ground::of_task(access, key).await?;
    let task = ground.task_or_deleted(key).await?;
    if let Some(base) = base.filter(|_| !task.deleted) {
        let others = meanwhile(&mut ground, &task, base).await?;
        if let Some(last) = others.last() {
            return Err(merge::changed(last, task.version));
        }
    }
    if let Some(changes) = delete(&mut ground, &task).await? {
        ground.finish("task.deleted", &task, changes).await?;
    }
    Ok(())
}

/// Deletes a held task. Gives what is to be recorded, or nothing when it was deleted before.
pub(super) async fn delete(
    ground: &mut Ground,
    task: &HeldTask,
) -> Result<Option<Vec<FieldChange>>> {
    if task.deleted {
        return Ok(None);
    }
    let (team, by) = {
        let access = ground.change.access();
        (access.team(), access.person().id)
    };
    store::set_deleted(ground.change.connection(), team, task.id, Some(by), true).await?;
    let title = Some(task.title.clone());
    Ok(Some(vec![FieldChange::new("title", title, None)]))
}

/// Brings a deleted task back, into the first column of its kind when its own is gone.
pub async fn restore_task(access: &Access, key: &TaskKey) -> Result<()> {
    let mut ground = Ground::alone(access, key).await?;
    let task = ground.task_or_deleted(key).await?;
    if let Some(changes) = restore(&mut ground, &task).await? {
        ground.finish("task.restored", &task, changes).await?;
    }
    Ok(())
}

/// Brings a held task back on a board that is held alone. Gives what is to be recorded, or nothing when it is
/// not deleted.
pub(super) async fn restore(
    ground: &mut Ground,
    task: &HeldTask,
) -> Result<Option<Vec<FieldChange>>> {
    if !task.deleted {
        return Ok(None);
    }
    let mut changes = vec![FieldChange::new("title", None, Some(task.title.clone()))];
    let homeless = task.column.is_none();
    if homeless {
        let home = match ground.first_column(Some(task.kind)).await? {
            Some(home) => Some(home),
            None => ground.first_column(None).await?,
        };
        let home = home.ok_or_else(Error::not_found)?;
        ground.put(task, &home, Place::End, true).await?;
        changes.push(log::column(None, &home));
    }
    let team = ground.change.access().team();
    store::set_deleted(ground.change.connection(), team, task.id, None, !homeless).await?;
    Ok(Some(changes))
}
