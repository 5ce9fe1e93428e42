//! The table `webhooks`, and below it `webhook_deliveries`.

pub mod deliveries;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{DeliveryView, Disabled, Topic, WebhookView};
use crate::{
    error::{Error, Result},
    ids::{DeliveryId, PersonId, WebhookId},
    people::{access::TeamId, model::PersonName},
    server::settings::Secret,
};

/// Lets nobody else count or add webhooks of the team until the transaction ends.
pub async fn hold_all(connection: &mut PgConnection, team: TeamId) -> Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || $1::text, 0))",
        team.uuid().to_string(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many webhooks the team has.
pub async fn count(db: impl PgExecutor<'_>, team: TeamId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM webhooks WHERE team_id = $1 AND removed_at IS NULL"#,
        team as _,
    )
    .fetch_one(db)
    .await?)
}

/// Inserts a webhook that begins with the next event, unless the team has one of this id.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    id: WebhookId,
    url: &str,
    topics: &[Topic],
    secret: &Secret,
    created_by: PersonId,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO webhooks (team_id, id, url, topics, secret, created_by, last_seq)
        SELECT $1, $2, $3, $4, $5, $6, last_seq FROM event_counters WHERE team_id = $1
        ON CONFLICT ON CONSTRAINT webhooks_pkey DO NOTHING
        "#,
        team as _,
        id as _,
        url,
        &words(topics),
        secret.reveal(),
        created_by as _,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Gives a new secret to the same webhook that the same person has just made.
pub async fn replace_secret(
    connection: &mut PgConnection,
    team: TeamId,
    id: WebhookId,
    url: &str,
    topics: &[Topic],
    secret: &Secret,
    created_by: PersonId,
) -> Result<bool> {
    let replaced = sqlx::query!(
        r#"
        UPDATE webhooks SET secret = $5
        WHERE team_id = $1 AND id = $2 AND url = $3 AND topics = $4 AND created_by = $6
          AND removed_at IS NULL AND created_at > now() - interval '1 minute'
        "#,
        team as _,
        id as _,
        url,
        &words(topics),
        secret.reveal(),
        created_by as _,
    )
    .execute(connection)
    .await?;
    Ok(replaced.rows_affected() == 1)
}

