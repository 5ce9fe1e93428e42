//! Who has a feature: asked by pages, changed by owners, and looked back at by hypotheses.

use metrics::counter;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    model::{Arms, Mode, Percent, Setting, Toggle, ToggleView, ToggledPerson, TogglesView},
    store::{self, Asked},
};
use crate::{
    accounts,
    error::{Error, Result},
    ids::PersonId,
    insights::period::Period,
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::{
        self,
        access::{Access, TeamId},
        model::{MemberView, PersonName},
    },
    server::database::Transaction,
};

/// Answers that pages got; labels `toggle` and `answer`: `on` or `off`.
pub const ANSWERS: &str = "toggle_answers_total";

/// What has not happened yet is zero, not absent.
pub fn begin_counting() {
    for toggle in Toggle::ALL {
        for answer in ["on", "off"] {
            counter!(ANSWERS, "toggle" => toggle.as_str(), "answer" => answer).absolute(0);
        }
    }
}

/// Whether whoever reads a page has a feature. The first answer, and one that is another than before, is written
/// down; where that fails the page is shown all the same.
///
/// # Errors
/// Only those of the database.
pub async fn has(access: &Access, toggle: Toggle) -> Result<bool> {
    if !toggle.is_for(access.role()) {
        return Ok(false);
    }
    let (team, me) = (access.team(), access.person().id);
    let asked = store::asked(access.db(), team, toggle, me).await?;
    let is_on = asked
        .as_ref()
        .is_some_and(|asked| asked.is_on(team, toggle, me));
    let answer = if is_on { "on" } else { "off" };
    counter!(ANSWERS, "toggle" => toggle.as_str(), "answer" => answer).increment(1);
    // As long as a team has decided nothing there is nothing to compare.
    let is_new = asked.is_some_and(|asked| asked.answered != Some(is_on));
    if is_new && let Err(error) = write_down(access, toggle, is_on).await {
        tracing::warn!(error = %error.message, toggle = %toggle, "The answer of a toggle was not written down");
    }
    Ok(is_on)
}

async fn write_down(access: &Access, toggle: Toggle, is_on: bool) -> Result<()> {
    let mut transaction = Transaction::begin(access.db()).await?;
    let me = [access.person().id];
    store::switch(transaction.connection(), access.team(), toggle, &me, is_on).await?;
    transaction.commit().await
}

impl Asked {
    fn is_on(&self, team: TeamId, toggle: Toggle, person: PersonId) -> bool {
        match self.mode {
            Mode::Off => false,
            Mode::On => true,
            Mode::Share => self.is_named || place(team.uuid(), toggle, person) < self.share.get(),
        }
    }
}

impl Setting {
    fn is_on(&self, team: TeamId, toggle: Toggle, person: PersonId) -> bool {
        let asked = Asked {
            mode: self.mode,
            share: self.share,
            is_named: self.always.contains(&person),
            answered: None,
        };
        asked.is_on(team, toggle, person)
    }
}

/// The place of a person among a hundred, which is another one for each feature. It never changes, so whoever has
/// a feature keeps it when the share grows.
fn place(team: Uuid, toggle: Toggle, person: PersonId) -> u8 {
    let hash = Sha256::new()
        .chain_update(team)
        .chain_update(toggle.as_str())
        .chain_update(person.0)
        .finalize();
    let number = hash
        .iter()
        .take(4)
        .fold(0, |number: u32, byte| (number << 8) | u32::from(*byte));
    u8::try_from(number % 100).unwrap_or_default()
}

/// The toggles of a team.
pub async fn all(access: &Access) -> Result<TogglesView> {
    let (db, team) = (access.db(), access.team());
    let members = people::store::members(db, team).await?;
    let mut toggles = Vec::with_capacity(Toggle::ALL.len());
    for toggle in Toggle::ALL {
        let found = store::setting(db, team, toggle).await?;
        let (setting, changed) = found.unzip();
        let setting = setting.unwrap_or_default();
        let people = members
            .iter()
            .filter(|member| toggle.is_for(member.role))
            .map(|member| ToggledPerson {
                always: setting.always.contains(&member.person.id),
                has_it: setting.is_on(team, toggle, member.person.id),
                person: member.person.clone(),
            })
            .collect();
        toggles.push(ToggleView {
            toggle,
            mode: setting.mode,
            share: setting.share,
            people,
            changed,
        });
    }
    Ok(TogglesView {
        toggles,
        now: accounts::store::now(db).await?,
    })
}

