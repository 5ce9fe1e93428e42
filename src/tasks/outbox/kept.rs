//! What is not sent yet, in the browser's own storage: a list for each tab that did it. A browser that
//! keeps nothing only loses what is unsent when its page is closed.

use leptos::prelude::*;
use uuid::Uuid;

use super::Deed;
use crate::ids::PersonId;

const PREFIX: &str = "skateboard unsent";

/// The name of a tab's list.
pub fn place(me: PersonId, team: &str, tab: Uuid) -> String {
    format!("{PREFIX} {me} {team} {tab}")
}

/// The lists of a person in a team.
pub fn places(me: PersonId, team: &str) -> Vec<String> {
    beginning_with(&format!("{PREFIX} {me} {team} "))
}

/// The lists of a person, or of everybody.
pub fn places_of(me: Option<PersonId>) -> Vec<String> {
    match me {
        Some(me) => beginning_with(&format!("{PREFIX} {me} ")),
        None => beginning_with(PREFIX),
    }
}

fn beginning_with(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let mut places: Vec<_> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(prefix))
        .collect();
    // The ids of tabs are in the order of their time.
    places.sort_unstable();
    places
}

/// Writes a list, or drops it when there is nothing in it.
pub fn keep<'a>(place: &str, deeds: impl Iterator<Item = &'a Deed>) {
    let Some(storage) = storage() else {
        return;
    };
    let deeds: Vec<_> = deeds.collect();
    let kept = match serde_json::to_string(&deeds) {
        Ok(text) if !deeds.is_empty() => storage.set_item(place, &text),
        _ => storage.remove_item(place),
    };
    // There is no room for it, and nothing to be done about that: it is sent from memory.
    let _ = kept;
}

pub fn read(place: &str) -> Vec<Deed> {
    let text = storage().and_then(|storage| storage.get_item(place).ok().flatten());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Gives a list away.
pub fn take(place: &str) -> Vec<Deed> {
    let deeds = read(place);
    keep(place, std::iter::empty());
    deeds
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
