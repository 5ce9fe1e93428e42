//! Taking hold of tasks until the transaction ends.

use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::named;
use crate::{
    columns::model::ColumnKind,
    error::Result,
    ids::{BoardId, ColumnId, TaskId},
    people::{access::TeamId, model::PersonName},
    tasks::model::Priority,
};

/// A task row that the transaction holds.
#[derive(Clone, Debug)]
pub struct HeldTask {
    pub id: TaskId,
    pub number: i32,
    /// Where it lies; a deleted one may lie nowhere any more.
    pub column: Option<ColumnName>,
    pub kind: ColumnKind,
    /// Where it stands in its column.
    pub position: Vec<u8>,
    pub title: String,
    pub description: String,
    pub assignee: Option<PersonName>,
    pub assigned_at: Option<OffsetDateTime>,
    pub due_on: Option<Date>,
    pub priority: Priority,
    pub labels: Vec<String>,
    pub version: i64,
    pub deleted: bool,
}

/// A column and its name.
#[derive(Clone, Debug)]
pub struct ColumnName {
    pub id: ColumnId,
    pub name: String,
}

/// Takes hold of tasks of a board, deleted or not, in the order of their numbers. Those that are not there
/// are left out.
pub async fn hold(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    numbers: &[i32],
) -> Result<Vec<HeldTask>> {
    sqlx::query!(
        r#"
        SELECT tasks.id, tasks.number, tasks.column_id, columns.name AS "column_name?", tasks.kind,
               tasks.position, tasks.title, tasks.description, tasks.assignee_id,
               people.name AS "assignee_name?", tasks.assigned_at, tasks.due_on, tasks.priority,
               tasks.labels, tasks.version, tasks.deleted_at
        FROM tasks
        LEFT JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                         AND columns.id = tasks.column_id
        LEFT JOIN people ON people.id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND tasks.board_id = $2 AND tasks.number = ANY($3)
        ORDER BY tasks.number
        FOR UPDATE OF tasks
        "#,
        team as _,
        board as _,
        numbers,
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(HeldTask {
            id: row.id.into(),
            number: row.number,
            column: row
                .column_id
                .zip(row.column_name)
                .map(|(id, name)| ColumnName {
                    id: id.into(),
                    name,
                }),
            kind: row.kind.parse()?,
            position: row.position,
            title: row.title,
            description: row.description,
            assignee: named(row.assignee_id, row.assignee_name),
            assigned_at: row.assigned_at,
            due_on: row.due_on,
            priority: row.priority.parse()?,
            labels: row.labels,
            version: row.version,
            deleted: row.deleted_at.is_some(),
        })
    })
    .collect()
}

/// The numbers of tasks on a board. Those that are not there any more have none.
pub async fn numbers(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    tasks: &[Uuid],
) -> Result<Vec<i32>> {
    Ok(sqlx::query_scalar!(
        "SELECT number FROM tasks WHERE team_id = $1 AND board_id = $2 AND id = ANY($3)",
        team as _,
        board as _,
        tasks,
    )
    .fetch_all(db)
    .await?)
}
