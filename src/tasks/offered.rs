//! What the palette offers to do with a task, on its page and for a card of the board. What is chosen is done
//! by whoever shows the task, as if its own buttons, menus or fields had been used.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    columns::model::{ColumnKind, ColumnView},
    ids::ColumnId,
    palette::{Offer, choice::Choice},
    people::model::PersonName,
    tasks::model::{Labels, Priority, has_label},
    ui::{announce::Announcer, clipboard, time},
};

/// A task as far as it decides what can be done with it.
#[derive(Clone)]
pub struct Facts {
    /// `WEB-12`
    pub key: String,
    pub column: Option<ColumnId>,
    pub columns: Vec<ColumnView>,
    pub holder: Option<PersonName>,
    /// Who can hold it.
    pub people: Vec<PersonName>,
    pub me: PersonName,
    /// `YYYY-MM-DD`
    pub due_on: Option<String>,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub today: String,
    pub priority: Priority,
    pub labels: Vec<String>,
    /// Labels of other tasks.
    pub known_labels: Vec<String>,
    pub may_write: bool,
    /// Whether the reader watches it, if that is known.
    pub watched: Option<bool>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    Open,
    Claim,
    Assign(Option<PersonName>),
    Move(ColumnId),
    /// A field of the form gets this value.
    Change(&'static str, String),
    /// One wants to type in a field of the form.
    Edit(&'static str),
    Watch(bool),
    CopyLink,
    Delete,
}

/// What can be done with a task, the likeliest first.
pub fn offer(
    facts: &Facts,
    opens: bool,
    does: impl Fn(Doing) + Clone + Send + Sync + 'static,
) -> Offer {
    let one = |words: &str, doing: Doing| choice(words, doing, &does);
    let mut choices = Vec::new();
    if opens {
        choices.push(one("Open", Doing::Open));
    }
    if facts.may_write {
        let is_done = facts
            .columns
            .iter()
            .any(|column| Some(column.id) == facts.column && column.kind == ColumnKind::Done);
        match &facts.holder {
            None if !is_done => choices.push(one("Claim", Doing::Claim)),
            Some(holder) if *holder == facts.me => {
                choices.push(one("Give back", Doing::Assign(None)));
            }
            _ => {}
        }
        choices.push(Choice::step("Move to…", columns(facts, &does)));
        choices.push(Choice::step("Assign to…", people(facts, &does)));
        choices.push(due(facts, &does));
        choices.push(Choice::step(
            "Set the priority to…",
            priorities(facts, &does),
        ));
        choices.push(add_label(facts, &does));
        if !facts.labels.is_empty() {
            choices.push(Choice::step(
                "Remove the label…",
                remove_label(facts, &does),
            ));
        }
        choices.push(one("Edit the title", Doing::Edit("title")));
        choices.push(one("Edit the description", Doing::Edit("description")));
    }
    if facts.watched != Some(true) {
        choices.push(one("Watch", Doing::Watch(true)));
    }
    if facts.watched != Some(false) {
        choices.push(one("Watch no more", Doing::Watch(false)));
    }
    choices.push(one("Copy the link", Doing::CopyLink));
    if facts.may_write {
        choices.push(one("Delete", Doing::Delete));
    }
    Offer {
        about: facts.key.clone(),
        choices,
    }
}

fn choice(
    words: &str,
    doing: Doing,
    does: &(impl Fn(Doing) + Clone + Send + Sync + 'static),
) -> Choice {
    let does = does.clone();
    Choice::does(words, move || does(doing.clone()))
}

fn columns(facts: &Facts, does: &(impl Fn(Doing) + Clone + Send + Sync + 'static)) -> Vec<Choice> {
    let others = facts
        .columns
        .iter()
        .filter(|column| Some(column.id) != facts.column);
    others
        .map(|column| choice(&column.name, Doing::Move(column.id), does))
        .collect()
}

/// Oneself first, because that is who one asks for most.
fn people(facts: &Facts, does: &(impl Fn(Doing) + Clone + Send + Sync + 'static)) -> Vec<Choice> {
    let others = facts.people.iter().filter(|person| **person != facts.me);
    let me = facts.people.iter().filter(|person| **person == facts.me);
    let all = me.chain(others).cloned().map(Some).chain([None]);
    all.filter(|person| *person != facts.holder)
        .map(|person| {
            let name = person.as_ref().map_or("Nobody", |person| &person.name);
            let beside = if person.as_ref() == Some(&facts.me) {
                "you"
            } else {
                ""
            };
            choice(name, Doing::Assign(person.clone()), does).beside(beside)
        })
        .collect()
}

/// The days that one means by a word, and any other as it is written.
fn due(facts: &Facts, does: &(impl Fn(Doing) + Clone + Send + Sync + 'static)) -> Choice {
    let day = |days: i64| {
        let date = time::days_after(&facts.today, days)?;
        let weekday = time::weekday(&date)?;
        let (words, beside) = match days {
            0 => ("Today", Some(weekday)),
            1 => ("Tomorrow", Some(weekday)),
            7 => ("In a week", None),
            14 => ("In two weeks", None),
            _ => (weekday, None),
        };
        let date_in_words = time::day(&date, &facts.today);
        let beside = beside.map_or_else(String::new, |weekday| format!("{weekday}, "));
        let choice = choice(words, Doing::Change("due_on", date), does);
        Some(choice.beside(beside + &date_in_words))
    };
    let days = [0, 1, 2, 3, 4, 5, 6, 7, 14];
    let mut choices: Vec<_> = days.into_iter().filter_map(day).collect();
    if facts.due_on.is_some() {
        choices.push(choice(
            "No date",
            Doing::Change("due_on", String::new()),
            does,
        ));
    }
    let (does, today) = (does.clone(), facts.today.clone());
    Choice::step("Set the due date to…", choices)
        .beside("a day, or 2026-12-31")
        .typed(move |typed| {
            let date = typed.trim();
            time::is_date(date).then(|| {
                let doing = Doing::Change("due_on", date.to_owned());
                choice(&time::day(date, &today), doing, &does).beside(date)
            })
        })
}

fn priorities(
    facts: &Facts,
    does: &(impl Fn(Doing) + Clone + Send + Sync + 'static),
) -> Vec<Choice> {
    let others = Priority::ALL
        .into_iter()
        .rev()
        .filter(|priority| *priority != facts.priority);
    others
        .map(|priority| {
            let doing = Doing::Change("priority", priority.as_str().to_owned());
            choice(priority.label(), doing, does)
        })
        .collect()
}

/// A label that others have, or a new one.
fn add_label(facts: &Facts, does: &(impl Fn(Doing) + Clone + Send + Sync + 'static)) -> Choice {
    let with = |facts: &Facts, label: &str| {
        let mut labels = facts.labels.clone();
        labels.push(label.to_owned());
        Doing::Change("labels", labels.join(", "))
    };
    let others = facts
        .known_labels
        .iter()
        .filter(|label| !has_label(&facts.labels, label));
    let others = others.map(|label| choice(label, with(facts, label), does));
    let (does, facts) = (does.clone(), facts.clone());
    Choice::step("Add the label…", others.collect()).typed(move |typed| {
        let label = typed.trim();
        let is_one = !label.contains(',') && Labels::parse(label).is_ok();
        (is_one && !has_label(&facts.labels, label))
            .then(|| choice(label, with(&facts, label), &does).beside("a new label"))
    })
}

fn remove_label(
    facts: &Facts,
    does: &(impl Fn(Doing) + Clone + Send + Sync + 'static),
) -> Vec<Choice> {
    let without = |label: &String| {
        let others = facts.labels.iter().filter(|other| *other != label);
        let others: Vec<_> = others.cloned().collect();
        Doing::Change("labels", others.join(", "))
    };
    facts
        .labels
        .iter()
        .map(|label| choice(label, without(label), does))
        .collect()
}

/// Puts the address of a task where it can be pasted from.
pub fn copy_link(announcer: Announcer, team: &str, key: &str) {
    let origin = window().location().origin().unwrap_or_default();
    let link = format!("{origin}/teams/{team}/tasks/{key}");
    spawn_local(async move {
        if clipboard::copy(&link).await {
            announcer.success("Link copied.");
        } else {
            announcer.failure(format!("The browser did not copy it. The link is {link}"));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{
        ids::PersonId,
        palette::choice::{Leads, Step},
    };

    fn person(name: &str) -> PersonName {
        PersonName {
            id: PersonId::new(),
            name: name.to_owned(),
        }
    }

    fn facts() -> Facts {
        let me = person("Ana");
        Facts {
            key: "WEB-12".to_owned(),
            column: None,
            columns: Vec::new(),
            holder: None,
            people: vec![person("Ben"), me.clone()],
            me,
            due_on: None,
            today: "2026-11-24".to_owned(),
            priority: Priority::Normal,
            labels: vec!["bug".to_owned()],
            known_labels: vec!["bug".to_owned(), "ui".to_owned()],
            may_write: true,
            watched: Some(false),
        }
    }

    fn words(choices: &[Choice]) -> Vec<&str> {
        choices.iter().map(|choice| choice.words.as_str()).collect()
    }

    fn offered(facts: &Facts) -> Vec<Choice> {
        offer(facts, false, |_| {}).choices
    }

    /// The second choices behind some words.
    fn behind(choices: &[Choice], words: &str) -> Step {
        let choice = choices.iter().find(|choice| choice.words == words);
        match choice.map(|choice| &choice.leads) {
            Some(Leads::On(step)) => step.clone(),
            _ => panic!("{words} leads to no second choice"),
        }
    }

    #[test]
    fn who_may_only_read_is_offered_nothing_that_changes_the_task() {
        let reader = Facts {
            may_write: false,
            ..facts()
        };
        assert_eq!(words(&offered(&reader)), ["Watch", "Copy the link"]);
    }

    #[test]
    fn a_task_is_claimed_given_back_or_left_to_its_holder() {
        let free = facts();
        let mine = Facts {
            holder: Some(free.me.clone()),
            ..free.clone()
        };
        let theirs = Facts {
            holder: Some(person("Chloé")),
            ..facts()
        };
        let first = |facts: &Facts| offered(facts)[0].words.clone();
        assert_eq!(first(&free), "Claim");
        assert_eq!(first(&mine), "Give back");
        assert_eq!(first(&theirs), "Move to…");
    }

    #[test]
    fn oneself_comes_first_and_the_holder_not_at_all() {
        let step = behind(&offered(&facts()), "Assign to…");
        assert_eq!(words(&step.choices), ["Ana", "Ben"]);
        let held = facts();
        let held = Facts {
            holder: Some(held.people[0].clone()),
            ..held
        };
        let step = behind(&offered(&held), "Assign to…");
        assert_eq!(words(&step.choices), ["Ana", "Nobody"]);
    }

    #[test]
    fn a_due_date_is_a_day_in_words_or_a_date_that_there_is() {
        let step = behind(&offered(&facts()), "Set the due date to…");
        assert_eq!(
            words(&step.choices)[..4],
            ["Today", "Tomorrow", "Thursday", "Friday"]
        );
        let typed = step.typed.expect("dates can be typed");
        assert!(typed("2027-02-28").is_some());
        assert!(typed("2027-02-30").is_none());
    }

    #[test]
    fn a_label_is_added_to_those_that_are_there() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let seen = done.clone();
        let offer = offer(&facts(), false, move |doing| {
            seen.lock().unwrap().push(doing);
        });
        let step = behind(&offer.choices, "Add the label…");
        assert_eq!(words(&step.choices), ["ui"]);
        let typed = step.typed.expect("labels can be typed");
        assert!(typed("BUG").is_none());
        assert!(typed("one, two").is_none());
        let Some(Leads::Does(deed)) = typed("docs").map(|choice| choice.leads) else {
            panic!("a new label can be added");
        };
        deed();
        let wanted = Doing::Change("labels", "bug, docs".to_owned());
        assert_eq!(*done.lock().unwrap(), [wanted]);
    }
}
