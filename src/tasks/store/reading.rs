//! What pages read of tasks.

use std::collections::BTreeMap;

use sqlx::{PgExecutor, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::named;
use crate::{
    error::{Error, Offer, Result},
    ids::{BoardId, ColumnId, TaskId},
    people::{access::TeamId, model::PersonName},
    server::hex::hex,
    tasks::model::{CardView, DONE_PAGE, DeletedTaskView, TaskKey, TaskView},
};

/// A page of finished tasks, and one more that tells whether there is a next.
const DONE_PAGE_AND_ONE: i64 = DONE_PAGE as i64 + 1;

struct CardRow {
    id: TaskId,
    number: i32,
    column_id: ColumnId,
    position: Vec<u8>,
    /// Only of what lies in a `done` column.
    completed_at: Option<OffsetDateTime>,
    title: String,
    assignee_id: Option<Uuid>,
    assignee_name: Option<String>,
    assignee_left: bool,
    due_on: Option<String>,
    priority: String,
    labels: Vec<String>,
    version: i64,
}

impl TryFrom<CardRow> for CardView {
    type Error = Error;

    fn try_from(row: CardRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            number: row.number,
            column: row.column_id,
            order: order(&row.position, row.completed_at),
            title: row.title,
            assignee: named(row.assignee_id, row.assignee_name),
            assignee_left: row.assignee_left,
            due_on: row.due_on,
            priority: row.priority.parse()?,
            labels: row.labels,
            version: row.version,
        })
    }
}

/// By place, and what is finished by when it was, the latest first.
fn order(position: &[u8], completed_at: Option<OffsetDateTime>) -> String {
    match completed_at {
        Some(at) => {
            let microseconds = at.unix_timestamp_nanos() / 1_000;
            format!("{:020}", i128::from(i64::MAX) - microseconds)
        }
        None => hex(position),
    }
}

