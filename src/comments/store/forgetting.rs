//! What is left of somebody's comments, and of their name in those of others, when their account is deleted.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{error::Result, ids::PersonId};

/// A person's comments in these teams: all of them, or those that they deleted, which nobody else can bring back.
pub async fn ids_by(
    db: impl PgExecutor<'_>,
    teams: &[Uuid],
    author: PersonId,
    all: bool,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT id FROM comments
        WHERE team_id = ANY($1) AND author_id = $2 AND ($3 OR deleted_at IS NOT NULL)
        "#,
        teams,
        author as _,
        all,
    )
    .fetch_all(db)
    .await?)
}

/// Removes comments of these teams for good.
pub async fn remove(
    connection: &mut PgConnection,
    teams: &[Uuid],
    comments: &[Uuid],
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM comments WHERE team_id = ANY($1) AND id = ANY($2)",
        teams,
        comments,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The text of a comment, and what it was when it was created.
#[derive(Debug)]
pub struct CommentText {
    pub id: Uuid,
    pub body: String,
    pub created_as: Option<String>,
}

/// The comments of a team behind one of them that may mention somebody.
pub async fn with_mentions(
    db: impl PgExecutor<'_>,
    team: Uuid,
    after: Uuid,
    limit: i64,
) -> Result<Vec<CommentText>> {
    Ok(sqlx::query_as!(
        CommentText,
        r#"
        SELECT id, body, created_as ->> 'body' AS created_as FROM comments
        WHERE team_id = $1 AND id > $2 AND (body LIKE '%@%' OR created_as ->> 'body' LIKE '%@%')
        ORDER BY id LIMIT $3
        "#,
        team,
        after,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// Gives a comment other texts in the place of those that it has. It was not edited by that.
pub async fn put_texts(
    connection: &mut PgConnection,
    team: Uuid,
    text: &CommentText,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE comments
        SET body = $3, created_as = CASE
            WHEN $4::text IS NULL THEN created_as
            ELSE jsonb_set(created_as, '{body}', to_jsonb($4::text)) END
        WHERE team_id = $1 AND id = $2
        "#,
        team,
        text.id,
        text.body,
        text.created_as,
    )
    .execute(connection)
    .await?;
    Ok(())
}
