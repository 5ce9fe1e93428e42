//! The table `api_tokens`. A token is stored as its hash only.

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use crate::{
    accounts::{
        model::tokens::{TokenTeams, TokenView},
        tokens::{NewToken, TokenHolder},
    },
    error::Result,
    ids::{PersonId, SessionId, TokenId},
    people::model::PersonName,
};

/// Whose token has this hash, unless it is over or its person disabled. That it was used is noted once a minute.
pub async fn used(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<TokenHolder>> {
    sqlx::query!(
        r#"
        WITH held AS (
            SELECT api_tokens.id, person_id, people.name, scope, only_team_id
            FROM api_tokens JOIN people ON people.id = person_id
            WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > now() AND disabled_at IS NULL
        ),
        noted AS (
            UPDATE api_tokens SET last_used_at = now()
            FROM held
            WHERE api_tokens.id = held.id
              AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        )
        SELECT id, person_id, name, scope, only_team_id FROM held
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?
    .map(|row| {
        Ok(TokenHolder {
            id: row.id.into(),
            person: PersonName {
                id: row.person_id.into(),
                name: row.name,
            },
            scope: row.scope.parse()?,
            team: row.only_team_id,
        })
    })
    .transpose()
}

/// Holds a person until the transaction ends, so that their tokens are counted one after the other, and none is
/// made beside a change of their password. Says `false` when they are disabled.
pub async fn hold_person(db: impl PgExecutor<'_>, person: PersonId) -> Result<bool> {
    let held = sqlx::query!(
        "SELECT FROM people WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE",
        person as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(held.is_some())
}

/// Whether a session has not ended meanwhile.
pub async fn is_open(db: impl PgExecutor<'_>, session: SessionId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM sessions WHERE id = $1) AS "is_open!""#,
        session as _,
    )
    .fetch_one(db)
    .await?)
}

/// How many tokens of a person work.
pub async fn count(db: impl PgExecutor<'_>, person: PersonId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!" FROM api_tokens
        WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > now()
        "#,
        person as _,
    )
    .fetch_one(db)
    .await?)
}

/// Inserts a token, unless there is one of this id.
pub async fn insert(
    connection: &mut PgConnection,
    person: PersonId,
    new: &NewToken,
    token_hash: &[u8],
    hint: &str,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO api_tokens (id, person_id, name, token_hash, hint, scope, only_team_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))
        ON CONFLICT ON CONSTRAINT api_tokens_pkey DO NOTHING
        "#,
        new.id as _,
        person as _,
        new.name.as_str(),
        token_hash,
        hint,
        new.scope.as_str(),
        new.team,
        new.lifetime.days(),
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Makes a token anew that the same person has just made in the same way, and that nobody has used.
pub async fn replace(
    connection: &mut PgConnection,
    person: PersonId,
    new: &NewToken,
    token_hash: &[u8],
    hint: &str,
) -> Result<bool> {
    let replaced = sqlx::query!(
        r#"
        UPDATE api_tokens SET token_hash = $4, hint = $5
        WHERE id = $1 AND person_id = $2 AND name = $3 AND scope = $6 AND only_team_id IS NOT DISTINCT FROM $7
          AND expires_at = created_at + make_interval(days => $8)
          AND revoked_at IS NULL AND last_used_at IS NULL AND created_at > now() - interval '1 minute'
        "#,
        new.id as _,
        person as _,
        new.name.as_str(),
        token_hash,
        hint,
        new.scope.as_str(),
        new.team,
        new.lifetime.days(),
    )
    .execute(connection)
    .await?;
    Ok(replaced.rows_affected() == 1)
}

/// A person's tokens that work or have run out not long ago, the newest first.
pub async fn of(db: impl PgExecutor<'_>, person: PersonId) -> Result<Vec<TokenView>> {
    sqlx::query!(
        r#"
        SELECT api_tokens.id, api_tokens.name, hint, scope, only_team_id, teams.name AS "team?",
               api_tokens.created_at, expires_at, last_used_at
        FROM api_tokens
        LEFT JOIN memberships ON memberships.team_id = only_team_id
                             AND memberships.person_id = api_tokens.person_id AND removed_at IS NULL
        LEFT JOIN teams ON teams.team_id = memberships.team_id
        WHERE api_tokens.person_id = $1 AND revoked_at IS NULL
        ORDER BY api_tokens.created_at DESC, api_tokens.id LIMIT 100
        "#,
        person as _,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(|row| {
        Ok(TokenView {
            id: row.id.into(),
            name: row.name,
            hint: row.hint,
            scope: row.scope.parse()?,
            teams: match (row.only_team_id, row.team) {
                (None, _) => TokenTeams::All,
                (Some(_), Some(name)) => TokenTeams::One(name),
                (Some(_), None) => TokenTeams::Left,
            },
            created_at: row.created_at.unix_timestamp(),
            expires_at: row.expires_at.unix_timestamp(),
            last_used_at: row.last_used_at.map(OffsetDateTime::unix_timestamp),
        })
    })
    .collect()
}

/// Makes a person's token unusable. Says whether they have one of this id, used up or not.
pub async fn revoke(db: impl PgExecutor<'_>, person: PersonId, id: TokenId) -> Result<bool> {
    let revoked = sqlx::query!(
        "UPDATE api_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 AND person_id = $2",
        id as _,
        person as _,
    )
    .execute(db)
    .await?;
    Ok(revoked.rows_affected() == 1)
}

/// Makes every token of a person unusable.
pub async fn revoke_all(connection: &mut PgConnection, person: PersonId) -> Result<()> {
    sqlx::query!(
        "UPDATE api_tokens SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL",
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes tokens that were over 30 days ago, and says how many.
pub async fn remove_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let removed = sqlx::query!(
        "DELETE FROM api_tokens WHERE least(expires_at, revoked_at) < now() - interval '30 days'",
    )
    .execute(db)
    .await?;
    Ok(removed.rows_affected())
}
