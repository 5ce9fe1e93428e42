//! What was typed and not saved, kept for as long as the tab is open: going elsewhere in the app or
//! loading the page again loses nothing.
//!
//! A draft remembers what it started from, so that what others changed meanwhile is a conflict and not
//! overwritten.

use super::state::Values;
use crate::{
    forms::unsaid::{Typed, label_of},
    ids::{BoardId, ColumnId, CommentId, PersonId},
    tasks::{model::stored, outbox::Fields},
    ui::storage::Storage,
};

/// One field: what the server had and what was typed.
pub type Drafted = (String, String, String);

/// A draft belongs to one person, also in a tab that several use.
pub fn place(me: PersonId, team: &str, key: &str) -> String {
    format!("draft {me} {team} {key}")
}

/// Where a comment is kept that is not sent, beside the draft of its task: a new one, or what is written in the place
/// of an old one.
pub fn comment_place(task: &str, comment: Option<CommentId>) -> String {
    let comment = comment.map_or_else(|| "new".to_owned(), |id| id.to_string());
    format!("{task} comment {comment}")
}

/// Where the title of a new task is kept that is not sent.
pub fn new_task_place(me: PersonId, team: &str, board: BoardId, column: ColumnId) -> String {
    format!("{}{column}", new_task_places(me, team, board))
}

/// How the places begin where titles of new tasks for a board are kept. No task has such a key: keys are upper case.
pub fn new_task_places(me: PersonId, team: &str, board: BoardId) -> String {
    place(me, team, &format!("new {board} "))
}

/// The comments that are kept beside the draft of a task, by their places: the texts are what was typed.
pub fn comments(task: &str) -> Vec<(String, String)> {
    let places = Storage::Tab.places(&format!("{task} comment "));
    let with_text = places
        .into_iter()
        .filter_map(|place| Some((place.clone(), Storage::Tab.read(&place)?)));
    with_text.collect()
}

/// The texts that this tab keeps for the tasks of a team.
pub fn texts_of_team(me: PersonId, team: &str) -> Vec<Typed> {
    let beginning = place(me, team, "");
    let mut texts = Vec::new();
    for place in Storage::Tab.places(&beginning) {
        let rest = place.strip_prefix(&beginning).unwrap_or_default();
        let mut add = |field: &str, label: String, text: String| {
            let name = format!("draft-{}-{field}", texts.len());
            texts.push(Typed { name, label, text });
        };
        let whole = || Storage::Tab.read(&place).unwrap_or_default();
        match rest.split_once(' ') {
            Some(("new", _)) => add("title", "New task".to_owned(), whole()),
            Some((key, _)) => add("comment", format!("Comment on {key}"), whole()),
            None => {
                for (field, _, text) in read(&place) {
                    if let Some(label) = label_of(&field) {
                        add(&field, format!("{label} of {rest}"), text);
                    }
                }
            }
        }
    }
    texts.retain(|typed| !typed.text.trim().is_empty());
    texts
}

/// Forgets what this tab keeps for the tasks of a team.
pub fn forget_team(me: PersonId, team: &str) {
    for place in Storage::Tab.places(&place(me, team, "")) {
        Storage::Tab.keep(&place, "");
    }
}

/// Whether this tab keeps anything for a team, whoever typed it.
pub fn is_anything_kept_for(team: &str) -> bool {
    let of_team = format!(" {team} ");
    let places = Storage::Tab.places("draft ");
    places.iter().any(|place| place.contains(&of_team))
}

/// Keeps what differs from the server, or forgets the draft when nothing does.
pub fn keep(key: &str, base: &Values, typed: &Values) {
    let before = |name| base.get(name).cloned().unwrap_or_default();
    let fields = typed
        .iter()
        .map(|(name, typed)| ((*name).to_owned(), before(name), typed.clone()));
    write(key, fields.collect());
}

/// Keeps what was refused, behind what was typed since then.
pub fn add(key: &str, refused: &Fields) {
    write(key, with(read(key), refused));
}

/// Forgets what was saved. What was typed since then starts from it.
pub fn forget(key: &str, saved: &Fields) {
    write(key, without(read(key), saved));
}

fn with(mut draft: Vec<Drafted>, refused: &Fields) -> Vec<Drafted> {
    for (name, (before, typed)) in refused {
        if !draft.iter().any(|(drafted, ..)| drafted == name) {
            draft.push((name.clone(), before.clone(), typed.clone()));
        }
    }
    draft
}

fn without(draft: Vec<Drafted>, saved: &Fields) -> Vec<Drafted> {
    let left = |(name, before, typed): Drafted| match saved.get(&name) {
        Some((_, now)) if *now == typed => None,
        Some((was, now)) if *was == before => {
            let now = stored(&name, now);
            Some((name, now, typed))
        }
        _ => Some((name, before, typed)),
    };
    draft.into_iter().filter_map(left).collect()
}

fn write(key: &str, draft: Vec<Drafted>) {
    let text = match draft.as_slice() {
        [] => String::new(),
        draft => serde_json::to_string(draft).unwrap_or_default(),
    };
    Storage::Tab.keep(key, &text);
}

/// The draft that was kept, if there is one.
pub fn read(key: &str) -> Vec<Drafted> {
    let text = Storage::Tab.read(key);
    text.map(|text| parse(&text)).unwrap_or_default()
}

fn parse(text: &str) -> Vec<Drafted> {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, before: &str, typed: &str) -> Drafted {
        (name.to_owned(), before.to_owned(), typed.to_owned())
    }

    fn edit(name: &str, before: &str, typed: &str) -> Fields {
        Fields::from([(name.to_owned(), (before.to_owned(), typed.to_owned()))])
    }

    #[test]
    fn what_is_saved_leaves_the_draft_and_what_was_typed_since_starts_from_it() {
        let draft = vec![field("title", "A", "B"), field("labels", "", "ui")];
        let left = without(draft, &edit("title", "A", "B"));
        assert_eq!(left, [field("labels", "", "ui")]);
        let left = without(
            vec![field("title", "A", "B and more")],
            &edit("title", "A", "B "),
        );
        assert_eq!(left, [field("title", "B", "B and more")]);
    }

    #[test]
    fn a_draft_is_read_as_it_was_written() {
        let draft = vec![
            field("title", "A", "B"),
            field("description", "", "“Ü”\n\"q\""),
        ];
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(parse(&text), draft);
        // So it stands in the tabs that are open while a new release is put in.
        let older = r#"[["title","A","B"],["description","","“Ü”\n\"q\""]]"#;
        assert_eq!(parse(older), draft);
        assert!(parse("no draft").is_empty());
    }

    #[test]
    fn what_was_refused_does_not_replace_what_was_typed_since() {
        let draft = vec![field("title", "B", "C")];
        let both = with(draft.clone(), &edit("title", "A", "B"));
        assert_eq!(both, draft);
        let both = with(draft, &edit("labels", "", "ui"));
        assert_eq!(both, [field("title", "B", "C"), field("labels", "", "ui")]);
    }
}
