//! What the Now page reads. It has no table of its own.

use serde::Deserialize;
use sqlx::{PgExecutor, types::Json};
use uuid::Uuid;

use super::{
    model::{BoardNow, NowView},
    sorting::{self, Team},
};
use crate::{
    error::Result,
    ids::{ChangeId, PersonId},
    people::access::TeamId,
};

/// A page shows no more tasks of one kind than this.
const MOST_TASKS: i64 = 500;
/// So many of a board's last finished tasks tell how long its tasks usually take.
const SIBLINGS: i64 = 50;
/// With fewer nothing is said.
const ENOUGH_SIBLINGS: i64 = 5;

/// Somebody who is or was in the team.
#[derive(Debug, Deserialize)]
pub struct MemberRow {
    pub id: Uuid,
    pub name: String,
    pub is_viewer: bool,
    pub is_former: bool,
    /// How many tasks of theirs are not started.
    pub waiting: i64,
}

/// An open task that the page may show.
#[derive(Debug, Deserialize)]
pub struct TaskRow {
    pub key: String,
    pub title: String,
    pub board: String,
    pub in_progress: bool,
    pub assignee: Option<Uuid>,
    /// `YYYY-MM-DD`
    pub due_on: Option<String>,
    /// When it was started or, if that was later, given to who holds it. Seconds since 1970.
    pub since: i64,
    /// When anything happened to it. Seconds since 1970.
    pub touched_at: i64,
    /// How long tasks of its board usually take, in seconds.
    pub usual: Option<i64>,
}

/// How often something happened: in the last seven days and in the seven before, to the team and to whoever
/// reads it.
#[derive(Debug, Deserialize)]
pub struct WeekRow {
    pub what: String,
    pub team: [i64; 2],
    pub mine: [i64; 2],
}

