//! The table `watchers`: who wants to know how a task goes on without holding it.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::Expired;
use crate::{
    error::Result,
    ids::{PersonId, TaskId},
    people::access::TeamId,
    tasks::model::TaskKey,
};

/// The id of a task, which stays as long as the transaction.
pub async fn hold_id(
    connection: &mut PgConnection,
    team: TeamId,
    key: &TaskKey,
) -> Result<Option<TaskId>> {
    let id = sqlx::query_scalar!(
        r#"
        SELECT tasks.id
        FROM tasks JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE tasks.team_id = $1 AND boards.key = $2 AND tasks.number = $3
        FOR KEY SHARE OF tasks
        "#,
        team as _,
        key.board,
        key.number,
    )
    .fetch_optional(connection)
    .await?;
    Ok(id.map(Into::into))
}

/// Lets a person watch a held task. Who watches it already goes on.
pub async fn watch(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO watchers (team_id, task_id, person_id) VALUES ($1, $2, $3)
        ON CONFLICT (team_id, task_id, person_id) DO NOTHING
        "#,
        team as _,
        task as _,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends that a person watches a task.
pub async fn unwatch(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM watchers WHERE team_id = $1 AND task_id = $2 AND person_id = $3",
        team as _,
        task as _,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a person watches a task.
pub async fn is_watched_by(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    person: PersonId,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM watchers WHERE team_id = $1 AND task_id = $2 AND person_id = $3
        ) AS "watched!"
        "#,
        team as _,
        task as _,
        person as _,
    )
    .fetch_one(db)
    .await?)
}

/// Lets a person watch nothing in these teams any more.
pub async fn unwatch_all(
    connection: &mut PgConnection,
    teams: &[Uuid],
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM watchers WHERE team_id = ANY($1) AND person_id = $2",
        teams,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes who watched tasks that are going to be removed.
pub async fn forget_watchers(connection: &mut PgConnection, expired: &Expired) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM watchers USING unnest($1::uuid[], $2::uuid[]) AS expired (team_id, task_id)
        WHERE watchers.team_id = expired.team_id AND watchers.task_id = expired.task_id
        "#,
        &expired.teams,
        &expired.tasks,
    )
    .execute(connection)
    .await?;
    Ok(())
}
