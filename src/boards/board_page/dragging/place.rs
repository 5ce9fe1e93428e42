//! Where a lifted card would land, among the cards that are shown, and the step that leads there.

use leptos::prelude::*;
use web_sys::Element;

use super::super::state::{BoardState, ColumnState, Step};
use crate::{
    columns::model::ColumnKind,
    ids::{ColumnId, TaskId},
    ui::dom::find,
};

/// A place in a column, by the cards that are shown on both sides of it. The lifted card is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub column: ColumnId,
    pub after: Option<TaskId>,
    pub before: Option<TaskId>,
}

impl Place {
    /// The element of its column.
    pub fn column_element(&self) -> Option<Element> {
        find(&format!("[data-column='{}']", self.column))
    }
}

impl BoardState {
    /// The cards of a column that are shown, without one of them, and the place of that one among them if it is
    /// there.
    pub fn others(&self, column: &ColumnState, id: TaskId) -> (Vec<TaskId>, Option<usize>) {
        let mut shown: Vec<_> = untrack(|| self.shown(column))
            .into_iter()
            .map(|card| card.id)
            .collect();
        let own = shown.iter().position(|card| *card == id);
        if let Some(own) = own {
            shown.remove(own);
        }
        (shown, own)
    }

    /// The place before so many other cards. Finished tasks have an order of their own: what comes to them is the
    /// first, and what is there stays.
    pub fn place_at(&self, id: TaskId, column: &ColumnState, index: usize) -> Place {
        let (others, own) = self.others(column, id);
        let index = match column.view.kind {
            ColumnKind::Done => own.unwrap_or_default(),
            _ => index.min(others.len()),
        };
        let before_it = index.checked_sub(1);
        Place {
            column: column.view.id,
            after: before_it.and_then(|index| others.get(index).copied()),
            before: others.get(index).copied(),
        }
    }

    /// How many of the other cards lie before a place, and how many there are.
    pub fn index_of(&self, id: TaskId, column: &ColumnState, place: &Place) -> (usize, usize) {
        let (others, _) = self.others(column, id);
        let at = |card: Option<TaskId>| {
            card.and_then(|card| others.iter().position(|other| *other == card))
        };
        let index = at(place.after).map(|index| index + 1);
        let index = index.or_else(|| at(place.before)).unwrap_or_default();
        (index, others.len())
    }

    /// The step that leads a card to a place. None when it is there already, or one of the two is gone.
    pub fn step_to(&self, id: TaskId, place: &Place) -> Option<Step> {
        let card = self.card(id)?;
        let column = self.column(place.column)?;
        let is_here = |card: &TaskId| column.index(*card).is_some();
        let step = match (place.after.filter(is_here), place.before.filter(is_here)) {
            (Some(after), _) => Step::After(after),
            // The cards that the filter leaves out keep their places before it.
            (None, Some(before)) => match column.spot(before) {
                Step::After(other) if other == id => column.spot(id),
                step => step,
            },
            (None, None) => Step::End,
        };
        let is_home = card.view.with_untracked(|view| view.column) == place.column;
        let stays = is_home && (column.view.kind == ColumnKind::Done || column.is_at(id, step));
        (!stays).then_some(step)
    }
}