/// Who is on what, as somebody in the team reads it, or nobody. Days are those of the team's time zone.
pub async fn now(
    db: impl PgExecutor<'_>,
    team: TeamId,
    reader: Option<PersonId>,
) -> Result<NowView> {
    let row = sqlx::query!(
        r#"
        WITH clock AS MATERIALIZED (
            SELECT teams.*, (now() AT TIME ZONE time_zone)::date AS today,
                   nth_working_day((now() AT TIME ZONE time_zone)::date, working_days, 2) AS horizon
            FROM teams WHERE team_id = $1
        ),
        board AS MATERIALIZED (
            SELECT id, key, name, created_at FROM boards WHERE team_id = $1 AND archived_at IS NULL
        ),
        former AS (
            SELECT person_id FROM memberships WHERE team_id = $1 AND removed_at IS NOT NULL
        ),
        candidate AS (
            (SELECT tasks.id, board_id, number, kind, title, assignee_id, assigned_at, due_on, tasks.created_at,
                    started_at, updated_at
             FROM tasks JOIN board ON board.id = board_id
             WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'doing'
             ORDER BY started_at, tasks.id LIMIT $3)
            UNION ALL
            -- Late or soon due, and not started.
            (SELECT tasks.id, board_id, number, kind, title, assignee_id, assigned_at, due_on, tasks.created_at,
                    started_at, updated_at
             FROM tasks JOIN board ON board.id = board_id
             WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'todo' AND due_on <= (SELECT horizon FROM clock)
             ORDER BY due_on, tasks.id LIMIT $3)
            UNION ALL
            -- What each holder has to think of next.
            (SELECT DISTINCT ON (assignee_id)
                    tasks.id, board_id, number, kind, title, assignee_id, assigned_at, due_on, tasks.created_at,
                    started_at, updated_at
             FROM tasks JOIN board ON board.id = board_id
             WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'todo' AND due_on > (SELECT horizon FROM clock)
               AND assignee_id IS NOT NULL AND assignee_id NOT IN (SELECT person_id FROM former)
             ORDER BY assignee_id, due_on, tasks.id)
            UNION ALL
            -- What former members left behind.
            (SELECT tasks.id, board_id, number, kind, title, assignee_id, assigned_at, due_on, tasks.created_at,
                    started_at, updated_at
             FROM tasks JOIN board ON board.id = board_id
             WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'todo'
               AND assignee_id IN (SELECT person_id FROM former)
               AND (due_on IS NULL OR due_on > (SELECT horizon FROM clock))
             ORDER BY tasks.created_at, tasks.id LIMIT $3)
        ),
        usual AS MATERIALIZED (
            SELECT board.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took)) AS seconds
            FROM board CROSS JOIN LATERAL (
                SELECT completed_at - started_at AS took FROM tasks
                WHERE team_id = $1 AND board_id = board.id AND deleted_at IS NULL AND kind = 'done'
                ORDER BY completed_at DESC LIMIT $4
            ) AS finished
            -- What was written down when it was done has taken no time.
            WHERE took > interval '0'
            GROUP BY board.id HAVING count(*) >= $5
        ),
        finished AS MATERIALIZED (
            SELECT recent.* FROM board CROSS JOIN LATERAL (
                SELECT assignee_id, due_on,
                       (started_at AT TIME ZONE clock.time_zone)::date AS started_on,
                       (completed_at AT TIME ZONE clock.time_zone)::date AS finished_on
                FROM tasks, clock
                WHERE tasks.team_id = $1 AND board_id = board.id AND deleted_at IS NULL AND kind = 'done'
                  AND completed_at > now() - interval '15 days'
            ) AS recent
        ),
        happened AS (
            SELECT 'finished' AS what, finished_on AS day, assignee_id FROM finished
            UNION ALL
            SELECT 'started', started_on, assignee_id FROM finished
            UNION ALL
            SELECT 'started', (started_at AT TIME ZONE time_zone)::date, assignee_id
            FROM candidate CROSS JOIN clock WHERE candidate.kind = 'doing'
            UNION ALL
            SELECT 'slipped', due_on + 1, assignee_id FROM finished WHERE finished_on > due_on
            UNION ALL
            SELECT 'slipped', due_on + 1, assignee_id FROM tasks JOIN board ON board.id = board_id
            WHERE team_id = $1 AND deleted_at IS NULL AND kind <> 'done'
              AND due_on < (SELECT today FROM clock) AND due_on >= (SELECT today - 15 FROM clock)
        ),
        week AS (
            SELECT what,
                   jsonb_build_array(count(*) FILTER (WHERE is_last), count(*) FILTER (WHERE NOT is_last)) AS team,
                   jsonb_build_array(count(*) FILTER (WHERE is_last AND assignee_id = $2),
                                     count(*) FILTER (WHERE NOT is_last AND assignee_id = $2)) AS mine
            FROM happened CROSS JOIN clock CROSS JOIN LATERAL (SELECT day > today - 7 AS is_last) AS part
            WHERE day > today - 14 AND day <= today
            GROUP BY what
        ),
        waiting AS (
            SELECT assignee_id, count(*) AS count FROM tasks JOIN board ON board.id = board_id
            WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'todo' AND assignee_id IS NOT NULL
            GROUP BY assignee_id
        ),
        member AS (
            SELECT people.id, people.name, role = 'viewer' AS is_viewer, removed_at IS NOT NULL AS is_former,
                   coalesce(waiting.count, 0) AS waiting
            FROM memberships JOIN people ON people.id = person_id
            LEFT JOIN waiting ON waiting.assignee_id = person_id
            WHERE team_id = $1
        ),
        task AS (
            SELECT board.key || '-' || candidate.number AS key, title, board.name AS board,
                   kind = 'doing' AS in_progress, assignee_id AS assignee, to_char(due_on, 'YYYY-MM-DD') AS due_on,
                   extract(epoch FROM
                       coalesce(greatest(started_at, assigned_at), candidate.created_at))::bigint AS since,
                   extract(epoch FROM greatest(updated_at, (
                       SELECT max(comments.created_at) FROM comments
                       WHERE comments.team_id = $1 AND comments.task_id = candidate.id
                         AND comments.deleted_at IS NULL
                   )))::bigint AS touched_at,
                   usual.seconds::bigint AS usual
            FROM candidate JOIN board ON board.id = candidate.board_id LEFT JOIN usual ON usual.id = board.id
            ORDER BY since, candidate.id
        )
        SELECT clock.name AS "team!", clock.in_progress_limit AS "in_progress_limit!",
               clock.stale_after_days AS "stale_after_days!",
               to_char(clock.today, 'YYYY-MM-DD') AS "today!", to_char(clock.horizon, 'YYYY-MM-DD') AS "horizon!",
               to_char(now() AT TIME ZONE clock.time_zone, 'HH24:MI') AS "clock!",
               extract(epoch FROM now())::bigint AS "now!", event_counters.last_seq AS "seq!",
               (SELECT array[key, name] FROM board ORDER BY created_at, id LIMIT 1) AS "first_board?",
               -- In the order of an index, because for the first that comes Postgres would read the whole table.
               (SELECT true FROM tasks WHERE team_id = $1 AND deleted_at IS NULL ORDER BY team_id, id LIMIT 1)
                   IS NOT NULL AS "has_tasks!",
               (SELECT coalesce(jsonb_agg(to_jsonb(member) ORDER BY lower(name), id), '[]') FROM member)
                   AS "members!: Json<Vec<MemberRow>>",
               (SELECT coalesce(json_agg(task), '[]') FROM task) AS "tasks!: Json<Vec<TaskRow>>",
               (SELECT coalesce(json_agg(week), '[]') FROM week) AS "weeks!: Json<Vec<WeekRow>>"
        FROM clock JOIN event_counters ON event_counters.team_id = $1
        "#,
        team as _,
        reader as _,
        MOST_TASKS,
        SIBLINGS,
        ENOUGH_SIBLINGS,
    )
    .fetch_one(db)
    .await?;
    let team = Team {
        members: row.members.0,
        tasks: row.tasks.0,
        weeks: row.weeks.0,
        has_reader: reader.is_some(),
        in_progress_limit: row.in_progress_limit,
        ground: super::risk::Ground {
            now: row.now,
            today: row.today,
            horizon: row.horizon,
            stale_after_days: row.stale_after_days,
        },
    };
    Ok(NowView {
        team: row.team,
        first_board: row
            .first_board
            .and_then(|board| <[String; 2]>::try_from(board).ok())
            .map(|[key, name]| BoardNow { key, name }),
        has_tasks: row.has_tasks,
        now: row.now,
        clock: row.clock,
        seq: row.seq,
        ..sorting::sort(team)
    })
}

