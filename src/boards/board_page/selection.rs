//! Which cards are changed at once: chosen by `x`, a checkbox, or a click with a modifier. A card knows by
//! itself whether it is chosen, so one that leaves the board leaves the selection.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{
    keys::card_around,
    move_menu::focus_card,
    state::{BoardState, CardState, ColumnState, Menu},
};
use crate::{
    ids::TaskId,
    tasks::bulk::MOST,
    ui::dom::{closest, target_of},
};

/// Where a selection began, and how far it was drawn from there.
#[derive(Clone, Copy)]
pub struct Selection {
    /// Whether anything was ever chosen. Until then nobody has to look at the cards.
    has_begun: RwSignal<bool>,
    anchor: StoredValue<Option<TaskId>>,
    drawn: StoredValue<Vec<TaskId>>,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            has_begun: RwSignal::new(false),
            anchor: StoredValue::new(None),
            drawn: StoredValue::new(Vec::new()),
        }
    }
}

impl BoardState {
    /// The chosen cards that are in sight, column by column, for a view that is to follow them.
    pub fn chosen(&self) -> Vec<CardState> {
        if !self.selection.has_begun.get() {
            return Vec::new();
        }
        let columns = self.columns.all();
        let cards = columns.iter().flat_map(|column| self.shown(column));
        cards.filter(|card| card.chosen.get()).collect()
    }

    /// The same, for a deed.
    pub fn chosen_now(&self) -> Vec<CardState> {
        untrack(|| self.chosen())
    }

    pub fn has_chosen(&self) -> bool {
        !self.chosen_now().is_empty()
    }

    /// Says for screen readers how many are chosen.
    pub fn how_many_are_chosen(&self) -> String {
        match (self.selection.has_begun.get(), self.chosen().len()) {
            (false, _) => String::new(),
            (true, 0) => "Nothing is selected.".to_owned(),
            (true, count) => format!("{count} selected"),
        }
    }

    pub fn is_chosen(&self, id: TaskId) -> bool {
        let card = self.card(id);
        card.is_some_and(|card| card.chosen.get_untracked())
    }

    /// Chooses a card, or takes it out of the selection.
    pub fn choose(&self, id: TaskId, is_on: bool) {
        let Some(card) = self.card(id).filter(|_| self.may_write) else {
            return;
        };
        self.selection.anchor.set_value(Some(id));
        self.selection.drawn.set_value(Vec::new());
        self.mark(&[card], is_on);
    }

    /// Draws the selection from where it began to a card of the same column.
    pub fn choose_up_to(&self, id: TaskId) {
        let anchor = self.selection.anchor.get_value();
        let between = anchor.and_then(|anchor| self.between(anchor, id));
        let (Some(between), true) = (between, self.may_write) else {
            return self.choose(id, true);
        };
        let is_between = |id: &TaskId| between.iter().any(|card| card.id == *id);
        // What was drawn too far before is let go.
        let drawn = self.selection.drawn.get_value();
        let too_far = drawn.iter().filter(|id| !is_between(id));
        let too_far: Vec<_> = too_far.filter_map(|id| self.card(*id)).collect();
        self.mark(&too_far, false);
        self.mark(&between, true);
        let drawn = between.iter().map(|card| card.id);
        self.selection.drawn.set_value(drawn.collect());
    }

    /// Chooses a card and the one that is beside it, or lets go what was drawn too far.
    pub fn draw(&self, from: TaskId, to: TaskId) {
        let goes_on = self
            .selection
            .drawn
            .with_value(|drawn| drawn.contains(&from));
        if !goes_on {
            self.choose(from, true);
        }
        self.choose_up_to(to);
    }

    /// Chooses all cards of a card's column.
    pub fn choose_column_of(&self, id: TaskId) {
        if let Some(column) = self.column_of(id).filter(|_| self.may_write) {
            self.mark(&untrack(|| self.shown(&column)), true);
        }
    }

    /// Chooses nothing any more. Whoever was on the bar, which goes away, is on the first of the cards then.
    pub fn choose_nothing(&self) {
        let chosen = self.chosen_now();
        let active = document().active_element();
        let bar = active.and_then(|active| closest(&active, ".bulk-bar"));
        if let (Some(_), Some(first)) = (bar, chosen.first()) {
            focus_card(first.id);
        }
        self.selection.anchor.set_value(None);
        self.selection.drawn.set_value(Vec::new());
        self.mark(&chosen, false);
    }

    /// Opens a menu for what is chosen, and says whether anything is.
    pub fn open_for_chosen(&self, menu: Menu) -> bool {
        let first = self.chosen_now().first().map(|card| card.id);
        if let Some(first) = first {
            self.menu.set(Some((first, menu)));
        }
        first.is_some()
    }

    /// Obeys a click that chooses: on a checkbox, or with Ctrl or Cmd one card, with Shift all up to it. Says
    /// whether it was one.
    pub fn choose_by_click(&self, event: &MouseEvent) -> bool {
        if !self.may_write || event.alt_key() || event.button() != 0 {
            return false;
        }
        let has_modifier = event.ctrl_key() || event.meta_key() || event.shift_key();
        let (id, is_on) = match card_under(event) {
            Some((id, Part::Checkbox(is_on))) => (id, is_on),
            Some((id, Part::Link)) if has_modifier => {
                event.prevent_default();
                (id, event.shift_key() || !self.is_chosen(id))
            }
            _ => return false,
        };
        match event.shift_key() && is_on {
            true => self.choose_up_to(id),
            false => self.choose(id, is_on),
        }
        true
    }

    fn mark(&self, cards: &[CardState], is_on: bool) {
        if is_on {
            self.selection.has_begun.set(true);
        }
        let mut room = match is_on {
            true => MOST.saturating_sub(self.chosen_now().len()),
            false => usize::MAX,
        };
        for card in cards {
            if card.chosen.get_untracked() == is_on {
                continue;
            }
            if room == 0 {
                // A checkbox that was just ticked shows again what is so.
                card.chosen.notify();
                let words = format!("Up to {MOST} tasks can be selected at once.");
                return self.announcer.failure(words);
            }
            room -= 1;
            card.chosen.set(is_on);
        }
    }

    fn column_of(&self, id: TaskId) -> Option<ColumnState> {
        self.columns
            .iter()
            .find(|column| column.index(id).is_some())
    }

    /// The cards from one to another of the same column.
    fn between(&self, one: TaskId, other: TaskId) -> Option<Vec<CardState>> {
        let column = self.column_of(one)?;
        let cards = untrack(|| self.shown(&column));
        let place = |id: TaskId| cards.iter().position(|card| card.id == id);
        let (one, other) = (place(one)?, place(other)?);
        Some(cards[one.min(other)..=one.max(other)].to_vec())
    }
}

/// What of a card was clicked.
enum Part {
    /// What it has become by the click.
    Checkbox(bool),
    Link,
}

/// The card that was clicked. Its buttons answer for themselves.
fn card_under(event: &MouseEvent) -> Option<(TaskId, Part)> {
    let target = target_of::<Element>(event)?;
    let part = match target.dyn_ref::<HtmlInputElement>() {
        Some(checkbox) => Part::Checkbox(checkbox.checked()),
        None if closest(&target, "button").is_some() => return None,
        None => Part::Link,
    };
    let (id, _) = card_around(Some(&target))?;
    Some((id, part))
}

/// A click with Shift draws a selection of cards and not of text.
pub fn hold_text(event: &MouseEvent) {
    if event.shift_key() && card_under(event).is_some() {
        event.prevent_default();
    }
}
