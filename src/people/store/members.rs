//! Who is in a team, and who was.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use crate::{
    error::{Error, Result},
    ids::PersonId,
    people::{
        access::TeamId,
        model::{FormerMemberView, HeldTask, MemberView, PersonName},
    },
};

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

/// The name of a person.
pub async fn person_name(db: impl PgExecutor<'_>, person: PersonId) -> Result<String> {
    Ok(
        sqlx::query_scalar!("SELECT name FROM people WHERE id = $1", person as _)
            .fetch_one(db)
            .await?,
    )
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
