//! Where this tab was last: what one most likely wants to go back to.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{people::model::TeamView, people::shell::use_team, ui::storage::Storage};

/// How many are kept.
const KEPT: usize = 6;

/// A board or a task that was open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub href: String,
    pub words: String,
    pub beside: String,
}

/// Remembers where one is, in this tab and for this person alone, and what it is called when that changes.
pub fn visited(visit: impl Fn() -> Visit + 'static) {
    let place = place(&use_team());
    Effect::new(move |_| {
        let all = with(read(&place), visit());
        if let Ok(text) = serde_json::to_string(&all) {
            Storage::Tab.keep(&place, &text);
        }
    });
}

/// Where one was, the last first, without where one is.
pub fn visits(team: &TeamView) -> Vec<Visit> {
    let here = window().location().pathname().unwrap_or_default();
    let mut visits = read(&place(team));
    visits.retain(|visit| visit.href != here);
    visits
}

fn with(mut visits: Vec<Visit>, visit: Visit) -> Vec<Visit> {
    visits.retain(|other| other.href != visit.href);
    visits.insert(0, visit);
    // One of them is where one is.
    visits.truncate(KEPT + 1);
    visits
}

/// What an earlier release wrote otherwise is not read.
fn read(place: &str) -> Vec<Visit> {
    let text = Storage::Tab.read(place);
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn place(team: &TeamView) -> String {
    format!("recent {} {}", team.me.id, team.slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_remembered_once_by_its_last_name_and_the_oldest_are_forgotten() {
        let visit = |number: usize, words: &str| Visit {
            href: number.to_string(),
            words: words.to_owned(),
            beside: String::new(),
        };
        let mut visits = Vec::new();
        for number in 0..10 {
            visits = with(visits, visit(number, "old"));
        }
        visits = with(visits, visit(8, "new"));
        let places: Vec<_> = visits.iter().map(|visit| visit.href.as_str()).collect();
        assert_eq!(places, ["8", "9", "7", "6", "5", "4", "3"]);
        assert_eq!(visits[0].words, "new");
    }
}
