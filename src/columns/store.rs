//! The table `columns`.

use fractional_index::FractionalIndex;
use serde_json::json;
use sqlx::{PgConnection, PgExecutor};

use super::model::{ColumnKind, ColumnView};
use crate::{
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId},
    people::access::TeamId,
};

/// What is said of a column to somebody who sees its board.
const GONE: &str = "This column is not on the board any more.";

/// A column's row, before its kind is read.
struct ColumnRow {
    id: ColumnId,
    name: String,
    kind: String,
    wip_limit: Option<i32>,
    version: i64,
}

impl TryFrom<ColumnRow> for ColumnView {
    type Error = Error;

    fn try_from(row: ColumnRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: row.name,
            kind: row.kind.parse()?,
            wip_limit: row.wip_limit,
            version: row.version,
        })
    }
}

/// The columns of a board in their order.
pub async fn of_board(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
) -> Result<Vec<ColumnView>> {
    sqlx::query_as!(
        ColumnRow,
        r#"
        SELECT id, name, kind, wip_limit, version FROM columns
        WHERE team_id = $1 AND board_id = $2 ORDER BY position, id
        "#,
        team as _,
        board as _,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(ColumnView::try_from)
    .collect()
}

/// The boards of the team that have a column of this id. It is one at most, unless whoever chose the id has used it
/// for two boards.
pub async fn boards_of(
    db: impl PgExecutor<'_>,
    team: TeamId,
    column: ColumnId,
) -> Result<Vec<BoardId>> {
    let boards = sqlx::query_scalar!(
        "SELECT board_id FROM columns WHERE team_id = $1 AND id = $2",
        team as _,
        column as _,
    )
    .fetch_all(db)
    .await?;
    Ok(boards.into_iter().map(BoardId::from).collect())
}

/// A column to be stored for the first time.
#[derive(Debug)]
pub struct NewColumn<'a> {
    pub id: ColumnId,
    pub name: &'a str,
    pub kind: ColumnKind,
}

impl NewColumn<'_> {
    /// What the column is compared with when it is created again.
    fn created_as(&self) -> serde_json::Value {
        json!({ "name": self.name, "kind": self.kind })
    }
}

