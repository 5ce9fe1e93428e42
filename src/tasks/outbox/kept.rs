//! What is not sent yet, in the browser's own storage: a list for each tab that did it.

use serde_json::Value;
use uuid::Uuid;

use super::Deed;
use crate::{ids::PersonId, ui::storage::Storage};

const PREFIX: &str = "skateboard unsent";

/// The name of a tab's list.
pub fn place(me: PersonId, team: &str, tab: Uuid) -> String {
    format!("{PREFIX} {me} {team} {tab}")
}

/// The lists of a person in a team, the oldest first: the ids of tabs are in the order of their time.
pub fn places(me: PersonId, team: &str) -> Vec<String> {
    Storage::Browser.places(&format!("{PREFIX} {me} {team} "))
}

/// Whether anybody left something in a team.
pub fn is_anything_kept_for(team: &str) -> bool {
    let places = Storage::Browser.places(PREFIX);
    let of_team = format!(" {team} ");
    places.iter().any(|place| place.contains(&of_team))
}

/// The lists of a person.
pub fn places_of(me: PersonId) -> Vec<String> {
    Storage::Browser.places(&format!("{PREFIX} {me} "))
}

/// Writes a list, and says whether that was possible. One with nothing in it is dropped.
pub fn keep<'a>(place: &str, deeds: impl Iterator<Item = &'a Deed>) -> bool {
    write(place, &deeds.collect::<Vec<_>>())
}

fn write(place: &str, list: &[impl serde::Serialize]) -> bool {
    let text = match list {
        [] => String::new(),
        list => serde_json::to_string(list).unwrap_or_default(),
    };
    Storage::Browser.keep(place, &text)
}

/// Whether there is a list of this name.
pub fn is_kept(place: &str) -> bool {
    Storage::Browser.read(place).is_some()
}

/// Reads a list: what is to be sent, and what another release wrote that this one cannot read.
pub fn read(place: &str) -> (Vec<Deed>, Vec<Value>) {
    let text = Storage::Browser.read(place);
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
