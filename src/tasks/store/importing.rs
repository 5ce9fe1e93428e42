//! Tasks that come from elsewhere, many at once.

use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{
    columns::model::ColumnKind,
    error::Result,
    ids::{BoardId, ColumnId, PersonId, TaskId},
    people::access::TeamId,
    tasks::model::Priority,
};

/// When a task is due: on a day, or on the day that this moment belongs to in the team's time zone.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    On(Date),
    At(OffsetDateTime),
}

/// A task from elsewhere. What has no moment happened now, and nothing happened later.
#[derive(Debug)]
pub struct ImportedTask {
    pub id: TaskId,
    pub number: i32,
    pub column: ColumnId,
    pub kind: ColumnKind,
    pub position: Vec<u8>,
    pub title: String,
    pub description: String,
    pub assignee: Option<PersonId>,
    pub due: Option<Due>,
    pub priority: Priority,
    pub labels: Vec<String>,
    pub created_at: Option<OffsetDateTime>,
    /// When it was touched last.
    pub updated_at: Option<OffsetDateTime>,
    pub deleted: bool,
}

/// Stores tasks that come from elsewhere, made by whoever brings them in.
pub async fn import(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    by: PersonId,
    tasks: &[ImportedTask],
) -> Result<()> {
    let ids: Vec<Uuid> = tasks.iter().map(|task| task.id.0).collect();
    let numbers: Vec<i32> = tasks.iter().map(|task| task.number).collect();
    let columns: Vec<Uuid> = tasks.iter().map(|task| task.column.0).collect();
    let kinds: Vec<String> = tasks.iter().map(|t| t.kind.as_str().to_owned()).collect();
    let positions: Vec<Vec<u8>> = tasks.iter().map(|task| task.position.clone()).collect();
    let titles: Vec<String> = tasks.iter().map(|task| task.title.clone()).collect();
    let descriptions: Vec<String> = tasks.iter().map(|task| task.description.clone()).collect();
    let assignees: Vec<Option<Uuid>> = tasks.iter().map(|t| t.assignee.map(|id| id.0)).collect();
    let due_on: Vec<Option<Date>> = tasks
        .iter()
        .map(|task| match task.due {
            Some(Due::On(date)) => Some(date),
            _ => None,
        })
        .collect();
    let due_at: Vec<Option<OffsetDateTime>> = tasks
        .iter()
        .map(|task| match task.due {
            Some(Due::At(moment)) => Some(moment),
            _ => None,
        })
        .collect();
    let priorities: Vec<String> = tasks
        .iter()
        .map(|task| task.priority.as_str().to_owned())
        .collect();
    // An array of arrays would have to be square; no label holds a line end.
    let labels: Vec<String> = tasks.iter().map(|task| task.labels.join("\n")).collect();
    let created_at: Vec<Option<OffsetDateTime>> = tasks.iter().map(|t| t.created_at).collect();
    let updated_at: Vec<Option<OffsetDateTime>> = tasks.iter().map(|t| t.updated_at).collect();
    let deleted: Vec<bool> = tasks.iter().map(|task| task.deleted).collect();
    sqlx::query!(
        r#"
        INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, description, assignee_id,
                           assigned_at, due_on, priority, labels, created_as, created_by, created_at, started_at,
                           completed_at, updated_at, deleted_at, deleted_by)
        SELECT $1, new.id, $2, new.number, new.column_id, new.kind, new.position, new.title, new.description,
               new.assignee_id, CASE WHEN new.assignee_id IS NOT NULL THEN moments.updated_at END,
               coalesce(new.due_on, (new.due_at AT TIME ZONE teams.time_zone)::date),
               new.priority, string_to_array(new.labels, E'\n'), '{"imported": true}', $3::uuid, moments.created_at,
               CASE WHEN new.kind = 'doing' THEN moments.updated_at END,
               CASE WHEN new.kind = 'done' THEN moments.updated_at END,
               moments.updated_at,
               CASE WHEN new.deleted THEN now() END, CASE WHEN new.deleted THEN $3::uuid END
        FROM teams
        CROSS JOIN unnest($4::uuid[], $5::integer[], $6::uuid[], $7::text[], $8::bytea[], $9::text[], $10::text[],
                          $11::uuid[], $12::date[], $13::timestamptz[], $14::text[], $15::text[], $16::timestamptz[],
                          $17::timestamptz[], $18::boolean[])
             AS new (id, number, column_id, kind, position, title, description, assignee_id, due_on, due_at, priority,
                     labels, created_at, updated_at, deleted)
        CROSS JOIN LATERAL (
            SELECT least(now(), coalesce(new.created_at, now())) AS created_at,
                   least(now(), coalesce(new.updated_at, new.created_at, now())) AS updated_at
        ) AS moments
        WHERE teams.team_id = $1
        "#,
        team as _,
        board as _,
        by as _,
        &ids,
        &numbers,
        &columns,
        &kinds,
        &positions,
        &titles,
        &descriptions,
        &assignees as &[Option<Uuid>],
        &due_on as &[Option<Date>],
        &due_at as &[Option<OffsetDateTime>],
        &priorities,
        &labels,
        &created_at as &[Option<OffsetDateTime>],
        &updated_at as &[Option<OffsetDateTime>],
        &deleted,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The last number that was given to a task of a board that the transaction holds alone.
pub async fn last_number(db: impl PgExecutor<'_>, team: TeamId, board: BoardId) -> Result<i32> {
    Ok(sqlx::query_scalar!(
        "SELECT last_number FROM task_numbers WHERE team_id = $1 AND board_id = $2",
        team as _,
        board as _,
    )
    .fetch_optional(db)
    .await?
    .unwrap_or_default())
}

/// Lets the next task of a board get the number after this one.
pub async fn set_last_number(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    number: i32,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO task_numbers AS numbers (team_id, board_id, last_number) VALUES ($1, $2, $3)
        ON CONFLICT (team_id, board_id) DO UPDATE SET last_number = greatest(numbers.last_number, $3)
        "#,
        team as _,
        board as _,
        number,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The position of the last task of a column.
pub async fn last_position(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<Option<Vec<u8>>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT position FROM tasks
        WHERE team_id = $1 AND board_id = $2 AND column_id = $3
        ORDER BY position DESC LIMIT 1
        "#,
        team as _,
        board as _,
        column as _,
    )
    .fetch_optional(db)
    .await?)
}
