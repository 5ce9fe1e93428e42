//! What others do on the board, as it happens: each event patches the card that it is about. What is more
//! than a card is read again, and only what is different is shown anew.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::{
    BoardPageData,
    held::Held,
    load_board,
    move_menu::{find_card, focus_link_of},
    new_task::keep_typed,
    state::{BoardState, CardState, ColumnState, Late, Settings},
};
use crate::{
    columns::model::ColumnKind,
    ids::TaskId,
    live::{
        listener::{Told, follow},
        model::FeedEvent,
    },
    tasks::model::{CardView, DONE_PAGE},
    ui::{
        dom::{find, find_all},
        focus::when_focus_is_lost,
    },
};

/// How long a card shows that somebody else changed it.
const TOUCHED: std::time::Duration = std::time::Duration::from_secs(2);

/// When it is looked again whether the page is in use.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

/// Follows the feed from what the page shows.
pub fn follow_feed(state: &BoardState, seq: i64) {
    let state = state.clone();
    Effect::new(move |_| {
        let state = state.clone();
        follow(seq, move |told| match told {
            Told::Event(event) => state.take_in(event),
            Told::Resync => state.read_again(),
        });
    });
}

impl BoardState {
    fn take_in(&self, event: &FeedEvent) {
        // Who can hold a task, and what is turned on for whom.
        let is_about_all = event.kind.starts_with("member.") || event.kind == "toggle.changed";
        if !is_about_all && event.board != Some(self.board) {
            return;
        }
        self.heard.set_value(event.seq);
        if is_about_all {
            return self.read_again();
        }
        let (Some(task), true) = (event.task, event.kind.starts_with("task.")) else {
            if event.task.is_none() {
                self.read_again();
            }
            return;
        };
        let is_mine = event.actor.id == self.me.id;
        if !is_mine {
            self.say(event);
        }
        let known = self.card(task);
        match (&event.card, known) {
            (Some(fresh), Some(card)) => {
                if self.refresh(&card, fresh) && !is_mine {
                    touch(&card);
                }
            }
            (None, Some(card)) => {
                let _kept = Focus::of(card.id);
                self.take_out(card.id);
            }
            // It comes into sight, or it is finished and among those that are not shown.
            (Some(fresh), None) if self.is_finished(fresh) => self.read_again(),
            (Some(fresh), None) => {
                self.was_hidden(event);
                let card = CardState::new(fresh.clone(), false);
                self.stand(&card);
                if !is_mine {
                    touch(&card);
                }
            }
            (None, None) => self.read_again(),
        }
    }

    /// Shows a card as the server has it, or keeps that until what is asked for it is answered. Says
    /// whether anything changed.
    pub fn refresh(&self, card: &CardState, fresh: &CardView) -> bool {
        let before = card.view.get_untracked();
        if card.is_waiting() {
            card.fresh.set_value(Some(fresh.clone()));
            return false;
        }
        if fresh.version < before.version || *fresh == before {
            return false;
        }
        let _kept = Focus::of(card.id);
        card.number
            .store(fresh.number, std::sync::atomic::Ordering::Relaxed);
        card.view.set(fresh.clone());
        if fresh.column != before.column || fresh.order != before.order {
            self.stand(card);
        }
        true
    }

    /// Puts a card where the server has it.
    fn stand(&self, card: &CardState) {
        let column = card.view.with_untracked(|view| view.column);
        let Some(target) = self.column(column) else {
            return;
        };
        let index = target.index_of(card);
        if target.index(card.id) != Some(index) {
            self.take_out(card.id);
            target.put_back(card.clone(), index);
        }
    }

    /// A finished task that was not shown is one less of those when it is taken up again.
    fn was_hidden(&self, event: &FeedEvent) {
        let column = event
            .changes
            .iter()
            .find(|change| change.field == "column")
            .and_then(|change| self.column(change.from_id.as_deref()?.parse().ok()?));
        if let Some(column) = column {
            let hidden = column.hidden.get_untracked().saturating_sub(1);
            column.hidden.set(hidden);
            if hidden == 0 {
                column.more.set(false);
            }
        }
    }

    fn is_finished(&self, card: &CardView) -> bool {
        self.column(card.column)
            .is_some_and(|column| column.view.kind == ColumnKind::Done)
    }

