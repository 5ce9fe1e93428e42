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

/// Changes a team's name, time zone and working days. Its address stays, because links point at it.
///
/// # Errors
/// A field error on `time_zone` when Postgres knows no such zone.
pub async fn change_settings(
    access: &Access,
    name: &TeamName,
    time_zone: &str,
    working_days: WorkingDays,
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
    };
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    store::set_settings(change.connection(), team, &after).await?;
    change.record(NewEvent {
        kind: "team.changed",
        board: None,
        task: None,
        changes,
    });
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
    ]
    .into_iter()
    .filter(|(_, from, to)| from != to)
    .map(|(field, from, to)| FieldChange::new(field, Some(from), Some(to)))
    .collect()
}
