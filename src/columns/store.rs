//! The table `columns`.

use sqlx::PgExecutor;

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