/// Turns a feature on or off, for all or some. `always` are the people who have it whatever the share is, each with
/// the field of the form that names them.
///
/// # Errors
/// A field error for somebody who is not in the team, or could not use the feature.
pub async fn change_toggle(
    access: &Access,
    toggle: Toggle,
    mode: Mode,
    share: Percent,
    always: &[(String, PersonId)],
) -> Result<()> {
    let mut change = Change::begin(access).await?;
    let (team, me) = (access.team(), access.person().id);
    let members = people::store::members(change.connection(), team).await?;
    let mut named = Vec::with_capacity(always.len());
    for (field, person) in always {
        let member = members.iter().find(|member| member.person.id == *person);
        match member.map(|member| toggle.is_for(member.role)) {
            Some(true) => named.push(*person),
            Some(false) => return Err(Error::field(field, "A viewer could not use it.")),
            None => return Err(Error::field(field, "This person is not in the team.")),
        }
    }
    named.sort_unstable();
    named.dedup();
    store::hold(change.connection(), team, toggle, me).await?;
    let found = store::setting(change.connection(), team, toggle).await?;
    let before = found.map(|(setting, _)| setting).unwrap_or_default();
    let after = Setting {
        mode,
        share,
        always: named,
    };
    if before == after {
        return Ok(());
    }
    store::set(change.connection(), team, toggle, &after, me).await?;
    // Whoever has met the feature is told another answer from now on, whether or not they come back.
    let answers = store::answers(change.connection(), team, toggle).await?;
    for is_on in [true, false] {
        let others: Vec<PersonId> = answers
            .iter()
            .filter(|(person, was_on)| {
                *was_on != is_on && after.is_on(team, toggle, *person) == is_on
            })
            .map(|(person, _)| *person)
            .collect();
        if !others.is_empty() {
            store::switch(change.connection(), team, toggle, &others, is_on).await?;
        }
    }
    let changes = differences(toggle, &before, &after, &members);
    change.record(NewEvent::of_team("toggle.changed", changes));
    change.commit().await.map(drop)
}

/// What is different, beginning with which toggle it is about.
fn differences(
    toggle: Toggle,
    before: &Setting,
    after: &Setting,
    members: &[MemberView],
) -> Vec<FieldChange> {
    let mut changes = vec![FieldChange::new("toggle", None, Some(toggle.to_string()))];
    let mut compare = |field: &str, from: String, to: String| {
        if from != to {
            changes.push(FieldChange::new(field, Some(from), Some(to)));
        }
    };
    compare(
        "mode",
        before.mode.as_str().to_owned(),
        after.mode.as_str().to_owned(),
    );
    compare("share", before.share.to_string(), after.share.to_string());
    let name = |id: PersonId| {
        let mut people = members.iter().map(|member| &member.person);
        people
            .find(|person| person.id == id)
            .map(|person: &PersonName| person.name.clone())
    };
    for person in &before.always {
        if !after.always.contains(person) {
            changes.push(FieldChange {
                from_id: Some(person.to_string()),
                ..FieldChange::new("always", name(*person), None)
            });
        }
    }
    for person in &after.always {
        if !before.always.contains(person) {
            changes.push(FieldChange {
                to_id: Some(person.to_string()),
                ..FieldChange::new("always", None, name(*person))
            });
        }
    }
    changes
}

/// Who had a feature over a period, and who had it not, of those who met it in that time. What somebody saw before
/// the first answer is not known, and is taken for the same.
pub async fn people_with(access: &Access, toggle: Toggle, period: Period) -> Result<Arms> {
    let found = store::arms(access.db(), access.team(), toggle, period.from, period.to).await?;
    let mut arms = Arms::default();
    for (person, always, ever) in found {
        match (always, ever) {
            (true, _) => arms.with.push(person),
            (false, true) => arms.switched.push(person),
            (false, false) => arms.without.push(person),
        }
    }
    Ok(arms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_spread_over_the_hundred() {
        let people = (0..1000_u128).map(|number| PersonId(Uuid::from_u128(number)));
        let places: Vec<u8> = people
            .map(|person| place(Uuid::from_u128(7), Toggle::DragAndDrop, person))
            .collect();
        let below_half = places.iter().filter(|place| **place < 50).count();
        assert!((430..570).contains(&below_half), "{below_half} of 1000");
        assert!(places.iter().all(|place| *place < 100));
    }
}
