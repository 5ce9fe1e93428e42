//! `/me`: whose token this is, and where it lets them in.

use axum::{Json, extract::State as Extracted};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{auth::Caller, problem::Problem, shapes::Role};
use crate::{
    accounts::{self, tokens::Scope as TokenScope},
    people,
    server::state::State,
};

/// The person behind a token.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    id: Uuid,
    #[schema(example = "Ana Silva")]
    name: String,
    #[schema(example = "ana@example.com")]
    email: String,
    /// What this token may do.
    scope: Scope,
    /// The teams that this token lets into.
    teams: Vec<Place>,
}

/// What a token may do: read, or change things too.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Read,
    Write,
}

/// A team, and the role in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// The address of the team: what stands for `{team}` in the paths.
    #[schema(example = "blue-lantern")]
    slug: String,
    #[schema(example = "Blue Lantern")]
    name: String,
    role: Role,
}

/// Whose token this is
///
/// With the teams that it lets into. A token that is limited to one team shows that one alone.
#[utoipa::path(
    get,
    path = "/me",
    tag = "account",
    responses((status = 200, description = "The person behind the token", body = Me))
)]
pub async fn get_me(
    Extracted(state): Extracted<State>,
    caller: Caller,
) -> Result<Json<Me>, Problem> {
    let Caller(holder) = caller;
    let (id, only) = (holder.person.id, holder.team);
    let ((_, email), places) = tokio::try_join!(
        accounts::store::contact(&state.db, id),
        people::store::places_of(&state.db, id, only),
    )?;
    let teams = places.into_iter().map(|(team, role)| Place {
        slug: team.slug,
        name: team.name,
        role: role.into(),
    });
    Ok(Json(Me {
        id: id.into(),
        name: holder.person.name,
        email,
        scope: match holder.scope {
            TokenScope::Read => Scope::Read,
            TokenScope::Write => Scope::Write,
        },
        teams: teams.collect(),
    }))
}
