//! What is left of an account that is deleted, in the tables of this slice, and what goes by itself.

use sqlx::{PgConnection, PgExecutor};

use crate::{
    error::Result,
    ids::PersonId,
    people::model::{DELETED, PersonName},
};

/// The name and the address of somebody whose account is going to be deleted, held until the transaction ends. None
/// when it was deleted before.
pub async fn hold(
    db: impl PgExecutor<'_>,
    person: PersonId,
) -> Result<Option<(PersonName, String)>> {
    let row = sqlx::query!(
        "SELECT name, email FROM people WHERE id = $1 AND forgotten_at IS NULL FOR NO KEY UPDATE",
        person as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| {
        let person = PersonName {
            id: person,
            name: row.name,
        };
        (person, row.email)
    }))
}

/// Ends everything by which a person gets in, and takes away what says who they were. Their address is free.
pub async fn delete(connection: &mut PgConnection, person: PersonId, email: &str) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE person_id = $1", person as _)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("DELETE FROM api_tokens WHERE person_id = $1", person as _)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "DELETE FROM account_links WHERE person_id = $1 OR lower(email) = lower($2)",
        person as _,
        email,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        UPDATE people
        SET name = $2, email = 'deleted:' || id::text, password_hash = NULL, email_confirmed_at = NULL,
            disabled_at = coalesce(disabled_at, now()), forgotten_at = now()
        WHERE id = $1
        "#,
        person as _,
        DELETED,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes the row that is left of a deleted account, unless it is there. Says `false` when somebody else has the id.
pub async fn ensure(connection: &mut PgConnection, person: PersonId) -> Result<bool> {
    sqlx::query!(
        r#"
        INSERT INTO people (id, name, email, disabled_at, forgotten_at)
        VALUES ($1, $2, 'deleted:' || $1::uuid::text, now(), now())
        ON CONFLICT (id) DO NOTHING
        "#,
        person.0,
        DELETED,
    )
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar!(
        r#"SELECT forgotten_at IS NOT NULL AS "is_deleted!" FROM people WHERE id = $1"#,
        person as _,
    )
    .fetch_one(connection)
    .await?)
}

/// Deletes sessions and links that are over, and attempts that count no more, and tells how many rows these were.
pub async fn forget_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let forgotten = sqlx::query_scalar!(
        r#"
        WITH over AS (
            DELETE FROM sessions
            WHERE expires_at <= now() OR last_seen_at <= now() - interval '30 days' RETURNING 1
        ),
        links AS (DELETE FROM account_links WHERE expires_at < now() - interval '1 day' RETURNING 1),
        attempts AS (DELETE FROM rate_limits WHERE window_start < now() - interval '2 days' RETURNING 1)
        SELECT (SELECT count(*) FROM over) + (SELECT count(*) FROM links) + (SELECT count(*) FROM attempts) AS "count!"
        "#,
    )
    .fetch_one(db)
    .await?;
    Ok(forgotten.unsigned_abs())
}
