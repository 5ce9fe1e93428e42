//! The filters that can be clicked: each choice is a link to the query that has it.

use super::{
    model::{ChoiceView, FacetView},
    query::{Facet, Query, typed},
    store::Known,
};
use crate::tasks::model::Priority;

/// The filters beside a query, with what there is in the team to choose from; `labels` are those of the tasks
/// that were found.
pub fn facets(query: &Query, known: &Known, labels: Vec<String>) -> Vec<FacetView> {
    let fixed = |choices: &[(&str, &str)]| {
        let owned = |(words, text): &(&str, &str)| ((*words).to_owned(), (*text).to_owned());
        choices.iter().map(owned).collect::<Vec<_>>()
    };
    let mut assignees = fixed(&[("Me", "assignee:me"), ("Nobody", "assignee:none")]);
    let holders = known.people.iter().filter(|person| person.can_hold);
    assignees.extend(holders.map(|person| (person.name.clone(), typed("assignee", &person.name))));
    let boards = known
        .boards
        .iter()
        .filter(|board| !board.archived)
        .map(|board| (board.name.clone(), typed("board", &board.key)));
    let states = [
        ("Open", "is:open"),
        ("To do", "is:todo"),
        ("In progress", "is:doing"),
        ("Done", "is:done"),
    ];
    let dues = [
        ("Late", "is:late"),
        ("Today", "due:today"),
        ("Next 7 days", "due:week"),
        ("No date", "due:none"),
    ];
    let priorities = Priority::ALL.into_iter().rev().map(|priority| {
        (
            priority.label().to_owned(),
            typed("priority", priority.as_str()),
        )
    });
    let labels = labels
        .into_iter()
        .map(|label| (label.clone(), typed("label", &label)));
    [
        (Facet::Assignee, "Assignee", assignees),
        (Facet::Board, "Board", boards.collect()),
        (Facet::State, "State", fixed(&states)),
        (Facet::Due, "Due", fixed(&dues)),
        (Facet::Priority, "Priority", priorities.collect()),
        (Facet::Label, "Label", labels.collect()),
    ]
    .into_iter()
    .map(|(facet, name, choices)| view(query, facet, name, choices))
    .filter(|facet| !facet.choices.is_empty())
    .collect()
}

fn view(query: &Query, facet: Facet, name: &str, choices: Vec<(String, String)>) -> FacetView {
    let typed = query.chosen(facet).map(str::to_lowercase);
    let chosen = typed.map(|typed| {
        let known = choices
            .iter()
            .find(|(_, text)| text.to_lowercase() == typed)
            .map(|(words, _)| words.clone());
        known.unwrap_or_else(|| in_words(&typed))
    });
    let any = chosen.is_some().then(|| ("Any".to_owned(), None));
    let others = choices.into_iter().map(|(words, text)| (words, Some(text)));
    let choices = any
        .into_iter()
        .chain(others)
        .map(|(words, text)| ChoiceView {
            query: encoded(&query.choosing(facet, text.as_deref())),
            words,
        })
        .collect();
    FacetView {
        name: name.to_owned(),
        chosen,
        choices,
    }
}

/// A filter that is none of the choices, as it was typed but for its name.
fn in_words(typed: &str) -> String {
    let value = typed.split_once(':').map_or(typed, |(_, value)| value);
    let not = if typed.starts_with('-') { "not " } else { "" };
    format!("{not}{}", value.replace('"', ""))
}

/// A query as it stands in an address.
pub fn encoded(query: &str) -> String {
    url::form_urlencoded::byte_serialize(query.as_bytes()).collect()
}
