//! What the owners set for the whole team.

use crate::{
    error::{Error, Result},
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::{
        access::Access,
        model::{TeamName, TeamSettings, WorkingDays},
        store,
    },
};

/// What a team goes by to say that somebody has too much, or that something was forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    in_progress: i16,
    stale_after_days: i16,
}

impl Limits {
    /// Reads the fields `in_progress_limit` and `stale_after_days`. Their ranges are constraints.
    pub fn parse(in_progress: &str, stale_after_days: &str) -> Result<Self> {
        let number = |field, text: &str| {
            text.trim()
                .parse()
                .map_err(|_| Error::field(field, "Fill in a whole number."))
        };
        Ok(Self {
            in_progress: number("in_progress_limit", in_progress)?,
            stale_after_days: number("stale_after_days", stale_after_days)?,
        })
    }
}

/// Changes a team's name, time zone, working days and limits. Its address stays, because links point at it.
///
/// # Errors
/// A field error on `time_zone` when Postgres knows no such zone, and on a limit that is out of range.
pub async fn change_settings(
    access: &Access,
    name: &TeamName,
    time_zone: &str,
    working_days: WorkingDays,
    limits: Limits,
) -> Result<()> {
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let typed = time_zone.trim();
    let known = store::time_zone(change.connection(), typed).await?;
    let time_zone = match known {
        Some(zone) => Some(zone),
        None => zone_of_city(&store::time_zones(change.connection()).await?, typed),
    };
    let time_zone = time_zone.ok_or_else(|| {
        Error::field(
            "time_zone",
            "There is no such time zone. Choose one of the list, such as Europe/Berlin.",
        )
    })?;
    let before = store::hold_settings(change.connection(), team).await?;
    let after = TeamSettings {
        name: name.as_str().to_owned(),
        time_zone,
        working_days,
        in_progress_limit: limits.in_progress,
        stale_after_days: limits.stale_after_days,
    };
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    store::set_settings(change.connection(), team, &after).await?;
    change.record(NewEvent::of_team("team.changed", changes));
    change.commit().await?;
    Ok(())
}

/// The zone of a city, when only one has it: `Europe/Berlin` for `berlin`.
fn zone_of_city(zones: &[String], city: &str) -> Option<String> {
    let city = city.replace(' ', "_");
    let mut found = zones.iter().filter(|zone| {
        zone.rsplit('/')
            .next()
            .is_some_and(|last| last.eq_ignore_ascii_case(&city))
    });
    let zone = found.next()?;
    found.next().is_none().then(|| zone.clone())
}

fn differences(before: &TeamSettings, after: &TeamSettings) -> Vec<FieldChange> {
    [
        ("name", before.name.clone(), after.name.clone()),
        (
            "time_zone",
            before.time_zone.clone(),
            after.time_zone.clone(),
        ),
        (
            "working_days",
            before.working_days.in_words(),
            after.working_days.in_words(),
        ),
        (
            "in_progress_limit",
            before.in_progress_limit.to_string(),
            after.in_progress_limit.to_string(),
        ),
        (
            "stale_after_days",
            before.stale_after_days.to_string(),
            after.stale_after_days.to_string(),
        ),
    ]
    .into_iter()
    .filter(|(_, from, to)| from != to)
    .map(|(field, from, to)| FieldChange::new(field, Some(from), Some(to)))
    .collect()
}
