//! `/teams/{team}/boards/{key}/columns`: the columns of a board, from the left. `/teams/{team}/columns/{id}` is one of
//! them for whoever has only its id, as a task tells it.

use axum::{Json, extract::Path, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::Entered,
    boards::id_of,
    etag::{self, MayMatch, Versioned},
    input::{Body, NoBody, Params, given},
    page::{self, Page, Paging, no_such_page},
    problem::Problem,
    shapes::Kind,
};
use crate::{
    columns::{
        actions::{self, Edit},
        model::{ColumnKind, ColumnName, ColumnView, WipLimit},
        store,
    },
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId},
    people::access::Access,
};

/// A column.
#[derive(Debug, Serialize, ToSchema)]
pub struct Column {
    id: Uuid,
    #[schema(example = "In progress")]
    name: String,
    /// What being in it means, whatever it is called.
    kind: Kind,
    /// How many tasks it should hold at most. More warn, and nothing is forbidden.
    wip_limit: Option<i32>,
    /// Its place, counted from 1 at the left.
    place: usize,
    version: i64,
}

/// A column to be made. It comes before those where work ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Review", "kind": "doing"}))]
pub struct NewColumn {
    /// Chosen by whoever creates it, so that the same request again makes no second one: best a UUIDv7.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    id: Option<String>,
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    #[schema(value_type = Kind)]
    kind: String,
}

/// What a column is to be. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "In review", "wip_limit": 4}))]
pub struct ColumnEdit {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    name: Option<String>,
    /// It changes that of the tasks in the column.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Kind)]
    kind: Option<String>,
    /// Null is no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 999)]
    wip_limit: Option<Option<i64>>,
    /// Counted from 1 at the left. A place behind the last is the last.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, minimum = 1)]
    place: Option<i64>,
}

impl ColumnEdit {
    fn read(self) -> Result<Edit> {
        let limit = |limit: Option<i64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        let place_of = |place: i64| {
            let place = usize::try_from(place).ok().filter(|place| *place > 0);
            place.ok_or_else(|| Error::field("place", "A place is a number from 1."))
        };
        Ok(Edit {
            name: self.name.as_deref().map(ColumnName::parse).transpose()?,
            kind: self.kind.as_deref().map(ColumnKind::parse).transpose()?,
            wip_limit: self
                .wip_limit
                .map(|wanted| WipLimit::parse(&limit(wanted)))
                .transpose()?,
            place: self.place.map(place_of).transpose()?,
        })
    }
}

/// List the columns of a board
///
/// From the left.
#[utoipa::path(
    get,
    path = "/teams/{team}/boards/{key}/columns",
    tag = "columns",
    params(Paging),
    responses((status = 200, description = "A page of columns", body = Page<Column>))
)]
pub async fn list_columns(
    access: Entered,
    Path((_, key)): Path<(String, String)>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Column>>, Problem> {
    let limit = page::limit(paging.limit.as_deref())?;
    let board = id_of(&access, &key).await?;
    let mut columns = all(&access, board).await?;
    if let Some(cursor) = paging.cursor {
        let last = columns
            .iter()
            .position(|column| column.id.to_string() == cursor);
        columns.drain(..=last.ok_or_else(no_such_page)?);
    }
    let page = Page::of(columns, limit, |column| column.id.to_string());
    Ok(Json(page))
}

/// Add a column
///
/// The same request again, with the same `id`, gives the same column.
#[utoipa::path(
    post,
    path = "/teams/{team}/boards/{key}/columns",
    tag = "columns",
    request_body = NewColumn,
    responses(
        (status = 201, description = "The column", body = Column),
        (status = 409, description = "The name or the id is taken, or the board is archived or full"),
    )
)]
pub async fn create_column(
    access: Entered,
    Path((_, key)): Path<(String, String)>,
    Body(asked): Body<NewColumn>,
) -> Result<Versioned<Column>, Problem> {
    let id = match asked.id {
        Some(id) => ColumnId::parse("id", &id)?,
        None => ColumnId::new(),
    };
    let name = ColumnName::parse(&asked.name)?;
    let kind = ColumnKind::parse(&asked.kind)?;
    let board = id_of(&access, &key).await?;
    actions::add_column(&access, board, id, &name, kind).await?;
    let path = format!("/teams/{}/boards/{key}/columns/{id}", access.slug());
    Ok(read(&access, board, id).await?.created(&path))
}

/// Read a column
#[utoipa::path(
    get,
    path = "/teams/{team}/boards/{key}/columns/{id}",
    tag = "columns",
    responses((status = 200, description = "The column", body = Column))
)]
pub async fn get_column(
    access: Entered,
    Path((_, key, id)): Path<(String, String, String)>,
) -> Result<Versioned<Column>, Problem> {
    let (board, column) = place(&access, &key, &id).await?;
    Ok(read(&access, board, column).await?)
}

/// Rename, limit or move a column, or change its kind
///
/// `If-Match` may be left out, which is as good as `*`.
#[utoipa::path(
    patch,
    path = "/teams/{team}/boards/{key}/columns/{id}",
    tag = "columns",
    request_body = ColumnEdit,
    responses(
        (status = 200, description = "The column as it is now", body = Column),
        (status = 409, description = "The name is taken, or the board is archived"),
        (status = 412, description = "Somebody else has changed the same since"),
    )
)]
pub async fn edit_column(
    access: Entered,
    Path((_, key, id)): Path<(String, String, String)>,
    MayMatch(version): MayMatch,
    Body(asked): Body<ColumnEdit>,
) -> Result<Versioned<Column>, Problem> {
    let edit = asked.read()?;
    let (board, column) = place(&access, &key, &id).await?;
    change(&access, board, column, version, edit).await
}