/// Removes a webhook and its secret, and says whether it was there until now.
///
/// # Errors
/// 404 when the team has had no such webhook.
pub async fn remove(connection: &mut PgConnection, team: TeamId, id: WebhookId) -> Result<bool> {
    sqlx::query_scalar!(
        r#"
        WITH before AS (
            SELECT team_id, id, removed_at FROM webhooks WHERE team_id = $1 AND id = $2 FOR UPDATE
        )
        UPDATE webhooks SET removed_at = coalesce(webhooks.removed_at, now()), secret = NULL
        FROM before WHERE webhooks.team_id = before.team_id AND webhooks.id = before.id
        RETURNING before.removed_at IS NULL AS "was_there!"
        "#,
        team as _,
        id as _,
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(Error::not_found)
}

/// Turns a webhook on, and says whether it was turned off until now.
///
/// # Errors
/// 404 when the team has no such webhook.
pub async fn turn_on(connection: &mut PgConnection, team: TeamId, id: WebhookId) -> Result<bool> {
    sqlx::query_scalar!(
        r#"
        WITH before AS (
            SELECT team_id, id, disabled_at FROM webhooks
            WHERE team_id = $1 AND id = $2 AND removed_at IS NULL FOR UPDATE
        ),
        hurried AS (
            UPDATE webhook_deliveries SET next_attempt_at = now()
            FROM before
            WHERE webhook_deliveries.team_id = before.team_id AND webhook_id = before.id AND status = 'waiting'
        )
        UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failures = 0
        FROM before WHERE webhooks.team_id = before.team_id AND webhooks.id = before.id
        RETURNING before.disabled_at IS NOT NULL AS "was_off!"
        "#,
        team as _,
        id as _,
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(Error::not_found)
}

/// The webhooks of a team, the oldest first, or one of them.
pub async fn all(
    db: impl PgExecutor<'_>,
    team: TeamId,
    one: Option<WebhookId>,
) -> Result<Vec<WebhookView>> {
    let rows = sqlx::query!(
        r#"
        SELECT webhooks.id, url, topics, created_by, people.name, webhooks.created_at, failures,
               webhooks.disabled_at, disabled_reason,
               (SELECT count(*) FROM webhook_deliveries AS queue
                WHERE queue.team_id = webhooks.team_id AND queue.webhook_id = webhooks.id
                  AND queue.status = 'waiting') AS "waiting!",
               last.id AS "last_id?", last.kind AS "kind?", last.seq AS "seq?", last.status AS "status?",
               last.attempts AS "attempts?", last.tried_at AS "tried_at?", last.next_attempt_at AS "next_attempt_at?",
               last.response_status AS "response_status?", last.duration_ms AS "duration_ms?", last.error AS "error?",
               last.answer AS "answer?", last.created_at AS "last_created_at?"
        FROM webhooks JOIN people ON people.id = created_by
        LEFT JOIN LATERAL (
            SELECT * FROM webhook_deliveries AS delivery
            WHERE delivery.team_id = webhooks.team_id AND delivery.webhook_id = webhooks.id AND tried_at IS NOT NULL
            ORDER BY tried_at DESC LIMIT 1
        ) AS last ON true
        WHERE webhooks.team_id = $1 AND removed_at IS NULL AND ($2::uuid IS NULL OR webhooks.id = $2)
        ORDER BY webhooks.created_at, webhooks.id
        "#,
        team as _,
        one as _,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let last = match (row.last_id, row.status, row.next_attempt_at) {
                (Some(id), Some(status), Some(next_attempt_at)) => Some(DeliveryView {
                    id: id.into(),
                    kind: row.kind.unwrap_or_default(),
                    seq: row.seq,
                    status: status.parse()?,
                    attempts: row.attempts.unwrap_or_default(),
                    tried_at: row.tried_at.map(OffsetDateTime::unix_timestamp),
                    next_attempt_at: next_attempt_at.unix_timestamp(),
                    response_status: row.response_status,
                    duration_ms: row.duration_ms,
                    error: row.error,
                    answer: row.answer,
                    created_at: row
                        .last_created_at
                        .map_or(0, OffsetDateTime::unix_timestamp),
                }),
                _ => None,
            };
            Ok(WebhookView {
                id: row.id.into(),
                url: row.url,
                topics: topics(&row.topics)?,
                created_by: PersonName {
                    id: row.created_by.into(),
                    name: row.name,
                },
                created_at: row.created_at.unix_timestamp(),
                failures: row.failures,
                disabled: row
                    .disabled_at
                    .zip(row.disabled_reason)
                    .map(|(at, reason)| Disabled {
                        at: at.unix_timestamp(),
                        reason,
                    }),
                last,
                waiting: row.waiting,
                next_test: DeliveryId::new(),
            })
        })
        .collect()
}

/// The addresses of the team's owners who can sign in.
pub async fn owners(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT email FROM memberships JOIN people ON people.id = person_id
        WHERE team_id = $1 AND role = 'owner' AND removed_at IS NULL AND disabled_at IS NULL
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?)
}

/// Removes what was removed or sent long ago, and tells how many deliveries these were.
pub async fn remove_old(connection: &mut PgConnection) -> Result<u64> {
    let removed = sqlx::query!(
        r#"
        DELETE FROM webhook_deliveries USING webhooks
        WHERE webhooks.team_id = webhook_deliveries.team_id AND webhooks.id = webhook_id
          AND (webhook_deliveries.created_at < now() - interval '30 days' OR removed_at IS NOT NULL)
        "#
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        DELETE FROM webhooks WHERE removed_at < now() - interval '30 days'
          AND NOT EXISTS (
              SELECT FROM webhook_deliveries
              WHERE webhook_deliveries.team_id = webhooks.team_id AND webhook_id = webhooks.id
          )
        "#
    )
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

/// Takes away the beginnings of answers that say one of these words: a target may repeat what it was sent.
pub async fn forget_answers(
    connection: &mut PgConnection,
    teams: &[Uuid],
    words: &[String],
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE webhook_deliveries SET answer = NULL
        WHERE team_id = ANY($1) AND answer IS NOT NULL AND EXISTS (
            SELECT FROM unnest($2::text[]) AS word WHERE strpos(lower(answer), lower(word)) > 0
        )
        "#,
        teams,
        words,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn words(topics: &[Topic]) -> Vec<String> {
    topics
        .iter()
        .map(|topic| topic.as_str().to_owned())
        .collect()
}

fn topics(words: &[String]) -> Result<Vec<Topic>> {
    words.iter().map(|word| word.parse()).collect()
}
