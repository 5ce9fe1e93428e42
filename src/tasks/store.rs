//! The tables `tasks`, `task_numbers` and `watchers`: what a change holds and writes. What pages read, and
//! the order in a column, who watches and the end of what was deleted, have files of their own.

mod holding;
mod importing;
pub mod mentioning;
mod ordering;
mod purge;
mod reading;
mod similar;
mod watching;
mod whole;

pub use holding::{ColumnName, HeldTask, hold, numbers};
pub use importing::{Due, ImportedTask, import, last_number, last_position, set_last_number};
pub use ordering::{around, in_order, reposition, standing};
pub use purge::{Expired, forget_words, hold_expired, remove};
pub use reading::{cards, cards_of, deleted, done_before, find, first_free, is_empty};
pub use similar::similar;
pub use watching::{forget_watchers, hold_id, is_watched_by, unwatch, unwatch_all, watch};
pub use whole::{WholeTask, whole};

use sqlx::{PgConnection, PgExecutor};
use time::Date;
use uuid::Uuid;

use super::model::Priority;
use crate::{
    columns::model::ColumnKind,
    error::Result,
    ids::{BoardId, ColumnId, PersonId, TaskId},
    people::{access::TeamId, model::PersonName},
};

/// The content of a task that an edit replaces.
#[derive(Clone, Debug)]
pub struct Content {
    pub title: String,
    pub description: String,
    pub assignee: Option<PersonId>,
    pub due_on: Option<Date>,
    pub priority: Priority,
    pub labels: Vec<String>,
}

/// A task to be stored for the first time.
#[derive(Debug)]
pub struct NewTask<'a> {
    pub id: TaskId,
    pub board: BoardId,
    pub column: ColumnId,
    pub kind: ColumnKind,
    pub position: &'a [u8],
    pub title: &'a str,
    pub author: PersonId,
    pub created_as: &'a serde_json::Value,
}

/// How a task was created. It stays on its board and keeps its number.
#[derive(Debug)]
pub struct Creation {
    pub board: BoardId,
    pub number: i32,
    pub created_as: serde_json::Value,
}

/// How the task with this id was created, if there is one.
pub async fn created_as(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
) -> Result<Option<Creation>> {
    let row = sqlx::query!(
        "SELECT board_id, number, created_as FROM tasks WHERE team_id = $1 AND id = $2",
        team as _,
        task as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Creation {
        board: row.board_id.into(),
        number: row.number,
        created_as: row.created_as,
    }))
}

/// Stores a new task under the board's next number. Gives `None` when the id is taken.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    task: NewTask<'_>,
) -> Result<Option<i32>> {
    Ok(sqlx::query_scalar!(
        r#"
        WITH next AS (
            INSERT INTO task_numbers AS numbers (team_id, board_id, last_number) VALUES ($1, $3, 1)
            ON CONFLICT (team_id, board_id) DO UPDATE SET last_number = numbers.last_number + 1
            RETURNING last_number
        )
        INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title,
                           created_by, created_as, started_at, completed_at)
        SELECT $1, $2, $3, next.last_number, $4, $5, $6, $7, $8, $9,
               CASE WHEN $5 <> 'todo' THEN now() END, CASE WHEN $5 = 'done' THEN now() END
        FROM next
        ON CONFLICT (team_id, id) DO NOTHING
        RETURNING number
        "#,
        team as _,
        task.id as _,
        task.board as _,
        task.column as _,
        task.kind.as_str(),
        task.position,
        task.title,
        task.author as _,
        task.created_as,
    )
    .fetch_optional(connection)
    .await?)
}

/// Replaces the content of a held task and raises its version. `changed` are the fields' names.
pub async fn rewrite(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    content: &Content,
    changed: &[String],
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET title = $3, description = $4, due_on = $6, priority = $7, labels = $8,
            assigned_at = CASE WHEN assignee_id IS NOT DISTINCT FROM $5 THEN assigned_at
                               WHEN $5::uuid IS NULL THEN NULL ELSE now() END,
            assignee_id = $5,
            version = version + 1, updated_at = now(),
            field_versions = field_versions
                || (SELECT coalesce(jsonb_object_agg(field, version + 1), '{}') FROM unnest($9::text[]) AS field)
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        task as _,
        content.title,
        content.description,
        content.assignee as _,
        content.due_on,
        content.priority.as_str(),
        &content.labels,
        changed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts a held task into a column and raises its version unless an edit of the same change has.
pub async fn put(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    column: ColumnId,
    kind: ColumnKind,
    position: &[u8],
    raise: bool,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET column_id = $3, position = $5,
            started_at = CASE WHEN $4 = 'todo' THEN NULL ELSE coalesce(started_at, now()) END,
            completed_at = CASE WHEN $4 <> 'done' THEN NULL
                                WHEN kind = 'done' THEN completed_at ELSE now() END,
            kind = $4, updated_at = now(),
            version = version + $6,
            field_versions = CASE WHEN column_id IS DISTINCT FROM $3
                THEN field_versions || jsonb_build_object('column', version + $6) ELSE field_versions END
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        task as _,
        column as _,
        kind.as_str(),
        position,
        i64::from(raise),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives a held task to somebody and raises its version.
pub async fn assign(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    assignee: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET assignee_id = $3, assigned_at = now(), version = version + 1, updated_at = now(),
            field_versions = field_versions || jsonb_build_object('assignee', version + 1)
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        task as _,
        assignee as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks a held task as deleted, or takes that back, and raises its version unless a move of the same
/// change has.
pub async fn set_deleted(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    by: Option<PersonId>,
    raise: bool,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET deleted_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE now() END,
            deleted_by = $3, version = version + $4, updated_at = now()
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        task as _,
        by as _,
        i64::from(raise),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lets the deleted tasks of a column go, so that the column can be removed.
pub async fn forget_column(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks SET column_id = NULL
        WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND deleted_at IS NOT NULL
        "#,
        team as _,
        board as _,
        column as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A task that a column's new kind changed.
#[derive(Debug)]
pub struct RekindedTask {
    pub id: TaskId,
    pub was: ColumnKind,
    pub version: i64,
    pub deleted: bool,
}

/// Gives the tasks of a column the kind that the column has now, raises their versions, and tells which
/// these were, in their order.
pub async fn rekind(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    kind: ColumnKind,
) -> Result<Vec<RekindedTask>> {
    sqlx::query!(
        r#"
        WITH before AS (
            SELECT id, kind FROM tasks
            WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND kind <> $4
            FOR UPDATE
        ),
        changed AS (
            UPDATE tasks
            SET kind = $4, version = version + 1, updated_at = now(),
                started_at = CASE WHEN $4 = 'todo' THEN NULL ELSE coalesce(started_at, now()) END,
                completed_at = CASE WHEN $4 = 'done' THEN coalesce(completed_at, now()) END
            FROM before
            WHERE tasks.team_id = $1 AND tasks.id = before.id
            RETURNING tasks.id, before.kind AS was, version, deleted_at, position
        )
        SELECT id, was, version, deleted_at FROM changed ORDER BY position, id
        "#,
        team as _,
        board as _,
        column as _,
        kind.as_str(),
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(RekindedTask {
            id: row.id.into(),
            was: row.was.parse()?,
            version: row.version,
            deleted: row.deleted_at.is_some(),
        })
    })
    .collect()
}

fn named(id: Option<Uuid>, name: Option<String>) -> Option<PersonName> {
    Some(PersonName {
        id: id?.into(),
        name: name?,
    })
}
