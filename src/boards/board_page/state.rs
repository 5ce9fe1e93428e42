//! What the board shows, kept so that one change touches one card and the lists it leaves and enters.
//!
//! Every deed shows at once. When the server refuses it, it is taken back and the reason is said.

use leptos::{prelude::*, task::spawn_local};

use super::BoardPageData;
use crate::{
    columns::model::{ColumnKind, ColumnView},
    error::Result,
    ids::{BoardId, ColumnId, TaskId},
    people::model::{PersonName, TeamView},
    tasks::{
        model::CardView,
        requests::{claim_task, create_task, load_done_before, move_task},
    },
    ui::announce::{Announcer, use_announcer},
};

/// How many finished tasks a `done` column shows at once.
const DONE_PAGE: usize = 50;

/// The whole board. Cheap to clone: everything inside is shared.
#[derive(Clone)]
pub struct BoardState {
    pub team: String,
    pub board: BoardId,
    pub key: String,
    pub today: String,
    pub columns: Vec<ColumnState>,
    /// The card whose `Move` menu is open.
    pub moving: RwSignal<Option<TaskId>>,
    me: PersonName,
    announcer: Announcer,
}

/// One column and its cards, in order.
#[derive(Clone)]
pub struct ColumnState {
    pub view: ColumnView,
    pub cards: RwSignal<Vec<CardState>>,
    /// Whether older finished tasks can be shown.
    pub more: RwSignal<bool>,
}

/// One card.
#[derive(Clone)]
pub struct CardState {
    pub id: TaskId,
    pub view: RwSignal<CardView>,
    /// Whether the server has not answered yet that it exists.
    pub pending: RwSignal<bool>,
}

/// Where a card goes in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    Start,
    End,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Start => "start",
            Self::End => "end",
        }
    }
}

impl BoardState {
    pub fn new(team: &TeamView, page: &BoardPageData) -> Self {
        let columns = page
            .columns
            .iter()
            .map(|column| {
                let mut cards: Vec<_> = page
                    .cards
                    .iter()
                    .filter(|card| card.column == column.id)
                    .map(|card| CardState::new(card.clone(), false))
                    .collect();
                let more = column.kind == ColumnKind::Done && cards.len() > DONE_PAGE;
                if more {
                    cards.truncate(DONE_PAGE);
                }
                ColumnState {
                    view: column.clone(),
                    cards: RwSignal::new(cards),
                    more: RwSignal::new(more),
                }
            })
            .collect();
        Self {
            team: team.slug.clone(),
            board: page.id,
            key: page.key.clone(),
            today: page.today.clone(),
            columns,
            moving: RwSignal::new(None),
            me: team.me.clone(),
            announcer: use_announcer(),
        }
    }

    /// The name of a card's task, such as `WEB-12`.
    pub fn task_key(&self, card: &CardView) -> String {
        format!("{}-{}", self.key, card.number)
    }

    /// The address of a task's page.
    pub fn link(&self, card: &CardView) -> String {
        format!("/teams/{}/tasks/{}", self.team, self.task_key(card))
    }

    pub fn column(&self, id: ColumnId) -> Option<&ColumnState> {
        self.columns.iter().find(|column| column.view.id == id)
    }

    pub fn card(&self, id: TaskId) -> Option<CardState> {
        self.columns.iter().find_map(|column| {
            column
                .cards
                .with_untracked(|cards| cards.iter().find(|card| card.id == id).cloned())
        })
    }

    /// Adds a task at the end of a column. `refused` gets the title back when it could not be added.
    pub fn add(&self, column: ColumnId, title: String, refused: impl Fn(String) + 'static) {
        let Some(target) = self.column(column).cloned() else {
            return;
        };
        let id = TaskId::new();
        let card = CardState::new(
            CardView {
                id,
                number: 0,
                column,
                title: title.clone(),
                assignee: None,
                due_on: None,
                priority: Default::default(),
                labels: Vec::new(),
                version: 1,
            },
            true,
        );
        target.insert(&card, Step::End);
        let state = self.clone();
        spawn_local(async move {
            let request = create_task(
                state.team.clone(),
                state.board.to_string(),
                column.to_string(),
                id.to_string(),
                title.clone(),
            );
            match request.await {
                Ok(number) => {
                    card.view.update(|view| view.number = number);
                    card.pending.set(false);
                    let key = card.view.with_untracked(|view| state.task_key(view));
                    state.announcer.success(format!("{key} added."));
                }
                Err(error) => {
                    state.take_out(id);
                    state
                        .announcer
                        .failure(format!("“{title}” was not added. {}", error.message));
                    refused(title);
                }
            }
        });
    }

