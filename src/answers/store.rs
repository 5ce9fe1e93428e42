//! The table `answers`.

use std::{collections::HashMap, time::Duration};

use sqlx::PgExecutor;
use uuid::Uuid;

use super::counting::Sum;
use crate::{error::Result, server::metrics::BOUNDARIES};

/// Adds sums that were begun so long ago. Several instances add to the same hour, all in one order of the teams.
pub async fn add(db: impl PgExecutor<'_>, sums: &HashMap<Uuid, Sum>, age: Duration) -> Result<()> {
    let (teams, sums): (Vec<Uuid>, Vec<&Sum>) = sums.iter().unzip();
    let each =
        |number: fn(&Sum) -> i64| -> Vec<i64> { sums.iter().map(|sum| number(sum)).collect() };
    // A statement takes no arrays of arrays: one after the other.
    let buckets: Vec<i64> = sums.iter().flat_map(|sum| sum.buckets).collect();
    let length = i32::try_from(BOUNDARIES.len() + 1).unwrap_or(i32::MAX);
    sqlx::query!(
        r#"
        INSERT INTO answers (team_id, hour, answers, errors, fast, buckets)
        SELECT counted.team_id, date_trunc('hour', now() - make_interval(secs => $1), 'UTC'),
               counted.answers, counted.errors, counted.fast,
               ($6::bigint[])[(counted.n::int - 1) * $7::int + 1 : counted.n::int * $7::int]
        FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
             AS counted (team_id, answers, errors, fast, n)
        JOIN teams ON teams.team_id = counted.team_id
        ORDER BY counted.team_id
        ON CONFLICT ON CONSTRAINT answers_pkey DO UPDATE SET
            answers = answers.answers + excluded.answers,
            errors = answers.errors + excluded.errors,
            fast = answers.fast + excluded.fast,
            buckets = (
                SELECT array_agg(here + there ORDER BY n)
                FROM unnest(answers.buckets, excluded.buckets) WITH ORDINALITY AS both_sides (here, there, n)
            )
        "#,
        age.as_secs_f64(),
        &teams,
        &each(|sum| sum.answers),
        &each(|sum| sum.errors),
        &each(|sum| sum.fast),
        &buckets,
        length,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes some of what was counted more than 400 days ago, and tells how much. What another instance is
/// deleting is left to it.
pub async fn forget_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let deleted = sqlx::query!(
        r#"
        DELETE FROM answers WHERE (team_id, hour) IN (
            SELECT team_id, hour FROM answers WHERE hour < now() - interval '400 days'
            LIMIT 5000 FOR UPDATE SKIP LOCKED
        )
        "#,
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected())
}
