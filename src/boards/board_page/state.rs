//! What the board shows, kept so that one change touches one card and the lists it leaves and enters, or
//! one column and nothing in it.

use std::sync::{Arc, atomic::AtomicI32};

use leptos::{
    prelude::*,
    reactive::owner::{Owner, WeakOwner},
};

use super::{BoardPageData, filter::Filter, kept::use_kept_board, selection::Selection};
use crate::{
    columns::model::{ColumnKind, ColumnView},
    ids::{BoardId, ChangeId, ColumnId, TaskId},
    live::coalesced::Coalesced,
    people::model::{PersonName, TeamView},
    tasks::model::{CardView, DONE_PAGE},
    ui::announce::{Announcer, use_announcer},
};

/// The whole board. The parts of the page find it by [`use_board`].
#[derive(Clone)]
pub struct BoardState {
    pub team: String,
    pub board: BoardId,
    pub key: String,
    pub name: RwSignal<String>,
    pub archived: bool,
    pub today: String,
    /// The last of the next seven days, as `today`, which is the first.
    pub last_of_seven: String,
    pub columns: Columns,
    /// What the forms of the settings start from.
    pub settings: RwSignal<Settings>,
    /// Who can hold a task.
    pub people: RwSignal<Vec<PersonName>>,
    /// The card whose menu is open, and which menu it is.
    pub menu: RwSignal<Option<(TaskId, Menu)>>,
    pub may_write: bool,
    /// Whether the reader has the toggle that lets cards be dragged.
    pub may_drag: RwSignal<bool>,
    /// The card that one was on before typing a new task.
    pub adding_from: StoredValue<Option<TaskId>>,
    pub me: PersonName,
    pub announcer: Announcer,
    /// Makes the whole page anew, for a board that was put away or brought back.
    pub replace: Callback<BoardPageData>,
    /// What was read and waits until nobody has the hands on what it changes.
    pub waiting: StoredValue<Option<BoardPageData>>,
    /// What that would change, once the reader is told.
    pub late: RwSignal<Option<Late>>,
    /// The number of the last event about the board that was heard.
    pub heard: StoredValue<i64>,
    /// What somebody else did last, for screen readers.
    pub others: RwSignal<String>,
    pub reading: Coalesced,
    /// Whether a task is open over the board.
    pub covered: Memo<bool>,
    /// Which cards are shown.
    pub filter: Memo<Filter>,
    /// What was added here under which filter.
    pub kept: RwSignal<(Filter, Vec<TaskId>)>,
    pub selection: Selection,
    /// The change that was said last, and how many tasks it was about.
    pub told: StoredValue<Option<(ChangeId, usize)>>,
    /// What its cards stand with, which outlive the column or the effect that they were made in.
    owner: Option<WeakOwner>,
}

/// What is chosen for a card in a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    Place,
    Person,
    /// For all cards that are selected.
    PlaceOfMany,
    PersonOfMany,
}

impl Menu {
    pub const fn is_of_many(self) -> bool {
        matches!(self, Self::PlaceOfMany | Self::PersonOfMany)
    }
}

/// What others changed and the page does not show yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// The board was archived.
    Archived,
    Settings,
}

/// The columns, in order.
#[derive(Clone, Copy)]
pub struct Columns(RwSignal<Vec<ColumnState>>);

/// What the forms of the settings start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub name: String,
    pub version: i64,
    pub columns: Vec<ColumnView>,
}

/// One column and its cards, in order. Clones share the cards.
#[derive(Clone)]
pub struct ColumnState {
    /// What it is called and what it is for, as it was when it was asked for.
    pub view: ColumnView,
    pub cards: RwSignal<Vec<CardState>>,
    /// Whether older finished tasks can be shown.
    pub more: RwSignal<bool>,
    /// How many finished tasks are not among the cards.
    pub hidden: RwSignal<usize>,
}

/// One card.
#[derive(Clone)]
pub struct CardState {
    pub id: TaskId,
    pub view: RwSignal<CardView>,
    /// Whether something is asked for it and not answered yet.
    pub pending: RwSignal<bool>,
    /// How much is asked for it and not answered yet.
    waiting: StoredValue<usize>,
    /// What the server said of it meanwhile.
    pub fresh: StoredValue<Option<CardView>>,
    /// Whether somebody else has just changed it.
    pub touched: RwSignal<bool>,
    /// Whether it is among those that are changed at once.
    pub chosen: RwSignal<bool>,
    /// The task's number, 0 until the server gave one. It outlives the page, for what is still to be asked.
    pub number: Arc<AtomicI32>,
}