/// The cards of a board: what is open in its order, and of each `done` column the latest 50 and one
/// more, which tells that there are more.
pub async fn cards(db: impl PgExecutor<'_>, team: TeamId, board: BoardId) -> Result<Vec<CardView>> {
    sqlx::query_as!(
        CardRow,
        r#"
        SELECT card.id AS "id!", card.number AS "number!", card.column_id AS "column_id!",
               card.position AS "position!", card.completed_at,
               card.title AS "title!", card.assignee_id, people.name AS "assignee_name?",
               memberships.removed_at IS NOT NULL AS "assignee_left!",
               to_char(card.due_on, 'YYYY-MM-DD') AS due_on, card.priority AS "priority!",
               card.labels AS "labels!", card.version AS "version!"
        FROM (
            (SELECT id, number, column_id, title, assignee_id, due_on, priority, labels, version,
                    position, NULL::timestamptz AS completed_at
             FROM tasks
             WHERE team_id = $1 AND board_id = $2 AND kind <> 'done' AND deleted_at IS NULL)
            UNION ALL
            (SELECT done.* FROM columns CROSS JOIN LATERAL (
                SELECT id, number, column_id, title, assignee_id, due_on, priority, labels, version,
                       ''::bytea AS position, completed_at
                FROM tasks
                WHERE team_id = $1 AND board_id = $2 AND column_id = columns.id
                  AND kind = 'done' AND deleted_at IS NULL
                ORDER BY completed_at DESC, id LIMIT $3
             ) AS done
             WHERE columns.team_id = $1 AND columns.board_id = $2 AND columns.kind = 'done')
        ) AS card
        LEFT JOIN people ON people.id = card.assignee_id
        LEFT JOIN memberships ON memberships.team_id = $1 AND memberships.person_id = card.assignee_id
        ORDER BY card.position, card.completed_at DESC, card.id
        "#,
        team as _,
        board as _,
        DONE_PAGE_AND_ONE,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(CardView::try_from)
    .collect()
}

/// The cards of a `done` column that were finished before a given task: the next 50 and one more.
pub async fn done_before(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    task: TaskId,
) -> Result<Vec<CardView>> {
    sqlx::query_as!(
        CardRow,
        r#"
        SELECT tasks.id, tasks.number, tasks.column_id AS "column_id!", tasks.position, tasks.completed_at,
               tasks.title, tasks.assignee_id,
               people.name AS "assignee_name?", memberships.removed_at IS NOT NULL AS "assignee_left!",
               to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority, tasks.labels, tasks.version
        FROM tasks
        JOIN tasks AS last ON last.team_id = tasks.team_id AND last.id = $4
        LEFT JOIN people ON people.id = tasks.assignee_id
        LEFT JOIN memberships
            ON memberships.team_id = tasks.team_id AND memberships.person_id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND tasks.board_id = $2 AND tasks.column_id = $3
          AND tasks.kind = 'done' AND tasks.deleted_at IS NULL
          AND (tasks.completed_at < last.completed_at
               OR (tasks.completed_at = last.completed_at AND tasks.id > last.id))
        ORDER BY tasks.completed_at DESC, tasks.id LIMIT $5
        "#,
        team as _,
        board as _,
        column as _,
        task as _,
        DONE_PAGE_AND_ONE,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(CardView::try_from)
    .collect()
}

/// The cards of some tasks, as they stand; there is none of what is deleted.
pub async fn cards_of(
    db: impl PgExecutor<'_>,
    team: TeamId,
    tasks: &[TaskId],
) -> Result<BTreeMap<TaskId, CardView>> {
    let tasks: Vec<Uuid> = tasks.iter().map(|task| task.0).collect();
    let rows = sqlx::query_as!(
        CardRow,
        r#"
        SELECT tasks.id, tasks.number, tasks.column_id AS "column_id!", tasks.position,
               CASE WHEN tasks.kind = 'done' THEN tasks.completed_at END AS completed_at,
               tasks.title, tasks.assignee_id,
               people.name AS "assignee_name?", memberships.removed_at IS NOT NULL AS "assignee_left!",
               to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority, tasks.labels, tasks.version
        FROM tasks
        LEFT JOIN people ON people.id = tasks.assignee_id
        LEFT JOIN memberships
            ON memberships.team_id = tasks.team_id AND memberships.person_id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND tasks.id = ANY($2) AND tasks.deleted_at IS NULL
        "#,
        team as _,
        &tasks,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.id, CardView::try_from(row)?)))
        .collect()
}

