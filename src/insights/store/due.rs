//! What became of due dates, and of the tasks that were seen at risk of missing them.
//!
//! A due date has come when its day is over and the task had it until then. One that was moved before was not
//! missed, one that was moved afterwards was. It was kept when the task was done as its day ended.

use sqlx::PgExecutor;
use time::Date;
use uuid::Uuid;

use crate::{error::Result, insights::period::Period, people::access::TeamId};

/// A due date that has come.
#[derive(Debug)]
pub struct DueDate {
    pub due_on: Date,
    pub is_kept: bool,
    /// Whether the task was seen at risk before.
    pub was_at_risk: bool,
}

/// The due dates of a period that have come: all, or those of tasks that some people hold. Tasks that are
/// deleted now, and boards that are archived, are left out.
pub async fn dates(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
    whom: Option<&[Uuid]>,
) -> Result<Vec<DueDate>> {
    Ok(sqlx::query_as!(
        DueDate,
        r#"
        WITH zone AS MATERIALIZED (
            SELECT time_zone, day_begins($2, time_zone) AS since, (now() AT TIME ZONE time_zone)::date AS today
            FROM teams WHERE team_id = $1
        ),
        task AS MATERIALIZED (
            SELECT tasks.id, tasks.kind, tasks.due_on
            FROM zone CROSS JOIN tasks JOIN boards ON boards.team_id = tasks.team_id AND boards.id = board_id
            WHERE tasks.team_id = $1 AND deleted_at IS NULL AND archived_at IS NULL
              AND due_on BETWEEN $2 AND least($3, today - 1)
              AND ($4::uuid[] IS NULL OR assignee_id = ANY ($4))
        ),
        -- Dates that tasks were given or taken since the period began.
        change AS MATERIALIZED (
            SELECT events.task_id, events.seq, events.at, (due.change->>'from')::date AS was_due_on
            FROM zone CROSS JOIN events
            CROSS JOIN LATERAL (SELECT jsonb_path_query_first(changes, '$[*] ? (@.field == "due_on")')) AS due (change)
            WHERE events.team_id = $1 AND events.at >= since AND task_id IS NOT NULL
              AND changes @> '[{"field": "due_on"}]'
        ),
        came AS (
            SELECT id, kind, due_on FROM task CROSS JOIN zone
            WHERE NOT EXISTS (
                SELECT FROM change WHERE change.task_id = task.id AND at >= day_begins(due_on + 1, time_zone)
            )
            UNION
            -- The first change after the day tells that the task still had the date then.
            SELECT tasks.id, tasks.kind, moved.was_due_on
            FROM change AS moved CROSS JOIN zone
            JOIN tasks ON tasks.team_id = $1 AND tasks.id = moved.task_id AND deleted_at IS NULL
            JOIN boards ON boards.team_id = tasks.team_id AND boards.id = board_id AND archived_at IS NULL
            WHERE was_due_on BETWEEN $2 AND least($3, today - 1)
              AND moved.at >= day_begins(was_due_on + 1, time_zone)
              AND ($4::uuid[] IS NULL OR assignee_id = ANY ($4))
              AND NOT EXISTS (
                  SELECT FROM change AS before
                  WHERE before.task_id = moved.task_id AND before.seq < moved.seq
                    AND before.at >= day_begins(moved.was_due_on + 1, time_zone)
              )
        ),
        step AS MATERIALIZED (
            SELECT step.* FROM zone CROSS JOIN LATERAL task_steps($1, since, 'infinity') AS step
        ),
        -- What it was as the day ended, told by its first step afterwards.
        ended AS (
            SELECT DISTINCT ON (came.id, came.due_on) came.id, came.due_on,
                   CASE WHEN step.task_id IS NULL THEN came.kind ELSE step.from_kind END AS kind
            FROM came CROSS JOIN zone
            LEFT JOIN step ON step.task_id = came.id AND step.at >= day_begins(came.due_on + 1, time_zone)
            ORDER BY came.id, came.due_on, step.seq
        )
        SELECT ended.due_on AS "due_on!", ended.kind = 'done' AS "is_kept!", risks.task_id IS NOT NULL AS "was_at_risk!"
        FROM ended
        LEFT JOIN risks ON risks.team_id = $1 AND risks.task_id = ended.id AND risks.due_on = ended.due_on
        -- A task that was not there yet when its date passed has missed nothing.
        WHERE ended.kind IS NOT NULL
        ORDER BY ended.due_on, ended.id
        "#,
        team as _,
        period.from,
        period.to,
        whom,
    )
    .fetch_all(db)
    .await?)
}

/// How many tasks were seen at risk of missing a date of the period that is over, whatever became of it.
pub async fn risks(db: impl PgExecutor<'_>, team: TeamId, period: Period) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!"
        FROM risks JOIN teams ON teams.team_id = risks.team_id
        JOIN tasks ON tasks.team_id = risks.team_id AND tasks.id = task_id AND deleted_at IS NULL
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = board_id AND archived_at IS NULL
        WHERE risks.team_id = $1
          AND risks.due_on BETWEEN $2 AND least($3, (now() AT TIME ZONE time_zone)::date - 1)
        "#,
        team as _,
        period.from,
        period.to,
    )
    .fetch_one(db)
    .await?)
}