/// Where a card goes in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    Start,
    End,
    /// Behind another card.
    After(TaskId),
}

impl Step {
    /// The place as the server reads it.
    pub fn place(self) -> String {
        match self {
            Self::Up => "up".to_owned(),
            Self::Down => "down".to_owned(),
            Self::Start => "start".to_owned(),
            Self::End => "end".to_owned(),
            Self::After(card) => card.to_string(),
        }
    }
}

/// The board that is shown.
pub fn use_board() -> Arc<BoardState> {
    expect_context()
}

impl BoardState {
    pub fn new(team: &TeamView, page: &BoardPageData, replace: Callback<BoardPageData>) -> Self {
        let kept = use_kept_board();
        let columns: Vec<_> = page
            .columns
            .iter()
            .zip(&page.finished)
            .map(|(column, finished)| {
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
                let finished = usize::try_from(*finished).unwrap_or_default();
                ColumnState {
                    view: column.clone(),
                    hidden: RwSignal::new(finished.saturating_sub(cards.len())),
                    cards: RwSignal::new(cards),
                    more: RwSignal::new(more),
                }
            })
            .collect();
        Self {
            team: team.slug.clone(),
            board: page.id,
            key: page.key.clone(),
            name: RwSignal::new(page.name.clone()),
            archived: page.archived,
            today: page.today.clone(),
            last_of_seven: page.last_of_seven.clone(),
            columns: Columns(RwSignal::new(columns)),
            settings: RwSignal::new(Settings::of(page)),
            people: RwSignal::new(page.people.clone()),
            menu: RwSignal::new(None),
            may_write: team.role.may_write() && !page.archived,
            may_drag: RwSignal::new(page.may_drag),
            adding_from: StoredValue::new(None),
            me: team.me.clone(),
            announcer: use_announcer(),
            replace,
            waiting: StoredValue::new(None),
            late: RwSignal::new(None),
            heard: StoredValue::new(page.seq),
            others: RwSignal::new(String::new()),
            reading: Coalesced::default(),
            covered: Memo::new(move |_| kept.is_covered()),
            filter: Filter::follow(),
            kept: RwSignal::default(),
            selection: Selection::default(),
            told: StoredValue::new(None),
            owner: Owner::current().map(|owner| owner.downgrade()),
        }
    }

    /// Makes something that stands as long as the board.
    pub fn standing<T>(&self, make: impl FnOnce() -> T) -> T {
        match self.owner.as_ref().and_then(WeakOwner::upgrade) {
            Some(board) => board.with(make),
            None => make(),
        }
    }

    /// Whether there is no task on the board.
    pub fn is_empty(&self) -> bool {
        self.columns
            .iter()
            .all(|column| column.cards.with_untracked(Vec::is_empty))
    }

    /// The name of a card's task, such as `WEB-12`.
    pub fn task_key(&self, card: &CardView) -> String {
        format!("{}-{}", self.key, card.number)
    }

    /// The address of a task's page; the board's own as long as the task has no number.
    pub fn link(&self, card: &CardView) -> String {
        if card.number == 0 {
            return format!("/teams/{}/boards/{}", self.team, self.key);
        }
        format!("/teams/{}/tasks/{}", self.team, self.task_key(card))
    }

    pub fn column(&self, id: ColumnId) -> Option<ColumnState> {
        self.columns.iter().find(|column| column.view.id == id)
    }

    pub fn card(&self, id: TaskId) -> Option<CardState> {
        self.columns.iter().find_map(|column| {
            column
                .cards
                .with_untracked(|cards| cards.iter().find(|card| card.id == id).cloned())
        })
    }

    pub fn take_out(&self, id: TaskId) {
        for column in self.columns.iter() {
            if column.index(id).is_some() {
                column
                    .cards
                    .update(|cards| cards.retain(|card| card.id != id));
            }
        }
    }
}

impl Columns {
    /// The columns as they are now.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = ColumnState> + ExactSizeIterator {
        self.0.get_untracked().into_iter()
    }

    /// The same, for a view that is to follow them.
    pub fn all(self) -> Vec<ColumnState> {
        self.0.get()
    }

    /// What one of them is called and is for, and its place counted from 0, for a view that is to follow it.
    pub fn find(self, id: ColumnId) -> Option<(usize, ColumnView)> {
        self.0.with(|columns| {
            let mut columns = columns.iter().enumerate();
            let (place, column) = columns.find(|(_, column)| column.view.id == id)?;
            Some((place, column.view.clone()))
        })
    }

    /// Shows the columns as the server has them, with the cards that are here.
    pub fn show(self, fresh: &[ColumnView]) {
        let columns = fresh.iter().map(|view| {
            let known = self.iter().find(|column| column.view.id == view.id);
            let view = view.clone();
            match known {
                Some(column) => ColumnState { view, ..column },
                None => ColumnState {
                    view,
                    cards: RwSignal::new(Vec::new()),
                    more: RwSignal::new(false),
                    hidden: RwSignal::new(0),
                },
            }
        });
        self.0.set(columns.collect());
    }
}

