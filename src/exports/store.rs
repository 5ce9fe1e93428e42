//! The rows of exports, some at a time, as the texts of JSON objects with all their columns.

pub mod person;
pub mod returning;

use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{error::Result, people::access::TeamId};

/// Lets everything that a transaction reads be of one moment, and gives it the time that slow readers take. It has to
/// come first in the transaction.
pub async fn hold_still(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .execute(&mut *connection)
        .await?;
    sqlx::query!("SELECT set_config('idle_in_transaction_session_timeout', '60s', true) AS idle")
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// The moment of a snapshot, as JSON.
pub async fn now(db: impl PgExecutor<'_>) -> Result<String> {
    Ok(
        sqlx::query_scalar!(r#"SELECT to_jsonb(now())::text AS "now!""#)
            .fetch_one(db)
            .await?,
    )
}

/// Some rows, and the key of the last of them.
pub struct Page<K> {
    pub rows: Vec<String>,
    /// None when these were the last.
    pub next: Option<K>,
}

/// Rows that are read at once.
const PAGE: i64 = 500;

/// Tables of a few rows, read as a whole.
macro_rules! whole {
    ($($(#[$doc:meta])* $name:ident: $sql:literal;)*) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<String>> {
            Ok(sqlx::query_scalar!($sql, team as _).fetch_all(db).await?)
        }
    )*};
}

whole! {
    /// The team itself.
    team: r#"SELECT to_jsonb(teams)::text AS "row!" FROM teams WHERE team_id = $1"#;
    /// Whoever is or was in the team, as the team knows them.
    people: r#"
        SELECT jsonb_build_object('id', people.id, 'name', people.name,
                                  'email', CASE WHEN forgotten_at IS NULL THEN people.email END)::text AS "row!"
        FROM memberships JOIN people ON people.id = person_id WHERE team_id = $1 ORDER BY people.id"#;
    memberships: r#"
        SELECT to_jsonb(memberships)::text AS "row!" FROM memberships WHERE team_id = $1 ORDER BY person_id"#;
    boards: r#"SELECT to_jsonb(boards)::text AS "row!" FROM boards WHERE team_id = $1 ORDER BY id"#;
    columns: r#"
        SELECT to_jsonb(columns)::text AS "row!" FROM columns WHERE team_id = $1 ORDER BY board_id, position, id"#;
    task_numbers: r#"
        SELECT to_jsonb(task_numbers)::text AS "row!" FROM task_numbers WHERE team_id = $1 ORDER BY board_id"#;
    event_counters: r#"SELECT to_jsonb(event_counters)::text AS "row!" FROM event_counters WHERE team_id = $1"#;
    hypotheses: r#"SELECT to_jsonb(hypotheses)::text AS "row!" FROM hypotheses WHERE team_id = $1 ORDER BY id"#;
    decisions: r#"
        SELECT to_jsonb(decisions)::text AS "row!" FROM decisions WHERE team_id = $1 ORDER BY hypothesis_id"#;
    imports: r#"SELECT to_jsonb(imports)::text AS "row!" FROM imports WHERE team_id = $1 ORDER BY id"#;
    toggles: r#"SELECT to_jsonb(toggles)::text AS "row!" FROM toggles WHERE team_id = $1 ORDER BY name"#;
    toggle_people: r#"
        SELECT to_jsonb(toggle_people)::text AS "row!" FROM toggle_people
        WHERE team_id = $1 ORDER BY name, person_id"#;
    toggle_arms: r#"
        SELECT to_jsonb(toggle_arms)::text AS "row!" FROM toggle_arms
        WHERE team_id = $1 ORDER BY name, person_id, since"#;
}

/// Tables whose rows have an id, read page by page in its order.
macro_rules! paged {
    ($($(#[$doc:meta])* $name:ident: $sql:literal;)*) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl PgExecutor<'_>, team: TeamId, after: Uuid) -> Result<Page<Uuid>> {
            let found = sqlx::query!($sql, team as _, after, PAGE).fetch_all(db).await?;
            let next = found.last().map(|row| row.id);
            Ok(Page { rows: found.into_iter().map(|row| row.row).collect(), next })
        }
    )*};
}

paged! {
    tasks: r#"
        SELECT id, (to_jsonb(tasks) - 'words')::text AS "row!" FROM tasks
        WHERE team_id = $1 AND id > $2 ORDER BY id LIMIT $3"#;
    comments: r#"
        SELECT id, to_jsonb(comments)::text AS "row!" FROM comments
        WHERE team_id = $1 AND id > $2 ORDER BY id LIMIT $3"#;
    feedback: r#"
        SELECT id, to_jsonb(feedback)::text AS "row!" FROM feedback
        WHERE team_id = $1 AND id > $2 ORDER BY id LIMIT $3"#;
    /// What was counted, without whose it was.
    usage: r#"
        SELECT id, (to_jsonb(usage) - 'person_id')::text AS "row!" FROM usage
        WHERE team_id = $1 AND id > $2 ORDER BY id LIMIT $3"#;
}

pub async fn events(db: impl PgExecutor<'_>, team: TeamId, after: i64) -> Result<Page<i64>> {
    let found = sqlx::query!(
        r#"
        SELECT seq, to_jsonb(events)::text AS "row!" FROM events
        WHERE team_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
        "#,
        team as _,
        after,
        PAGE,
    )
    .fetch_all(db)
    .await?;
    let next = found.last().map(|row| row.seq);
    Ok(Page {
        rows: found.into_iter().map(|row| row.row).collect(),
        next,
    })
}

pub async fn risks(
    db: impl PgExecutor<'_>,
    team: TeamId,
    after: (Uuid, Date),
) -> Result<Page<(Uuid, Date)>> {
    let found = sqlx::query!(
        r#"
        SELECT task_id, due_on, to_jsonb(risks)::text AS "row!" FROM risks
        WHERE team_id = $1 AND (task_id, due_on) > ($2, $3) ORDER BY task_id, due_on LIMIT $4
        "#,
        team as _,
        after.0,
        after.1,
        PAGE,
    )
    .fetch_all(db)
    .await?;
    let next = found.last().map(|row| (row.task_id, row.due_on));
    Ok(Page {
        rows: found.into_iter().map(|row| row.row).collect(),
        next,
    })
}

/// A task as a row of a table.
pub struct TableRow {
    pub board: String,
    pub board_name: String,
    pub number: i32,
    pub title: String,
    pub description: String,
    pub column: String,
    pub kind: String,
    pub assignee: Option<String>,
    pub due_on: Option<Date>,
    pub priority: String,
    pub labels: Vec<String>,
    pub created_by: String,
    pub created_at: OffsetDateTime,
    pub started_at: Option<OffsetDateTime>,
    pub completed_at: Option<OffsetDateTime>,
    pub updated_at: OffsetDateTime,
}

/// The tasks of a team that are not deleted, by board and number, behind one of them.
pub async fn table(
    db: impl PgExecutor<'_>,
    team: TeamId,
    after: (&str, i32),
) -> Result<Vec<TableRow>> {
    Ok(sqlx::query_as!(
        TableRow,
        r#"
        SELECT boards.key AS board, boards.name AS board_name, tasks.number, tasks.title, tasks.description,
               columns.name AS "column", tasks.kind, assignee.name AS "assignee?", tasks.due_on, tasks.priority,
               tasks.labels, creator.name AS created_by, tasks.created_at, tasks.started_at, tasks.completed_at,
               tasks.updated_at
        FROM tasks
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                    AND columns.id = tasks.column_id
        JOIN people AS creator ON creator.id = tasks.created_by
        LEFT JOIN people AS assignee ON assignee.id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND tasks.deleted_at IS NULL
          AND (boards.key COLLATE "C", tasks.number) > ($2 COLLATE "C", $3)
        ORDER BY boards.key COLLATE "C", tasks.number LIMIT $4
        "#,
        team as _,
        after.0,
        after.1,
        PAGE,
    )
    .fetch_all(db)
    .await?)
}
