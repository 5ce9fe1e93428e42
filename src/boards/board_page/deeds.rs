//! What is done on the board. Every deed shows at once. When the server refuses it, it is taken back, the
//! reason is said, and the card shows what others made of it meanwhile; when it is done, Undo takes it
//! back on the spot.

use std::sync::atomic::Ordering;

use leptos::{prelude::*, task::spawn_local};

use super::{
    move_menu::{focus_card, focus_link_of},
    state::{BoardState, CardState, Step},
};
use crate::{
    columns::model::ColumnKind,
    error::{Code, Error},
    ids::{ColumnId, TaskId},
    people::model::PersonName,
    tasks::{
        model::{CardView, DONE_PAGE, Start},
        offer::offer,
        outbox::{Deed, TaskRef, send},
        requests::load_done_before,
        task_page::lasting,
    },
    ui::focus::FocusBefore,
};

impl BoardState {
    /// Adds a task at the end of a column. `refused` gets the title back when it could not be added, and
    /// the id when it may be there all the same. The board may be no more on the page then.
    pub fn add(
        &self,
        column: ColumnId,
        id: TaskId,
        title: String,
        refused: impl Fn(String, Option<TaskId>) + 'static,
    ) {
        let Some(target) = self.column(column) else {
            return;
        };
        let card = self.standing(|| CardState::unsent(id, column, title.clone()));
        self.keep(id);
        target.insert(&card, Step::End);
        let state = self.clone();
        let deed = Deed::Create {
            board: self.board,
            column,
            id,
            title: title.clone(),
        };
        send(deed, move |answer| {
            if let Ok(number) = &answer {
                card.number.store(*number, Ordering::Relaxed);
            }
            match answer {
                Ok(number) if state.is_shown() => {
                    card.view.update(|view| view.number = number);
                    state.catch_up(&card);
                    let key = card.view.with_untracked(|view| state.task_key(view));
                    let hint = state.kept_in_spite(&target, &card);
                    state.announcer.success(format!("{key} added.{hint}"));
                }
                Ok(_) => {}
                Err(error) => {
                    state
                        .announcer
                        .failure(format!("“{title}” was not added. {}", error.message));
                    if state.is_shown() {
                        state.take_out(id);
                    }
                    refused(title, error.may_have_arrived().then_some(id));
                }
            }
        });
    }

    /// Moves a card to a column, or inside its own.
    pub fn shift(&self, id: TaskId, column: ColumnId, step: Step) {
        let (Some(card), Some(target)) = (self.card(id), self.column(column)) else {
            return;
        };
        let home = card.view.with_untracked(|view| view.column);
        let Some(spot) = self.column(home).map(|home| home.spot(id)) else {
            return;
        };
        let Some(step) = self.among_shown(&target, id, step) else {
            return;
        };
        if home == column && target.is_at(id, step) {
            return;
        }
        let done = if home == column {
            format!("moved inside {}", target.view.name)
        } else {
            format!("moved to {}", target.view.name)
        };
        let undo = self.undo(move |state| {
            state.put(id, home, spot, "is back".to_owned(), None);
            focus_card(id);
        });
        self.put(id, column, step, done, Some(undo));
    }

    fn put(
        &self,
        id: TaskId,
        column: ColumnId,
        step: Step,
        done: String,
        undo: Option<Callback<()>>,
    ) {
        let (Some((card, before, index)), Some(target)) = (self.lying(id), self.column(column))
        else {
            return;
        };
        let home = before.column;
        if home == column {
            target.reorder(id, step);
        } else {
            self.take_out(id);
            card.view.update(|view| view.column = column);
            target.insert(&card, step);
        }
        // What is sent later, or twice, has to say the same then: behind which card, not how far.
        let place = match step {
            Step::Up | Step::Down => target.spot(id).place(),
            step => step.place(),
        };
        let start = Start {
            column: home,
            version: before.version,
        };
        let state = self.clone();
        self.settle(
            card.clone(),
            |task| Deed::Move {
                task,
                column,
                place: Some(place),
                start: Some(start),
            },
            (done, undo),
            "was not moved",
            move || state.take_back(card, before, index),
        );
    }

    /// Takes an unassigned task and starts it.
    pub fn claim(&self, id: TaskId) {
        let Some((card, before, index)) = self.lying(id) else {
            return;
        };
        let Some(home) = self.column(before.column) else {
            return;
        };
        if before.assignee.is_some() || home.view.kind == ColumnKind::Done {
            return;
        }
        let spot = home.spot(id);
        let started = match home.view.kind {
            ColumnKind::Todo => self
                .columns
                .iter()
                .find(|column| column.view.kind == ColumnKind::Doing),
            _ => None,
        };
        card.view
            .update(|view| view.assignee = Some(self.me.clone()));
        if let Some(target) = &started {
            self.take_out(id);
            card.view.update(|view| view.column = target.view.id);
            target.insert(&card, Step::End);
        }
        let back = started.map(|_| (before.column, spot));
        let state = self.clone();
        let undo = self.undo(move |state| state.give_back(id, back));
        self.settle(
            card.clone(),
            |task| Deed::Claim { task },
            ("is yours".to_owned(), Some(undo)),
            "was not claimed",
            move || state.take_back(card, before, index),
        );
    }

    /// Takes a claim back: nobody has the task, and it lies where it lay.
    fn give_back(&self, id: TaskId, back: Option<(ColumnId, Step)>) {
        self.assign(id, None);
        if let Some((column, spot)) = back {
            self.put(id, column, spot, "is back".to_owned(), None);
        }
        focus_card(id);
    }

