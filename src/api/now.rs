//! `/teams/{team}/now`: who is on what.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    auth::Entered,
    problem::Problem,
    shapes::{Person, moment_of},
};
use crate::now::{
    self,
    model::{NowView, PersonNow, TaskNow},
};

/// Who is on what.
#[derive(Debug, Serialize, ToSchema)]
pub struct Now {
    /// When it was so.
    #[schema(format = DateTime)]
    at: String,
    /// The number of the last event that is in it.
    seq: i64,
    /// The members, those who need attention first; viewers only when they hold something.
    people: Vec<Busy>,
    /// Nobody's: what is in progress all the same, and what is late or at risk.
    unheld: Vec<Standing>,
    /// What people who left the team still hold.
    former: Vec<Busy>,
}

/// Somebody and what they are on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Busy {
    person: Person,
    /// What they have in progress, the longest first, and then what else they should know of.
    tasks: Vec<Standing>,
    /// How many of these are in progress.
    in_progress: usize,
    /// Whether that is more than the team's limit.
    is_over_limit: bool,
}

/// How a task stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    #[schema(example = "WEB-12")]
    key: String,
    title: String,
    /// Whether somebody works on it, or it waits to be started.
    in_progress: bool,
    /// When it was started or, if that was later, given to who holds it.
    #[schema(format = DateTime)]
    since: String,
    is_late: bool,
    /// Whether nothing has happened to it for so many days that its holder is asked about it.
    is_stale: bool,
    /// Why it may become late, in words, if it may.
    at_risk: Option<String>,
}

/// Who is on what
///
/// The same as the page Now, for programs.
#[utoipa::path(
    get,
    path = "/teams/{team}/now",
    tag = "teams",
    responses((status = 200, description = "Who is on what", body = Now))
)]
pub async fn get_now(access: Entered) -> Result<Json<Now>, Problem> {
    let me = Some(access.person().id);
    let view = now::store::now(access.db(), access.team(), me).await?;
    Ok(Json(shape(view)))
}

fn shape(view: NowView) -> Now {
    Now {
        at: moment_of(view.now),
        seq: view.seq,
        people: view.people.into_iter().map(busy).collect(),
        unheld: view.unheld.into_iter().map(standing).collect(),
        former: view.former.into_iter().map(busy).collect(),
    }
}

fn busy(row: PersonNow) -> Busy {
    Busy {
        person: row.person.into(),
        tasks: row.tasks.into_iter().map(standing).collect(),
        in_progress: row.in_progress,
        is_over_limit: row.over_limit.is_some(),
    }
}

fn standing(task: TaskNow) -> Standing {
    Standing {
        in_progress: task.in_progress,
        since: moment_of(task.since),
        is_late: task.is_late(),
        is_stale: task.is_stale,
        at_risk: task.risk().map(str::to_owned),
        key: task.key,
        title: task.title,
    }
}
