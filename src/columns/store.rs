//! The table `columns`.

use fractional_index::FractionalIndex;
use serde_json::json;
use sqlx::{PgConnection, PgExecutor};

use super::model::{ColumnKind, ColumnView};
use crate::{
    error::{Error, Result},
    ids::{BoardId, ColumnId},
    people::access::TeamId,
};

/// The columns of a board in their order.
pub async fn of_board(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
) -> Result<Vec<ColumnView>> {
    let rows = sqlx::query!(
        r#"
        SELECT id, name, kind, wip_limit, version FROM columns
        WHERE team_id = $1 AND board_id = $2 ORDER BY position, id
        "#,
        team as _,
        board as _,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ColumnView {
                id: row.id.into(),
                name: row.name,
                kind: row.kind.parse()?,
                wip_limit: row.wip_limit,
                version: row.version,
            })
        })
        .collect()
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

/// The name of a column.
pub async fn name(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<String> {
    Ok(sqlx::query_scalar!(
        "SELECT name FROM columns WHERE team_id = $1 AND board_id = $2 AND id = $3",
        team as _,
        board as _,
        column as _,
    )
    .fetch_one(db)
    .await?)
}

/// Takes hold of a column, so that places in it are given one after the other, and tells its kind.
///
/// # Errors
/// A field error on `column` when the board has no such column.
pub async fn hold(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
) -> Result<ColumnKind> {
    sqlx::query_scalar!(
        "SELECT kind FROM columns WHERE team_id = $1 AND board_id = $2 AND id = $3 FOR NO KEY UPDATE",
        team as _,
        board as _,
        column as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(|| Error::field("column", "This column is not on the board any more."))?
    .parse()
}

/// Takes hold of the first column of a kind, or of the first of all when no kind is said.
pub async fn hold_first(
    db: impl PgExecutor<'_>,
    team: TeamId,
    board: BoardId,
    kind: Option<ColumnKind>,
) -> Result<Option<(ColumnId, ColumnKind)>> {
    let row = sqlx::query!(
        r#"
        SELECT id, kind FROM columns
        WHERE team_id = $1 AND board_id = $2 AND ($3::text IS NULL OR kind = $3)
        ORDER BY position, id LIMIT 1 FOR NO KEY UPDATE
        "#,
        team as _,
        board as _,
        kind.map(ColumnKind::as_str),
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((row.id.into(), row.kind.parse()?)))
        .transpose()
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
