//! The tables `tasks` and `task_numbers`.

use sqlx::{PgConnection, PgExecutor, types::Json};
use std::collections::BTreeMap;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{CardView, DeletedTaskView, Priority, TaskKey, TaskView};
use crate::{
    columns::model::ColumnKind,
    error::Result,
    ids::{BoardId, ColumnId, PersonId, TaskId},
    people::{access::TeamId, model::PersonName},
};

/// How many finished tasks a `done` column shows at once.
pub const DONE_PAGE: i64 = 50;

/// A task row that the transaction holds.
#[derive(Clone, Debug)]
pub struct HeldTask {
    pub id: TaskId,
    pub board: BoardId,
    pub column: Option<ColumnId>,
    pub kind: ColumnKind,
    pub title: String,
    pub description: String,
    pub assignee: Option<PersonName>,
    pub assigned_at: Option<OffsetDateTime>,
    pub due_on: Option<Date>,
    pub priority: Priority,
    pub labels: Vec<String>,
    pub version: i64,
    /// The version at which each field was last changed.
    pub field_versions: BTreeMap<String, i64>,
    pub deleted: bool,
}

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

/// The number of the task with this id and how it was created, if there is one.
pub async fn created_as(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
) -> Result<Option<(i32, serde_json::Value)>> {
    let row = sqlx::query!(
        "SELECT number, created_as FROM tasks WHERE team_id = $1 AND id = $2",
        team as _,
        task as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.number, row.created_as)))
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

/// Takes hold of a task until the transaction ends.
pub async fn hold(
    connection: &mut PgConnection,
    team: TeamId,
    key: &TaskKey,
) -> Result<Option<HeldTask>> {
    let row = sqlx::query!(
        r#"
        SELECT tasks.id, tasks.board_id, tasks.column_id, tasks.kind, tasks.title, tasks.description,
               tasks.assignee_id, people.name AS "assignee_name?", tasks.assigned_at, tasks.due_on,
               tasks.priority, tasks.labels, tasks.version, tasks.deleted_at,
               tasks.field_versions AS "field_versions: Json<BTreeMap<String, i64>>"
        FROM tasks
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        LEFT JOIN people ON people.id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND boards.key = $2 AND tasks.number = $3
        FOR UPDATE OF tasks
        "#,
        team as _,
        key.board,
        key.number,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(HeldTask {
            id: row.id.into(),
            board: row.board_id.into(),
            column: row.column_id.map(Into::into),
            kind: row.kind.parse()?,
            title: row.title,
            description: row.description,
            assignee: named(row.assignee_id, row.assignee_name),
            assigned_at: row.assigned_at,
            due_on: row.due_on,
            priority: row.priority.parse()?,
            labels: row.labels,
            version: row.version,
            field_versions: row.field_versions.0,
            deleted: row.deleted_at.is_some(),
        })
    })
    .transpose()
}

