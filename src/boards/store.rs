//! The table `boards`.

use serde_json::json;
use sqlx::{PgConnection, PgExecutor};

use super::model::{BoardKey, BoardName, BoardView};
use crate::{
    columns::model::ColumnView,
    error::{Code, Error, Result},
    ids::{BoardId, PersonId},
    people::access::TeamId,
};

/// Stores a new board. Gives `false` when the id is taken.
pub async fn insert(
    connection: &mut PgConnection,
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
    .execute(connection)
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
        Some(_) => Err(is_archived()),
    }
}

/// Takes hold of a board that may be changed, by its key, and gives its id.
///
/// # Errors
/// 404 when there is no such board, 409 when it is archived.
pub async fn hold_open_by_key(db: impl PgExecutor<'_>, team: TeamId, key: &str) -> Result<BoardId> {
    let row = sqlx::query!(
        "SELECT id, archived_at FROM boards WHERE team_id = $1 AND key = $2 FOR SHARE",
        team as _,
        key,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(Error::not_found)?;
    match row.archived_at {
        None => Ok(row.id.into()),
        Some(_) => Err(is_archived()),
    }
}

/// A board row that the transaction holds.
#[derive(Debug)]
pub struct HeldBoard {
    pub name: String,
    pub version: i64,
    pub archived: bool,
}

impl HeldBoard {
    /// # Errors
    /// 409 when the board is archived.
    pub fn open(self) -> Result<Self> {
        if self.archived {
            return Err(is_archived());
        }
        Ok(self)
    }
}

/// Takes hold of a board for itself alone. Whoever changes what is on the board waits, as they hold
/// it open, so what the board is made of changes one deed after the other.
///
/// # Errors
/// 404 when there is no such board.
pub async fn hold_alone(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
) -> Result<HeldBoard> {
    sqlx::query_as!(
        HeldBoard,
        r#"
        SELECT name, version, archived_at IS NOT NULL AS "archived!" FROM boards
        WHERE team_id = $1 AND id = $2 FOR NO KEY UPDATE
        "#,
        team as _,
        board as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(Error::not_found)
}

fn is_archived() -> Error {
    Error::new(
        Code::Conflict,
        "This board is archived. Bring it back before changing it.",
    )
}

/// Gives a held board another name and raises its version.
pub async fn rename(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    name: &BoardName,
) -> Result<()> {
    sqlx::query!(
        "UPDATE boards SET name = $3, version = version + 1 WHERE team_id = $1 AND id = $2",
        team as _,
        board as _,
        name.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts a held board away, or brings it back, and raises its version.
pub async fn set_archived(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    archived: bool,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE boards SET archived_at = CASE WHEN $3 THEN now() END, version = version + 1
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        board as _,
        archived,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The boards of a team by name, with what is open on them; those put away come last.
pub async fn of_team(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<BoardView>> {
    Ok(sqlx::query_as!(
        BoardView,
        r#"
        SELECT boards.id, boards.key, boards.name, boards.version,
               boards.archived_at IS NOT NULL AS "archived!",
               open.todo AS "todo!", open.doing AS "doing!"
        FROM boards CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE kind = 'todo') AS todo,
                   count(*) FILTER (WHERE kind = 'doing') AS doing
            FROM tasks
            WHERE tasks.team_id = $1 AND tasks.board_id = boards.id
              AND tasks.deleted_at IS NULL AND tasks.kind <> 'done'
        ) AS open
        WHERE boards.team_id = $1
        ORDER BY boards.archived_at IS NOT NULL, lower(boards.name), boards.key
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?)
}

/// The boards of a team by their keys, from behind one of them, with what is open on them.
pub async fn page(
    db: impl PgExecutor<'_>,
    team: TeamId,
    after: &str,
    limit: i64,
) -> Result<Vec<BoardView>> {
    Ok(sqlx::query_as!(
        BoardView,
        r#"
        SELECT boards.id, boards.key, boards.name, boards.version,
               boards.archived_at IS NOT NULL AS "archived!",
               open.todo AS "todo!", open.doing AS "doing!"
        FROM boards CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE kind = 'todo') AS todo,
                   count(*) FILTER (WHERE kind = 'doing') AS doing
            FROM tasks
            WHERE tasks.team_id = $1 AND tasks.board_id = boards.id
              AND tasks.deleted_at IS NULL AND tasks.kind <> 'done'
        ) AS open
        WHERE boards.team_id = $1 AND boards.key > $2
        ORDER BY boards.key LIMIT $3
        "#,
        team as _,
        after,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// One board, with what is open on it.
pub async fn one(db: impl PgExecutor<'_>, team: TeamId, key: &str) -> Result<Option<BoardView>> {
    Ok(sqlx::query_as!(
        BoardView,
        r#"
        SELECT boards.id, boards.key, boards.name, boards.version,
               boards.archived_at IS NOT NULL AS "archived!",
               (SELECT count(*) FROM tasks
                WHERE tasks.team_id = $1 AND tasks.board_id = boards.id
                  AND tasks.deleted_at IS NULL AND tasks.kind = 'todo') AS "todo!",
               (SELECT count(*) FROM tasks
                WHERE tasks.team_id = $1 AND tasks.board_id = boards.id
                  AND tasks.deleted_at IS NULL AND tasks.kind = 'doing') AS "doing!"
        FROM boards
        WHERE boards.team_id = $1 AND boards.key = upper($2)
        "#,
        team as _,
        key,
    )
    .fetch_optional(db)
    .await?)
}

/// A board's row, as its page needs it.
#[derive(Debug)]
pub struct BoardRow {
    pub id: BoardId,
    pub key: String,
    pub name: String,
    pub version: i64,
    pub archived: bool,
    /// The number of the team's last event.
    pub seq: i64,
}

/// The board behind a key, archived or not.
pub async fn by_key(db: impl PgExecutor<'_>, team: TeamId, key: &str) -> Result<Option<BoardRow>> {
    Ok(sqlx::query_as!(
        BoardRow,
        r#"
        SELECT id, key, name, version, archived_at IS NOT NULL AS "archived!",
               event_counters.last_seq AS seq
        FROM boards JOIN event_counters USING (team_id)
        WHERE boards.team_id = $1 AND key = upper($2)
        "#,
        team as _,
        key,
    )
    .fetch_optional(db)
    .await?)
}

/// The columns of a board in their order, each with how many finished tasks lie in it. Of those a page
/// loads only the latest, and of all others it has the cards themselves.
pub async fn columns_with_finished(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
) -> Result<Vec<(ColumnView, i64)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id, name, kind, wip_limit, version,
               (SELECT count(*) FROM tasks
                WHERE columns.kind = 'done' AND tasks.team_id = $1 AND tasks.board_id = $2
                  AND tasks.column_id = columns.id AND tasks.kind = 'done'
                  AND tasks.deleted_at IS NULL) AS "finished!"
        FROM columns
        WHERE team_id = $1 AND board_id = $2 ORDER BY position, id
        "#,
        team as _,
        board as _,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let column = ColumnView {
                id: row.id.into(),
                name: row.name,
                kind: row.kind.parse()?,
                wip_limit: row.wip_limit,
                version: row.version,
            };
            Ok((column, row.finished))
        })
        .collect()
}
