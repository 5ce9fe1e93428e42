//! The order of the tasks in a column. What is done has no place: it is shown by when it was finished,
//! so that a column of a hundred thousand finished tasks is never looked through.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::Result,
    ids::{BoardId, ColumnId, TaskId},
    people::access::TeamId,
};

/// The positions around the place behind `after`, or at the end (`None`) of a column that is not `done`, leaving
/// out one task.
pub async fn around(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    moving: Option<TaskId>,
    after: Option<TaskId>,
) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>)> {
    let row = sqlx::query!(
        r#"
        WITH others AS NOT MATERIALIZED (
            SELECT id, position FROM tasks
            WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND deleted_at IS NULL
              AND kind <> 'done' AND id IS DISTINCT FROM $4
        ),
        before AS (
            SELECT id, position FROM others WHERE $5::uuid IS NULL OR id = $5
            ORDER BY position DESC, id DESC LIMIT 1
        )
        SELECT (SELECT position FROM before) AS before,
               (SELECT others.position FROM others, before
                WHERE (others.position, others.id) > (before.position, before.id)
                ORDER BY others.position, others.id LIMIT 1) AS after
        "#,
        team as _,
        board as _,
        column as _,
        moving.map(|task| task.0),
        after.map(|task| task.0),
    )
    .fetch_one(connection)
    .await?;
    Ok((row.before, row.after))
}

/// Behind which other a task stands in its column, which is not `done`, and whether it is the last.
pub async fn standing(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    task: TaskId,
) -> Result<(Option<TaskId>, bool)> {
    let row = sqlx::query!(
        r#"
        WITH others AS NOT MATERIALIZED (
            SELECT id, position FROM tasks
            WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND deleted_at IS NULL
              AND kind <> 'done' AND id <> $4
        ),
        own AS (SELECT id, position FROM tasks WHERE team_id = $1 AND id = $4)
        SELECT (SELECT others.id FROM others, own
                WHERE (others.position, others.id) < (own.position, own.id)
                ORDER BY others.position DESC, others.id DESC LIMIT 1) AS before,
               NOT EXISTS (SELECT FROM others, own
                           WHERE (others.position, others.id) > (own.position, own.id)) AS "is_last!"
        "#,
        team as _,
        board as _,
        column as _,
        task as _,
    )
    .fetch_one(connection)
    .await?;
    Ok((row.before.map(TaskId), row.is_last))
}

/// The tasks of a column that is not `done`, in their order.
pub async fn in_order(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<Vec<(TaskId, Vec<u8>)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id, position FROM tasks
        WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND deleted_at IS NULL
          AND kind <> 'done'
        ORDER BY position, id
        "#,
        team as _,
        board as _,
        column as _,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id.into(), row.position))
        .collect())
}

/// Gives tasks new positions without changing anything that a person sees.
pub async fn reposition(
    connection: &mut PgConnection,
    team: TeamId,
    tasks: &[Uuid],
    positions: &[Vec<u8>],
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks SET position = new.position
        FROM unnest($2::uuid[], $3::bytea[]) AS new (id, position)
        WHERE tasks.team_id = $1 AND tasks.id = new.id
        "#,
        team as _,
        tasks,
        positions,
    )
    .execute(connection)
    .await?;
    Ok(())
}
