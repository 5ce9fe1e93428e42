//! How the server answered the team's people, out of the table of the slice `answers`.

use sqlx::PgExecutor;
use time::Date;

use crate::{error::Result, insights::period::Period, people::access::TeamId};

/// The answers of one day.
#[derive(Debug)]
pub struct AnswersOfDay {
    pub day: Date,
    pub answers: i64,
    pub errors: i64,
    pub fast: i64,
    /// How many took so long, by the boundaries that they were counted with.
    pub buckets: Vec<i64>,
}

/// The answers of each day of a period on which there were any. They were counted by the hour, and an hour is of
/// the day in which it begins.
pub async fn by_day(
    db: impl PgExecutor<'_>,
    team: TeamId,
    period: Period,
) -> Result<Vec<AnswersOfDay>> {
    Ok(sqlx::query_as!(
        AnswersOfDay,
        r#"
        WITH counted AS MATERIALIZED (
            SELECT (hour AT TIME ZONE time_zone)::date AS day, answers.*
            FROM answers JOIN teams ON teams.team_id = answers.team_id
            WHERE answers.team_id = $1
              AND hour >= day_begins($2, time_zone) AND hour < day_begins($3::date + 1, time_zone)
        ),
        bucket AS (
            SELECT day, place, sum(count)::bigint AS count
            FROM counted CROSS JOIN LATERAL unnest(buckets) WITH ORDINALITY AS each (count, place)
            GROUP BY day, place
        ),
        spread AS (
            SELECT day, array_agg(count ORDER BY place) AS buckets FROM bucket GROUP BY day
        )
        SELECT day AS "day!", sum(answers)::bigint AS "answers!", sum(errors)::bigint AS "errors!",
               sum(fast)::bigint AS "fast!", spread.buckets AS "buckets!"
        FROM counted JOIN spread USING (day)
        GROUP BY day, spread.buckets ORDER BY day
        "#,
        team as _,
        period.from,
        period.to,
    )
    .fetch_all(db)
    .await?)
}
