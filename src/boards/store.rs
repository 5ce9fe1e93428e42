//! The table `boards`.

use sqlx::PgExecutor;

use crate::{
    error::{Code, Error, Result},
    ids::BoardId,
    people::access::TeamId,
};

/// Takes hold of a board that may be changed.
///
/// # Errors
/// 404 when there is no such board, 409 when it is archived.
pub async fn hold_open(db: impl PgExecutor<'_>, team: TeamId, board: BoardId) -> Result<()> {
    let archived = sqlx::query_scalar!(
        "SELECT archived_at FROM boards WHERE team_id = $1 AND id = $2 FOR SHARE",
        team as _,
        board as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(Error::not_found)?;
    match archived {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Code::Conflict,
            "This board is archived. Bring it back before changing it.",
        )),
    }
}
