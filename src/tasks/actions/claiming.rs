//! Claiming: of all who want a task one gets it, and the others are told who.

use super::{ground::Ground, log};
use crate::{
    accounts,
    columns::model::ColumnKind,
    error::{Code, Conflict, Error, Result},
    ids::ColumnId,
    insights::{self, model::Happened},
    live, notifications,
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
/// 409 with who has it and since when, and what can be taken instead, or when the task is done.
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
            notifications::actions::tell_holder(ground.change, holder.id, task.id).await;
            insights::actions::count(access, Happened::ClaimRefused).await;
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

/// The refusal of a claim: who has the task and since when, and another that nobody has.
async fn taken(ground: &mut Ground, task: &HeldTask, holder: &PersonName) -> Result<Error> {
    let team = ground.change.access().team();
    let now = accounts::store::now(ground.change.connection()).await?;
    let since = task
        .assigned_at
        .map_or(now, time::OffsetDateTime::unix_timestamp);
    let board = ground.board;
    let from = claimed_from(ground, task).await?;
    let free = store::first_free(ground.change.connection(), team, board, from).await?;
    if free.is_some() {
        metrics::counter!("claims_offered_total").increment(1);
    }
    Ok(Error {
        offer: free.map(Box::new),
        conflict: Some(Box::new(Conflict {
            by: holder.name.clone(),
            by_id: Some(holder.id),
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

/// The column in which whoever came second saw the task: it lay there until somebody claimed it.
async fn claimed_from(ground: &mut Ground, task: &HeldTask) -> Result<Option<ColumnId>> {
    let team = ground.change.access().team();
    let last = task.version - 1;
    let events =
        live::store::of_task_since(ground.change.connection(), team, task.id, last).await?;
    let left = events
        .iter()
        .filter(|event| event.kind == "task.claimed")
        .flat_map(|event| &event.changes)
        .filter(|change| change.field == "column")
        .find_map(|change| change.from_id.as_ref()?.parse().ok());
    Ok(left.or(task.column.as_ref().map(|column| column.id)))
}
