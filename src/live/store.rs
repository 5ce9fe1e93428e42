//! The tables `events` and `event_counters`.

pub mod forgetting;
mod log;

pub use log::{told_after, told_of_task};

use sqlx::{PgConnection, PgExecutor, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    change::NewEvent,
    model::{EventView, FeedEvent, FieldChange},
};
use crate::{
    error::Result,
    ids::{BoardId, ChangeId, ColumnId, PersonId, SessionId, TaskId},
    people::{access::TeamId, model::PersonName},
};

/// Gives a new team its counter.
pub async fn start_log(connection: &mut PgConnection, team: TeamId) -> Result<()> {
    sqlx::query!(
        "INSERT INTO event_counters (team_id) VALUES ($1)",
        team as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Appends events under the team's next numbers and wakes whoever listens, in one statement.
pub async fn append(
    connection: &mut PgConnection,
    team: TeamId,
    actor: PersonId,
    change: ChangeId,
    events: &[NewEvent],
) -> Result<()> {
    let kinds: Vec<String> = events.iter().map(|e| e.kind.to_owned()).collect();
    let boards: Vec<Option<Uuid>> = events.iter().map(|e| e.board.map(|id| id.0)).collect();
    let tasks: Vec<Option<Uuid>> = events.iter().map(|e| e.task.map(|id| id.0)).collect();
    let changes: Vec<serde_json::Value> = events
        .iter()
        .map(|e| serde_json::to_value(&e.changes).unwrap_or_default())
        .collect();
    sqlx::query!(
        r#"
        WITH counter AS (
            UPDATE event_counters SET last_seq = last_seq + $4
            WHERE team_id = $1 RETURNING last_seq
        ),
        appended AS (
            INSERT INTO events (team_id, seq, change_id, kind, actor_id, board_id, task_id, changes)
            SELECT $1, counter.last_seq - $4 + event.place, $3, event.kind, $2,
                   event.board_id, event.task_id, event.changes
            FROM counter,
                 unnest($5::text[], $6::uuid[], $7::uuid[], $8::jsonb[])
                     WITH ORDINALITY AS event (kind, board_id, task_id, changes, place)
            RETURNING seq
        )
        SELECT pg_notify('skateboard_events', $1::text) FROM appended LIMIT 1
        "#,
        team as _,
        actor as _,
        change as _,
        events.len() as i64,
        &kinds,
        &boards as &[Option<Uuid>],
        &tasks as &[Option<Uuid>],
        &changes,
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Appends the creation of every task of a board above a number, under the team's next numbers, and wakes whoever
/// listens. The tasks are in the table already, so that none of them is held in memory.
pub async fn append_created(
    connection: &mut PgConnection,
    team: TeamId,
    actor: PersonId,
    change: ChangeId,
    board: BoardId,
    above: i32,
) -> Result<u64> {
    let created = sqlx::query_scalar!(
        r#"
        WITH created AS (
            SELECT tasks.id, tasks.title, tasks.column_id, columns.name AS column_name,
                   row_number() OVER (ORDER BY tasks.number) AS place
            FROM tasks JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                                   AND columns.id = tasks.column_id
            WHERE tasks.team_id = $1 AND tasks.board_id = $4 AND tasks.number > $5
        ),
        counter AS (
            UPDATE event_counters SET last_seq = last_seq + (SELECT count(*) FROM created)
            WHERE team_id = $1 RETURNING last_seq
        ),
        appended AS (
            INSERT INTO events (team_id, seq, change_id, kind, actor_id, board_id, task_id, changes)
            SELECT $1, counter.last_seq - (SELECT count(*) FROM created) + created.place, $3, 'task.created', $2,
                   $4, created.id, jsonb_build_array(
                       jsonb_build_object('field', 'title', 'to', created.title),
                       jsonb_build_object('field', 'column', 'to', created.column_name, 'to_id', created.column_id),
                       jsonb_build_object('field', 'version', 'to', '1'))
            FROM counter, created
            RETURNING seq
        ),
        told AS (SELECT pg_notify('skateboard_events', $1::text) FROM appended LIMIT 1)
        SELECT (SELECT count(*) FROM appended) + 0 * (SELECT count(*) FROM told) AS "created!"
        "#,
        team as _,
        actor as _,
        change as _,
        board as _,
        above,
    )
    .fetch_one(connection)
    .await?;
    Ok(created.unsigned_abs())
}

/// Gives the rest of a transaction the time that many rows take.
pub async fn take_time(db: impl PgExecutor<'_>) -> Result<()> {
    sqlx::query!(
        r#"
        SELECT set_config('statement_timeout', '120s', true) AS statement,
               set_config('idle_in_transaction_session_timeout', '60s', true) AS idle
        "#
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// The number of the team's last event.
pub async fn last_seq(db: impl PgExecutor<'_>, team: TeamId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "SELECT last_seq FROM event_counters WHERE team_id = $1",
        team as _,
    )
    .fetch_one(db)
    .await?)
}

/// The numbers of the last events of several teams.
pub async fn last_seqs(db: impl PgExecutor<'_>, teams: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    let rows = sqlx::query!(
        "SELECT team_id, last_seq FROM event_counters WHERE team_id = ANY($1)",
        teams
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.team_id, row.last_seq))
        .collect())
}

/// An event of the feed, and when it happened.
pub struct Recorded {
    pub at: OffsetDateTime,
    pub event: FeedEvent,
}

/// The events of a team after one of them, in order, without cards.
pub async fn after(
    db: impl PgExecutor<'_>,
    team: TeamId,
    seq: i64,
    limit: i64,
) -> Result<Vec<Recorded>> {
    let rows = sqlx::query_as!(
        FeedRow,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, events.board_id, events.task_id,
               events.changes AS "changes: Json<Vec<FieldChange>>"
        FROM events JOIN people ON people.id = events.actor_id
        WHERE events.team_id = $1 AND events.seq > $2
        ORDER BY events.seq LIMIT $3
        "#,
        team as _,
        seq,
        limit,
    )
    .fetch_all(db)
    .await?;
    let recorded = rows.into_iter().map(|row| Recorded {
        at: row.at,
        event: row.into(),
    });
    Ok(recorded.collect())
}

/// The numbers and kinds of a team's events after one of them, in order, and whether each is of the last 30 days.
pub async fn kinds_after(
    db: impl PgExecutor<'_>,
    team: TeamId,
    seq: i64,
    limit: i64,
) -> Result<Vec<(i64, String, bool)>> {
    let rows = sqlx::query!(
        r#"
        SELECT seq, kind, at > now() - interval '30 days' AS "is_recent!"
        FROM events WHERE team_id = $1 AND seq > $2
        ORDER BY seq LIMIT $3
        "#,
        team as _,
        seq,
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.seq, row.kind, row.is_recent))
        .collect())
}

