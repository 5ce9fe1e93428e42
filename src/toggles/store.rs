//! The tables `toggles`, `toggle_people` and `toggle_arms`.

use sqlx::{PgConnection, PgExecutor};
use time::Date;
use uuid::Uuid;

use super::model::{Changed, Mode, Percent, Setting, Toggle};
use crate::{
    error::{Error, Result},
    ids::PersonId,
    people::{access::TeamId, model::PersonName},
};

/// What a team has set for a feature, and what that has to do with one person.
#[derive(Debug)]
pub struct Asked {
    pub mode: Mode,
    pub share: Percent,
    /// Whether the person has it whatever the share is.
    pub is_named: bool,
    /// The answer that the person got last.
    pub answered: Option<bool>,
}

/// Nothing as long as the team has decided nothing about the feature.
pub async fn asked(
    db: impl PgExecutor<'_>,
    team: TeamId,
    toggle: Toggle,
    person: PersonId,
) -> Result<Option<Asked>> {
    let row = sqlx::query!(
        r#"
        SELECT mode, share,
               EXISTS (
                   SELECT FROM toggle_people WHERE team_id = $1 AND name = $2 AND person_id = $3
               ) AS "is_named!",
               (SELECT is_on FROM toggle_arms
                WHERE team_id = $1 AND name = $2 AND person_id = $3 AND until IS NULL) AS "answered?"
        FROM toggles WHERE team_id = $1 AND name = $2
        "#,
        team as _,
        toggle.as_str(),
        person as _,
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Asked {
            mode: row.mode.parse()?,
            share: percent(row.share)?,
            is_named: row.is_named,
            answered: row.answered,
        })
    })
    .transpose()
}

/// What a team has set for a feature, and who did so last.
pub async fn setting(
    db: impl PgExecutor<'_>,
    team: TeamId,
    toggle: Toggle,
) -> Result<Option<(Setting, Changed)>> {
    let row = sqlx::query!(
        r#"
        SELECT mode, share, changed_at, changed_by, people.name,
               ARRAY(
                   SELECT person_id FROM toggle_people WHERE team_id = $1 AND toggle_people.name = $2
                   ORDER BY person_id
               ) AS "always!"
        FROM toggles JOIN people ON people.id = changed_by
        WHERE team_id = $1 AND toggles.name = $2
        "#,
        team as _,
        toggle.as_str(),
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let setting = Setting {
            mode: row.mode.parse()?,
            share: percent(row.share)?,
            always: row.always.into_iter().map(PersonId::from).collect(),
        };
        let by = PersonName {
            id: row.changed_by.into(),
            name: row.name,
        };
        let at = row.changed_at.unix_timestamp();
        Ok((setting, Changed { by, at }))
    })
    .transpose()
}

/// Lets nobody else change a toggle until the transaction ends. One that the team has not decided about yet is
/// there from now on, and off.
pub async fn hold(
    connection: &mut PgConnection,
    team: TeamId,
    toggle: Toggle,
    by: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO toggles (team_id, name, changed_by) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT toggles_pkey DO NOTHING
        "#,
        team as _,
        toggle.as_str(),
        by as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "SELECT mode FROM toggles WHERE team_id = $1 AND name = $2 FOR NO KEY UPDATE",
        team as _,
        toggle.as_str(),
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// Sets what a held toggle is.
pub async fn set(
    connection: &mut PgConnection,
    team: TeamId,
    toggle: Toggle,
    setting: &Setting,
    by: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE toggles SET mode = $3, share = $4, changed_by = $5, changed_at = now()
        WHERE team_id = $1 AND name = $2
        "#,
        team as _,
        toggle.as_str(),
        setting.mode.as_str(),
        i16::from(setting.share.get()),
        by as _,
    )
    .execute(&mut *connection)
    .await?;
    let always = uuids(&setting.always);
    sqlx::query!(
        "DELETE FROM toggle_people WHERE team_id = $1 AND name = $2 AND person_id <> ALL($3)",
        team as _,
        toggle.as_str(),
        &always,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO toggle_people (team_id, name, person_id)
        SELECT $1, $2, person_id FROM unnest($3::uuid[]) AS person_id
        ON CONFLICT ON CONSTRAINT toggle_people_pkey DO NOTHING
        "#,
        team as _,
        toggle.as_str(),
        &always,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The answers that hold now, of everybody who got one.
pub async fn answers(
    db: impl PgExecutor<'_>,
    team: TeamId,
    toggle: Toggle,
) -> Result<Vec<(PersonId, bool)>> {
    let rows = sqlx::query!(
        r#"
        SELECT person_id, is_on FROM toggle_arms
        WHERE team_id = $1 AND name = $2 AND until IS NULL ORDER BY person_id
        "#,
        team as _,
        toggle.as_str(),
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.person_id.into(), row.is_on))
        .collect())
}

/// Writes down the answer that people get from now on. Whoever had the same already keeps it. A page may have
/// written down another one since this transaction began.
pub async fn switch(
    connection: &mut PgConnection,
    team: TeamId,
    toggle: Toggle,
    people: &[PersonId],
    is_on: bool,
) -> Result<()> {
    let people = uuids(people);
    sqlx::query!(
        r#"
        UPDATE toggle_arms SET until = greatest(now(), since)
        WHERE team_id = $1 AND name = $2 AND person_id = ANY($3) AND until IS NULL AND is_on <> $4
        "#,
        team as _,
        toggle.as_str(),
        &people,
        is_on,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO toggle_arms (team_id, name, person_id, is_on)
        SELECT $1, $2, person_id, $4 FROM unnest($3::uuid[]) AS person_id
        ON CONFLICT DO NOTHING
        "#,
        team as _,
        toggle.as_str(),
        &people,
        is_on,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Who got an answer that held within some days of the team's time zone: whether it was always yes, and whether it
/// ever was. Whoever's account is deleted is left out, because of what was counted of them some is nobody's any more.
pub async fn arms(
    db: impl PgExecutor<'_>,
    team: TeamId,
    toggle: Toggle,
    from: Date,
    to: Date,
) -> Result<Vec<(PersonId, bool, bool)>> {
    let rows = sqlx::query!(
        r#"
        SELECT person_id, bool_and(is_on) AS "always!", bool_or(is_on) AS "ever!"
        FROM toggle_arms JOIN teams USING (team_id) JOIN people ON people.id = person_id AND forgotten_at IS NULL
        WHERE team_id = $1 AND toggle_arms.name = $2
          AND since < ($4::date + 1)::timestamp AT TIME ZONE time_zone
          AND coalesce(until, 'infinity') > $3::date::timestamp AT TIME ZONE time_zone
        GROUP BY person_id ORDER BY person_id
        "#,
        team as _,
        toggle.as_str(),
        from,
        to,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.person_id.into(), row.always, row.ever))
        .collect())
}

/// What the constraint of the table leaves possible is a percentage.
fn percent(share: i16) -> Result<Percent> {
    Percent::parse(&share.to_string()).map_err(|_| Error::internal())
}

fn uuids(people: &[PersonId]) -> Vec<Uuid> {
    people.iter().map(|person| person.0).collect()
}

/// Lets a person have no feature by name in these teams any more. Which they had, and when, stays.
pub async fn forget_person(
    connection: &mut PgConnection,
    teams: &[Uuid],
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM toggle_people WHERE team_id = ANY($1) AND person_id = $2",
        teams,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