    /// Reads the whole board and shows what is different.
    pub fn read_again(&self) {
        let state = self.clone();
        self.reading.run(move || {
            let state = state.clone();
            async move {
                loop {
                    let page = load_board(state.team.clone(), state.key.clone(), None).await?;
                    if !state.is_shown() {
                        return Ok(());
                    }
                    // What was heard meanwhile is shown already, and this does not know it.
                    if page.seq >= state.heard.get_value() {
                        state.show_all(&page);
                        return Ok(());
                    }
                }
            }
        });
    }

    /// Shows what would be changed under somebody's hands: what is being typed or chosen comes first.
    fn show_when_idle(&self, page: &BoardPageData) {
        let is_waiting = self.waiting.with_value(Option::is_some);
        self.waiting.set_value(Some(page.clone()));
        if !is_waiting && !self.show_if_idle() {
            self.look_again();
        }
    }

    fn look_again(&self) {
        let state = self.clone();
        let look = move || {
            if state.is_shown() && !state.show_if_idle() {
                // Not at once: who changed it with a form of this page is led on from here by then.
                state.tell(state.what_waits());
                state.look_again();
            }
        };
        set_timeout(look, LOOK_AGAIN);
    }

    /// Says whether nobody had the hands on what it changes.
    fn show_if_idle(&self) -> bool {
        let replaces = self.what_waits() == Some(Late::Archived);
        if are_settings_in_use() || replaces && self.is_in_use() {
            return false;
        }
        match self.waiting.try_update_value(Option::take).flatten() {
            Some(page) if page.archived == self.archived => {
                forget_typing();
                self.settings.set(Settings::of(&page));
                self.tell(None);
            }
            Some(page) => self.replace.run(page),
            None => {}
        }
        true
    }

    fn what_waits(&self) -> Option<Late> {
        self.waiting.with_value(|page| {
            let page = page.as_ref()?;
            if page.archived != self.archived {
                return Some(Late::Archived);
            }
            let settings = Settings::of(page);
            let are_same = self.settings.with_untracked(|shown| *shown == settings);
            (!are_same).then_some(Late::Settings)
        })
    }

    /// Says on the page what it does not show yet.
    fn tell(&self, late: Option<Late>) {
        if self.late.get_untracked() != late {
            self.late.set(late);
        }
    }

    /// Whether something is being typed or chosen on the board.
    fn is_in_use(&self) -> bool {
        self.menu.with_untracked(Option::is_some)
            || find(".board-settings:focus-within").is_some()
            || is_any(".board [name='title']", |field| !field.value().is_empty())
    }

    fn show_all(&self, page: &BoardPageData) {
        self.show_board(page);
        for fresh in &page.cards {
            match self.card(fresh.id) {
                Some(card) => {
                    self.refresh(&card, fresh);
                    // Its column may have come after it.
                    let column = self.column(fresh.column).filter(|_| !card.is_waiting());
                    if column.is_some_and(|column| column.index(card.id).is_none()) {
                        self.stand(&card);
                    }
                }
                None => self.stand(&CardState::new(fresh.clone(), false)),
            }
        }
        for (column, finished) in self.columns.iter().zip(&page.finished) {
            let fresh = page
                .cards
                .iter()
                .filter(|card| card.column == column.view.id);
            column.drop_what_is_gone(&fresh.collect::<Vec<_>>());
            let finished = usize::try_from(*finished).unwrap_or_default();
            let shown = column.cards.with_untracked(Vec::len);
            column.hidden.set(finished.saturating_sub(shown));
            column.more.set(finished > shown);
        }
    }

    /// Shows what the board is called and which columns it has, who can hold its tasks, and whether they can be
    /// dragged.
    fn show_board(&self, page: &BoardPageData) {
        if self.may_drag.get_untracked() != page.may_drag {
            self.may_drag.set(page.may_drag);
        }
        if self.name.with_untracked(|name| *name != page.name) {
            self.name.set(page.name.clone());
        }
        if self.people.with_untracked(|people| *people != page.people) {
            self.people.set(page.people.clone());
        }
        let columns = self.columns.iter().map(|column| column.view);
        if !columns.eq(page.columns.iter().cloned()) {
            keep_typed(self, &page.columns);
            let _held = Held::now();
            self.columns.show(&page.columns);
        }
        let are_same = self
            .settings
            .with_untracked(|settings| *settings == Settings::of(page));
        let is_waiting = self.waiting.with_value(Option::is_some);
        if is_waiting || page.archived != self.archived || !are_same {
            self.show_when_idle(page);
        }
    }

