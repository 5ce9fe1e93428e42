//! Claiming: of all who want a task one gets it, and the others are told who.

use super::{ground::Ground, log};
use crate::{
    columns::model::ColumnKind,
    error::{Code, Conflict, Error, Result},
    notifications,
    people::{access::Access, model::PersonName},
    tasks::{
        model::TaskKey,
        position::Place,
        store::{self, HeldTask},
    },
    ui,
};

/// Takes an unassigned task and starts it, in one step. Claiming one's own task again changes nothing.
///
/// # Errors
/// 409 with who has it and since when, or when the task is done.
pub async fn claim_task(access: &Access, key: &TaskKey) -> Result<()> {
    let me = access.person();
    let mut ground = Ground::of_task(access, key).await?;
    let doing = ground.first_column(Some(ColumnKind::Doing)).await?;
    let task = ground.task(key).await?;
    match &task.assignee {
        Some(holder) if holder.id == me.id => return Ok(()),
        Some(holder) => {
            metrics::counter!("claims_refused_total").increment(1);
            let refusal = taken(&mut ground, &task, holder).await?;
            notifications::actions::tell_holder(ground.change, holder.id, task.id).await?;
            return Err(refusal);
        }
        None if task.kind == ColumnKind::Done => {
            return Err(Error::new(
                Code::Conflict,
                "This task is done already; there is nothing left to claim.",
            ));
        }
        None => {}
    }
    store::assign(ground.change.connection(), access.team(), task.id, me.id).await?;
    let mut changes = vec![log::taken_by(me)];
    if task.kind == ColumnKind::Todo
        && let Some(column) = &doing
    {
        ground.put(&task, column, Place::End, false).await?;
        changes.push(log::column(task.column.as_ref(), column));
    }
    ground.finish("task.claimed", &task, changes).await?;
    metrics::counter!("tasks_claimed_total").increment(1);
    Ok(())
}

/// The refusal of a claim: who has the task and since when.
async fn taken(ground: &mut Ground, task: &HeldTask, holder: &PersonName) -> Result<Error> {
    let team = ground.change.access().team();
    let (now, _) = store::clock(ground.change.connection(), team).await?;
    let since = task
        .assigned_at
        .map_or(now, time::OffsetDateTime::unix_timestamp);
    Ok(Error {
        conflict: Some(Box::new(Conflict {
            by: holder.name.clone(),
            at: since,
            version: task.version,
            fields: Vec::new(),
        })),
        ..Error::new(
            Code::Conflict,
            format!(
                "{} has this task, since {}.",
                holder.name,
                ui::time::ago(since, now)
            ),
        )
    })
}
