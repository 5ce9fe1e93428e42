//! What the owners of a team set, and the time by which it works.

use sqlx::{PgConnection, PgExecutor};

use crate::{
    error::Result,
    people::{
        access::TeamId,
        model::{TeamSettings, WorkingDays},
        week::Calendar,
    },
};

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
