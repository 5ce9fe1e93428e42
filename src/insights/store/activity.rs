//! Who joined, who did something, and how much. Ids of people stay on the server: figures count them.

use sqlx::PgExecutor;
use time::Date;
use uuid::Uuid;

use crate::{error::Result, insights::period::Period, people::access::TeamId};

/// Somebody who joined, by the last time that they did, and their first steps.
#[derive(Debug)]
pub struct Joined {
    pub person: Uuid,
    pub on: Date,
    /// Viewers take no steps.
    pub may_write: bool,
    /// Whether they did something to a task, comments included, within 24 hours.
    pub touched: bool,
    /// Whether they claimed a task within 7 days.
    pub claimed: bool,
    /// Whether the 24 hours are over, so that it is known.
    pub is_day_over: bool,
    /// Whether the 7 days are over.
    pub is_week_over: bool,
}

/// Who joined in a period: everybody, or those among some people. Whoever has left since is counted too.
pub async fn joined(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
    whom: Option<&[Uuid]>,
) -> Result<Vec<Joined>> {
    Ok(sqlx::query_as!(
        Joined,
        r#"
        SELECT person_id AS person, (joined_at AT TIME ZONE time_zone)::date AS "on!",
               role <> 'viewer' AS "may_write!",
               EXISTS (
                   SELECT FROM events
                   WHERE events.team_id = $1 AND actor_id = person_id
                     AND at >= joined_at AND at < joined_at + interval '24 hours'
                     AND (kind LIKE 'task.%' OR kind LIKE 'comment.%')
               ) AS "touched!",
               EXISTS (
                   SELECT FROM events
                   WHERE events.team_id = $1 AND actor_id = person_id
                     AND at >= joined_at AND at < joined_at + interval '168 hours' AND kind = 'task.claimed'
               ) AS "claimed!",
               joined_at + interval '24 hours' <= now() AS "is_day_over!",
               joined_at + interval '168 hours' <= now() AS "is_week_over!"
        FROM memberships JOIN teams USING (team_id)
        WHERE team_id = $1 AND joined_at >= day_begins($2, time_zone) AND joined_at < day_begins($3::date + 1, time_zone)
          AND ($4::uuid[] IS NULL OR person_id = ANY ($4))
        ORDER BY joined_at, person_id
        "#,
        team as _,
        period.from,
        period.to,
        whom,
    )
    .fetch_all(db)
    .await?)
}

/// How many seconds after the team was founded the second person joined it. None while there is only one.
pub async fn first_teammate(db: impl PgExecutor<'_>, team: TeamId) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT extract(epoch FROM joined_at - teams.created_at)::bigint AS "seconds!"
        FROM memberships JOIN teams USING (team_id)
        WHERE team_id = $1 ORDER BY joined_at, person_id OFFSET 1 LIMIT 1
        "#,
        team as _,
    )
    .fetch_optional(db)
    .await?)
}

/// A day on which somebody changed something.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ActiveDay {
    pub day: Date,
    pub person: Uuid,
}

/// The days on which people changed something that the log knows, each person once a day. Coming and going is no
/// change of the team's work.
pub async fn active_days(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
    whom: Option<&[Uuid]>,
) -> Result<Vec<ActiveDay>> {
    Ok(sqlx::query_as!(
        ActiveDay,
        r#"
        SELECT DISTINCT (at AT TIME ZONE time_zone)::date AS "day!", actor_id AS person
        FROM events JOIN teams USING (team_id)
        WHERE team_id = $1 AND at >= day_begins($2, time_zone) AND at < day_begins($3::date + 1, time_zone)
          AND kind NOT IN ('member.joined', 'member.left')
          AND ($4::uuid[] IS NULL OR actor_id = ANY ($4))
        ORDER BY 1, 2
        "#,
        team as _,
        period.from,
        period.to,
        whom,
    )
    .fetch_all(db)
    .await?)
}

/// How many changes each person made who made any, whose they were left out. A change of many tasks at once is
/// one, and coming and going is none.
pub async fn changes_by_person(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
    whom: Option<&[Uuid]>,
) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT count(DISTINCT change_id) AS "changes!"
        FROM events JOIN teams USING (team_id)
        WHERE team_id = $1 AND at >= day_begins($2, time_zone) AND at < day_begins($3::date + 1, time_zone)
          AND kind NOT IN ('member.joined', 'member.left')
          AND ($4::uuid[] IS NULL OR actor_id = ANY ($4))
        GROUP BY actor_id ORDER BY 1
        "#,
        team as _,
        period.from,
        period.to,
        whom,
    )
    .fetch_all(db)
    .await?)
}
