//! Descriptions that mention somebody whose account is deleted.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::error::Result;

/// The description of a task, and what it was when the task was created.
#[derive(Debug)]
pub struct Description {
    pub id: Uuid,
    pub description: String,
    pub created_as: Option<String>,
}

/// The tasks of a team behind one of them whose descriptions may mention somebody.
pub async fn with_mentions(
    db: impl PgExecutor<'_>,
    team: Uuid,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Description>> {
    Ok(sqlx::query_as!(
        Description,
        r#"
        SELECT id, description, created_as ->> 'description' AS created_as FROM tasks
        WHERE team_id = $1 AND id > $2 AND (description LIKE '%@%' OR created_as ->> 'description' LIKE '%@%')
        ORDER BY id LIMIT $3
        "#,
        team,
        after,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// Gives a task other texts in the place of those that it has, and another version, so that nobody takes what they
/// read before for what stands there. It is no change that the team made, so nothing else of it moves.
pub async fn put_description(
    connection: &mut PgConnection,
    team: Uuid,
    text: &Description,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE tasks
        SET description = $3, version = version + 1, created_as = CASE
            WHEN $4::text IS NULL THEN created_as
            ELSE jsonb_set(created_as, '{description}', to_jsonb($4::text)) END
        WHERE team_id = $1 AND id = $2
        "#,
        team,
        text.id,
        text.description,
        text.created_as,
    )
    .execute(connection)
    .await?;
    Ok(())
}
