//! Tasks that can not be restored any more.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::error::Result;

/// Tasks of any teams, for statements that take them as two lists of the same length.
#[derive(Debug, Default)]
pub struct Expired {
    pub teams: Vec<Uuid>,
    pub tasks: Vec<Uuid>,
}

/// Takes hold of up to `limit` tasks that were deleted more than 30 days ago. Those that somebody else
/// holds, perhaps to do the same, are left to them.
pub async fn hold_expired(connection: &mut PgConnection, limit: i64) -> Result<Expired> {
    let rows = sqlx::query!(
        r#"
        SELECT team_id, id FROM tasks
        WHERE deleted_at < now() - interval '30 days'
        ORDER BY deleted_at LIMIT $1 FOR UPDATE SKIP LOCKED
        "#,
        limit,
    )
    .fetch_all(connection)
    .await?;
    let (teams, tasks) = rows.into_iter().map(|row| (row.team_id, row.id)).unzip();
    Ok(Expired { teams, tasks })
}

/// Removes held tasks. Their numbers stay used.
pub async fn remove(connection: &mut PgConnection, expired: &Expired) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM tasks USING unnest($1::uuid[], $2::uuid[]) AS expired (team_id, task_id)
        WHERE tasks.team_id = expired.team_id AND tasks.id = expired.task_id
        "#,
        &expired.teams,
        &expired.tasks,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets the words that no title of these teams has any more, so that they do not outlive what was purged.
pub async fn forget_words(db: impl PgExecutor<'_>, teams: &[Uuid]) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM title_words
        WHERE team_id = ANY($1) AND (team_id, word) NOT IN (
            SELECT team_id, unnest(words) FROM tasks WHERE team_id = ANY($1) AND words IS NOT NULL
        )
        "#,
        teams,
    )
    .execute(db)
    .await?;
    Ok(())
}
