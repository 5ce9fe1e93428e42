//! The table `webhook_deliveries`, and the lease of the webhook that they belong to.

use std::time::Duration;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::topics;
use crate::{
    error::{Error, Result},
    ids::{DeliveryId, WebhookId},
    people::access::TeamId,
    server::settings::Secret,
    webhooks::{
        model::{DeliveryView, SHOWN, TEST, Topic},
        sender::Outcome,
    },
};

/// A webhook that this process delivers to for the moment. Its team is the proof that owners gave by making it.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub team: TeamId,
    pub webhook: WebhookId,
    lease: Uuid,
}

/// Where and what a webhook is told.
pub struct Target {
    pub team_slug: String,
    pub url: String,
    pub secret: Secret,
    pub topics: Vec<Topic>,
    pub last_seq: i64,
    pub is_on: bool,
}

/// The first that waits.
pub struct Next {
    pub id: DeliveryId,
    pub seq: Option<i64>,
    pub kind: String,
    pub attempts: i32,
    /// Whether a person asked for it.
    pub is_asked: bool,
    pub is_due: bool,
}

/// Takes up to so many webhooks of which something is due and that nobody else has.
pub async fn claim(db: impl PgExecutor<'_>, lasts: Duration, limit: i64) -> Result<Vec<Claimed>> {
    let lease = Uuid::now_v7();
    let rows = sqlx::query!(
        r#"
        WITH due AS (
            SELECT team_id, id FROM webhooks
            WHERE removed_at IS NULL AND leased_until <= now()
              AND (
                  EXISTS (
                      SELECT FROM webhook_deliveries AS asked
                      WHERE asked.team_id = webhooks.team_id AND asked.webhook_id = webhooks.id
                        AND asked.status = 'waiting' AND asked.asked_at IS NOT NULL
                  )
                  OR disabled_at IS NULL AND (
                      last_seq < (SELECT last_seq FROM event_counters WHERE event_counters.team_id = webhooks.team_id)
                      OR (
                          SELECT next_attempt_at <= now() FROM webhook_deliveries AS first
                          WHERE first.team_id = webhooks.team_id AND first.webhook_id = webhooks.id
                            AND first.status = 'waiting'
                          ORDER BY asked_at, seq LIMIT 1
                      )
                  )
              )
            ORDER BY leased_until LIMIT $3
            FOR UPDATE SKIP LOCKED
        )
        UPDATE webhooks SET lease = $1, leased_until = now() + make_interval(secs => $2)
        FROM due WHERE webhooks.team_id = due.team_id AND webhooks.id = due.id
        RETURNING webhooks.team_id AS "team: TeamId", webhooks.id
        "#,
        lease,
        lasts.as_secs_f64(),
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            team: row.team,
            webhook: row.id.into(),
            lease,
        })
        .collect())
}

/// Keeps a webhook for longer, and reads it as it stands. None when it is gone or somebody else's.
pub async fn renew(
    db: impl PgExecutor<'_>,
    claimed: &Claimed,
    lasts: Duration,
) -> Result<Option<Target>> {
    let row = sqlx::query!(
        r#"
        UPDATE webhooks SET leased_until = now() + make_interval(secs => $4)
        FROM teams
        WHERE webhooks.team_id = $1 AND id = $2 AND lease = $3 AND removed_at IS NULL
          AND teams.team_id = webhooks.team_id
        RETURNING slug, url, secret AS "secret!", topics, last_seq, disabled_at IS NULL AS "is_on!"
        "#,
        claimed.team as _,
        claimed.webhook as _,
        claimed.lease,
        lasts.as_secs_f64(),
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Target {
            team_slug: row.slug,
            url: row.url,
            secret: Secret::new(row.secret),
            topics: topics(&row.topics)?,
            last_seq: row.last_seq,
            is_on: row.is_on,
        })
    })
    .transpose()
}