/// Remove a column
///
/// Only one in which no task lies, and not the last of its board.
#[utoipa::path(
    delete,
    path = "/teams/{team}/boards/{key}/columns/{id}",
    tag = "columns",
    responses(
        (status = 204, description = "The column is gone"),
        (status = 409, description = "Tasks lie in it, it is the last one, or the board is archived"),
    )
)]
pub async fn remove_column(
    access: Entered,
    Path((_, key, id)): Path<(String, String, String)>,
    NoBody: NoBody,
) -> Result<StatusCode, Problem> {
    let (board, column) = place(&access, &key, &id).await?;
    actions::remove_column(&access, board, column)
        .await
        .map_err(as_of_any_path)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read a column by its id alone
#[utoipa::path(
    get,
    path = "/teams/{team}/columns/{id}",
    tag = "columns",
    responses(
        (status = 200, description = "The column", body = Column),
        (status = 409, description = "Several boards have a column of this id"),
    )
)]
pub async fn get_column_of_team(
    access: Entered,
    Path((_, id)): Path<(String, String)>,
) -> Result<Versioned<Column>, Problem> {
    let (board, column) = place_in_team(&access, &id).await?;
    Ok(read(&access, board, column).await?)
}

/// Change a column by its id alone
///
/// `If-Match` may be left out, which is as good as `*`.
#[utoipa::path(
    patch,
    path = "/teams/{team}/columns/{id}",
    tag = "columns",
    request_body = ColumnEdit,
    responses(
        (status = 200, description = "The column as it is now", body = Column),
        (status = 409, description = "The name is taken, the board is archived, or several boards have a column of \
         this id"),
        (status = 412, description = "Somebody else has changed the same since"),
    )
)]
pub async fn edit_column_of_team(
    access: Entered,
    Path((_, id)): Path<(String, String)>,
    MayMatch(version): MayMatch,
    Body(asked): Body<ColumnEdit>,
) -> Result<Versioned<Column>, Problem> {
    let edit = asked.read()?;
    let (board, column) = place_in_team(&access, &id).await?;
    change(&access, board, column, version, edit).await
}

/// Remove a column by its id alone
///
/// Only one in which no task lies, and not the last of its board.
#[utoipa::path(
    delete,
    path = "/teams/{team}/columns/{id}",
    tag = "columns",
    responses(
        (status = 204, description = "The column is gone"),
        (status = 409, description = "Tasks lie in it, it is the last one, the board is archived, or several boards \
         have a column of this id"),
    )
)]
pub async fn remove_column_of_team(
    access: Entered,
    Path((_, id)): Path<(String, String)>,
    NoBody: NoBody,
) -> Result<StatusCode, Problem> {
    let (board, column) = place_in_team(&access, &id).await?;
    actions::remove_column(&access, board, column)
        .await
        .map_err(as_of_any_path)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The board and the column that a path names.
async fn place(access: &Access, key: &str, id: &str) -> Result<(BoardId, ColumnId)> {
    let column = column_id(id)?;
    Ok((id_of(access, key).await?, column))
}

/// The same for a path that does not say the board.
async fn place_in_team(access: &Access, id: &str) -> Result<(BoardId, ColumnId)> {
    let column = column_id(id)?;
    let boards = store::boards_of(access.db(), access.team(), column).await?;
    match boards.as_slice() {
        [] => Err(Error::not_found()),
        [board] => Ok((*board, column)),
        // Ids of columns are their boards' own, and nothing is changed by guessing.
        _ => Err(Error::new(
            Code::Conflict,
            "Several boards have a column of this id. Name the board in the path too.",
        )),
    }
}

/// What is no id names nothing.
fn column_id(text: &str) -> Result<ColumnId> {
    ColumnId::parse("id", text).map_err(|_| Error::not_found())
}

async fn change(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    version: Option<i64>,
    edit: Edit,
) -> Result<Versioned<Column>, Problem> {
    let edited = actions::edit_column(access, board, column, version, edit).await;
    edited.map_err(as_of_any_path).map_err(etag::since)?;
    Ok(read(access, board, column).await?)
}

/// A path that leads nowhere is answered with the same words, whatever is not there.
fn as_of_any_path(error: Error) -> Error {
    match error.code {
        Code::NotFound => Error::not_found(),
        _ => error,
    }
}

async fn all(access: &Access, board: BoardId) -> Result<Vec<Column>> {
    let columns = store::of_board(access.db(), access.team(), board).await?;
    Ok((1..).zip(columns).map(shape).collect())
}

async fn read(access: &Access, board: BoardId, id: ColumnId) -> Result<Versioned<Column>> {
    let columns = all(access, board).await?;
    let column = columns.into_iter().find(|column| column.id == id.0);
    let column = column.ok_or_else(Error::not_found)?;
    Ok(Versioned::new(column.version, column))
}

fn shape((place, column): (usize, ColumnView)) -> Column {
    Column {
        id: column.id.into(),
        name: column.name,
        kind: column.kind.into(),
        wip_limit: column.wip_limit,
        place,
        version: column.version,
    }
}