    /// Gives a task to somebody, or to nobody.
    pub fn assign(&self, id: TaskId, to: Option<PersonName>) {
        let Some((card, before, index)) = self.lying(id) else {
            return;
        };
        let from = before.assignee.clone();
        if from == to {
            return;
        }
        let done = match &to {
            Some(person) => format!("is {}’s", person.name),
            None => "is nobody’s".to_owned(),
        };
        let ids = (
            from.as_ref().map(|person| person.id),
            to.as_ref().map(|person| person.id),
        );
        card.view.update(|view| {
            view.assignee = to;
            view.assignee_left = false;
        });
        let state = self.clone();
        let undo = self.undo(move |state| state.assign(id, from.clone()));
        self.settle(
            card.clone(),
            |task| Deed::Assign {
                task,
                from: ids.0,
                to: ids.1,
            },
            (done, Some(undo)),
            "was not given away",
            move || state.take_back(card, before, index),
        );
    }

    /// Shows the next finished tasks of a `done` column.
    pub fn show_more(&self, column: ColumnId) {
        let Some(target) = self.column(column) else {
            return;
        };
        let Some(last) = target
            .cards
            .with_untracked(|cards| cards.last().map(|card| card.id))
        else {
            return;
        };
        let (state, before) = (self.clone(), FocusBefore::now());
        spawn_local(async move {
            let request = load_done_before(
                state.team.clone(),
                state.board.to_string(),
                column.to_string(),
                last.to_string(),
            );
            match request.await {
                Ok(mut cards) if state.is_shown() => {
                    target.more.set(cards.len() > DONE_PAGE);
                    cards.truncate(DONE_PAGE);
                    let first = cards.first().map(|card| card.id);
                    target.cards.update(|shown| {
                        for card in cards {
                            if !shown.iter().any(|other| other.id == card.id) {
                                target
                                    .hidden
                                    .update(|hidden| *hidden = hidden.saturating_sub(1));
                                shown.push(CardState::new(card, false));
                            }
                        }
                    });
                    if let Some(first) = first {
                        before.lead_on(move || {
                            focus_link_of(first);
                        });
                    }
                }
                Ok(_) => {}
                Err(error) => state.announcer.failure(error.message),
            }
        });
    }

    /// A card, what it shows before a deed, and its place in its column.
    pub(super) fn lying(&self, id: TaskId) -> Option<(CardState, CardView, usize)> {
        let card = self.card(id)?;
        let before = card.view.get_untracked();
        let index = self.column(before.column)?.index(id)?;
        Some((card, before, index))
    }

    /// What takes a deed back, as long as the board is the page.
    pub(super) fn undo(&self, back: impl Fn(&Self) + Send + Sync + 'static) -> Callback<()> {
        let state = self.clone();
        lasting(move || {
            if state.is_shown() {
                back(&state);
            }
        })
    }

    /// Asks for what is shown already. The two sentences begin with the task's key.
    pub(super) fn settle(
        &self,
        card: CardState,
        deed: impl FnOnce(TaskRef) -> Deed,
        (done, undo): (String, Option<Callback<()>>),
        refused: &'static str,
        take_back: impl FnOnce() + 'static,
    ) {
        let state = self.clone();
        card.wait();
        send(deed(self.task_ref(&card)), move |answer| {
            let number = card.number.load(Ordering::Relaxed);
            // It could not be added, which was said.
            if number == 0 {
                return;
            }
            let key = format!("{}-{number}", state.key);
            let is_shown = state.is_shown();
            match (answer, undo) {
                (Ok(_), undo) => {
                    if is_shown {
                        state.catch_up(&card);
                    }
                    match undo.filter(|_| is_shown) {
                        Some(undo) => state.announcer.undoable(format!("{key} {done}."), undo),
                        None => state.announcer.success(format!("{key} {done}.")),
                    }
                }
                (Err(error), _) => {
                    let take = {
                        let state = state.clone();
                        move |id| {
                            let is_here = state.is_shown() && state.card(id).is_some();
                            if is_here {
                                state.claim(id);
                                focus_card(id);
                            }
                            is_here
                        }
                    };
                    let words = format!("{key} {refused}. {}", error.message);
                    offer(
                        state.announcer,
                        &state.team,
                        words,
                        &error,
                        Some(Box::new(take)),
                    );
                    if is_shown {
                        take_back();
                        state.catch_up(&card);
                        if others_were_first(&error) {
                            state.read_again();
                        }
                    }
                }
            }
        });
    }

    pub(super) fn task_ref(&self, card: &CardState) -> TaskRef {
        TaskRef {
            id: card.id,
            board: self.key.clone(),
            number: card.number.load(Ordering::Relaxed),
        }
    }

    /// Shows what the server said of a card while something was asked for it.
    pub fn catch_up(&self, card: &CardState) {
        if let Some(fresh) = card.answered() {
            self.refresh(card, &fresh);
        }
    }

    pub(super) fn take_back(&self, card: CardState, before: CardView, index: usize) {
        self.take_out(card.id);
        let home = before.column;
        // A card that was not stored yet when it was moved may have its number now.
        let number = card.number.load(Ordering::Relaxed);
        card.view.set(CardView { number, ..before });
        if let Some(home) = self.column(home) {
            home.put_back(card, index);
        }
    }

    /// Whether the board is still the page: an answer may come when it is not.
    pub fn is_shown(&self) -> bool {
        !self.menu.is_disposed()
    }
}

/// Whether the refusal says that the card is not what it was.
pub(super) fn others_were_first(error: &Error) -> bool {
    matches!(error.code, Code::Conflict | Code::NotFound | Code::Invalid)
}
