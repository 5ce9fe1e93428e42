//! What pages ask of columns: thin entrances to the same door.

use leptos::prelude::*;

use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions::{self, Edit},
    model::{ColumnKind, ColumnName, WipLimit},
};
#[cfg(feature = "ssr")]
use crate::{
    boards::requests::parse_version,
    error::Error,
    ids::{BoardId, ColumnId},
    people::access::Permission,
    server::request::access,
};

/// Adds a column behind the others, before those where work ends.
#[server]
pub async fn add_column(
    team: String,
    board: String,
    id: String,
    name: String,
    kind: String,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let board = BoardId::parse("board", &board)?;
    let id = ColumnId::parse("id", &id)?;
    let name = ColumnName::parse(&name)?;
    actions::add_column(&access, board, id, &name, ColumnKind::parse(&kind)?).await
}

/// Changes a column on the ground of the version that the person saw. The fields are text and not
/// optional, because the decoder reads an empty field as a missing one: no limit could then be set.
#[server]
pub async fn edit_column(
    team: String,
    board: String,
    column: String,
    version: String,
    name: String,
    kind: String,
    wip_limit: String,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let board = BoardId::parse("board", &board)?;
    let column = ColumnId::parse("column", &column)?;
    let edit = Edit {
        name: Some(ColumnName::parse(&name)?),
        kind: Some(ColumnKind::parse(&kind)?),
        wip_limit: Some(WipLimit::parse(&wip_limit)?),
        place: None,
    };
    let version = Some(parse_version(&version)?);
    actions::edit_column(&access, board, column, version, edit).await
}

/// Puts a column at a place, counted from 1 at the left.
#[server]
pub async fn move_column(team: String, board: String, column: String, place: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let board = BoardId::parse("board", &board)?;
    let column = ColumnId::parse("column", &column)?;
    let place = place
        .parse()
        .ok()
        .filter(|place| *place > 0)
        .ok_or_else(|| Error::field("place", "A place is a number from 1."))?;
    actions::move_column(&access, board, column, place).await
}

/// Removes an empty column.
#[server]
pub async fn remove_column(team: String, board: String, column: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let board = BoardId::parse("board", &board)?;
    actions::remove_column(&access, board, ColumnId::parse("column", &column)?).await
}