/// Gives a webhook back.
pub async fn release(db: impl PgExecutor<'_>, claimed: &Claimed) -> Result<()> {
    sqlx::query!(
        "UPDATE webhooks SET leased_until = now() WHERE team_id = $1 AND id = $2 AND lease = $3",
        claimed.team as _,
        claimed.webhook as _,
        claimed.lease,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Lets events wait for a webhook and moves its cursor over them, unless somebody else did.
pub async fn enqueue(
    db: impl PgExecutor<'_>,
    claimed: &Claimed,
    from: i64,
    to: i64,
    events: &[(DeliveryId, i64, String)],
) -> Result<()> {
    let ids: Vec<Uuid> = events.iter().map(|(id, ..)| id.0).collect();
    let seqs: Vec<i64> = events.iter().map(|(_, seq, _)| *seq).collect();
    let kinds: Vec<String> = events.iter().map(|(.., kind)| kind.clone()).collect();
    sqlx::query!(
        r#"
        WITH moved AS (
            UPDATE webhooks SET last_seq = $5
            WHERE team_id = $1 AND id = $2 AND lease = $3 AND last_seq = $4
            RETURNING team_id, id
        )
        INSERT INTO webhook_deliveries (team_id, webhook_id, id, seq, kind)
        SELECT moved.team_id, moved.id, event.id, event.seq, event.kind
        FROM moved, unnest($6::uuid[], $7::bigint[], $8::text[]) AS event (id, seq, kind)
        ON CONFLICT ON CONSTRAINT webhook_deliveries_seq_key DO NOTHING
        "#,
        claimed.team as _,
        claimed.webhook as _,
        claimed.lease,
        from,
        to,
        &ids,
        &seqs,
        &kinds,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The first that waits; of a webhook that is turned off only what a person asked for.
pub async fn next(db: impl PgExecutor<'_>, claimed: &Claimed, is_on: bool) -> Result<Option<Next>> {
    let row = sqlx::query!(
        r#"
        SELECT id, seq, kind, attempts, asked_at IS NOT NULL AS "is_asked!", next_attempt_at <= now() AS "is_due!"
        FROM webhook_deliveries
        WHERE team_id = $1 AND webhook_id = $2 AND status = 'waiting' AND ($3 OR asked_at IS NOT NULL)
        ORDER BY asked_at, seq LIMIT 1
        "#,
        claimed.team as _,
        claimed.webhook as _,
        is_on,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Next {
        id: row.id.into(),
        seq: row.seq,
        kind: row.kind,
        attempts: row.attempts,
        is_asked: row.is_asked,
        is_due: row.is_due,
    }))
}

/// Writes down that a delivery was taken.
pub async fn delivered(
    db: impl PgExecutor<'_>,
    claimed: &Claimed,
    id: DeliveryId,
    outcome: &Outcome,
) -> Result<()> {
    sqlx::query!(
        r#"
        WITH settled AS (
            UPDATE webhook_deliveries
            SET status = 'delivered', attempts = attempts + 1, asked_at = NULL, response_status = $4, duration_ms = $5,
                error = NULL, answer = NULL, tried_at = now(), delivered_at = now()
            WHERE team_id = $1 AND webhook_id = $2 AND id = $3
        )
        UPDATE webhooks SET failures = 0 WHERE team_id = $1 AND id = $2 AND failures > 0
        "#,
        claimed.team as _,
        claimed.webhook as _,
        id as _,
        status(outcome),
        milliseconds(outcome),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes down that what a person asked for was not taken. It is not tried again unasked.
pub async fn failed_once(
    db: impl PgExecutor<'_>,
    claimed: &Claimed,
    id: DeliveryId,
    outcome: &Outcome,
) -> Result<()> {
    let (error, answer) = said(outcome);
    sqlx::query!(
        r#"
        UPDATE webhook_deliveries
        SET status = 'failed', attempts = attempts + 1, asked_at = NULL, response_status = $4, duration_ms = $5,
            error = $6, answer = $7, tried_at = now()
        WHERE team_id = $1 AND webhook_id = $2 AND id = $3
        "#,
        claimed.team as _,
        claimed.webhook as _,
        id as _,
        status(outcome),
        milliseconds(outcome),
        error,
        answer,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes down that a delivery was not taken and waits for another attempt. With too many failures in a row it
/// is given up and the webhook turned off; tells whether that happened.
pub async fn failed(
    db: impl PgExecutor<'_>,
    claimed: &Claimed,
    id: DeliveryId,
    outcome: &Outcome,
    pause: Duration,
    most: i32,
    why: &str,
) -> Result<bool> {
    let (error, answer) = said(outcome);
    let turned_off = sqlx::query_scalar!(
        r#"
        WITH webhook AS (
            UPDATE webhooks
            SET failures = failures + 1,
                disabled_at = CASE WHEN failures + 1 >= $4 THEN now() END,
                disabled_reason = CASE WHEN failures + 1 >= $4 THEN $5 END
            WHERE team_id = $1 AND id = $2 AND disabled_at IS NULL
            RETURNING disabled_at IS NOT NULL AS is_off
        )
        UPDATE webhook_deliveries
        SET status = CASE WHEN is_off THEN 'failed' ELSE 'waiting' END, attempts = attempts + 1,
            next_attempt_at = now() + make_interval(secs => $6), response_status = $7, duration_ms = $8,
            error = $9, answer = $10, tried_at = now()
        FROM webhook
        WHERE team_id = $1 AND webhook_id = $2 AND id = $3
        RETURNING is_off AS "is_off!"
        "#,
        claimed.team as _,
        claimed.webhook as _,
        id as _,
        most,
        why,
        pause.as_secs_f64(),
        status(outcome),
        milliseconds(outcome),
        error,
        answer,
    )
    .fetch_optional(db)
    .await?;
    Ok(turned_off.unwrap_or(false))
}

/// Lets a test wait, ahead of everything else. The same test again is the same one.
///
/// # Errors
/// 404 when the team has no such webhook.
pub async fn insert_test(
    connection: &mut PgConnection,
    team: TeamId,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<()> {
    let there = sqlx::query_scalar!(
        r#"
        WITH webhook AS (
            SELECT team_id, id FROM webhooks WHERE team_id = $1 AND id = $2 AND removed_at IS NULL
        ),
        test AS (
            INSERT INTO webhook_deliveries (team_id, webhook_id, id, kind, asked_at)
            SELECT team_id, id, $3, $4, now() FROM webhook
            ON CONFLICT ON CONSTRAINT webhook_deliveries_pkey DO NOTHING
        )
        SELECT count(*) AS "count!" FROM webhook
        "#,
        team as _,
        webhook as _,
        id as _,
        TEST,
    )
    .fetch_one(connection)
    .await?;
    (there > 0).then_some(()).ok_or_else(Error::not_found)
}

/// Lets a delivery be sent again, ahead of everything else. One that waits keeps its place and is only not paused any
/// longer, unless the webhook is turned off, where nothing else would send it.
///
/// # Errors
/// 404 when the webhook has no such delivery.
pub async fn ask_again(
    connection: &mut PgConnection,
    team: TeamId,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<()> {
    let asked = sqlx::query!(
        r#"
        UPDATE webhook_deliveries
        SET asked_at = CASE WHEN status = 'waiting' AND disabled_at IS NULL THEN asked_at ELSE now() END,
            status = 'waiting', next_attempt_at = now()
        FROM webhooks
        WHERE webhook_deliveries.team_id = $1 AND webhook_id = $2 AND webhook_deliveries.id = $3
          AND webhooks.team_id = webhook_deliveries.team_id AND webhooks.id = webhook_id AND removed_at IS NULL
        "#,
        team as _,
        webhook as _,
        id as _,
    )
    .execute(connection)
    .await?;
    (asked.rows_affected() == 1)
        .then_some(())
        .ok_or_else(Error::not_found)
}

/// Lets a delivery and everything after it go through the queue again, in order.
///
/// # Errors
/// 404 when the webhook has no such delivery of an event.
pub async fn requeue_since(
    connection: &mut PgConnection,
    team: TeamId,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<()> {
    let queued = sqlx::query!(
        r#"
        UPDATE webhook_deliveries
        SET status = 'waiting', asked_at = NULL, attempts = 0, next_attempt_at = now()
        FROM webhook_deliveries AS first
        JOIN webhooks ON webhooks.team_id = first.team_id AND webhooks.id = first.webhook_id AND removed_at IS NULL
        WHERE first.team_id = $1 AND first.webhook_id = $2 AND first.id = $3
          AND webhook_deliveries.team_id = first.team_id AND webhook_deliveries.webhook_id = first.webhook_id
          AND webhook_deliveries.seq >= first.seq
        "#,
        team as _,
        webhook as _,
        id as _,
    )
    .execute(connection)
    .await?;
    (queued.rows_affected() > 0)
        .then_some(())
        .ok_or_else(Error::not_found)
}

/// The latest deliveries of a webhook, newest first.
pub async fn latest(
    db: impl PgExecutor<'_>,
    team: TeamId,
    webhook: WebhookId,
) -> Result<Vec<DeliveryView>> {
    let rows = sqlx::query!(
        r#"
        SELECT id, kind, seq, status, attempts, tried_at, next_attempt_at, response_status, duration_ms, error, answer,
               created_at
        FROM webhook_deliveries WHERE team_id = $1 AND webhook_id = $2
        ORDER BY created_at DESC, seq DESC LIMIT $3
        "#,
        team as _,
        webhook as _,
        SHOWN,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(DeliveryView {
                id: row.id.into(),
                kind: row.kind,
                seq: row.seq,
                status: row.status.parse()?,
                attempts: row.attempts,
                tried_at: row.tried_at.map(OffsetDateTime::unix_timestamp),
                next_attempt_at: row.next_attempt_at.unix_timestamp(),
                response_status: row.response_status,
                duration_ms: row.duration_ms,
                error: row.error,
                answer: row.answer,
                created_at: row.created_at.unix_timestamp(),
            })
        })
        .collect()
}

/// How many deliveries wait, in all teams.
pub async fn waiting(db: impl PgExecutor<'_>) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM webhook_deliveries WHERE status = 'waiting'"#
    )
    .fetch_one(db)
    .await?)
}

fn status(outcome: &Outcome) -> Option<i16> {
    outcome.status.and_then(|status| i16::try_from(status).ok())
}

fn milliseconds(outcome: &Outcome) -> i32 {
    i32::try_from(outcome.took.as_millis()).unwrap_or(i32::MAX)
}

fn said(outcome: &Outcome) -> (Option<&str>, Option<&str>) {
    match &outcome.failure {
        Some(failure) => (Some(&failure.why), failure.answer.as_deref()),
        None => (None, None),
    }
}