/// The board of a task, by the task's key.
pub async fn board_of(
    db: impl PgExecutor<'_>,
    team: TeamId,
    key: &TaskKey,
) -> Result<Option<BoardId>> {
    let id = sqlx::query_scalar!(
        r#"
        SELECT boards.id FROM tasks
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE tasks.team_id = $1 AND boards.key = $2 AND tasks.number = $3
        "#,
        team as _,
        key.board,
        key.number,
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(Into::into))
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

/// Marks a held task as deleted, or takes that back.
pub async fn set_deleted(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    by: Option<PersonId>,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET deleted_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE now() END,
            deleted_by = $3, version = version + 1, updated_at = now()
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        task as _,
        by as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The positions around the place behind `after`, or at the end (`None`) of a column, leaving out one task.
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
        WITH others AS (
            SELECT id, position FROM tasks
            WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND deleted_at IS NULL
              AND id IS DISTINCT FROM $4
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

/// The tasks of a column in their order.
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

/// Gives the tasks of a column the kind that the column has now.
pub async fn rekind(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    kind: ColumnKind,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET kind = $4, version = version + 1, updated_at = now(),
            started_at = CASE WHEN $4 = 'todo' THEN NULL ELSE coalesce(started_at, now()) END,
            completed_at = CASE WHEN $4 = 'done' THEN coalesce(completed_at, now()) END
        WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND kind <> $4
        "#,
        team as _,
        board as _,
        column as _,
        kind.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The cards of a board: what is open in its order, and of each `done` column the latest 50 and one
/// more, which tells that there are more.
pub async fn cards(db: impl PgExecutor<'_>, team: TeamId, board: BoardId) -> Result<Vec<CardView>> {
    let rows = sqlx::query!(
        r#"
        SELECT card.id AS "id!", card.number AS "number!", card.column_id AS "column_id!",
               card.title AS "title!", card.assignee_id, people.name AS "assignee_name?",
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
        ORDER BY card.position, card.completed_at DESC, card.id
        "#,
        team as _,
        board as _,
        DONE_PAGE + 1,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CardView {
                id: row.id.into(),
                number: row.number,
                column: row.column_id.into(),
                title: row.title,
                assignee: named(row.assignee_id, row.assignee_name),
                due_on: row.due_on,
                priority: row.priority.parse()?,
                labels: row.labels,
                version: row.version,
            })
        })
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
    let rows = sqlx::query!(
        r#"
        SELECT tasks.id, tasks.number, tasks.title, tasks.assignee_id, people.name AS "assignee_name?",
               to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority, tasks.labels, tasks.version
        FROM tasks
        JOIN tasks AS last ON last.team_id = tasks.team_id AND last.id = $4
        LEFT JOIN people ON people.id = tasks.assignee_id
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
        DONE_PAGE + 1,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CardView {
                id: row.id.into(),
                number: row.number,
                column,
                title: row.title,
                assignee: named(row.assignee_id, row.assignee_name),
                due_on: row.due_on,
                priority: row.priority.parse()?,
                labels: row.labels,
                version: row.version,
            })
        })
        .collect()
}

/// One task with everything its page shows, but for the description's HTML.
pub async fn find(
    db: impl PgExecutor<'_>,
    team: TeamId,
    key: &TaskKey,
) -> Result<Option<TaskView>> {
    let row = sqlx::query!(
        r#"
        SELECT tasks.id, tasks.board_id, boards.key AS board_key, boards.name AS board_name,
               boards.archived_at AS board_archived_at, tasks.number,
               tasks.column_id, tasks.kind, tasks.title, tasks.description, tasks.assignee_id,
               assignee.name AS "assignee_name?", membership.removed_at AS "assignee_left_at?",
               tasks.assigned_at, to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority,
               tasks.labels, tasks.version,
               tasks.field_versions AS "field_versions: Json<BTreeMap<String, i64>>",
               tasks.created_by, author.name AS author_name,
               tasks.created_at, tasks.started_at, tasks.completed_at, tasks.updated_at, tasks.deleted_at
        FROM tasks
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
        Ok(TaskView {
            id: row.id.into(),
            key: format!("{}-{}", row.board_key, row.number),
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
        })
    })
    .transpose()
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

/// The clock and the calendar date of the team: seconds since 1970 and `YYYY-MM-DD` in its time zone.
pub async fn clock(db: impl PgExecutor<'_>, team: TeamId) -> Result<(i64, String)> {
    let row = sqlx::query!(
        r#"
        SELECT now() AS "now!", to_char(now() AT TIME ZONE time_zone, 'YYYY-MM-DD') AS "today!"
        FROM teams WHERE team_id = $1
        "#,
        team as _,
    )
    .fetch_one(db)
    .await?;
    Ok((row.now.unix_timestamp(), row.today))
}

fn named(id: Option<Uuid>, name: Option<String>) -> Option<PersonName> {
    Some(PersonName {
        id: id?.into(),
        name: name?,
    })
}
