//! The table `risks`: which tasks were seen at risk.

use sqlx::PgExecutor;

use crate::{error::Result, people::access::TeamId};

/// The addresses of all teams that have an open task with a due date.
pub async fn teams(db: impl PgExecutor<'_>) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT slug FROM teams
        WHERE EXISTS (
            SELECT FROM tasks
            WHERE tasks.team_id = teams.team_id AND deleted_at IS NULL AND kind <> 'done' AND due_on IS NOT NULL
        )
        ORDER BY slug
        "#,
    )
    .fetch_all(db)
    .await?)
}

/// A task that is at risk, and why in words.
#[derive(Debug)]
pub struct AtRisk {
    /// `WEB`
    pub board: String,
    pub number: i32,
    pub reason: String,
}

/// Writes down the tasks that are at risk of missing the date that they have now, each once, and tells how many
/// were not known.
pub async fn insert(db: impl PgExecutor<'_>, team: TeamId, tasks: &[AtRisk]) -> Result<u64> {
    let boards: Vec<String> = tasks.iter().map(|task| task.board.clone()).collect();
    let numbers: Vec<i32> = tasks.iter().map(|task| task.number).collect();
    let reasons: Vec<String> = tasks.iter().map(|task| task.reason.clone()).collect();
    let inserted = sqlx::query!(
        r#"
        INSERT INTO risks (team_id, task_id, due_on, reason)
        SELECT tasks.team_id, tasks.id, tasks.due_on, seen.reason
        FROM unnest($2::text[], $3::integer[], $4::text[]) AS seen (board, number, reason)
        JOIN boards ON boards.team_id = $1 AND boards.key = seen.board
        JOIN tasks ON tasks.team_id = $1 AND tasks.board_id = boards.id AND tasks.number = seen.number
                  AND deleted_at IS NULL AND due_on IS NOT NULL
        ORDER BY tasks.id
        ON CONFLICT ON CONSTRAINT risks_pkey DO NOTHING
        "#,
        team as _,
        &boards,
        &numbers,
        &reasons,
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected())
}
