//! Dragging by mouse, pen and touch. A mouse drags as soon as it has moved a little, so that a click stays a click; a
//! finger after it has rested, so that it still scrolls.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, Event, HtmlElement, MouseEvent, NodeList, PointerEvent};

use super::{By, Hands, Lifted, answer, place::Place, put, set, unset};
use crate::{
    boards::board_page::{keys::card_around, move_menu::find_card},
    ids::TaskId,
    ui::dom::{closest, find_in, target_of},
};

/// What is heard at the board.
pub const HEARD: &[&str] = &[
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "touchmove",
    "contextmenu",
    "dragstart",
    "click",
];

/// How long a finger rests on a card before it lifts it.
const REST: Duration = Duration::from_millis(300);
/// How far a mouse moves before it drags, and a finger before it scrolls, in pixels.
const NEAR: f64 = 5.0;
const SLOP: f64 = 10.0;
/// How near to an edge what is below scrolls, and how far it does so in a frame, in pixels.
const EDGE: f64 = 48.0;
const FASTEST: f64 = 16.0;

/// A pointer that is down on a card.
#[derive(Clone, Copy)]
pub struct Press {
    card: TaskId,
    pointer: i32,
    is_touch: bool,
    from: Point,
    at: Point,
    /// Where the card was held when it was lifted, from its upper left corner.
    grip: Point,
    clock: Option<TimeoutHandle>,
}

/// In the window, in pixels.
#[derive(Clone, Copy, Default)]
struct Point {
    x: f64,
    y: f64,
}

impl Point {
    fn of(event: &MouseEvent) -> Self {
        Self {
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
        }
    }
}

impl Hands {
    pub fn hear(self, event: &Event) {
        match event.type_().as_str() {
            "pointerdown" => self.press(event.unchecked_ref()),
            "pointermove" => self.carry(event.unchecked_ref()),
            "pointerup" => self.release(event.unchecked_ref()),
            "pointercancel" => self.leave_pointer(),
            // What is dragged here is not scrolled, and opens no menu.
            "touchmove" | "contextmenu" if self.is_lifted_by(By::Pointer) && event.cancelable() => {
                event.prevent_default();
            }
            // The browser would drag the link.
            "dragstart" if self.pressed().is_some() => event.prevent_default(),
            // One by the keyboard has no number.
            "click"
                if event.unchecked_ref::<MouseEvent>().detail() != 0
                    && self.swallows.get_value() =>
            {
                self.swallows.set_value(false);
                answer(event);
            }
            _ => {}
        }
    }

    fn pressed(self) -> Option<Press> {
        self.press.try_get_value().flatten()
    }

    fn press(self, event: &PointerEvent) {
        self.swallows.set_value(false);
        // A second finger, or a mouse that is used while the keyboard carries.
        self.leave_pointer();
        self.leave();
        let has_modifier =
            event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if !event.is_primary() || event.button() != 0 || has_modifier {
            return;
        }
        let target = target_of::<Element>(event);
        let is_control = target
            .as_ref()
            .is_some_and(|target| closest(target, "button, input").is_some());
        let Some((card, _)) = card_around(target.as_ref()).filter(|_| !is_control) else {
            return;
        };
        let is_touch = event.pointer_type() == "touch";
        let clock = is_touch
            .then(|| set_timeout_with_handle(move || self.lift_pressed(), REST).ok())
            .flatten();
        let at = Point::of(event);
        self.press.set_value(Some(Press {
            card,
            pointer: event.pointer_id(),
            is_touch,
            from: at,
            at,
            grip: Point::default(),
            clock,
        }));
    }

    /// Ends a press, and nothing else.
    pub fn let_go(self) {
        let press = self.press.try_update_value(Option::take).flatten();
        if let Some(clock) = press.and_then(|press| press.clock) {
            clock.clear();
        }
    }

    fn leave_pointer(self) {
        self.let_go();
        if self.is_lifted_by(By::Pointer) {
            self.leave();
        }
    }

    fn carry(self, event: &PointerEvent) {
        let press = self.pressed();
        let Some(press) = press.filter(|press| press.pointer == event.pointer_id()) else {
            return;
        };
        if event.buttons() == 0 {
            // It was released where nobody heard it.
            return self.leave_pointer();
        }
        let at = Point::of(event);
        self.press.set_value(Some(Press { at, ..press }));
        if self.is_lifted_by(By::Pointer) {
            return;
        }
        let moved = (at.x - press.from.x).abs().max((at.y - press.from.y).abs());
        match press.is_touch {
            true if moved > SLOP => self.let_go(),
            false if moved > NEAR => self.lift_pressed(),
            _ => {}
        }
    }

    fn release(self, event: &PointerEvent) {
        let is_it = |press: Press| press.pointer == event.pointer_id();
        if !self.pressed().is_some_and(is_it) {
            return;
        }
        if self.is_lifted_by(By::Pointer) {
            self.carry_to(Point::of(event));
            return self.put_down();
        }
        self.let_go();
    }

