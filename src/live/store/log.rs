//! The log as other programs read it: with the keys of boards and tasks.

use sqlx::{PgExecutor, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    error::Result,
    ids::{ChangeId, PersonId, TaskId},
    live::{
        model::FieldChange,
        told::{ToldEvent, moment, without_deleted},
    },
    people::{access::TeamId, model::PersonName},
};

struct Row {
    seq: i64,
    change_id: ChangeId,
    kind: String,
    at: OffsetDateTime,
    actor_id: PersonId,
    actor_name: String,
    board: Option<String>,
    task: Option<String>,
    changes: Json<Vec<FieldChange>>,
    /// Whether it is about a comment that is deleted now.
    is_gone: bool,
}

impl From<Row> for ToldEvent {
    fn from(row: Row) -> Self {
        let mut changes = row.changes.0;
        without_deleted(&row.kind, &mut changes);
        if row.is_gone {
            changes.clear();
        }
        // Where a task stood in its column is for the undo alone.
        changes.retain(|change| row.task.is_none() || change.field != "place");
        Self {
            seq: row.seq,
            change_id: row.change_id,
            kind: row.kind,
            at: moment(row.at),
            actor: PersonName {
                id: row.actor_id,
                name: row.actor_name,
            },
            board: row.board,
            task: row.task,
            changes,
        }
    }
}

/// The events of a team after one of them, in order.
pub async fn told_after(
    db: impl PgExecutor<'_>,
    team: TeamId,
    seq: i64,
    limit: i64,
) -> Result<Vec<ToldEvent>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, boards.key AS "board?",
               boards.key || '-' || tasks.number AS "task?",
               events.changes AS "changes: Json<Vec<FieldChange>>", comments.deleted_at IS NOT NULL AS "is_gone!"
        FROM events
        JOIN people ON people.id = events.actor_id
        LEFT JOIN comments ON comments.team_id = events.team_id AND comments.id = CASE
            WHEN events.kind LIKE 'comment.%'
            THEN coalesce(events.changes -> 0 ->> 'to_id', events.changes -> 0 ->> 'from_id')::uuid
        END
        LEFT JOIN boards ON boards.team_id = events.team_id AND boards.id = events.board_id
        LEFT JOIN tasks ON tasks.team_id = events.team_id AND tasks.id = events.task_id
        WHERE events.team_id = $1 AND events.seq > $2
        ORDER BY events.seq LIMIT $3
        "#,
        team as _,
        seq,
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(ToldEvent::from).collect())
}

/// The events of a task before one of them, the latest first.
pub async fn told_of_task(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    before: i64,
    limit: i64,
) -> Result<Vec<ToldEvent>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT events.seq, events.change_id, events.kind, events.at, events.actor_id,
               people.name AS actor_name, boards.key AS "board?",
               boards.key || '-' || tasks.number AS "task?",
               events.changes AS "changes: Json<Vec<FieldChange>>", comments.deleted_at IS NOT NULL AS "is_gone!"
        FROM events
        JOIN people ON people.id = events.actor_id
        LEFT JOIN comments ON comments.team_id = events.team_id AND comments.id = CASE
            WHEN events.kind LIKE 'comment.%'
            THEN coalesce(events.changes -> 0 ->> 'to_id', events.changes -> 0 ->> 'from_id')::uuid
        END
        JOIN tasks ON tasks.team_id = events.team_id AND tasks.id = events.task_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE events.team_id = $1 AND events.task_id = $2::uuid AND events.seq < $3
        ORDER BY events.seq DESC LIMIT $4
        "#,
        team as _,
        Uuid::from(task),
        before,
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(ToldEvent::from).collect())
}
