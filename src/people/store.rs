//! The tables `teams`, `memberships` and `invitations`.

use sqlx::PgExecutor;
use uuid::Uuid;

use super::{
    access::TeamId,
    model::{PersonName, Role, TeamLink},
};
use crate::{
    error::{Error, Result},
    ids::PersonId,
};

/// Inserts a team, unless its id or its slug is taken.
pub async fn insert_team(
    db: impl PgExecutor<'_>,
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
    .execute(db)
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

/// Makes a person a member, or again a member when they were one.
pub async fn add_member(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
    role: Role,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT memberships_pkey
        DO UPDATE SET role = excluded.role, joined_at = now(), removed_at = NULL
        "#,
        team as _,
        person as _,
        role.as_str(),
    )
    .execute(db)
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

/// The name of a person.
pub async fn person_name(db: impl PgExecutor<'_>, person: PersonId) -> Result<String> {
    Ok(
        sqlx::query_scalar!("SELECT name FROM people WHERE id = $1", person as _)
            .fetch_one(db)
            .await?,
    )
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
    .await?
    .ok_or_else(|| Error::field("assignee", "This person is not in the team."))?;
    if role.parse::<Role>()?.may_write() {
        Ok(())
    } else {
        Err(Error::field("assignee", "A viewer cannot hold tasks."))
    }
}

/// The members who can hold tasks, by name.
pub async fn assignable(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<PersonName>> {
    Ok(sqlx::query_as!(
        PersonName,
        r#"
        SELECT people.id, people.name FROM memberships JOIN people ON people.id = person_id
        WHERE team_id = $1 AND removed_at IS NULL AND role <> 'viewer'
        ORDER BY lower(people.name), people.id
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?)
}
