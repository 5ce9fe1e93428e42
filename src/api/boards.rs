//! `/teams/{team}/boards`: boards are archived, not deleted.

use axum::{Json, extract::Path, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::Entered,
    etag::{self, MayMatch, Versioned},
    input::{Body, NoBody, Params, given},
    page::{self, Page, Paging},
    problem::Problem,
};
use crate::{
    boards::{
        actions,
        model::{BoardKey, BoardName, BoardView},
        store::{self, BoardRow},
    },
    error::{Error, Result},
    ids::BoardId,
    people::access::Access,
};

/// A board.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    id: Uuid,
    /// It begins the keys of its tasks, and never changes.
    #[schema(example = "WEB")]
    key: String,
    #[schema(example = "Website")]
    name: String,
    /// An archived board can be read and not be changed.
    archived: bool,
    /// How many of its tasks nobody has started.
    todo: i64,
    /// How many of its tasks are in progress.
    doing: i64,
    version: i64,
}

impl From<BoardView> for Board {
    fn from(board: BoardView) -> Self {
        Self {
            id: board.id.into(),
            key: board.key,
            name: board.name,
            archived: board.archived,
            todo: board.todo,
            doing: board.doing,
            version: board.version,
        }
    }
}

/// A board to be made. It begins with a column of each kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "WEB", "name": "Website"}))]
pub struct NewBoard {
    /// Chosen by whoever creates it, so that the same request again makes no second one: best a UUIDv7.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    id: Option<String>,
    /// 1 to 10 letters and digits, the first a letter.
    #[schema(pattern = "^[A-Za-z][A-Za-z0-9]{0,9}$")]
    key: String,
    #[schema(min_length = 1, max_length = 80)]
    name: String,
}

/// What a board is to be. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Website and shop"}))]
pub struct BoardEdit {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    name: Option<String>,
    /// True puts the board away, false brings it back. A board that is away is brought back before it is renamed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    archived: Option<bool>,
}

/// List the boards
///
/// By their keys, archived ones too.
#[utoipa::path(
    get,
    path = "/teams/{team}/boards",
    tag = "boards",
    params(Paging),
    responses((status = 200, description = "A page of boards", body = Page<Board>))
)]
pub async fn list_boards(
    access: Entered,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Board>>, Problem> {
    let limit = page::limit(paging.limit.as_deref())?;
    let after = match paging.cursor {
        Some(cursor) => BoardKey::parse(&cursor)
            .map_err(|_| page::no_such_page())?
            .to_string(),
        None => String::new(),
    };
    let (db, team) = (access.db(), access.team());
    let boards = store::page(db, team, &after, page::and_one(limit)).await?;
    let page = Page::of(boards, limit, |board| board.key.clone());
    Ok(Json(page.map(Board::from)))
}

/// Create a board
///
/// The same request again, with the same `id`, gives the same board.
#[utoipa::path(
    post,
    path = "/teams/{team}/boards",
    tag = "boards",
    request_body = NewBoard,
    responses(
        (status = 201, description = "The board", body = Board),
        (status = 409, description = "The key or the id is taken"),
    )
)]
pub async fn create_board(
    access: Entered,
    Body(asked): Body<NewBoard>,
) -> Result<Versioned<Board>, Problem> {
    let id = match asked.id {
        Some(id) => BoardId::parse("id", &id)?,
        None => BoardId::new(),
    };
    let (key, name) = (BoardKey::parse(&asked.key)?, BoardName::parse(&asked.name)?);
    actions::create_board(&access, id, &key, &name).await?;
    let path = format!("/teams/{}/boards/{key}", access.slug());
    Ok(read(&access, key.as_str()).await?.created(&path))
}

/// Read a board
#[utoipa::path(
    get,
    path = "/teams/{team}/boards/{key}",
    tag = "boards",
    responses((status = 200, description = "The board", body = Board))
)]
pub async fn get_board(
    access: Entered,
    Path((_, key)): Path<(String, String)>,
) -> Result<Versioned<Board>, Problem> {
    Ok(read(&access, &key).await?)
}

/// Rename, archive or bring back a board
///
/// `If-Match` may be left out, which is as good as `*`.
#[utoipa::path(
    patch,
    path = "/teams/{team}/boards/{key}",
    tag = "boards",
    request_body = BoardEdit,
    responses(
        (status = 200, description = "The board as it is now", body = Board),
        (status = 409, description = "The board is archived"),
        (status = 412, description = "Somebody else has renamed it since"),
    )
)]
pub async fn edit_board(
    access: Entered,
    Path((_, key)): Path<(String, String)>,
    MayMatch(version): MayMatch,
    Body(edit): Body<BoardEdit>,
) -> Result<Versioned<Board>, Problem> {
    let name = edit.name.as_deref().map(BoardName::parse).transpose()?;
    let board = id_of(&access, &key).await?;
    if edit.archived == Some(false) {
        actions::restore_board(&access, board).await?;
    }
    if let Some(name) = name {
        let renamed = actions::rename_board(&access, board, version, &name).await;
        renamed.map_err(etag::since)?;
    }
    if edit.archived == Some(true) {
        actions::archive_board(&access, board).await?;
    }
    Ok(read(&access, &key).await?)
}

/// Archive a board
///
/// It can be read and not be changed, and brought back with PATCH. Its key is never used again.
#[utoipa::path(
    delete,
    path = "/teams/{team}/boards/{key}",
    tag = "boards",
    responses((status = 204, description = "The board is archived"))
)]
pub async fn archive_board(
    access: Entered,
    Path((_, key)): Path<(String, String)>,
    NoBody: NoBody,
) -> Result<StatusCode, Problem> {
    let board = id_of(&access, &key).await?;
    actions::archive_board(&access, board).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A board of the team.
pub async fn find(access: &Access, key: &str) -> Result<BoardRow> {
    let board = store::by_key(access.db(), access.team(), key).await?;
    board.ok_or_else(Error::not_found)
}

/// The id of a board of the team.
pub async fn id_of(access: &Access, key: &str) -> Result<BoardId> {
    Ok(find(access, key).await?.id)
}

async fn read(access: &Access, key: &str) -> Result<Versioned<Board>> {
    let board = store::one(access.db(), access.team(), key).await?;
    let board = board.ok_or_else(Error::not_found)?;
    Ok(Versioned::new(board.version, board.into()))
}
