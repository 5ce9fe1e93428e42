//! The table `usage`, and the statements behind the figures.

pub mod activity;
pub mod answers;
pub mod counts;
pub mod due;
pub mod flow;
pub mod risks;

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{error::Result, ids::PersonId, people::access::TeamId};

/// Records that something happened now, and to whom, unless that is not to be known.
pub async fn record(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: Option<PersonId>,
    kind: &str,
    detail: &Value,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO usage (team_id, id, kind, person_id, detail) VALUES ($1, $2, $3, $4, $5)",
        team as _,
        Uuid::now_v7(),
        kind,
        person as _,
        detail,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes some of what happened more than 400 days ago, and tells how much. What another instance is
/// deleting is left to it.
pub async fn forget_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let deleted = sqlx::query!(
        r#"
        DELETE FROM usage WHERE (team_id, id) IN (
            SELECT team_id, id FROM usage WHERE at < now() - interval '400 days'
            LIMIT 5000 FOR UPDATE SKIP LOCKED
        )
        "#,
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected())
}

/// Lets what was counted of a person in these teams be nobody's.
pub async fn forget_person(
    connection: &mut PgConnection,
    teams: &[Uuid],
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        "UPDATE usage SET person_id = NULL WHERE team_id = ANY($1) AND person_id = $2",
        teams,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
