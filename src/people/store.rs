//! The tables `teams` and `memberships`, and below it `invitations` and `wall_links`, and whole teams.

pub mod departing;
pub mod invitations;
pub mod wall_links;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    access::TeamId,
    model::{
        FormerMemberView, HeldTask, MemberView, PersonName, Role, TeamLink, TeamSettings,
        WorkingDays,
    },
    week::Calendar,
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

struct MemberRow {
    person_id: PersonId,
    name: String,
    email: String,
    role: String,
    joined_at: OffsetDateTime,
}

impl TryFrom<MemberRow> for MemberView {
    type Error = Error;

    fn try_from(row: MemberRow) -> Result<Self> {
        Ok(Self {
            person: PersonName {
                id: row.person_id,
                name: row.name,
            },
            email: Some(row.email),
            role: row.role.parse()?,
            joined_at: row.joined_at.unix_timestamp(),
        })
    }
}

/// Who is in the team, by name.
pub async fn members(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<MemberView>> {
    sqlx::query_as!(
        MemberRow,
        r#"
        SELECT person_id, name, email, role, joined_at
        FROM memberships JOIN people ON people.id = person_id
        WHERE team_id = $1 AND removed_at IS NULL
        ORDER BY lower(name), person_id
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(MemberView::try_from)
    .collect()
}

/// Who is in the team, by when they got their accounts, from behind one of them.
pub async fn members_after(
    db: impl PgExecutor<'_>,
    team: TeamId,
    after: PersonId,
    limit: i64,
) -> Result<Vec<MemberView>> {
    sqlx::query_as!(
        MemberRow,
        r#"
        SELECT person_id, name, email, role, joined_at
        FROM memberships JOIN people ON people.id = person_id
        WHERE team_id = $1 AND removed_at IS NULL AND person_id > $2
        ORDER BY person_id LIMIT $3
        "#,
        team as _,
        after as _,
        limit,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(MemberView::try_from)
    .collect()
}

/// Former members who still hold open tasks, by name, each with their tasks.
pub async fn former_members(
    db: impl PgExecutor<'_>,
    team: TeamId,
) -> Result<Vec<FormerMemberView>> {
    let rows = sqlx::query!(
        r#"
        SELECT memberships.person_id, people.name, memberships.removed_at AS "removed_at!",
               boards.key || '-' || tasks.number AS "key!", tasks.title
        FROM memberships
        JOIN people ON people.id = memberships.person_id
        JOIN tasks ON tasks.team_id = memberships.team_id
                  AND tasks.assignee_id = memberships.person_id
                  AND tasks.deleted_at IS NULL AND tasks.kind <> 'done'
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE memberships.team_id = $1 AND memberships.removed_at IS NOT NULL
          AND boards.archived_at IS NULL
        ORDER BY lower(people.name), memberships.person_id, boards.key, tasks.number
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?;
    let mut former: Vec<FormerMemberView> = Vec::new();
    for row in rows {
        let person = PersonId::from(row.person_id);
        let task = HeldTask {
            key: row.key,
            title: row.title,
        };
        match former.last_mut() {
            Some(last) if last.person.id == person => last.tasks.push(task),
            _ => former.push(FormerMemberView {
                person: PersonName {
                    id: person,
                    name: row.name,
                },
                removed_at: row.removed_at.unix_timestamp(),
                tasks: vec![task],
            }),
        }
    }
    Ok(former)
}

struct SettingsRow {
    name: String,
    time_zone: String,
    working_days: Vec<i16>,
    in_progress_limit: i16,
    stale_after_days: i16,
}

impl From<SettingsRow> for TeamSettings {
    fn from(row: SettingsRow) -> Self {
        Self {
            name: row.name,
            time_zone: row.time_zone,
            working_days: WorkingDays::from_numbers(&row.working_days),
            in_progress_limit: row.in_progress_limit,
            stale_after_days: row.stale_after_days,
        }
    }
}

/// What the owners set.
pub async fn settings(db: impl PgExecutor<'_>, team: TeamId) -> Result<TeamSettings> {
    let row = sqlx::query_as!(
        SettingsRow,
        r#"
        SELECT name, time_zone, working_days, in_progress_limit, stale_after_days
        FROM teams WHERE team_id = $1
        "#,
        team as _,
    )
    .fetch_one(db)
    .await?;
    Ok(row.into())
}

/// The clock and the calendar of the team, in its time zone.
pub async fn calendar(db: impl PgExecutor<'_>, team: TeamId) -> Result<Calendar> {
    let row = sqlx::query!(
        r#"
        SELECT now() AS "now!", (now() AT TIME ZONE time_zone)::date AS "today!", time_zone
        FROM teams WHERE team_id = $1
        "#,
        team as _,
    )
    .fetch_one(db)
    .await?;
    Ok(Calendar {
        now: row.now.unix_timestamp(),
        today: row.today,
        time_zone: row.time_zone,
    })
}

/// What the owners set, held until the transaction ends.
pub async fn hold_settings(db: impl PgExecutor<'_>, team: TeamId) -> Result<TeamSettings> {
    let row = sqlx::query_as!(
        SettingsRow,
        r#"
        SELECT name, time_zone, working_days, in_progress_limit, stale_after_days
        FROM teams WHERE team_id = $1 FOR NO KEY UPDATE
        "#,
        team as _,
    )
    .fetch_one(db)
    .await?;
    Ok(row.into())
}

/// Stores what the owners set.
pub async fn set_settings(
    connection: &mut PgConnection,
    team: TeamId,
    settings: &TeamSettings,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE teams
        SET name = $2, time_zone = $3, working_days = $4, in_progress_limit = $5, stale_after_days = $6
        WHERE team_id = $1
        "#,
        team as _,
        settings.name,
        settings.time_zone,
        &settings.working_days.numbers(),
        settings.in_progress_limit,
        settings.stale_after_days,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A time zone as Postgres writes it, whatever the case it was typed in.
pub async fn time_zone(db: impl PgExecutor<'_>, name: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT name AS "name!" FROM pg_timezone_names WHERE lower(name) = lower($1) LIMIT 1
        "#,
        name,
    )
    .fetch_optional(db)
    .await?)
}

/// The time zones to choose from: those named after a place, and UTC.
pub async fn time_zones(db: impl PgExecutor<'_>) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT name AS "name!" FROM pg_timezone_names
        WHERE name = 'UTC'
           OR name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
        ORDER BY name
        "#
    )
    .fetch_all(db)
    .await?)
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
    let role = hold_role(db, team, person)
        .await?
        .ok_or_else(|| Error::field("assignee", "This person is not in the team."))?;
    if role.may_write() {
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

/// The owner of a team who has been in it longest.
pub async fn first_owner(db: impl PgExecutor<'_>, slug: &str) -> Result<Option<PersonName>> {
    Ok(sqlx::query_as!(
        PersonName,
        r#"
        SELECT people.id, people.name FROM memberships
        JOIN teams USING (team_id) JOIN people ON people.id = person_id
        WHERE teams.slug = $1 AND role = 'owner' AND removed_at IS NULL
        ORDER BY joined_at, people.id LIMIT 1
        "#,
        slug,
    )
    .fetch_optional(db)
    .await?)
}
