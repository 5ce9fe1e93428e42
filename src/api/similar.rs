//! `/teams/{team}/tasks/similar`: what may be the same work.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Entered,
    input::Params,
    page::{self, Page, no_such_page},
    problem::Problem,
    shapes::Person,
};
use crate::tasks::{actions, model::SimilarTask};

/// A task that may be the same work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Similar {
    #[schema(example = "WEB-12")]
    key: String,
    #[schema(example = "Choose a colour")]
    title: String,
    /// The name of its column.
    #[schema(example = "In progress")]
    column: String,
    assignee: Option<Person>,
}

impl From<SimilarTask> for Similar {
    fn from(task: SimilarTask) -> Self {
        Self {
            key: task.key,
            title: task.title,
            column: task.column,
            assignee: task.assignee.map(Person::from),
        }
    }
}

/// What is going to be written down.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Idea {
    /// The title of a task that there is not yet.
    #[param(max_length = 200, example = "Pick colours")]
    title: String,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many there are on a page at most. There are never more than five.
    #[param(value_type = Option<i64>, minimum = 1)]
    limit: Option<String>,
}

/// List similar tasks
///
/// Those that are open, or were finished in the last 60 days, and may be the same work: five at most, the
/// likeliest first. Ask before you create one.
#[utoipa::path(
    get,
    path = "/teams/{team}/tasks/similar",
    tag = "tasks",
    params(Idea),
    responses((status = 200, description = "A page of tasks", body = Page<Similar>))
)]
pub async fn list_similar_tasks(
    access: Entered,
    Params(idea): Params<Idea>,
) -> Result<Json<Page<Similar>>, Problem> {
    let limit = page::limit(idea.limit.as_deref())?;
    let mut similar = actions::similar_tasks(&access, &idea.title, None).await?;
    if let Some(cursor) = idea.cursor {
        let last = similar.iter().position(|task| task.key == cursor);
        similar.drain(..=last.ok_or_else(no_such_page)?);
    }
    let page = Page::of(similar, limit, |task| task.key.clone());
    Ok(Json(page.map(Similar::from)))
}
