//! What an import would bring, and what not: the preview of a board.

use super::{
    plan::{kind_of, list_of, order},
    survey::Survey,
};
use crate::{
    boards::model::{BoardKey, BoardName},
    imports::{
        model::{Counted, ListPreview, MemberPreview, TrelloPreview},
        text,
    },
    people::model::PersonName,
    ui::words,
};

/// Open tasks that a board shows at once without being slow.
const MANY_OPEN: usize = 1_000;

/// What an import would bring, and what not.
pub fn preview(survey: &Survey, team: &[PersonName]) -> TrelloPreview {
    let lists = order(survey)
        .into_iter()
        .map(|number| {
            let list = &survey.lists[number];
            ListPreview {
                field: format!("l{number}"),
                name: list.name.clone(),
                kind: kind_of(&list.name),
                closed: list.closed,
                cards: list.open + list.archived,
            }
        })
        .collect();
    let members = survey.people.iter().enumerate();
    let members = members
        .map(|(number, somebody)| MemberPreview {
            field: format!("m{number}"),
            name: somebody.name.clone(),
            username: somebody.username.clone(),
            cards: somebody.cards,
            comments: somebody.comments,
            proposed: propose(&somebody.name, &somebody.username, team),
        })
        .collect();
    let name = text::line(&survey.name, BoardName::MAX, "Imported board").0;
    let key = match BoardKey::proposed(&name) {
        key if key.is_empty() => "TRELLO".to_owned(),
        key => key,
    };
    TrelloPreview {
        key,
        name,
        lists,
        members,
        comes: comes(survey),
        stays: stays(survey),
        notes: notes(survey),
        archived: survey.archived_cards(),
    }
}

/// The one person of the team who has the same name.
fn propose(name: &str, username: &str, team: &[PersonName]) -> Option<PersonName> {
    for name in [name, username] {
        let same: Vec<&PersonName> = team
            .iter()
            .filter(|person| person.name.to_lowercase() == name.to_lowercase())
            .collect();
        if let [one] = same.as_slice() {
            return Some((*one).clone());
        }
    }
    None
}

fn counted(count: usize, one: &str, many: &str) -> Counted {
    (count, words::counted(count, one, many))
}

fn some(all: Vec<Counted>) -> Vec<Counted> {
    all.into_iter().filter(|(count, _)| *count > 0).collect()
}

fn comes(survey: &Survey) -> Vec<Counted> {
    let closed = survey.lists.iter().filter(|list| list.closed).count();
    let there = survey.lists.iter().filter(|list| list.is_there).count();
    let archived = survey.archived_cards();
    some(vec![
        counted(there - closed, "list", "lists"),
        counted(closed, "archived list", "archived lists"),
        counted(survey.cards.len() - archived, "card", "cards"),
        counted(archived, "archived card", "archived cards"),
        counted(survey.checklist_count, "checklist", "checklists"),
        counted(survey.comments, "comment", "comments"),
        counted(survey.people.len(), "person", "people"),
    ])
}

fn stays(survey: &Survey) -> Vec<Counted> {
    let left = &survey.left;
    some(vec![
        counted(left.attachments, "attachment", "attachments"),
        counted(
            left.custom_fields,
            "value of a custom field",
            "values of custom fields",
        ),
        counted(left.votes, "vote", "votes"),
        counted(left.stickers, "sticker", "stickers"),
        counted(left.covers, "cover", "covers"),
        counted(left.power_ups, "value of a Power-Up", "values of Power-Ups"),
        counted(left.start_dates, "start date", "start dates"),
        counted(
            survey.lost_comments,
            "comment on a card that is not in the file",
            "comments on cards that are not in the file",
        ),
        counted(
            survey.duplicates,
            "list or card that is in the file twice",
            "lists and cards that are in the file twice",
        ),
    ])
}

fn notes(survey: &Survey) -> Vec<String> {
    let changed = &survey.changed;
    let mut notes = Vec::new();
    if survey.is_cut_off() {
        notes.push(
            "Trello puts the latest 1,000 actions into an export, and this file has as many: older comments are missing in it."
                .to_owned(),
        );
    }
    let open = survey.cards.len() - survey.archived_cards();
    if open > MANY_OPEN {
        notes.push(format!(
            "A board shows all of its open tasks, and with {open} of them it is slow to open. Archive in Trello what is over, and export it again."
        ));
    }
    let mut note = |count: usize, words: &str| {
        if count > 0 {
            notes.push(format!("{words}: {count}."));
        }
    };
    note(
        changed.titles,
        "Titles of more than 200 characters, which are repeated whole in their descriptions",
    );
    note(
        changed.descriptions,
        "Descriptions of more than 50,000 characters, which go on in comments",
    );
    note(
        changed.comments,
        "Long comments, which go on in further ones",
    );
    note(
        changed.labels,
        "Cards with more than 20 labels, of which the others are named in their descriptions",
    );
    note(
        changed.more_members,
        "Cards with several members, of whom one becomes the assignee and all are named in their descriptions",
    );
    note(
        changed.nul,
        "Texts with a character that cannot be stored (NUL), in whose place a mark stands",
    );
    let astray = survey
        .cards
        .iter()
        .filter(|card| list_of(survey, card).is_none());
    note(
        astray.count(),
        "Cards whose list is not in the file, which go into a column of their own",
    );
    notes
}