impl Settings {
    pub fn of(page: &BoardPageData) -> Self {
        Self {
            name: page.name.clone(),
            version: page.version,
            columns: page.columns.clone(),
        }
    }
}

impl ColumnState {
    /// How many tasks lie in the column.
    pub fn count(&self) -> usize {
        self.cards.with(Vec::len) + self.hidden.get()
    }

    pub fn index(&self, id: TaskId) -> Option<usize> {
        self.cards
            .with_untracked(|cards| cards.iter().position(|card| card.id == id))
    }

    /// Where a card stands: behind another, or first.
    pub fn spot(&self, id: TaskId) -> Step {
        let before = self.index(id).and_then(|index| index.checked_sub(1));
        let before = before.and_then(|before| {
            self.cards
                .with_untracked(|cards| cards.get(before).map(|card| card.id))
        });
        before.map_or(Step::Start, Step::After)
    }

    /// A `done` column shows what was finished last first, whatever the place.
    pub fn insert(&self, card: &CardState, step: Step) {
        self.cards.update(|cards| {
            let index = match step {
                _ if self.view.kind == ColumnKind::Done => 0,
                Step::Start => 0,
                Step::After(before) => cards
                    .iter()
                    .position(|card| card.id == before)
                    .map_or(cards.len(), |index| index + 1),
                Step::Up | Step::Down | Step::End => cards.len(),
            };
            cards.insert(index, card.clone());
        });
    }

    pub fn put_back(&self, card: CardState, index: usize) {
        self.cards
            .update(|cards| cards.insert(index.min(cards.len()), card));
    }

    pub fn reorder(&self, id: TaskId, step: Step) {
        if let Some((from, to)) = self.way(id, step) {
            self.cards.update(|cards| {
                let card = cards.remove(from);
                cards.insert(to, card);
            });
        }
    }

    /// Whether a card is where a step would lead it.
    pub fn is_at(&self, id: TaskId, step: Step) -> bool {
        self.way(id, step).is_some_and(|(from, to)| from == to)
    }

    /// At which place of the column a card is, and at which a step leads it.
    fn way(&self, id: TaskId, step: Step) -> Option<(usize, usize)> {
        let from = self.index(id)?;
        let to = self.cards.with_untracked(|cards| {
            let last = cards.len() - 1;
            match step {
                Step::Up => from.saturating_sub(1),
                Step::Down => (from + 1).min(last),
                Step::Start => 0,
                Step::After(before) => cards
                    .iter()
                    .filter(|card| card.id != id)
                    .position(|card| card.id == before)
                    .map_or(last, |index| index + 1),
                Step::End => last,
            }
        });
        Some((from, to))
    }
}

impl CardState {
    /// The card of a task that the server does not know yet.
    pub fn unsent(id: TaskId, column: ColumnId, title: String) -> Self {
        let view = CardView {
            id,
            number: 0,
            column,
            order: String::new(),
            title,
            assignee: None,
            assignee_left: false,
            due_on: None,
            priority: Default::default(),
            labels: Vec::new(),
            version: 1,
        };
        Self::new(view, true)
    }

    pub fn new(view: CardView, pending: bool) -> Self {
        Self {
            id: view.id,
            number: Arc::new(AtomicI32::new(view.number)),
            view: RwSignal::new(view),
            pending: RwSignal::new(pending),
            waiting: StoredValue::new(usize::from(pending)),
            fresh: StoredValue::new(None),
            touched: RwSignal::new(false),
            chosen: RwSignal::new(false),
        }
    }

    pub fn is_waiting(&self) -> bool {
        self.waiting
            .try_get_value()
            .is_some_and(|waiting| waiting > 0)
    }

    /// Something is asked for it.
    pub fn wait(&self) {
        self.waiting.update_value(|waiting| *waiting += 1);
        self.pending.set(true);
    }

    /// It is answered. Gives what the server said of the card since then, once nothing else is waited for.
    pub fn answered(&self) -> Option<CardView> {
        self.waiting
            .update_value(|waiting| *waiting = waiting.saturating_sub(1));
        if self.is_waiting() {
            return None;
        }
        self.pending.set(false);
        self.fresh.try_update_value(Option::take).flatten()
    }
}
