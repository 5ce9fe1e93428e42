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

/// A board's row, as its page needs it.
#[derive(Debug)]
pub struct BoardRow {
    pub id: BoardId,
    pub key: String,
    pub name: String,
    pub archived: bool,
}

/// The board behind a key, archived or not.
pub async fn by_key(db: impl PgExecutor<'_>, team: TeamId, key: &str) -> Result<Option<BoardRow>> {
    Ok(sqlx::query_as!(
        BoardRow,
        r#"
        SELECT id, key, name, archived_at IS NOT NULL AS "archived!" FROM boards
        WHERE team_id = $1 AND key = upper($2)
        "#,
        team as _,
        key,
    )
    .fetch_optional(db)
    .await?)
}