/// Somebody who has more in progress than the team's limit.
pub struct Overload {
    pub name: String,
    pub in_progress: i64,
    pub limit: i16,
    /// Whether a task that the change gave them is in progress.
    pub is_new: bool,
}

/// Who was given tasks by a change and has too much in progress now.
pub async fn overloaded_by(
    db: impl PgExecutor<'_>,
    team: TeamId,
    change: ChangeId,
) -> Result<Vec<Overload>> {
    Ok(sqlx::query_as!(
        Overload,
        r#"
        WITH given AS (
            SELECT tasks.assignee_id, bool_or(tasks.kind = 'doing') AS is_new
            FROM events JOIN tasks ON tasks.team_id = events.team_id AND tasks.id = events.task_id
            WHERE events.team_id = $1 AND events.change_id = $2
              AND events.changes @> '[{"field": "assignee"}]' AND tasks.assignee_id IS NOT NULL
            GROUP BY tasks.assignee_id
        ),
        held AS (
            SELECT given.assignee_id, given.is_new, count(*) AS in_progress
            FROM given
            JOIN tasks ON tasks.team_id = $1 AND tasks.assignee_id = given.assignee_id
                      AND tasks.deleted_at IS NULL AND tasks.kind = 'doing'
            JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
            WHERE boards.archived_at IS NULL
            GROUP BY given.assignee_id, given.is_new
        )
        SELECT people.name, held.in_progress AS "in_progress!", teams.in_progress_limit AS "limit",
               held.is_new AS "is_new!"
        FROM held
        JOIN people ON people.id = held.assignee_id
        JOIN teams ON teams.team_id = $1
        WHERE held.in_progress > teams.in_progress_limit
        ORDER BY lower(people.name), people.id
        "#,
        team as _,
        change as _,
    )
    .fetch_all(db)
    .await?)
}
