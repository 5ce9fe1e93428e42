//! How tasks go from their creation to their end, out of the steps that the log tells.
//!
//! A step is a task that came to be of another kind (`task_steps` in migrations/0010_figures.sql). Tasks that are
//! deleted now are left out with all their past. Tasks that were imported were made elsewhere: they are not
//! created, and have no times; what the team did with them since counts.

use sqlx::PgExecutor;
use time::Date;
use uuid::Uuid;

use crate::{error::Result, insights::period::Period, people::access::TeamId};

/// A task that was created, started or finished in a period, as it was at the end of the period.
#[derive(Debug)]
pub struct TaskRow {
    /// Who holds it now.
    pub holder: Option<Uuid>,
    /// When it was created, if that was in the period.
    pub created_on: Option<Date>,
    /// When it came to be done, the last time, if that was in the period and it still was at its end: one that
    /// was opened again is not finished.
    pub finished_on: Option<Date>,
    /// Days from its creation to its start, if it was started in the period. The start is the last time that it
    /// left `todo`: one that went back has not been started.
    pub to_start: Option<f64>,
    /// Days from its start to its end, if it was finished in the period. What was written down when it was done
    /// has none.
    pub to_done: Option<f64>,
    /// Days from its creation to its end, likewise.
    pub whole: Option<f64>,
}

/// The tasks of a period: all, or those that some people hold.
pub async fn tasks(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
    whom: Option<&[Uuid]>,
) -> Result<Vec<TaskRow>> {
    Ok(sqlx::query_as!(
        TaskRow,
        r#"
        WITH zone AS (
            SELECT time_zone, day_begins($2, time_zone) AS since, day_begins($3::date + 1, time_zone) AS before
            FROM teams WHERE team_id = $1
        ),
        span AS MATERIALIZED (
            SELECT task_id,
                   min(at) FILTER (WHERE from_kind IS NULL) AS created_at,
                   max(at) FILTER (WHERE coalesce(from_kind, 'todo') = 'todo' AND to_kind <> 'todo') AS started_at,
                   max(at) FILTER (WHERE to_kind = 'done') AS finished_at,
                   (array_agg(to_kind ORDER BY seq DESC))[1] AS ends_as
            FROM zone CROSS JOIN LATERAL task_steps($1, since, before) AS step
            GROUP BY task_id
        ),
        task AS (
            SELECT tasks.assignee_id, tasks.created_at, time_zone, ends_as,
                   CASE WHEN NOT tasks.created_as @> '{"imported": true}' THEN span.created_at END AS made_at,
                   CASE WHEN ends_as = 'done' THEN finished_at END AS finished_at,
                   CASE WHEN ends_as <> 'todo' THEN span.started_at END AS started_now,
                   -- What was started before stands in the task, unless it was started anew since.
                   CASE WHEN tasks.started_at < since THEN tasks.started_at END AS started_before,
                   tasks.created_as @> '{"imported": true}' OR finished_at = tasks.created_at AS has_no_times
            FROM span CROSS JOIN zone JOIN tasks ON tasks.team_id = $1 AND tasks.id = span.task_id
            WHERE $4::uuid[] IS NULL OR tasks.assignee_id = ANY ($4)
        )
        SELECT assignee_id AS holder,
               (made_at AT TIME ZONE time_zone)::date AS created_on,
               (finished_at AT TIME ZONE time_zone)::date AS finished_on,
               CASE WHEN has_no_times IS NOT TRUE
                    THEN extract(epoch FROM started_now - created_at)::float8 / 86400 END AS to_start,
               CASE WHEN has_no_times IS NOT TRUE
                    THEN extract(epoch FROM finished_at - coalesce(started_now, started_before))::float8 / 86400
               END AS to_done,
               CASE WHEN has_no_times IS NOT TRUE
                    THEN extract(epoch FROM finished_at - created_at)::float8 / 86400 END AS whole
        FROM task
        ORDER BY finished_at, made_at
        "#,
        team as _,
        period.from,
        period.to,
        whom,
    )
    .fetch_all(db)
    .await?)
}

/// The median and the 85th percentile of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Middle {
    pub median: f64,
    pub p85: f64,
}

/// The median and the 85th percentile, both continuous. None of no values.
pub async fn middle(db: impl PgExecutor<'_>, values: &[f64]) -> Result<Option<Middle>> {
    let row = sqlx::query!(
        r#"
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
               percentile_cont(0.85) WITHIN GROUP (ORDER BY value) AS p85
        FROM unnest($1::float8[]) AS value
        "#,
        values,
    )
    .fetch_one(db)
    .await?;
    Ok(row
        .median
        .zip(row.p85)
        .map(|(median, p85)| Middle { median, p85 }))
}

/// How many tasks were where when a day ended.
#[derive(Debug)]
pub struct DayEnd {
    pub day: Date,
    pub todo: i64,
    pub doing: i64,
    /// How many more are done than before the period.
    pub done: i64,
}

/// Where the tasks were at the end of each day of a period, up to now. Boards that are archived are left out
/// with all their past. What stands now is known, so the days are walked back from today.
pub async fn day_ends(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
) -> Result<Vec<DayEnd>> {
    Ok(sqlx::query_as!(
        DayEnd,
        r#"
        WITH zone AS (
            SELECT time_zone, day_begins($2, time_zone) AS since, (now() AT TIME ZONE time_zone)::date AS today
            FROM teams WHERE team_id = $1
        ),
        board AS MATERIALIZED (
            SELECT id FROM boards WHERE team_id = $1 AND archived_at IS NULL
        ),
        change AS MATERIALIZED (
            SELECT (step.at AT TIME ZONE time_zone)::date AS day,
                   count(*) FILTER (WHERE to_kind = 'todo') - count(*) FILTER (WHERE from_kind = 'todo') AS todo,
                   count(*) FILTER (WHERE to_kind = 'doing') - count(*) FILTER (WHERE from_kind = 'doing') AS doing,
                   count(*) FILTER (WHERE to_kind = 'done') - count(*) FILTER (WHERE from_kind = 'done') AS done
            FROM zone CROSS JOIN LATERAL task_steps($1, since, 'infinity') AS step
            JOIN tasks ON tasks.team_id = $1 AND tasks.id = step.task_id
            JOIN board ON board.id = tasks.board_id
            GROUP BY 1
        ),
        standing AS (
            SELECT count(*) FILTER (WHERE kind = 'todo') AS todo, count(*) FILTER (WHERE kind = 'doing') AS doing
            FROM tasks JOIN board ON board.id = tasks.board_id
            WHERE team_id = $1 AND deleted_at IS NULL AND kind <> 'done'
        ),
        walked AS (
            SELECT calendar.day,
                   standing.todo - coalesce(sum(change.todo) OVER later, 0) AS todo,
                   standing.doing - coalesce(sum(change.doing) OVER later, 0) AS doing,
                   coalesce(sum(change.done) OVER earlier, 0) AS done
            FROM zone CROSS JOIN standing
            CROSS JOIN LATERAL (
                SELECT $2::date + ahead AS day FROM generate_series(0, today - $2::date) AS ahead
            ) AS calendar
            LEFT JOIN change ON change.day = calendar.day
            WINDOW later AS (ORDER BY calendar.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                   earlier AS (ORDER BY calendar.day)
        )
        SELECT day AS "day!", greatest(todo, 0)::bigint AS "todo!", greatest(doing, 0)::bigint AS "doing!",
               done::bigint AS "done!"
        FROM walked WHERE day <= $3 ORDER BY day
        "#,
        team as _,
        period.from,
        period.to,
    )
    .fetch_all(db)
    .await?)
}
