//! The table `boards`.

use serde_json::json;
use sqlx::PgExecutor;

use super::model::{BoardKey, BoardName};
use crate::{
    error::{Code, Error, Result},
    ids::{BoardId, PersonId},
    people::access::TeamId,
};

/// Stores a new board. Gives `false` when the id is taken.
pub async fn insert(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    key: &BoardKey,
    name: &BoardName,
    author: PersonId,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO boards (team_id, id, key, name, created_as, created_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (team_id, id) DO NOTHING
        "#,
        team as _,
        board as _,
        key.as_str(),
        name.as_str(),
        created_as(key, name),
        author as _,
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Whether there is a board of this id that was created with this key and name.
pub async fn was_created_as(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    key: &BoardKey,
    name: &BoardName,
) -> Result<bool> {
    let same = sqlx::query_scalar!(
        "SELECT created_as = $3 FROM boards WHERE team_id = $1 AND id = $2",
        team as _,
        board as _,
        created_as(key, name),
    )
    .fetch_optional(db)
    .await?;
    Ok(same.flatten().unwrap_or_default())
}

fn created_as(key: &BoardKey, name: &BoardName) -> serde_json::Value {
    json!({ "key": key.as_str(), "name": name.as_str() })
}

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