/// One task with everything its page shows, but for the description's HTML, and the keys of all boards of
/// its team: a task that it names has one of them.
pub async fn find(
    db: impl PgExecutor<'_>,
    team: TeamId,
    key: &TaskKey,
) -> Result<Option<(TaskView, Vec<String>)>> {
    let row = sqlx::query!(
        r#"
        SELECT tasks.id, tasks.board_id, boards.key AS board_key, boards.name AS board_name,
               boards.archived_at AS board_archived_at, tasks.number,
               ARRAY(SELECT key FROM boards AS other WHERE other.team_id = tasks.team_id) AS "board_keys!",
               tasks.column_id, tasks.kind, tasks.title, tasks.description, tasks.assignee_id,
               assignee.name AS "assignee_name?", membership.removed_at AS "assignee_left_at?",
               tasks.assigned_at, to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority,
               tasks.labels, tasks.version,
               tasks.field_versions AS "field_versions: Json<BTreeMap<String, i64>>",
               tasks.created_by, author.name AS author_name,
               tasks.created_at, tasks.started_at, tasks.completed_at, tasks.updated_at, tasks.deleted_at,
               event_counters.last_seq AS seq
        FROM tasks
        JOIN event_counters ON event_counters.team_id = tasks.team_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        JOIN people AS author ON author.id = tasks.created_by
        LEFT JOIN people AS assignee ON assignee.id = tasks.assignee_id
        LEFT JOIN memberships AS membership
               ON membership.team_id = tasks.team_id AND membership.person_id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND boards.key = $2 AND tasks.number = $3
        "#,
        team as _,
        key.board,
        key.number,
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let task = TaskView {
            id: row.id.into(),
            key: format!("{}-{}", row.board_key, row.number),
            number: row.number,
            board: row.board_id.into(),
            board_key: row.board_key,
            board_name: row.board_name,
            board_archived: row.board_archived_at.is_some(),
            column: row.column_id.map(Into::into),
            kind: row.kind.parse()?,
            title: row.title,
            description: row.description,
            description_html: String::new(),
            assignee: named(row.assignee_id, row.assignee_name),
            assignee_left: row.assignee_left_at.is_some(),
            assigned_at: row.assigned_at.map(OffsetDateTime::unix_timestamp),
            due_on: row.due_on,
            priority: row.priority.parse()?,
            labels: row.labels,
            version: row.version,
            seq: row.seq,
            field_versions: row.field_versions.0,
            created_by: PersonName {
                id: row.created_by.into(),
                name: row.author_name,
            },
            created_at: row.created_at.unix_timestamp(),
            started_at: row.started_at.map(OffsetDateTime::unix_timestamp),
            completed_at: row.completed_at.map(OffsetDateTime::unix_timestamp),
            updated_at: row.updated_at.unix_timestamp(),
            deleted_at: row.deleted_at.map(OffsetDateTime::unix_timestamp),
        };
        Ok((task, row.board_keys))
    })
    .transpose()
}

/// The first task that nobody has: of a column if it has one, otherwise of the board's `todo` columns, from
/// the left.
pub async fn first_free(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: Option<ColumnId>,
) -> Result<Option<Offer>> {
    Ok(sqlx::query_as!(
        Offer,
        r#"
        SELECT free.id, boards.key || '-' || free.number AS "key!", free.title
        FROM columns
        JOIN boards ON boards.team_id = columns.team_id AND boards.id = columns.board_id
        CROSS JOIN LATERAL (
            SELECT id, number, title FROM tasks
            WHERE tasks.team_id = $1 AND tasks.board_id = $2 AND tasks.column_id = columns.id
              AND tasks.kind <> 'done' AND tasks.deleted_at IS NULL AND tasks.assignee_id IS NULL
            ORDER BY tasks.position, tasks.id LIMIT 1
        ) AS free
        WHERE columns.team_id = $1 AND columns.board_id = $2
          AND (columns.kind = 'todo' OR columns.id = $3)
        ORDER BY columns.id = $3 DESC NULLS LAST, columns.position LIMIT 1
        "#,
        team as _,
        board as _,
        column.map(|column| column.0),
    )
    .fetch_optional(db)
    .await?)
}

/// What was deleted in the last 30 days, latest first.
pub async fn deleted(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<DeletedTaskView>> {
    let rows = sqlx::query!(
        r#"
        SELECT boards.key || '-' || tasks.number AS "key!", tasks.title, boards.name AS board_name,
               people.id AS person_id, people.name AS person_name, tasks.deleted_at AS "deleted_at!"
        FROM tasks
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        JOIN people ON people.id = tasks.deleted_by
        WHERE tasks.team_id = $1 AND tasks.deleted_at > now() - interval '30 days'
        ORDER BY tasks.deleted_at DESC LIMIT 200
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DeletedTaskView {
            key: row.key,
            title: row.title,
            board_name: row.board_name,
            deleted_by: PersonName {
                id: row.person_id.into(),
                name: row.person_name,
            },
            deleted_at: row.deleted_at.unix_timestamp(),
        })
        .collect())
}

/// Whether the team has never had a task.
pub async fn is_empty(db: impl PgExecutor<'_>, team: TeamId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (SELECT FROM tasks WHERE team_id = $1) AS "empty!""#,
        team as _,
    )
    .fetch_one(db)
    .await?)
}
