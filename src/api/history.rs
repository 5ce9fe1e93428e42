//! `/teams/{team}/tasks/{task}/history`: what was changed of one task.

use axum::{Json, extract::Path};

use super::{
    auth::Entered,
    events::{Event, seq, shaped},
    input::Params,
    page::{self, Page, Paging, no_such_page},
    problem::Problem,
    tasks::find,
};
use crate::live::store;

/// List the history of a task
///
/// The latest first. A deleted task still has its own.
#[utoipa::path(
    get,
    path = "/teams/{team}/tasks/{task}/history",
    tag = "tasks",
    params(Paging),
    responses((status = 200, description = "A page of events", body = Page<Event>))
)]
pub async fn list_history(
    access: Entered,
    Path((_, task)): Path<(String, String)>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Event>>, Problem> {
    let limit = page::limit(paging.limit.as_deref())?;
    let before = match paging.cursor {
        Some(cursor) => seq(&cursor).ok_or_else(no_such_page)?,
        None => i64::MAX,
    };
    let task = find(&access, &task.parse()?).await?;
    let (db, team) = (access.db(), access.team());
    let events = store::told_of_task(db, team, task.id, before, page::and_one(limit)).await?;
    Ok(Json(shaped(events, limit)))
}
