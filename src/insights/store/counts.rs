//! How often what is counted happened, and how often a claim was taken.

use sqlx::PgExecutor;
use time::Date;
use uuid::Uuid;

use crate::{error::Result, insights::period::Period, people::access::TeamId};

/// How often something happened on a day.
#[derive(Debug)]
pub struct DayCount {
    pub kind: String,
    pub day: Date,
    pub count: i64,
}

/// How often each kind of usage happened on each day of a period, and `claim.taken`, which is a change. It is
/// everybody's or some people's; what is counted without whose it was is nobody's.
pub async fn by_day(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
    whom: Option<&[Uuid]>,
) -> Result<Vec<DayCount>> {
    Ok(sqlx::query_as!(
        DayCount,
        r#"
        WITH zone AS (
            SELECT time_zone, day_begins($2, time_zone) AS since, day_begins($3::date + 1, time_zone) AS before
            FROM teams WHERE team_id = $1
        )
        SELECT kind AS "kind!", (at AT TIME ZONE time_zone)::date AS "day!", count(*) AS "count!"
        FROM (
            SELECT kind, at, time_zone FROM zone CROSS JOIN usage
            WHERE team_id = $1 AND at >= since AND at < before AND ($4::uuid[] IS NULL OR person_id = ANY ($4))
            UNION ALL
            SELECT 'claim.taken', at, time_zone FROM zone CROSS JOIN events
            WHERE team_id = $1 AND at >= since AND at < before AND kind = 'task.claimed'
              AND ($4::uuid[] IS NULL OR actor_id = ANY ($4))
        ) AS happened
        GROUP BY 1, 2 ORDER BY 1, 2
        "#,
        team as _,
        period.from,
        period.to,
        whom,
    )
    .fetch_all(db)
    .await?)
}
