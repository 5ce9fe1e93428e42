//! The table `refused_forms`.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::model::RefusedForm;
use crate::error::{Error, Result};

/// Keeps what was typed for its author, of whom only the latest 20 forms wait, and drops what is older than
/// 24 hours.
pub async fn keep(
    db: impl PgExecutor<'_>,
    id: Uuid,
    author: &[u8],
    form: &RefusedForm,
) -> Result<()> {
    sqlx::query!(
        r#"
        WITH expired AS (DELETE FROM refused_forms WHERE created_at < now() - interval '24 hours'),
        surplus AS (
            DELETE FROM refused_forms WHERE id IN (
                SELECT id FROM refused_forms WHERE author_hash = $2 ORDER BY created_at DESC OFFSET 19
            )
        )
        INSERT INTO refused_forms (id, author_hash, action, fields, error) VALUES ($1, $2, $3, $4, $5)
        "#,
        id,
        author,
        form.action,
        Json(&form.fields) as _,
        Json(&form.error) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What this author typed, if it is theirs and not older than 24 hours.
pub async fn kept(db: impl PgExecutor<'_>, id: Uuid, author: &[u8]) -> Result<Option<RefusedForm>> {
    let row = sqlx::query!(
        r#"
        SELECT action, fields AS "fields: Json<BTreeMap<String, String>>", error AS "error: Json<Error>"
        FROM refused_forms
        WHERE id = $1 AND author_hash = $2 AND created_at >= now() - interval '24 hours'
        "#,
        id,
        author,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| RefusedForm {
        action: row.action,
        fields: row.fields.0,
        error: row.error.0,
    }))
}

/// Drops whatever waits for an author.
pub async fn forget(connection: &mut PgConnection, author: &[u8]) -> Result<()> {
    sqlx::query!("DELETE FROM refused_forms WHERE author_hash = $1", author)
        .execute(connection)
        .await?;
    Ok(())
}

/// Drops what has waited for more than 24 hours, and tells how many forms these were.
pub async fn forget_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let forgotten =
        sqlx::query!("DELETE FROM refused_forms WHERE created_at < now() - interval '24 hours'")
            .execute(db)
            .await?;
    Ok(forgotten.rows_affected())
}
