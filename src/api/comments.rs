//! `/teams/{team}/tasks/{task}/comments`: what is said about a task.

use axum::{Json, extract::Path, http::StatusCode};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::Entered,
    input::{Body, Params, given},
    page::{self, Page, Paging, no_such_page},
    problem::Problem,
    shapes::Person,
    tasks::find,
};
use crate::{
    comments::{
        actions,
        model::CommentBody,
        store::{self, WholeComment},
    },
    error::Error,
    ids::CommentId,
    live::told::moment,
    people::model::PersonName,
    tasks::model::TaskKey,
};

/// A comment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comment {
    id: Uuid,
    author: Person,
    /// Markdown, as it was typed.
    body: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    edited_at: Option<String>,
}

/// Something to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Blue, I think."}))]
pub struct NewComment {
    /// Chosen by whoever creates it, so that the same request again makes no second one: best a UUIDv7.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    id: Option<String>,
    /// Markdown.
    #[schema(min_length = 1, max_length = 20_000)]
    body: String,
}

/// List the comments of a task
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/teams/{team}/tasks/{task}/comments",
    tag = "comments",
    params(Paging),
    responses((status = 200, description = "A page of comments", body = Page<Comment>))
)]
pub async fn list_comments(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Comment>>, Problem> {
    let limit = page::limit(paging.limit.as_deref())?;
    let after = match paging.cursor {
        Some(cursor) => place(&cursor).ok_or_else(no_such_page)?,
        None => (OffsetDateTime::UNIX_EPOCH, Uuid::nil()),
    };
    let task = find(&access, &task.parse()?).await?;
    if task.is_deleted {
        return Err(Error::not_found().into());
    }
    let (db, team) = (access.db(), access.team());
    let comments = store::of_task_after(db, team, task.id, after, page::and_one(limit)).await?;
    let cursor = |comment: &WholeComment| {
        let microseconds = comment.created_at.unix_timestamp_nanos() / 1_000;
        format!("{microseconds}.{}", comment.id)
    };
    Ok(Json(Page::of(comments, limit, cursor).map(shape)))
}

/// Where a page ended.
fn place(cursor: &str) -> Option<(OffsetDateTime, Uuid)> {
    let (microseconds, id) = cursor.split_once('.')?;
    let microseconds: u64 = microseconds.parse().ok()?;
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(microseconds) * 1_000).ok()?;
    Some((at, id.parse().ok()?))
}

/// Say something about a task
///
/// The same request again, with the same `id`, gives the same comment. There may be 100 a minute.
#[utoipa::path(
    post,
    path = "/teams/{team}/tasks/{task}/comments",
    tag = "comments",
    request_body = NewComment,
    responses(
        (status = 201, description = "The comment", body = Comment),
        (status = 409, description = "The id is taken, the task is deleted, or its board archived"),
    )
)]
pub async fn create_comment(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    Body(asked): Body<NewComment>,
) -> Result<(StatusCode, Json<Comment>), Problem> {
    let key: TaskKey = task.parse()?;
    let id = match asked.id {
        Some(id) => CommentId::parse("id", &id)?,
        None => CommentId::new(),
    };
    let body = CommentBody::parse(&asked.body)?;
    actions::add_comment(&access, &key, id, &body).await?;
    let task = find(&access, &key).await?;
    let comment = store::one(access.db(), access.team(), task.id, id).await?;
    let comment = comment.ok_or_else(Error::not_found)?;
    Ok((StatusCode::CREATED, Json(shape(comment))))
}

fn shape(comment: WholeComment) -> Comment {
    Comment {
        id: comment.id.into(),
        author: Person::from(PersonName {
            id: comment.author_id,
            name: comment.author_name,
        }),
        body: comment.body,
        created_at: moment(comment.created_at),
        edited_at: comment.edited_at.map(moment),
    }
}
