//! The teams of somebody who deletes their account.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{
    error::Result,
    ids::PersonId,
    people::model::{DepartureView, PersonName, Role, TeamLink},
};

/// A member of a team, held until the transaction ends.
#[derive(Debug)]
pub struct HeldMember {
    pub team: Uuid,
    pub slug: String,
    pub team_name: String,
    pub person: PersonId,
    pub role: Role,
}

/// Everybody who is in a team that this person is in, held in one order until the transaction ends. Whoever changes
/// anything in these teams holds their own row, so nothing is under way in them meanwhile.
pub async fn hold_members(db: impl PgExecutor<'_>, person: PersonId) -> Result<Vec<HeldMember>> {
    sqlx::query!(
        r#"
        SELECT memberships.team_id, slug, teams.name, person_id, role
        FROM memberships JOIN teams ON teams.team_id = memberships.team_id
        WHERE removed_at IS NULL AND memberships.team_id IN (
            SELECT team_id FROM memberships WHERE person_id = $1 AND removed_at IS NULL
        )
        ORDER BY memberships.team_id, person_id
        FOR NO KEY UPDATE OF memberships
        "#,
        person as _,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(|row| {
        Ok(HeldMember {
            team: row.team_id,
            slug: row.slug,
            team_name: row.name,
            person: row.person_id.into(),
            role: row.role.parse()?,
        })
    })
    .collect()
}

/// Holds teams so that nobody comes in until the transaction ends.
pub async fn shut(db: impl PgExecutor<'_>, teams: &[Uuid]) -> Result<()> {
    sqlx::query!(
        "SELECT FROM teams WHERE team_id = ANY($1) ORDER BY team_id FOR UPDATE",
        teams,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether somebody else than this person is in one of these teams.
pub async fn is_another_in(
    db: impl PgExecutor<'_>,
    teams: &[Uuid],
    person: PersonId,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM memberships WHERE team_id = ANY($1) AND person_id <> $2 AND removed_at IS NULL
        ) AS "is_another_in!"
        "#,
        teams,
        person as _,
    )
    .fetch_one(db)
    .await?)
}

/// Every team that a person is in or was in.
pub async fn all_of(db: impl PgExecutor<'_>, person: PersonId) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "SELECT team_id FROM memberships WHERE person_id = $1 ORDER BY team_id",
        person as _,
    )
    .fetch_all(db)
    .await?)
}

/// Whom a text of a team can mention: who is in it, and this person, who may have left it.
pub async fn mentionable(
    db: impl PgExecutor<'_>,
    team: Uuid,
    person: PersonId,
) -> Result<Vec<PersonName>> {
    Ok(sqlx::query_as!(
        PersonName,
        r#"
        SELECT people.id, people.name FROM memberships JOIN people ON people.id = person_id
        WHERE team_id = $1 AND (removed_at IS NULL OR person_id = $2)
        "#,
        team,
        person as _,
    )
    .fetch_all(db)
    .await?)
}

/// Removes teams with everything in them.
pub async fn remove_teams(db: impl PgExecutor<'_>, teams: &[Uuid]) -> Result<()> {
    sqlx::query!(
        r#"SELECT count(remove_team(gone)) AS "count!" FROM unnest($1::uuid[]) AS gone"#,
        teams,
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// What would become of a person's teams.
pub async fn outlook(db: impl PgExecutor<'_>, person: PersonId) -> Result<DepartureView> {
    let rows = sqlx::query!(
        r#"
        SELECT slug, name,
               NOT EXISTS (
                   SELECT FROM memberships AS other
                   WHERE other.team_id = mine.team_id AND other.person_id <> $1 AND other.removed_at IS NULL
               ) AS "is_alone!",
               mine.role = 'owner' AND NOT EXISTS (
                   SELECT FROM memberships AS other
                   WHERE other.team_id = mine.team_id AND other.person_id <> $1 AND other.removed_at IS NULL
                     AND other.role = 'owner'
               ) AS "is_last_owner!"
        FROM memberships AS mine JOIN teams USING (team_id)
        WHERE person_id = $1 AND mine.removed_at IS NULL
        ORDER BY lower(name), slug
        "#,
        person as _,
    )
    .fetch_all(db)
    .await?;
    let mut outlook = DepartureView::default();
    for row in rows {
        let team = TeamLink {
            slug: row.slug,
            name: row.name,
        };
        if row.is_alone {
            outlook.ends.push(team);
        } else if row.is_last_owner {
            outlook.needs_owner.push(team);
        }
    }
    Ok(outlook)
}