/// Stores the first columns of a new board, in order.
pub async fn start(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    columns: &[NewColumn<'_>],
) -> Result<()> {
    let ids: Vec<_> = columns.iter().map(|column| column.id.0).collect();
    let names: Vec<_> = columns
        .iter()
        .map(|column| column.name.to_owned())
        .collect();
    let kinds: Vec<_> = columns
        .iter()
        .map(|column| column.kind.as_str().to_owned())
        .collect();
    let created_as: Vec<_> = columns.iter().map(NewColumn::created_as).collect();
    sqlx::query!(
        r#"
        INSERT INTO columns (team_id, board_id, id, name, kind, position, created_as)
        SELECT $1, $2, new.id, new.name, new.kind, new.position, new.created_as
        FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::jsonb[])
             AS new (id, name, kind, position, created_as)
        "#,
        team as _,
        board as _,
        &ids,
        &names,
        &kinds,
        &positions(columns.len()),
        &created_as,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes hold of a column, so that places in it are given one after the other.
///
/// # Errors
/// A field error on `column` when the board has no such column.
pub async fn hold(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<ColumnView> {
    sqlx::query_as!(
        ColumnRow,
        r#"
        SELECT id, name, kind, wip_limit, version FROM columns
        WHERE team_id = $1 AND board_id = $2 AND id = $3 FOR NO KEY UPDATE
        "#,
        team as _,
        board as _,
        column as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(|| Error::field("column", GONE))?
    .try_into()
}

/// Takes hold of the first column of a kind, or of the first of all when no kind is said.
pub async fn hold_first(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    kind: Option<ColumnKind>,
) -> Result<Option<ColumnView>> {
    sqlx::query_as!(
        ColumnRow,
        r#"
        SELECT id, name, kind, wip_limit, version FROM columns
        WHERE team_id = $1 AND board_id = $2 AND ($3::text IS NULL OR kind = $3)
        ORDER BY position, id LIMIT 1 FOR NO KEY UPDATE
        "#,
        team as _,
        board as _,
        kind.map(ColumnKind::as_str),
    )
    .fetch_optional(db)
    .await?
    .map(ColumnView::try_from)
    .transpose()
}

/// Takes hold of a column that is going to be changed itself.
///
/// # Errors
/// 404 when the board has no such column, in words for who sees the board.
pub async fn hold_itself(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<ColumnView> {
    sqlx::query_as!(
        ColumnRow,
        r#"
        SELECT id, name, kind, wip_limit, version FROM columns
        WHERE team_id = $1 AND board_id = $2 AND id = $3 FOR UPDATE
        "#,
        team as _,
        board as _,
        column as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(|| Error::new(Code::NotFound, GONE))?
    .try_into()
}

/// Stores a further column of a board behind the others. Gives `false` when the id is taken.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: &NewColumn<'_>,
    position: &[u8],
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO columns (team_id, board_id, id, name, kind, position, created_as)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (team_id, board_id, id) DO NOTHING
        "#,
        team as _,
        board as _,
        column.id as _,
        column.name,
        column.kind.as_str(),
        position,
        column.created_as(),
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Whether a column was created with this name and kind.
pub async fn was_created_as(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: &NewColumn<'_>,
) -> Result<bool> {
    let same = sqlx::query_scalar!(
        "SELECT created_as = $4 FROM columns WHERE team_id = $1 AND board_id = $2 AND id = $3",
        team as _,
        board as _,
        column.id as _,
        column.created_as(),
    )
    .fetch_optional(db)
    .await?;
    Ok(same.flatten().unwrap_or_default())
}

/// A column in the order of its board.
#[derive(Clone, Copy, Debug)]
pub struct Ordered {
    pub id: ColumnId,
    pub kind: ColumnKind,
}

/// The columns of a board in their order, and the position behind them.
pub async fn in_order(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
) -> Result<(Vec<Ordered>, Vec<u8>)> {
    let rows = sqlx::query!(
        r#"
        SELECT id, kind, position FROM columns
        WHERE team_id = $1 AND board_id = $2 ORDER BY position, id
        "#,
        team as _,
        board as _,
    )
    .fetch_all(db)
    .await?;
    let last = rows
        .last()
        .and_then(|row| FractionalIndex::from_bytes(row.position.clone()).ok());
    let behind = last.map_or_else(FractionalIndex::default, |last| {
        FractionalIndex::new_after(&last)
    });
    let order: Result<Vec<_>> = rows
        .into_iter()
        .map(|row| {
            Ok(Ordered {
                id: row.id.into(),
                kind: row.kind.parse()?,
            })
        })
        .collect();
    Ok((order?, behind.as_bytes().to_vec()))
}

/// Puts all columns of a board that the transaction holds alone into this order.
pub async fn put_in_order(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    columns: &[Ordered],
) -> Result<()> {
    let ids: Vec<_> = columns.iter().map(|column| column.id.0).collect();
    sqlx::query!(
        r#"
        UPDATE columns SET position = new.position
        FROM unnest($3::uuid[], $4::bytea[]) AS new (id, position)
        WHERE columns.team_id = $1 AND columns.board_id = $2 AND columns.id = new.id
        "#,
        team as _,
        board as _,
        &ids,
        &positions(columns.len()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Replaces what a held column says and raises its version.
pub async fn rewrite(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    to: &ColumnView,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE columns SET name = $4, kind = $5, wip_limit = $6, version = version + 1
        WHERE team_id = $1 AND board_id = $2 AND id = $3
        "#,
        team as _,
        board as _,
        column as _,
        to.name,
        to.kind.as_str(),
        to.wip_limit,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many tasks lie in a column, without those that were deleted.
pub async fn tasks_in(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!" FROM tasks
        WHERE team_id = $1 AND board_id = $2 AND column_id = $3 AND deleted_at IS NULL
        "#,
        team as _,
        board as _,
        column as _,
    )
    .fetch_one(db)
    .await?)
}

/// Removes a held column in which nothing lies any more.
pub async fn remove(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM columns WHERE team_id = $1 AND board_id = $2 AND id = $3",
        team as _,
        board as _,
        column as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The positions of `count` columns, in order.
fn positions(count: usize) -> Vec<Vec<u8>> {
    std::iter::successors(Some(FractionalIndex::default()), |last| {
        Some(FractionalIndex::new_after(last))
    })
    .take(count)
    .map(|index| index.as_bytes().to_vec())
    .collect()
}
