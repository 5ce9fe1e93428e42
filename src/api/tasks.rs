//! `/teams/{team}/tasks`: what the team works on.

mod asked;

use axum::{Json, extract::Path, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::Entered,
    boards,
    etag::{self, IfMatch, Versioned},
    input::{Body, NoBody, Params},
    page::Page,
    problem::Problem,
    shapes::{Kind, Person, Priority},
};
use crate::{
    columns::model::ColumnKind,
    error::{Code, Error, Result},
    ids::TaskId,
    live::told::moment,
    people::access::Access,
    search,
    tasks::{
        actions::{self, Base},
        model::{Priority as TaskPriority, TaskKey},
        store::{self, WholeTask},
    },
};
use asked::{Filters, Move, NewTask, TaskEdit};

/// A task.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    id: Uuid,
    #[schema(example = "WEB-12")]
    key: String,
    /// The key of its board.
    #[schema(example = "WEB")]
    board: String,
    /// The id of its column.
    column: Option<Uuid>,
    /// What being in its column means.
    kind: Kind,
    #[schema(example = "Choose a colour")]
    title: String,
    /// Markdown.
    description: String,
    /// Who has it.
    assignee: Option<Person>,
    #[schema(format = Date, example = "2026-12-01")]
    due_on: Option<String>,
    priority: Priority,
    #[schema(example = json!(["design"]))]
    labels: Vec<String>,
    /// Raised by every change of the task. It is the ETag.
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    created_by: Person,
    #[schema(format = DateTime)]
    started_at: Option<String>,
    #[schema(format = DateTime)]
    completed_at: Option<String>,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl TryFrom<WholeTask> for Task {
    type Error = Error;

    fn try_from(task: WholeTask) -> Result<Self> {
        Ok(Self {
            kind: task.kind.parse::<ColumnKind>()?.into(),
            priority: task.priority.parse::<TaskPriority>()?.into(),
            assignee: task.assignee().map(Person::from),
            created_by: task.author().into(),
            id: task.id.into(),
            key: task.key,
            board: task.board,
            column: task.column_id,
            title: task.title,
            description: task.description,
            due_on: task.due_on.map(|date| date.to_string()),
            labels: task.labels,
            version: task.version,
            created_at: moment(task.created_at),
            started_at: task.started_at.map(moment),
            completed_at: task.completed_at.map(moment),
            updated_at: moment(task.updated_at),
        })
    }
}

/// List tasks
///
/// Those that fulfil every filter: what is open, then what is done, and of both what changed last first. A task
/// that changes while you read moves to the front; no other is left out or comes twice.
#[utoipa::path(
    get,
    path = "/teams/{team}/tasks",
    tag = "tasks",
    params(Filters),
    responses((status = 200, description = "A page of tasks", body = Page<Task>))
)]
pub async fn list_tasks(
    access: Entered,
    Params(filters): Params<Filters>,
) -> Result<Json<Page<Task>>, Problem> {
    let asked = filters.read(access.person().id)?;
    let listed = search::actions::list(&access, asked).await?;
    let tasks: Result<Vec<Task>> = listed.tasks.into_iter().map(Task::try_from).collect();
    Ok(Json(Page {
        items: tasks?,
        next_cursor: listed.last.map(|last| last.to_string()),
    }))
}

/// Create a task
///
/// At the end of its column. The same request again, with the same `id`, gives the same task.
#[utoipa::path(
    post,
    path = "/teams/{team}/tasks",
    tag = "tasks",
    request_body = NewTask,
    responses(
        (status = 201, description = "The task", body = Task),
        (status = 409, description = "The id is taken, or the board is archived"),
    )
)]
pub async fn create_task(
    access: Entered,
    Body(asked): Body<NewTask>,
) -> Result<Versioned<Task>, Problem> {
    let id = asked.id()?.unwrap_or_else(TaskId::new);
    let (board, task) = asked.read()?;
    let board = boards::find(&access, &board).await;
    let board = board.map_err(|error| match error.code {
        Code::NotFound => Error::field("board", "There is no such board here."),
        _ => error,
    })?;
    let number = actions::create_whole_task(&access, board.id, id, &task).await?;
    let key = TaskKey {
        board: board.key,
        number,
    };
    let path = format!("/teams/{}/tasks/{key}", access.slug());
    Ok(read(&access, &key).await?.created(&path))
}

