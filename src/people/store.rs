//! The tables `teams` and `memberships`: what a change holds and writes, and where a person is a member. Who is in a
//! team and what its owners set have files of their own, as have `invitations`, `wall_links` and whole teams.

pub mod departing;
pub mod invitations;
mod members;
mod settings;
pub mod wall_links;

pub use members::{assignable, first_owner, former_members, members, members_after, person_name};
pub use settings::{calendar, hold_settings, set_settings, settings, time_zone, time_zones};

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{
    access::TeamId,
    model::{Role, TeamLink},
};
use crate::{
    error::{Error, Result},
    ids::PersonId,
};

/// Inserts a team, unless its id or its slug is taken.
pub async fn insert_team(
    connection: &mut PgConnection,
    id: Uuid,
    slug: &str,
    name: &str,
) -> Result<bool> {
    let inserted = sqlx::query!(
        "INSERT INTO teams (team_id, slug, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        id,
        slug,
        name,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Whether a team has this id.
pub async fn exists(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM teams WHERE team_id = $1) AS "exists!""#,
        id
    )
    .fetch_one(db)
    .await?)
}

/// The addresses of teams, in the order of the alphabet.
pub async fn slugs(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<String>> {
    Ok(
        sqlx::query_scalar!("SELECT slug FROM teams ORDER BY slug LIMIT $1", limit)
            .fetch_all(db)
            .await?,
    )
}

/// The slug of a team, if this person founded it under this name.
pub async fn founded_as(
    db: impl PgExecutor<'_>,
    id: Uuid,
    founder: PersonId,
    name: &str,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT slug FROM teams JOIN events USING (team_id)
        WHERE team_id = $1 AND seq = 1 AND kind = 'team.created' AND actor_id = $2
          AND changes @> jsonb_build_array(jsonb_build_object('field', 'name', 'to', $3::text))
        "#,
        id,
        founder as _,
        name,
    )
    .fetch_optional(db)
    .await?)
}

/// Makes a person a member, also one who was a member before.
///
/// Says `false` when they are one now; nothing changes then.
pub async fn join(
    connection: &mut PgConnection,
    team: TeamId,
    person: PersonId,
    role: Role,
) -> Result<bool> {
    let joined = sqlx::query!(
        r#"
        INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT memberships_pkey
        DO UPDATE SET role = excluded.role, joined_at = now(), removed_at = NULL
        WHERE memberships.removed_at IS NOT NULL
        "#,
        team as _,
        person as _,
        role.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(joined.rows_affected() == 1)
}

/// A member's role that stays as it is until the transaction ends.
#[derive(Debug)]
pub struct HeldRole {
    pub person: PersonId,
    pub role: Role,
}

/// The roles of all owners and of two more members, held until the transaction ends and always in
/// the same order, so that two who change roles at once wait for each other only one way.
pub async fn hold_roles(
    db: impl PgExecutor<'_>,
    team: TeamId,
    actor: PersonId,
    other: PersonId,
) -> Result<Vec<HeldRole>> {
    sqlx::query!(
        r#"
        SELECT person_id, role FROM memberships
        WHERE team_id = $1 AND removed_at IS NULL
          AND (role = 'owner' OR person_id IN ($2, $3))
        ORDER BY person_id
        FOR NO KEY UPDATE
        "#,
        team as _,
        actor as _,
        other as _,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(|row| {
        Ok(HeldRole {
            person: row.person_id.into(),
            role: row.role.parse()?,
        })
    })
    .collect()
}

/// Gives a member another role.
pub async fn set_role(
    connection: &mut PgConnection,
    team: TeamId,
    person: PersonId,
    role: Role,
) -> Result<()> {
    sqlx::query!(
        "UPDATE memberships SET role = $3 WHERE team_id = $1 AND person_id = $2",
        team as _,
        person as _,
        role.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a membership. The row stays, so that what the person did keeps its author.
pub async fn set_removed(
    connection: &mut PgConnection,
    team: TeamId,
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        "UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id = $2",
        team as _,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

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
    hold_role(db, team, person)
        .await?
        .ok_or_else(Error::not_found)
}

/// The role of a member, if they are one, held still until the transaction ends.
async fn hold_role(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
) -> Result<Option<Role>> {
    let role = sqlx::query_scalar!(
        r#"
        SELECT role FROM memberships
        WHERE team_id = $1 AND person_id = $2 AND removed_at IS NULL
        FOR SHARE
        "#,
        team as _,
        person as _,
    )
    .fetch_optional(db)
    .await?;
    role.map(|role| role.parse()).transpose()
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

/// The teams a person is in, by name, each with their role: all of them, or a given one.
pub async fn places_of(
    db: impl PgExecutor<'_>,
    person: PersonId,
    only: Option<Uuid>,
) -> Result<Vec<(TeamLink, Role)>> {
    sqlx::query!(
        r#"
        SELECT slug, name, role FROM memberships JOIN teams USING (team_id)
        WHERE person_id = $1 AND removed_at IS NULL AND ($2::uuid IS NULL OR team_id = $2)
        ORDER BY lower(name), slug
        "#,
        person as _,
        only,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(|row| {
        let team = TeamLink {
            slug: row.slug,
            name: row.name,
        };
        Ok((team, row.role.parse()?))
    })
    .collect()
}

/// Makes sure that a person can hold tasks in the team until the transaction ends.
///
/// # Errors
/// A field error on `assignee` when they are not in the team, or only a viewer.
pub async fn hold_assignable(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
) -> Result<()> {
    let role = hold_role(db, team, person)
        .await?
        .ok_or_else(|| Error::field("assignee", "This person is not in the team."))?;
    if role.may_write() {
        Ok(())
    } else {
        Err(Error::field("assignee", "A viewer cannot hold tasks."))
    }
}
