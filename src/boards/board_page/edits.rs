//! What is edited on the board without opening the task: a field of it, and whether it is there at all.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use leptos::{prelude::*, task::spawn_local};

use super::state::BoardState;
use crate::{
    ids::TaskId,
    tasks::{
        model::{CardView, Labels, Priority, stored},
        outbox::Deed,
        task_page::deletion,
    },
    ui::time,
};

impl BoardState {
    /// Gives a field of a task another value, both as the form of a task has them.
    pub fn edit(&self, id: TaskId, field: &'static str, value: &str) {
        let Some((card, before, index)) = self.lying(id) else {
            return;
        };
        let (Some(was), value) = (value_of(&before, field), stored(field, value)) else {
            return;
        };
        if was == value {
            return;
        }
        let version = before.version;
        card.view.update(|view| put(view, field, &value));
        let done = card
            .view
            .with_untracked(|view| said(view, field, &self.today));
        let back = was.clone();
        let undo = self.undo(move |state| state.edit(id, field, &back));
        let state = self.clone();
        self.settle(
            card.clone(),
            |task| Deed::Edit {
                task,
                version,
                fields: BTreeMap::from([(field.to_owned(), (was, value))]),
            },
            (done, Some(undo)),
            "was not saved",
            move || state.take_back(card, before, index),
        );
    }

    /// Deletes a task. It can be brought back.
    pub fn delete(&self, id: TaskId) {
        let Some((card, before, index)) = self.lying(id) else {
            return;
        };
        let number = card.number.load(Ordering::Relaxed);
        let (state, key) = (self.clone(), format!("{}-{number}", self.key));
        self.take_out(id);
        spawn_local(async move {
            if deletion::ask(state.announcer, &state.team, &key).await {
                deletion::say(state.announcer, state.team, key);
            } else if state.is_shown() {
                state.take_back(card, before, index);
            }
        });
    }
}

/// What a field of a card holds, as text.
pub fn value_of(card: &CardView, field: &str) -> Option<String> {
    match field {
        "due_on" => Some(card.due_on.clone().unwrap_or_default()),
        "priority" => Some(card.priority.as_str().to_owned()),
        "labels" => Some(card.labels.join(", ")),
        _ => None,
    }
}

/// What the card has now, after its key.
fn said(card: &CardView, field: &str, today: &str) -> String {
    match (field, &card.due_on, card.labels.as_slice()) {
        ("due_on", Some(date), _) => format!("is due {}", time::day(date, today)),
        ("due_on", None, _) => "has no due date".to_owned(),
        ("priority", ..) => format!("has the priority {}", card.priority.label()),
        (_, _, []) => "has no labels".to_owned(),
        (_, _, [label]) => format!("has the label {label}"),
        (_, _, labels) => format!("has the labels {}", labels.join(", ")),
    }
}

fn put(card: &mut CardView, field: &str, value: &str) {
    match field {
        "due_on" => card.due_on = Some(value.to_owned()).filter(|date| !date.is_empty()),
        "priority" => {
            let mut all = Priority::ALL.into_iter();
            if let Some(priority) = all.find(|priority| priority.as_str() == value) {
                card.priority = priority;
            }
        }
        "labels" => card.labels = Labels::split(value),
        _ => {}
    }
}
