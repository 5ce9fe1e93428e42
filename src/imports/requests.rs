//! What the page of imports asks: thin entrances to the same door. The file itself has a route of its own.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::model::ImportView;
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions::Imported,
    model::Stage,
    starting::{self, Target},
};
#[cfg(feature = "ssr")]
use crate::{
    boards::model::{BoardKey, BoardName},
    error::Error,
    people::access::{Access, Permission},
    server::request::{self, access, redirect},
};

/// The page of imports, with a file that waits if one is named.
#[server]
pub async fn load_import(team: String, file: Option<String>) -> Result<ImportView> {
    let access = access(&team, Permission::Write).await?;
    let view = starting::view(&access, file.as_deref()).await?;
    if let Some(upload) = &view.upload
        && matches!(upload.stage, Stage::Running { .. })
    {
        request::set_header(axum::http::header::REFRESH, "2");
    }
    Ok(view)
}

/// Imports a board of Trello that waits, and leads to it.
#[server]
pub async fn import_trello(
    team: String,
    file: String,
    name: String,
    key: String,
    archived: String,
    closed_lists: String,
    kinds: Option<BTreeMap<String, String>>,
    people: Option<BTreeMap<String, String>>,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let name = BoardName::parse(&name)?;
    let key = BoardKey::parse(&key)?;
    let (kinds, people) = (kinds.unwrap_or_default(), people.unwrap_or_default());
    let imported = starting::import_trello(&access, &file, &key, &name, |survey, team| {
        starting::read_choices(survey, team, &archived, &closed_lists, &kinds, &people)
    })
    .await?;
    lead_on(&access, &file, imported);
    Ok(())
}

/// Imports a table that waits, onto a board or as a new one, and leads to it.
#[server]
pub async fn import_csv(
    team: String,
    file: String,
    board: String,
    name: String,
    key: String,
    header: String,
    columns: Option<BTreeMap<String, String>>,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let target = match board.as_str() {
        "" => Target::New {
            name: BoardName::parse(&name)?,
            key: BoardKey::parse(&key)?,
        },
        board => Target::Existing(BoardKey::parse(board).map_err(|_| no_board())?.to_string()),
    };
    let has_header = match header.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::field("header", "This is yes or no.")),
    };
    let columns = columns.unwrap_or_default();
    let imported = starting::import_csv(&access, &file, target, has_header, &columns).await?;
    lead_on(&access, &file, imported);
    Ok(())
}

#[cfg(feature = "ssr")]
fn no_board() -> Error {
    Error::field("board", "There is no such board.")
}

/// To the board, or to where one sees how far it is.
#[cfg(feature = "ssr")]
fn lead_on(access: &Access, file: &str, imported: Option<Imported>) {
    let team = access.slug();
    match imported {
        Some(Imported { key, .. }) => {
            redirect(&format!("/teams/{team}/boards/{key}?done=import_ended"));
        }
        None => redirect(&format!("/teams/{team}/import?file={file}")),
    }
}