/// Read a task
#[utoipa::path(
    get,
    path = "/teams/{team}/tasks/{task}",
    tag = "tasks",
    responses((status = 200, description = "The task", body = Task))
)]
pub async fn get_task(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
) -> Result<Versioned<Task>, Problem> {
    let key: TaskKey = task.parse()?;
    let task = find(&access, &key).await?;
    if task.is_deleted {
        return Err(Error::not_found().into());
    }
    Ok(Versioned::new(task.version, task.try_into()?))
}

/// Edit a task
///
/// Only what is sent is changed. What others have changed since the version in `If-Match` stays, and is merged
/// with what is sent; where it is the same field, nothing is changed and both values are told.
#[utoipa::path(
    patch,
    path = "/teams/{team}/tasks/{task}",
    tag = "tasks",
    request_body = TaskEdit,
    responses(
        (status = 200, description = "The task as it is now", body = Task),
        (status = 409, description = "The task is deleted, or its board archived"),
        (status = 412, description = "Somebody has changed the same since that version: both values"),
        (status = 428, description = "If-Match is missing"),
    )
)]
pub async fn edit_task(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body(edit): Body<TaskEdit>,
) -> Result<Versioned<Task>, Problem> {
    let key: TaskKey = task.parse()?;
    let base = Base::Program { version };
    let edited = actions::edit_task(&access, &key, base, edit.read()?).await;
    edited.map_err(etag::since)?;
    Ok(read(&access, &key).await?)
}

/// Delete a task
///
/// For 30 days it can be restored.
#[utoipa::path(
    delete,
    path = "/teams/{team}/tasks/{task}",
    tag = "tasks",
    responses(
        (status = 204, description = "The task is deleted"),
        (status = 409, description = "The board is archived"),
        (status = 412, description = "Somebody has changed the task since that version"),
        (status = 428, description = "If-Match is missing"),
    )
)]
pub async fn delete_task(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    NoBody: NoBody,
) -> Result<StatusCode, Problem> {
    let deleted = actions::delete_task(&access, &task.parse()?, version).await;
    deleted.map_err(etag::since)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Claim a task
///
/// Take a task that nobody has, and start it. Of all who want it one gets it; claiming one's own again changes
/// nothing.
#[utoipa::path(
    post,
    path = "/teams/{team}/tasks/{task}/claim",
    tag = "tasks",
    responses(
        (status = 200, description = "The task, which is yours now", body = Task),
        (status = 409, description = "Somebody has it: who, and since when. Or it is done, deleted, or on an \
         archived board"),
    )
)]
pub async fn claim_task(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    NoBody: NoBody,
) -> Result<Versioned<Task>, Problem> {
    let key: TaskKey = task.parse()?;
    actions::claim_task(&access, &key).await?;
    Ok(read(&access, &key).await?)
}

/// Move a task
///
/// Into another column of its board, or to another place in its own.
#[utoipa::path(
    post,
    path = "/teams/{team}/tasks/{task}/move",
    tag = "tasks",
    request_body = Move,
    responses(
        (status = 200, description = "The task as it is now", body = Task),
        (status = 409, description = "The task is deleted, or its board archived"),
    )
)]
pub async fn move_task(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    Body(asked): Body<Move>,
) -> Result<Versioned<Task>, Problem> {
    let key: TaskKey = task.parse()?;
    let (column, place) = asked.read(&access).await?;
    let moved = actions::move_task(&access, &key, column, place, None).await;
    moved.map_err(|error| match error.on("place") {
        Some(_) => asked::not_there(),
        None => error,
    })?;
    Ok(read(&access, &key).await?)
}

/// Restore a deleted task
///
/// Into the column that it lay in, or into the first of its kind when that is gone.
#[utoipa::path(
    post,
    path = "/teams/{team}/tasks/{task}/restore",
    tag = "tasks",
    responses(
        (status = 200, description = "The task", body = Task),
        (status = 409, description = "The board is archived"),
    )
)]
pub async fn restore_task(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    NoBody: NoBody,
) -> Result<Versioned<Task>, Problem> {
    let key: TaskKey = task.parse()?;
    actions::restore_task(&access, &key).await?;
    Ok(read(&access, &key).await?)
}

/// A task of the team, deleted or not.
pub async fn find(access: &Access, key: &TaskKey) -> Result<WholeTask> {
    let task = store::whole(access.db(), access.team(), key).await?;
    task.ok_or_else(Error::not_found)
}

async fn read(access: &Access, key: &TaskKey) -> Result<Versioned<Task>> {
    let task = find(access, key).await?;
    Ok(Versioned::new(task.version, task.try_into()?))
}
