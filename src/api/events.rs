//! `/teams/{team}/events`: everything that was changed, in order.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    auth::Entered,
    input::Params,
    page::{self, Page, no_such_page},
    problem::Problem,
    shapes::Person,
};
use crate::{
    error::{Error, Result},
    live::{model::FieldChange, store, told::ToldEvent},
};

/// One recorded change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Its number in the team. There are no gaps.
    #[schema(example = 1207)]
    seq: i64,
    /// What one action did shares it.
    change_id: Uuid,
    /// What happened.
    #[schema(example = "task.moved")]
    kind: String,
    #[schema(format = DateTime)]
    at: String,
    actor: Person,
    /// The key of the board, if it is about one.
    #[schema(example = "WEB")]
    board: Option<String>,
    /// The key of the task, if it is about one that was not removed for good.
    #[schema(example = "WEB-12")]
    task: Option<String>,
    changes: Vec<Change>,
}

/// One field, from what to what. A side that is missing says that there was, or is, nothing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldChange)]
pub struct Change {
    #[schema(example = "column")]
    field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, example = "To do")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, example = "In progress")]
    to: Option<String>,
    /// The id behind `from` where that is a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    from_id: Option<String>,
    /// The id behind `to` where that is a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    to_id: Option<String>,
}

/// Where the events begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// The number of the last event that is known. Without it they begin with the first.
    #[param(value_type = Option<i64>, minimum = 0)]
    after: Option<String>,
    /// The `next_cursor` of the page before, which wins over `after`.
    cursor: Option<String>,
    /// How many there are on a page at most. Without it 50; more than 200 counts as 200.
    #[param(value_type = Option<i64>, minimum = 1)]
    limit: Option<String>,
}

/// List what was changed
///
/// In the order in which it happened. To follow a team, ask again with `after` set to the last `seq`.
#[utoipa::path(
    get,
    path = "/teams/{team}/events",
    tag = "events",
    params(Beginning),
    responses((status = 200, description = "A page of events", body = Page<Event>))
)]
pub async fn list_events(
    access: Entered,
    Params(from): Params<Beginning>,
) -> Result<Json<Page<Event>>, Problem> {
    let limit = page::limit(from.limit.as_deref())?;
    let after = match (from.cursor, from.after) {
        (Some(cursor), _) => seq(&cursor).ok_or_else(no_such_page)?,
        (None, Some(after)) => seq(&after)
            .ok_or_else(|| Error::field("after", "This is not the number of an event."))?,
        (None, None) => 0,
    };
    let (db, team) = (access.db(), access.team());
    let events = store::told_after(db, team, after, page::and_one(limit)).await?;
    Ok(Json(shaped(events, limit)))
}

/// Reads the number of an event.
pub fn seq(text: &str) -> Option<i64> {
    text.parse().ok().filter(|seq| *seq >= 0)
}

/// A page of events.
pub fn shaped(events: Vec<ToldEvent>, limit: usize) -> Page<Event> {
    Page::of(events, limit, |event| event.seq.to_string()).map(Event::from)
}

impl From<ToldEvent> for Event {
    fn from(event: ToldEvent) -> Self {
        Self {
            seq: event.seq,
            change_id: event.change_id.into(),
            kind: event.kind,
            at: event.at,
            actor: event.actor.into(),
            board: event.board,
            task: event.task,
            changes: event.changes.into_iter().map(Change::from).collect(),
        }
    }
}

impl From<FieldChange> for Change {
    fn from(change: FieldChange) -> Self {
        Self {
            field: change.field,
            from: change.from,
            to: change.to,
            from_id: change.from_id,
            to_id: change.to_id,
        }
    }
}
