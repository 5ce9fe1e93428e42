//! What reaches a team from outside, or goes out of it.

use sqlx::PgPool;
use uuid::Uuid;

use super::Person;
use crate::accounts::{token, tokens};

/// A seeded API token.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub id: Uuid,
    pub token: String,
}

/// A seeded wall link.
#[derive(Clone, Debug)]
pub struct WallLink {
    pub id: Uuid,
    pub token: String,
}

/// A seeded webhook, and something that was sent to it.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: Uuid,
    pub secret: String,
    pub delivery: Uuid,
}

/// An API token of a person, which is limited to a team if one is given.
pub async fn api_token(
    db: &PgPool,
    person: &Person,
    scope: &str,
    only_team: Option<Uuid>,
) -> ApiToken {
    let (id, token) = (Uuid::now_v7(), tokens::random());
    sqlx::query(
        r#"
        INSERT INTO api_tokens (id, person_id, name, token_hash, hint, scope, only_team_id, expires_at)
        VALUES ($1, $2, 'Seeded', $3, $4, $5, $6, now() + interval '1 day')
        "#,
    )
    .bind(id)
    .bind(person.id)
    .bind(token::hash(&token))
    .bind(tokens::hint(&token))
    .bind(scope)
    .bind(only_team)
    .execute(db)
    .await
    .expect("an API token");
    ApiToken { id, token }
}

/// A link by which a display shows the Now page.
pub async fn wall_link(db: &PgPool, team: Uuid, by: &Person) -> WallLink {
    let token = token::random();
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO wall_links (team_id, id, token_hash, created_by) VALUES ($1, $2, $3, $4)",
    )
    .bind(team)
    .bind(id)
    .bind(token::hash(&token))
    .bind(by.id)
    .execute(db)
    .await
    .expect("a wall link");
    WallLink { id, token }
}

/// Revokes a wall link.
pub async fn revoke_wall_link(db: &PgPool, team: Uuid, link: &WallLink) {
    sqlx::query("UPDATE wall_links SET revoked_at = now() WHERE team_id = $1 AND id = $2")
        .bind(team)
        .bind(link.id)
        .execute(db)
        .await
        .expect("a revoked wall link");
}

/// A webhook that is turned off, to an address that leads nowhere, and the delivery of the team's first event to it.
pub async fn webhook(db: &PgPool, team: Uuid, by: &Person) -> Webhook {
    let webhook = Webhook {
        id: Uuid::now_v7(),
        secret: token::random(),
        delivery: Uuid::now_v7(),
    };
    sqlx::query(
        r#"
        WITH webhook AS (
            INSERT INTO webhooks (team_id, id, url, topics, secret, last_seq, created_by, disabled_at,
                                  disabled_reason)
            VALUES ($1, $2, 'https://hooks.example.test/', '{team}', $3, 1, $4, now(), 'It answered 500.')
            RETURNING team_id, id
        )
        INSERT INTO webhook_deliveries (team_id, webhook_id, id, seq, kind, status, attempts, tried_at)
        SELECT team_id, id, $5, 1, 'team.created', 'failed', 1, now() FROM webhook
        "#,
    )
    .bind(team)
    .bind(webhook.id)
    .bind(&webhook.secret)
    .bind(by.id)
    .bind(webhook.delivery)
    .execute(db)
    .await
    .expect("a webhook");
    webhook
}