    /// Says for screen readers what somebody else did.
    fn say(&self, event: &FeedEvent) {
        let number = event.card.as_ref().map(|card| card.number).or_else(|| {
            let card = self.card(event.task?)?;
            Some(card.view.with_untracked(|view| view.number))
        });
        let Some(number) = number else {
            return;
        };
        let column = event
            .card
            .as_ref()
            .and_then(|card| self.column(card.column))
            .map(|column| column.view.name);
        let (did, to) = match (event.kind.as_str(), column) {
            ("task.created", Some(column)) => ("added", format!(" to {column}")),
            ("task.moved", Some(column)) => ("moved", format!(" to {column}")),
            ("task.claimed", _) => ("took", String::new()),
            ("task.deleted", _) => ("deleted", String::new()),
            ("task.restored", _) => ("restored", String::new()),
            _ => ("changed", String::new()),
        };
        let (name, key) = (&event.actor.name, &self.key);
        // What one change did with many tasks is said once.
        let before = self.told.get_value();
        let count = before.filter(|(change, _)| *change == event.change_id);
        let count = count.map_or(1, |(_, count)| count + 1);
        self.told.set_value(Some((event.change_id, count)));
        self.others.set(match count {
            1 => format!("{name} {did} {key}-{number}{to}."),
            _ => format!("{name} {did} {count} tasks{to}."),
        });
    }
}

/// Whether the forms of the settings are open, or something is typed there that is not saved.
fn are_settings_in_use() -> bool {
    find(".board-settings[open]").is_some()
        || is_any(".board-settings input", |field| {
            field.value() != field.default_value()
        })
}

/// Lets the forms of the settings show what they are given: a field in which something was typed once, and taken back,
/// would keep what it has.
fn forget_typing() {
    for form in find_all(".board-settings form") {
        if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
            form.reset();
        }
    }
}

/// Whether there is such a field.
fn is_any(fields: &str, is_such: impl Fn(&HtmlInputElement) -> bool) -> bool {
    find_all(fields)
        .into_iter()
        .filter_map(|field| field.dyn_into::<HtmlInputElement>().ok())
        .any(|field| is_such(&field))
}

impl ColumnState {
    /// Where a card belongs among those whose place is known.
    fn index_of(&self, card: &CardState) -> usize {
        let place = card
            .view
            .with_untracked(|view| (view.order.clone(), view.id));
        self.cards.with_untracked(|cards| {
            let others = cards.iter().filter(|other| other.id != card.id);
            others
                .enumerate()
                .filter(|(_, other)| !other.is_waiting())
                .find(|(_, other)| {
                    other
                        .view
                        .with_untracked(|view| (&view.order, view.id) > (&place.0, place.1))
                })
                .map_or_else(
                    || cards.iter().filter(|other| other.id != card.id).count(),
                    |(index, _)| index,
                )
        })
    }

    /// Takes out what the server does not have here any more. Of finished tasks it tells only the latest.
    fn drop_what_is_gone(&self, fresh: &[&CardView]) {
        let is_part = self.view.kind == ColumnKind::Done && fresh.len() > DONE_PAGE;
        let last = fresh.iter().map(|card| &card.order).max();
        let stays = |card: &CardState| {
            card.is_waiting()
                || fresh.iter().any(|other| other.id == card.id)
                || is_part && card.view.with_untracked(|view| Some(&view.order) > last)
        };
        if !self.cards.with_untracked(|cards| cards.iter().all(stays)) {
            self.cards.update(|cards| cards.retain(stays));
        }
    }
}

/// Lets a card show for a moment that somebody else changed it.
fn touch(card: &CardState) {
    let touched = card.touched;
    touched.set(true);
    set_timeout(
        move || {
            // The board may have been left.
            let _ = touched.try_set(false);
        },
        TOUCHED,
    );
}

/// Gives a card the focus again that it loses when it is put elsewhere.
struct Focus(Option<TaskId>);

impl Focus {
    fn of(card: TaskId) -> Self {
        let has_it = find_card(card)
            .zip(document().active_element())
            .is_some_and(|(card, active)| card.contains(Some(&active)));
        Self(has_it.then_some(card))
    }
}

impl Drop for Focus {
    fn drop(&mut self) {
        if let Some(card) = self.0 {
            when_focus_is_lost(move || {
                focus_link_of(card);
            });
        }
    }
}
