//! What pages ask of boards: thin entrances to the same door.

use leptos::prelude::*;

use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions,
    model::{BoardKey, BoardName},
};
#[cfg(feature = "ssr")]
use crate::{
    error::Error,
    ids::BoardId,
    people::access::Permission,
    server::request::{access, redirect},
};

/// Creates a board and leads to it.
#[server]
pub async fn create_board(team: String, id: String, name: String, key: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let id = BoardId::parse("id", &id)?;
    let name = BoardName::parse(&name)?;
    let key = BoardKey::parse(&key)?;
    actions::create_board(&access, id, &key, &name).await?;
    redirect(&format!("/teams/{}/boards/{key}", access.slug()));
    Ok(())
}

/// Gives a board another name, on the ground of the version that the person saw.
#[server]
pub async fn rename_board(
    team: String,
    board: String,
    version: String,
    name: String,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let board = BoardId::parse("board", &board)?;
    let name = BoardName::parse(&name)?;
    actions::rename_board(&access, board, Some(parse_version(&version)?), &name).await
}

/// Puts a board away.
#[server]
pub async fn archive_board(team: String, board: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    actions::archive_board(&access, BoardId::parse("board", &board)?).await
}

/// Brings a board back.
#[server]
pub async fn restore_board(team: String, board: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    actions::restore_board(&access, BoardId::parse("board", &board)?).await
}

/// Reads the version that a form started from.
///
/// # Errors
/// A field error on `version`.
#[cfg(feature = "ssr")]
pub fn parse_version(text: &str) -> Result<i64> {
    text.parse()
        .map_err(|_| Error::field("version", "This is not a version."))
}
