//! What is done with all selected cards at once. It shows at once, is one request and one Undo, and is taken
//! back as a whole when the server refuses it.

use leptos::{prelude::*, task::spawn_local};

use super::{
    deeds::others_were_first,
    move_menu::focus_card,
    state::{BoardState, CardState, Step},
};
use crate::{
    error::{Error, Result},
    ids::{ChangeId, TaskId},
    tasks::{
        bulk::BulkDeed,
        model::CardView,
        outbox::{Deed, TaskRef, send},
    },
    ui::{time, words::counted},
};

/// A card, what it showed before, and at which place of its column.
type Before = (CardState, CardView, usize);

impl BoardState {
    /// Does something with the selected cards, as far as it changes them. They stay selected.
    pub fn do_with_chosen(&self, deed: BulkDeed) {
        let chosen = self.chosen_now();
        let changed: Vec<_> = chosen
            .iter()
            .filter_map(|card| self.before(card, &deed))
            .collect();
        if changed.is_empty() {
            return self.announcer.success("They are so already.");
        }
        let change = ChangeId::new();
        let request = Deed::Many {
            tasks: changed
                .iter()
                .map(|(card, before, _)| (self.task_ref(card), before.version))
                .collect(),
            change,
            deed: deed.clone(),
        };
        if deed == BulkDeed::Delete {
            self.focus_beside(&chosen);
        }
        for (card, ..) in &changed {
            card.wait();
            self.show_done(card, &deed);
        }
        let state = self.clone();
        let is_delete = deed == BulkDeed::Delete;
        // Said now: when the answer comes, the board and what it knows may be gone.
        let in_words = self.in_words(&deed);
        let answered = move |answer| state.settle_many(&deed, &in_words, change, changed, answer);
        if is_delete {
            // Nothing is deleted later than it was asked for.
            let (team, me) = (self.team.clone(), self.me.id);
            spawn_local(async move { answered(request.perform(&team, me).await) });
        } else {
            send(request, answered);
        }
    }

    /// What is before a deed, or nothing when the deed changes nothing on the card.
    fn before(&self, card: &CardState, deed: &BulkDeed) -> Option<Before> {
        let before = card.view.get_untracked();
        let is_changed = *deed == BulkDeed::Delete || self.after(&before, deed) != before;
        let column = self.column(before.column).filter(|_| is_changed)?;
        let index = column.index(card.id)?;
        Some((card.clone(), before, index))
    }

    /// What a card shows after a deed.
    fn after(&self, before: &CardView, deed: &BulkDeed) -> CardView {
        let mut after = before.clone();
        match deed {
            BulkDeed::Move(column) => after.column = *column,
            BulkDeed::Assign(person) => {
                let people = self.people.get_untracked();
                after.assignee = people.into_iter().find(|other| Some(other.id) == *person);
                after.assignee_left = false;
            }
            BulkDeed::AddLabel(_) | BulkDeed::RemoveLabel(_) => {
                after.labels = deed.labels(&before.labels);
            }
            BulkDeed::Due(date) => after.due_on.clone_from(date),
            BulkDeed::Delete => {}
        }
        after
    }

    fn show_done(&self, card: &CardState, deed: &BulkDeed) {
        let after = card.view.with_untracked(|before| self.after(before, deed));
        match deed {
            BulkDeed::Delete => self.take_out(card.id),
            BulkDeed::Move(column) => {
                self.take_out(card.id);
                card.view.set(after);
                if let Some(target) = self.column(*column) {
                    target.insert(card, Step::End);
                }
            }
            _ => card.view.set(after),
        }
    }

    fn settle_many(
        &self,
        deed: &BulkDeed,
        in_words: &str,
        change: ChangeId,
        changed: Vec<Before>,
        answer: Result<i32>,
    ) {
        let is_shown = self.is_shown();
        let count = changed.len();
        match answer {
            Ok(done) => {
                let done = usize::try_from(done).unwrap_or_default();
                let words = format!("{} {}.", tasks(done), in_words);
                if !is_shown || done == 0 {
                    return self.announcer.success(words);
                }
                for (card, ..) in &changed {
                    self.catch_up(card);
                }
                let ids: Vec<_> = changed.iter().map(|(card, ..)| card.id).collect();
                let refs: Vec<_> = changed
                    .iter()
                    .map(|(card, ..)| self.task_ref(card))
                    .collect();
                let undo = self.undo(move |state| state.undo_many(change, &ids, &refs, done));
                self.announcer.undoable(words, undo);
            }
            Err(error) => {
                self.announcer.failure(refusal(count, deed, &error));
                if !is_shown {
                    return;
                }
                // All of them stand again before one goes where others have put it: their places count it in.
                for (card, before, index) in &changed {
                    self.take_back(card.clone(), before.clone(), *index);
                }
                for (card, ..) in &changed {
                    self.catch_up(card);
                }
                if others_were_first(&error) || error.may_have_arrived() {
                    self.read_again();
                }
            }
        }
    }

