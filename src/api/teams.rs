//! `/teams/{team}`: what everybody in the team goes by.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::{auth::Entered, problem::Problem, shapes::Role};
use crate::{live, people};

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    #[schema(example = "blue-lantern")]
    slug: String,
    #[schema(example = "Blue Lantern")]
    name: String,
    /// The role of whoever asks.
    role: Role,
    /// By its days it is told what is late.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// Numbers of the days of the week, Monday being 1.
    #[schema(example = json!([1, 2, 3, 4, 5]))]
    working_days: Vec<i16>,
    /// More tasks in progress than this are too many for one person.
    #[schema(example = 3)]
    in_progress_limit: i16,
    /// A task in progress is stale after so many days without a change.
    #[schema(example = 5)]
    stale_after_days: i16,
    /// The number of the last event.
    #[schema(example = 1207)]
    last_seq: i64,
}

/// Read a team
///
/// Its name, the role in it and what its members have agreed on.
#[utoipa::path(
    get,
    path = "/teams/{team}",
    tag = "teams",
    responses((status = 200, description = "The team", body = Team))
)]
pub async fn get_team(access: Entered) -> Result<Json<Team>, Problem> {
    let (db, team) = (access.db(), access.team());
    let (settings, last_seq) = tokio::try_join!(
        people::store::settings(db, team),
        live::store::last_seq(db, team),
    )?;
    Ok(Json(Team {
        slug: access.slug().to_owned(),
        name: settings.name,
        role: access.role().into(),
        time_zone: settings.time_zone,
        working_days: settings.working_days.numbers(),
        in_progress_limit: settings.in_progress_limit,
        stale_after_days: settings.stale_after_days,
        last_seq,
    }))
}
