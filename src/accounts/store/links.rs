//! The table `account_links`: one-time links, of which only the hash is stored.

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgExecutor, types::Json};

use crate::{
    error::{Error, Result},
    ids::PersonId,
    people::model::PersonName,
};

/// What a one-time link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    ResetPassword,
    ConfirmEmail,
    Register,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::ConfirmEmail => "confirm_email",
            Self::Register => "register",
        }
    }
}

/// A registration that waits until its address is confirmed.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingRegistration {
    pub name: String,
    pub password_hash: String,
    pub team_name: String,
}

/// Adds a link for a person, to an address where the address matters.
pub async fn insert(
    db: impl PgExecutor<'_>,
    token_hash: &[u8],
    purpose: Purpose,
    person: PersonId,
    email: Option<&str>,
    hours: i32,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO account_links (token_hash, purpose, person_id, email, expires_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5))
        "#,
        token_hash,
        purpose.as_str(),
        person as _,
        email,
        hours,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a link that completes a registration.
pub async fn insert_registration(
    db: impl PgExecutor<'_>,
    token_hash: &[u8],
    email: &str,
    registration: &PendingRegistration,
    hours: i32,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO account_links (token_hash, purpose, email, registration, expires_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5))
        "#,
        token_hash,
        Purpose::Register.as_str(),
        email,
        Json(registration) as _,
        hours,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Drops a few links that are long over.
pub async fn drop_expired(db: impl PgExecutor<'_>) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM account_links WHERE token_hash IN (
            SELECT token_hash FROM account_links WHERE expires_at < now() - interval '1 day'
            LIMIT 50 FOR UPDATE SKIP LOCKED
        )
        "#,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Uses a person's link up, once, and gives whose it is and the address it is about.
pub async fn take(
    connection: &mut PgConnection,
    token_hash: &[u8],
    purpose: Purpose,
) -> Result<Option<(PersonId, Option<String>)>> {
    let row = sqlx::query!(
        r#"
        UPDATE account_links SET used_at = now()
        WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
          AND EXISTS (SELECT FROM people WHERE id = person_id AND disabled_at IS NULL)
        RETURNING person_id AS "person_id!", email
        "#,
        token_hash,
        purpose.as_str(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.person_id.into(), row.email)))
}

/// Uses a registration's link up, once, and gives its address and what was typed.
pub async fn take_registration(
    connection: &mut PgConnection,
    token_hash: &[u8],
) -> Result<Option<(String, PendingRegistration)>> {
    let row = sqlx::query!(
        r#"
        UPDATE account_links SET used_at = now()
        WHERE token_hash = $1 AND purpose = 'register' AND used_at IS NULL AND expires_at > now()
        RETURNING email AS "email!", registration AS "registration!"
        "#,
        token_hash,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let registration =
            serde_json::from_value(row.registration).map_err(|_| Error::internal())?;
        Ok((row.email, registration))
    })
    .transpose()
}

/// Whose link this is, if it can still be used.
pub async fn owner(
    db: impl PgExecutor<'_>,
    token_hash: &[u8],
    purpose: Purpose,
) -> Result<Option<(PersonName, String)>> {
    let row = sqlx::query!(
        r#"
        SELECT people.id, people.name, people.email
        FROM account_links JOIN people ON people.id = person_id
        WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
          AND disabled_at IS NULL
        "#,
        token_hash,
        purpose.as_str(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| {
        let person = PersonName {
            id: row.id.into(),
            name: row.name,
        };
        (person, row.email)
    }))
}

/// The address that a link confirms, if it can still be used.
pub async fn address(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT email AS "email!" FROM account_links
        WHERE token_hash = $1 AND purpose IN ('confirm_email', 'register')
          AND used_at IS NULL AND expires_at > now()
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?)
}

/// Makes every link of a person unusable.
pub async fn drop_of(connection: &mut PgConnection, person: PersonId) -> Result<()> {
    sqlx::query!(
        "DELETE FROM account_links WHERE person_id = $1",
        person as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes every other registration of an address unusable.
pub async fn drop_registrations(connection: &mut PgConnection, email: &str) -> Result<()> {
    sqlx::query!(
        "DELETE FROM account_links WHERE purpose = 'register' AND lower(email) = lower($1)",
        email,
    )
    .execute(connection)
    .await?;
    Ok(())
}