    /// Moves a card to a column, or inside its own.
    pub fn shift(&self, id: TaskId, column: ColumnId, step: Step) {
        let (Some(card), Some(target)) = (self.card(id), self.column(column).cloned()) else {
            return;
        };
        let before = card.view.get_untracked();
        let home = before.column;
        let Some(index) = self.column(home).and_then(|column| column.index(id)) else {
            return;
        };
        if home == column {
            target.reorder(id, step);
        } else {
            self.take_out(id);
            card.view.update(|view| view.column = column);
            target.insert(&card, Step::End);
        }
        let key = self.task_key(&before);
        let request = move_task(
            self.team.clone(),
            key.clone(),
            column.to_string(),
            Some(step.as_str().to_owned()),
        );
        let state = self.clone();
        self.settle(
            card.clone(),
            request,
            if home == column {
                format!("{key} moved inside {}.", target.view.name)
            } else {
                format!("{key} moved to {}.", target.view.name)
            },
            format!("{key} was not moved."),
            move || {
                state.take_out(id);
                card.view.set(before);
                if let Some(home) = state.column(home) {
                    home.put_back(card, index);
                }
            },
        );
    }

    /// Takes an unassigned task and starts it.
    pub fn claim(&self, id: TaskId) {
        let Some(card) = self.card(id) else {
            return;
        };
        let before = card.view.get_untracked();
        let Some(home) = self.column(before.column).cloned() else {
            return;
        };
        if before.assignee.is_some() || home.view.kind == ColumnKind::Done {
            return;
        }
        let index = home.index(id).unwrap_or_default();
        let started = match home.view.kind {
            ColumnKind::Todo => self
                .columns
                .iter()
                .find(|column| column.view.kind == ColumnKind::Doing),
            _ => None,
        };
        card.view
            .update(|view| view.assignee = Some(self.me.clone()));
        if let Some(target) = started {
            self.take_out(id);
            card.view.update(|view| view.column = target.view.id);
            target.insert(&card, Step::End);
        }
        let key = self.task_key(&before);
        let request = claim_task(self.team.clone(), key.clone());
        let state = self.clone();
        self.settle(
            card.clone(),
            request,
            format!("{key} is yours."),
            format!("{key} was not claimed."),
            move || {
                state.take_out(id);
                card.view.set(before);
                home.put_back(card, index);
            },
        );
    }

    /// Shows the next finished tasks of a `done` column.
    pub fn show_more(&self, column: ColumnId) {
        let Some(target) = self.column(column).cloned() else {
            return;
        };
        let Some(last) = target
            .cards
            .with_untracked(|cards| cards.last().map(|card| card.id))
        else {
            return;
        };
        let state = self.clone();
        spawn_local(async move {
            let request = load_done_before(
                state.team.clone(),
                state.board.to_string(),
                column.to_string(),
                last.to_string(),
            );
            match request.await {
                Ok(mut cards) => {
                    target.more.set(cards.len() > DONE_PAGE);
                    cards.truncate(DONE_PAGE);
                    target.cards.update(|shown| {
                        for card in cards {
                            if !shown.iter().any(|other| other.id == card.id) {
                                shown.push(CardState::new(card, false));
                            }
                        }
                    });
                }
                Err(error) => state.announcer.failure(error.message),
            }
        });
    }

    /// Waits for the server's word on what is shown already.
    fn settle(
        &self,
        card: CardState,
        request: impl Future<Output = Result<()>> + 'static,
        done: String,
        refused: String,
        take_back: impl FnOnce() + 'static,
    ) {
        let announcer = self.announcer;
        card.pending.set(true);
        spawn_local(async move {
            let answer = request.await;
            card.pending.set(false);
            match answer {
                Ok(()) => announcer.success(done),
                Err(error) => {
                    take_back();
                    announcer.failure(format!("{refused} {}", error.message));
                }
            }
        });
    }

    fn take_out(&self, id: TaskId) {
        for column in &self.columns {
            if column.index(id).is_some() {
                column
                    .cards
                    .update(|cards| cards.retain(|card| card.id != id));
            }
        }
    }
}

impl ColumnState {
    /// Whether the column holds more than its limit.
    pub fn is_over(&self) -> bool {
        let limit = self
            .view
            .wip_limit
            .and_then(|limit| usize::try_from(limit).ok());
        limit.is_some_and(|limit| self.cards.with(Vec::len) > limit)
    }

    fn index(&self, id: TaskId) -> Option<usize> {
        self.cards
            .with_untracked(|cards| cards.iter().position(|card| card.id == id))
    }

    /// A `done` column shows what was finished last first, whatever the place.
    fn insert(&self, card: &CardState, step: Step) {
        let first = self.view.kind == ColumnKind::Done || step == Step::Start;
        self.cards.update(|cards| {
            let index = if first { 0 } else { cards.len() };
            cards.insert(index, card.clone());
        });
    }

    fn put_back(&self, card: CardState, index: usize) {
        self.cards
            .update(|cards| cards.insert(index.min(cards.len()), card));
    }

    fn reorder(&self, id: TaskId, step: Step) {
        let Some(index) = self.index(id) else {
            return;
        };
        self.cards.update(|cards| {
            let card = cards.remove(index);
            let target = match step {
                Step::Up => index.saturating_sub(1),
                Step::Down => (index + 1).min(cards.len()),
                Step::Start => 0,
                Step::End => cards.len(),
            };
            cards.insert(target, card);
        });
    }
}

impl CardState {
    fn new(view: CardView, pending: bool) -> Self {
        Self {
            id: view.id,
            view: RwSignal::new(view),
            pending: RwSignal::new(pending),
        }
    }
}
