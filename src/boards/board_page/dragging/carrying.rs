//! Dragging by the keys of [`CARRYING`]: Space lifts the card that has the focus, and each step is said.

use leptos::prelude::*;
use web_sys::{Element, KeyboardEvent};

use super::{
    super::{keys::card_around, move_menu::find_card, state::ColumnState},
    By, Hands, Lifted, answer,
    place::Place,
};
use crate::{
    columns::model::ColumnKind,
    ids::TaskId,
    people::shell::keys::table::{CARRYING, Carrying, Way},
    ui::{
        dom::{scroll_near, target_of},
        keys::{Stroke, pressed},
    },
};

impl Hands {
    pub fn hear_key(self, event: &KeyboardEvent) {
        let action = pressed(CARRYING, event);
        let target = target_of::<Element>(event);
        let on = card_around(target.as_ref()).map(|(card, _)| card);
        match self.lifted() {
            None => {
                let is_card = target.is_some_and(|it| it.matches("a.card-title").unwrap_or(false));
                if let (Some(card), Some(Carrying::PickUp), true) = (on, action, is_card) {
                    answer(event);
                    if !event.repeat() {
                        self.pick_up(card);
                    }
                }
            }
            Some(Lifted {
                by: By::Pointer, ..
            }) => {
                if action == Some(Carrying::Leave) {
                    answer(event);
                    self.leave();
                }
            }
            // Somebody has gone elsewhere with it.
            Some(lifted) if on != Some(lifted.id) => self.leave(),
            Some(lifted) => self.carry_by(lifted, action, event),
        }
    }

    fn carry_by(self, lifted: Lifted, action: Option<Carrying>, event: &KeyboardEvent) {
        match action {
            Some(Carrying::PickUp) if event.repeat() => {}
            Some(Carrying::PickUp | Carrying::PutDown) => self.put_down(),
            Some(Carrying::Go(way)) => self.go(lifted, way),
            Some(Carrying::Leave) => self.leave(),
            // Other keys of the board are about cards that lie there.
            None if Stroke::of(event).is_character() => {}
            None if matches!(
                event.key().as_str(),
                "Shift" | "Control" | "Alt" | "Meta" | "CapsLock"
            ) =>
            {
                return;
            }
            None => return self.leave(),
        }
        answer(event);
    }

    fn pick_up(self, id: TaskId) {
        let state = self.state();
        let card = state.card(id).map(|card| card.view.get_untracked());
        let Some((card, column)) =
            card.and_then(|card| Some((card.clone(), state.column(card.column)?)))
        else {
            return;
        };
        let (_, own) = state.others(&column, id);
        let place = state.place_at(id, &column, own.unwrap_or_default());
        self.lift(id, By::Keys, Some(place));
        let (name, place) = (card.title, self.in_words(id, &column, &place));
        self.said.set(format!(
            "{name} is picked up. {place} The arrow keys take it elsewhere, Space puts it down, Escape leaves it where it was."
        ));
    }

    /// Takes the place a step further, if there is one.
    fn go(self, lifted: Lifted, way: Way) {
        let state = self.state();
        let Some(place) = lifted.place else {
            return;
        };
        let columns: Vec<_> = state.columns.iter().collect();
        let Some(here) = columns
            .iter()
            .position(|column| column.view.id == place.column)
        else {
            return self.leave();
        };
        let (index, others) = state.index_of(lifted.id, &columns[here], &place);
        let (there, index) = match way {
            Way::Up => (Some(here), index.saturating_sub(1)),
            Way::Down => (Some(here), (index + 1).min(others)),
            Way::Left => (here.checked_sub(1), index),
            Way::Right => (Some(here + 1), index),
        };
        let Some(column) = there.and_then(|there| columns.get(there)) else {
            return;
        };
        let place = state.place_at(lifted.id, column, index);
        if Some(place) == lifted.place {
            return;
        }
        self.lifted.set_value(Some(Lifted {
            place: Some(place),
            ..lifted
        }));
        show(&place);
        self.said.set(self.in_words(lifted.id, column, &place));
    }

    /// A place as it is said: `In progress, place 2 of 4.`
    fn in_words(self, id: TaskId, column: &ColumnState, place: &Place) -> String {
        let name = &column.view.name;
        if column.view.kind == ColumnKind::Done {
            return format!("{name}, what was finished last first.");
        }
        let (index, others) = self.state().index_of(id, column, place);
        format!("{name}, place {} of {}.", index + 1, others + 1)
    }
}

/// Scrolls to a place, no further than it takes.
fn show(place: &Place) {
    let beside = place.after.or(place.before).and_then(find_card);
    for element in [place.column_element(), beside].into_iter().flatten() {
        scroll_near(&element);
    }
}