    /// Takes back what one change did with tasks. Where they lie then the feed tells.
    fn undo_many(&self, change: ChangeId, ids: &[TaskId], tasks: &[TaskRef], count: usize) {
        let cards: Vec<_> = ids.iter().filter_map(|id| self.card(*id)).collect();
        for card in &cards {
            card.wait();
        }
        let request = Deed::Undo {
            tasks: tasks.to_vec(),
            change,
            id: ChangeId::new(),
        };
        let state = self.clone();
        send(request, move |answer| {
            match &answer {
                Ok(left) => {
                    let left = usize::try_from(*left).unwrap_or_default();
                    state.announcer.success(taken_back(count, left));
                }
                Err(error) => {
                    let words = format!("This was not taken back. {}", error.message);
                    state.announcer.failure(words);
                }
            }
            if state.is_shown() {
                for card in &cards {
                    state.catch_up(card);
                }
                if answer.is_err() {
                    state.read_again();
                }
            }
        });
    }

    /// Gives the focus to a card beside those that go away.
    fn focus_beside(&self, going: &[CardState]) {
        let is_going = |id: TaskId| going.iter().any(|card| card.id == id);
        let Some(column) = going.first().and_then(|first| {
            let home = first.view.with_untracked(|view| view.column);
            self.column(home)
        }) else {
            return;
        };
        let cards = untrack(|| self.shown(&column));
        let first = cards.iter().position(|card| is_going(card.id));
        let (before, after) = cards.split_at(first.unwrap_or_default());
        let beside = after.iter().chain(before.iter().rev());
        if let Some(card) = { beside }.find(|card| !is_going(card.id)) {
            focus_card(card.id);
        }
    }

    /// What was done, to go on from how many tasks it was done with.
    fn in_words(&self, deed: &BulkDeed) -> String {
        match deed {
            BulkDeed::Move(column) => {
                let name = self.column(*column).map(|column| column.view.name);
                format!("moved to {}", name.unwrap_or_default())
            }
            BulkDeed::Assign(None) => "given to nobody".to_owned(),
            BulkDeed::Assign(Some(id)) => {
                let people = self.people.get_untracked();
                let person = people.into_iter().find(|person| person.id == *id);
                let name = person.map(|person| person.name);
                format!("given to {}", name.unwrap_or_default())
            }
            BulkDeed::AddLabel(label) => format!("labelled {label}"),
            BulkDeed::RemoveLabel(label) => format!("no longer labelled {label}"),
            BulkDeed::Due(None) => "without a due date now".to_owned(),
            BulkDeed::Due(Some(date)) => format!("due {}", time::day(date, &self.today)),
            BulkDeed::Delete => "deleted".to_owned(),
        }
    }
}

/// Why nothing was done. What the server refuses names the task that is in the way.
fn refusal(count: usize, deed: &BulkDeed, error: &Error) -> String {
    if !error.code.may_pass() {
        return error.message.clone();
    }
    let done = match deed {
        BulkDeed::Delete => "deleted",
        _ => "changed",
    };
    format!("{} not {done}. {}", tasks(count), error.message)
}

/// So many tasks, in words.
pub fn tasks(count: usize) -> String {
    counted(count, "task", "tasks")
}

fn taken_back(count: usize, left: usize) -> String {
    let back = count.saturating_sub(left);
    match (back, left) {
        (1, 0) => "1 task is back as it was.".to_owned(),
        (_, 0) => format!("{} are back as they were.", tasks(back)),
        (0, _) => format!("{} changed since, and left so.", tasks(left)),
        (_, 1) => format!(
            "{} back as before. 1 was changed since and is left so.",
            tasks(back)
        ),
        _ => format!(
            "{} back as before. {left} were changed since and are left so.",
            tasks(back)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_says_how_many_are_back_and_how_many_are_not() {
        assert_eq!(taken_back(5, 0), "5 tasks are back as they were.");
        let some = "4 tasks back as before. 1 was changed since and is left so.";
        assert_eq!(taken_back(5, 1), some);
        assert_eq!(taken_back(2, 2), "2 tasks changed since, and left so.");
    }
}
