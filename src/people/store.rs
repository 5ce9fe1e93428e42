//! The tables `teams`, `memberships` and `invitations`.

use sqlx::PgExecutor;
use uuid::Uuid;

use super::{
    access::TeamId,
    model::{Role, TeamLink},
};
use crate::{
    error::{Error, Result},
    ids::PersonId,
};

/// The team behind a slug and the role that a person has in it now.
pub async fn membership(
    db: impl PgExecutor<'_>,
    slug: &str,
    person: PersonId,
) -> Result<Option<(Uuid, Role)>> {
    let row = sqlx::query!(
        r#"
        SELECT team_id, role FROM memberships JOIN teams USING (team_id)
        WHERE teams.slug = $1 AND person_id = $2 AND removed_at IS NULL
        "#,
        slug,
        person as _,
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((row.team_id, row.role.parse()?)))
        .transpose()
}

/// The role of a member, held still until the transaction ends.
///
/// # Errors
/// 404 when they are not in the team any more.
pub async fn hold_membership(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
) -> Result<Role> {
    sqlx::query_scalar!(
        r#"
        SELECT role FROM memberships
        WHERE team_id = $1 AND person_id = $2 AND removed_at IS NULL
        FOR SHARE
        "#,
        team as _,
        person as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(Error::not_found)?
    .parse()
}

/// The name of a team.
pub async fn team_name(db: impl PgExecutor<'_>, team: TeamId) -> Result<String> {
    Ok(
        sqlx::query_scalar!("SELECT name FROM teams WHERE team_id = $1", team as _)
            .fetch_one(db)
            .await?,
    )
}

/// The teams a person is in, by name.
pub async fn teams_of(db: impl PgExecutor<'_>, person: PersonId) -> Result<Vec<TeamLink>> {
    Ok(sqlx::query_as!(
        TeamLink,
        r#"
        SELECT slug, name FROM memberships JOIN teams USING (team_id)
        WHERE person_id = $1 AND removed_at IS NULL
        ORDER BY lower(name), slug
        "#,
        person as _,
    )
    .fetch_all(db)
    .await?)
}