/// Wakes whoever listens, as an event does, when something waits that is none. It leaves with the commit.
pub async fn wake(db: impl PgExecutor<'_>, team: TeamId) -> Result<()> {
    sqlx::query!(
        "SELECT pg_notify('skateboard_events', $1)",
        team.uuid().to_string()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What one change did, in order, without cards.
pub async fn of_change(
    db: impl PgExecutor<'_>,
    team: TeamId,
    change: ChangeId,
) -> Result<Vec<FeedEvent>> {
    let rows = sqlx::query_as!(
        FeedRow,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, events.board_id, events.task_id,
               events.changes AS "changes: Json<Vec<FieldChange>>"
        FROM events JOIN people ON people.id = events.actor_id
        WHERE events.team_id = $1 AND events.change_id = $2
        ORDER BY events.seq
        "#,
        team as _,
        change as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(FeedEvent::from).collect())
}

/// Which of the readers may go on: their session holds, and they are in the team. The places of those
/// that may, counted from 0.
pub async fn may_go_on(
    db: impl PgExecutor<'_>,
    readers: &[(SessionId, Uuid)],
) -> Result<Vec<usize>> {
    let (sessions, teams): (Vec<Uuid>, Vec<Uuid>) = readers
        .iter()
        .map(|(session, team)| (session.0, *team))
        .unzip();
    // Which sessions hold is said in the store of the accounts.
    let places = sqlx::query_scalar!(
        r#"
        SELECT reader.place AS "place!"
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS reader (session_id, team_id, place)
        JOIN sessions ON sessions.id = reader.session_id
        JOIN people ON people.id = sessions.person_id
        JOIN memberships ON memberships.team_id = reader.team_id
                        AND memberships.person_id = sessions.person_id
        WHERE sessions.expires_at > now() AND sessions.last_seen_at > now() - interval '30 days'
          AND people.disabled_at IS NULL AND memberships.removed_at IS NULL
        "#,
        &sessions,
        &teams,
    )
    .fetch_all(db)
    .await?;
    Ok(places
        .into_iter()
        .filter_map(|place| usize::try_from(place - 1).ok())
        .collect())
}

/// Tells every instance who looks at what. Nothing is kept.
pub async fn tell_presence(db: impl PgExecutor<'_>, presence: &str) -> Result<()> {
    sqlx::query!("SELECT pg_notify('skateboard_presence', $1)", presence)
        .execute(db)
        .await?;
    Ok(())
}

/// The history of one task, newest first.
pub async fn of_task(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    limit: i64,
) -> Result<Vec<EventView>> {
    Ok(sqlx::query_as!(
        EventRow,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, events.changes AS "changes: Json<Vec<FieldChange>>"
        FROM events JOIN people ON people.id = events.actor_id
        WHERE events.team_id = $1 AND events.task_id = $2
        ORDER BY events.seq DESC LIMIT $3
        "#,
        team as _,
        task as _,
        limit,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(EventView::from)
    .collect())
}

/// What happened to a task after one of its versions, in order.
pub async fn of_task_since(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    version: i64,
) -> Result<Vec<EventView>> {
    Ok(sqlx::query_as!(
        EventRow,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, events.changes AS "changes: Json<Vec<FieldChange>>"
        FROM events JOIN people ON people.id = events.actor_id
        WHERE events.team_id = $1 AND events.task_id = $2
          AND EXISTS (
              SELECT 1 FROM jsonb_array_elements(events.changes) AS change
              WHERE CASE WHEN change->>'field' = 'version' THEN (change->>'to')::bigint > $3 END
          )
        ORDER BY events.seq
        "#,
        team as _,
        task as _,
        version,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(EventView::from)
    .collect())
}

/// What was changed of a board itself, or of one of its columns, after one of its versions, in order.
pub async fn of_board_since(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: Option<ColumnId>,
    version: i64,
) -> Result<Vec<EventView>> {
    let kind = match column {
        Some(_) => "column.changed",
        None => "board.renamed",
    };
    Ok(sqlx::query_as!(
        EventRow,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, events.changes AS "changes: Json<Vec<FieldChange>>"
        FROM events JOIN people ON people.id = events.actor_id
        WHERE events.team_id = $1 AND events.board_id = $2 AND events.task_id IS NULL
          AND events.kind = $3
          AND ($4::text IS NULL OR EXISTS (
              SELECT 1 FROM jsonb_array_elements(events.changes) AS change
              WHERE change->>'field' = 'column' AND change->>'to_id' = $4
          ))
          AND EXISTS (
              SELECT 1 FROM jsonb_array_elements(events.changes) AS change
              WHERE CASE WHEN change->>'field' = 'version' THEN (change->>'to')::bigint > $5 END
          )
        ORDER BY events.seq
        "#,
        team as _,
        board as _,
        kind,
        column.map(|column| column.to_string()),
        version,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(EventView::from)
    .collect())
}

/// Takes tasks that are going to be removed out of their events, and the texts with them. That
/// something happened, who did it and when, stays under its number.
pub async fn forget_tasks(
    connection: &mut PgConnection,
    teams: &[Uuid],
    tasks: &[Uuid],
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE events
        SET task_id = NULL, changes = (
            SELECT coalesce(jsonb_agg(
                CASE WHEN change->>'field' IN ('title', 'description', 'labels', 'comment')
                     THEN jsonb_build_object('field', change->'field') ELSE change END
                ORDER BY place), '[]')
            FROM jsonb_path_query(events.changes, '$[*]') WITH ORDINALITY AS each (change, place)
        )
        FROM unnest($1::uuid[], $2::uuid[]) AS gone (team_id, task_id)
        WHERE events.team_id = gone.team_id AND events.task_id = gone.task_id
        "#,
        teams,
        tasks,
    )
    .execute(connection)
    .await?;
    Ok(())
}

struct EventRow {
    seq: i64,
    change_id: Uuid,
    kind: String,
    at: OffsetDateTime,
    actor_id: Uuid,
    actor_name: String,
    changes: Json<Vec<FieldChange>>,
}

impl From<EventRow> for EventView {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            change_id: row.change_id.into(),
            kind: row.kind,
            at: row.at.unix_timestamp(),
            actor: PersonName {
                id: row.actor_id.into(),
                name: row.actor_name,
            },
            changes: row.changes.0,
        }
    }
}

struct FeedRow {
    seq: i64,
    change_id: Uuid,
    kind: String,
    at: OffsetDateTime,
    actor_id: Uuid,
    actor_name: String,
    board_id: Option<Uuid>,
    task_id: Option<Uuid>,
    changes: Json<Vec<FieldChange>>,
}

impl From<FeedRow> for FeedEvent {
    fn from(row: FeedRow) -> Self {
        Self {
            seq: row.seq,
            change_id: row.change_id.into(),
            kind: row.kind,
            at: row.at.unix_timestamp(),
            actor: PersonName {
                id: row.actor_id.into(),
                name: row.actor_name,
            },
            board: row.board_id.map(BoardId),
            task: row.task_id.map(TaskId),
            changes: row.changes.0,
            card: None,
        }
    }
}
