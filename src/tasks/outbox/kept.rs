//! What is not sent yet, in the browser's own storage: a list for each tab that did it.

use leptos::prelude::*;
use serde_json::Value;
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

/// The lists of a person.
pub fn places_of(me: PersonId) -> Vec<String> {
    beginning_with(&format!("{PREFIX} {me} "))
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

/// Writes a list, and says whether that was possible. One with nothing in it is dropped.
pub fn keep<'a>(place: &str, deeds: impl Iterator<Item = &'a Deed>) -> bool {
    write(place, &deeds.collect::<Vec<_>>())
}

fn write(place: &str, list: &[impl serde::Serialize]) -> bool {
    let Some(storage) = storage() else {
        return false;
    };
    let kept = match serde_json::to_string(&list) {
        Ok(text) if !list.is_empty() => storage.set_item(place, &text),
        _ => storage.remove_item(place),
    };
    kept.is_ok()
}

/// Whether there is a list of this name.
pub fn is_kept(place: &str) -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(place), Ok(Some(_))))
}

/// Reads a list: what is to be sent, and what another release wrote that this one cannot read.
pub fn read(place: &str) -> (Vec<Deed>, Vec<Value>) {
    let text = storage().and_then(|storage| storage.get_item(place).ok().flatten());
    text.map(|text| parse(&text)).unwrap_or_default()
}

fn parse(text: &str) -> (Vec<Deed>, Vec<Value>) {
    let entries = match serde_json::from_str(text) {
        Ok(Value::Array(entries)) => entries,
        Ok(other) => vec![other],
        Err(_) => vec![Value::String(text.to_owned())],
    };
    let (mut deeds, mut unreadable) = (Vec::new(), Vec::new());
    for entry in entries {
        match serde_json::from_value(entry.clone()) {
            Ok(deed) => deeds.push(deed),
            Err(_) => unreadable.push(entry),
        }
    }
    (deeds, unreadable)
}

/// Leaves of a list what could not be read, for a release that can.
pub fn leave(place: &str, unreadable: &[Value]) {
    write(place, unreadable);
}

/// Drops a list.
pub fn drop_list(place: &str) {
    leave(place, &[]);
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_set_aside_and_costs_nothing_else() {
        let board = crate::ids::BoardId::new();
        let create = |id: Uuid| {
            format!(
                r#"{{"Create":{{"board":"{board}","column":"{board}","id":"{id}","title":"A"}}}}"#
            )
        };
        let (first, last) = (create(Uuid::now_v7()), create(Uuid::now_v7()));
        let (deeds, unreadable) = parse(&format!(r#"[{first},{{"Teleport":{{}}}},{last}]"#));
        assert_eq!((deeds.len(), unreadable.len()), (2, 1));
        assert_eq!(parse("no list").1.len(), 1);
        assert_eq!(parse("[]"), (Vec::new(), Vec::new()));
    }
}
