//! `/teams/{team}/members`: who is in the team.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    auth::Entered,
    input::Params,
    page::{self, Page, Paging, no_such_page},
    problem::Problem,
    shapes::{Role, moment_of},
};
use crate::{ids::PersonId, people, people::model::MemberView};

/// Somebody in a team.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    id: Uuid,
    #[schema(example = "Ana Silva")]
    name: String,
    role: Role,
    /// Viewers are not told it.
    #[schema(example = "ana@example.com")]
    email: Option<String>,
    #[schema(format = DateTime)]
    joined_at: String,
}

/// List the members
///
/// In the order of their accounts, the oldest first.
#[utoipa::path(
    get,
    path = "/teams/{team}/members",
    tag = "teams",
    params(Paging),
    responses((status = 200, description = "A page of members", body = Page<Member>))
)]
pub async fn list_members(
    access: Entered,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<Member>>, Problem> {
    let limit = page::limit(paging.limit.as_deref())?;
    let after = match paging.cursor {
        Some(cursor) => cursor.parse().map_err(|_| no_such_page())?,
        None => PersonId(Uuid::nil()),
    };
    let (db, team) = (access.db(), access.team());
    let members = people::store::members_after(db, team, after, page::and_one(limit)).await?;
    let is_told = access.role().may_write();
    let page = Page::of(members, limit, |member| member.person.id.to_string());
    Ok(Json(page.map(|member| shape(member, is_told))))
}

fn shape(member: MemberView, is_told: bool) -> Member {
    Member {
        id: member.person.id.into(),
        name: member.person.name,
        role: member.role.into(),
        email: member.email.filter(|_| is_told),
        joined_at: moment_of(member.joined_at),
    }
}