    fn lift_pressed(self) {
        let (Some(press), Some(board)) = (self.pressed(), self.board.try_get_untracked().flatten())
        else {
            return;
        };
        let Some(card) = find_card(press.card) else {
            return self.let_go();
        };
        let rect = card.get_bounding_client_rect();
        let grip = Point {
            x: press.from.x - rect.left(),
            y: press.from.y - rect.top(),
        };
        self.press.set_value(Some(Press { grip, ..press }));
        // Without it the pointer is heard as well, but not outside of the board.
        let _ = board.set_pointer_capture(press.pointer);
        self.show_picture(&card, &rect);
        self.lift(press.card, By::Pointer, None);
    }

    /// A picture of the card follows the pointer.
    fn show_picture(self, card: &Element, rect: &DomRect) {
        let copy = card.clone_node_with_deep(true).ok();
        let copy = copy.and_then(|copy| copy.dyn_into::<HtmlElement>().ok());
        let (Some(copy), Some(layer)) = (copy, self.layer.get_untracked()) else {
            return;
        };
        copy.set_class_name("card picture");
        // There is one card of a task, and nothing is to be found here by the keyboard.
        unset(&copy, "data-task");
        set(&copy, "inert");
        put(&copy, "width", rect.width());
        put(&copy, "left", rect.left());
        put(&copy, "top", rect.top());
        // It fails only where the layer is gone.
        let _ = layer.append_child(&copy);
    }

    /// Once a frame: scrolls what the pointer is at the edge of, and shows where the card would land.
    pub fn follow_pointer(self) {
        let Some(Press { at, .. }) = self.pressed() else {
            return;
        };
        self.scroll(at);
        self.carry_to(at);
    }

    fn carry_to(self, at: Point) {
        let (Some(press), Some(lifted)) = (self.pressed(), self.lifted()) else {
            return;
        };
        let place = self.aim(lifted.id, at);
        self.lifted.set_value(Some(Lifted {
            place: place.or(lifted.place),
            ..lifted
        }));
        self.mark();
        let layer = self.layer.get_untracked();
        let picture = layer.and_then(|layer| find_in(&layer, ".picture"));
        if let Some(picture) = picture.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            put(&picture, "left", at.x - press.grip.x);
            put(&picture, "top", at.y - press.grip.y);
        }
    }

    /// The place below the pointer: in the column that is nearest, before the first card whose middle is lower.
    fn aim(self, id: TaskId, at: Point) -> Option<Place> {
        let column = self.column_at(at)?;
        let cards = column.query_selector_all(".card").ok()?;
        let (mut low, mut high) = (0, cards.length());
        while low < high {
            let middle = low.midpoint(high);
            let rect = rect_of(&cards, middle)?;
            if rect.top() + rect.height() / 2.0 < at.y {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let state = self.state();
        let column = column.get_attribute("data-column")?.parse().ok()?;
        let column = state.column(column)?;
        let (_, own) = state.others(&column, id);
        let index = usize::try_from(low).ok()?;
        let index = index - usize::from(own.is_some_and(|own| own < index));
        Some(state.place_at(id, &column, index))
    }

    fn column_at(self, at: Point) -> Option<Element> {
        let board = self.board.get_untracked()?;
        let columns = board.query_selector_all(".column").ok()?;
        let away = |index: &u32| {
            let rect = rect_of(&columns, *index)?;
            Some((rect.left() - at.x).max(at.x - rect.right()).max(0.0))
        };
        let nearest = (0..columns.length())
            .filter_map(|index| Some((index, away(&index)?)))
            .min_by(|(_, one), (_, other)| one.total_cmp(other));
        columns.get(nearest?.0)?.dyn_into().ok()
    }

    fn scroll(self, at: Point) {
        let Some(board) = self.board.get_untracked() else {
            return;
        };
        let rect = board.get_bounding_client_rect();
        let aside = pull(at.x, rect.left(), rect.right());
        if aside != 0 {
            board.set_scroll_left(board.scroll_left() + aside);
        }
        let column = self.column_at(at);
        let list = column.and_then(|column| find_in(&column, ".column-scroll"));
        if let Some(list) = list {
            let rect = list.get_bounding_client_rect();
            let down = pull(at.y, rect.top(), rect.bottom());
            if down != 0 {
                list.set_scroll_top(list.scroll_top() + down);
            }
        }
    }
}

fn rect_of(elements: &NodeList, index: u32) -> Option<DomRect> {
    let element: Element = elements.get(index)?.dyn_into().ok()?;
    Some(element.get_bounding_client_rect())
}

/// How far to scroll for a pointer at the edge of what lies from `start` to `end`: the nearer the further.
fn pull(at: f64, start: f64, end: f64) -> i32 {
    let edge = EDGE.min((end - start) / 4.0);
    let near = |distance: f64| ((1.0 - distance / edge) * FASTEST).clamp(0.0, FASTEST);
    (near(end - at) - near(at - start)) as i32
}

#[cfg(test)]
mod tests {
    use super::pull;

    #[test]
    fn a_pointer_scrolls_at_the_edges_alone_and_the_nearer_the_faster() {
        let of = |at| pull(at, 100.0, 900.0);
        assert_eq!((of(500.0), of(160.0), of(840.0)), (0, 0, 0));
        assert_eq!((of(100.0), of(0.0)), (-16, -16));
        assert_eq!((of(900.0), of(2000.0)), (16, 16));
        assert!(of(890.0) > of(870.0) && of(870.0) > 0);
        // Where there is nothing to scroll there are no edges.
        assert_eq!(pull(5.0, 5.0, 5.0), 0);
    }
}
