//! Cards that are dragged to their place, by mouse, touch or keyboard, by whoever has the toggle for it. What comes
//! of it is the same move as that of the menu: [`BoardState::shift`].
//!
//! A card is lifted (`pointer`, `carrying`), aimed at a [`Place`], and put down or left. The lists stay as they are
//! until then: where it would land is a mark that lies over the board.

mod carrying;
mod place;
mod pointer;

use std::sync::Arc;

use leptos::{html::Div, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AddEventListenerOptions, Element, Event, EventTarget, HtmlElement};

use self::{place::Place, pointer::Press};
use super::{
    move_menu::{find_card, focus_card},
    state::{BoardState, use_board},
};
use crate::{ids::TaskId, people::shell::keys::CanDrag};

/// How far the mark stands from the card that it is beside, in pixels: in the middle of the gap.
const BESIDE: f64 = 3.0;

/// What lets cards be dragged, as long as the reader has the toggle.
#[component]
pub fn Dragging(board: NodeRef<Div>) -> impl IntoView {
    let may_drag = use_board().may_drag;
    move || may_drag.get().then(|| view! { <Hand board=board /> })
}

#[component]
fn Hand(board: NodeRef<Div>) -> impl IntoView {
    let hand = Hands {
        state: StoredValue::new(use_board()),
        board,
        layer: NodeRef::new(),
        press: StoredValue::new(None),
        lifted: StoredValue::new(None),
        swallows: StoredValue::new(false),
        said: RwSignal::new(String::new()),
    };
    let can_drag = expect_context::<CanDrag>();
    Effect::new(move |_| {
        let Some(board) = board.get() else {
            return;
        };
        can_drag.say();
        let ears = (
            Ear::at(board.unchecked_into(), pointer::HEARD, move |event| {
                hand.hear(&event);
            }),
            Ear::at(window().unchecked_into(), &["keydown"], move |event| {
                hand.hear_key(event.unchecked_ref());
            }),
        );
        let ears = SendWrapper::new(ears);
        on_cleanup(move || {
            drop(ears);
            hand.lower();
        });
    });
    view! {
        <div class="drag-layer">
            <p class="visually-hidden" aria-live="polite">{hand.said}</p>
            <div aria-hidden="true" node_ref=hand.layer>
                <div class="drop-mark" hidden></div>
            </div>
        </div>
    }
}

/// What is under way.
#[derive(Clone, Copy)]
struct Hands {
    state: StoredValue<Arc<BoardState>>,
    board: NodeRef<Div>,
    /// Holds what lies over the board: the mark, and the picture of the card that follows the pointer.
    layer: NodeRef<Div>,
    /// Where the pointer went down and is now.
    press: StoredValue<Option<Press>>,
    lifted: StoredValue<Option<Lifted>>,
    /// Whether the click by which the pointer ends a dragging is none.
    swallows: StoredValue<bool>,
    /// For screen readers.
    said: RwSignal<String>,
}

/// A card that is lifted, and where it would land now.
#[derive(Clone, Copy)]
struct Lifted {
    id: TaskId,
    by: By,
    place: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Pointer,
    Keys,
}

impl Hands {
    /// What is lifted. Nothing when the board was left.
    fn lifted(self) -> Option<Lifted> {
        self.lifted.try_get_value().flatten()
    }

    fn is_lifted_by(self, by: By) -> bool {
        self.lifted().is_some_and(|lifted| lifted.by == by)
    }

    fn state(self) -> Arc<BoardState> {
        self.state.get_value()
    }

    fn lift(self, id: TaskId, by: By, place: Option<Place>) {
        self.lifted.set_value(Some(Lifted { id, by, place }));
        if let Some(board) = self.board.get_untracked() {
            set(&board, "data-dragging");
        }
        self.next_frame();
    }

    /// Keeps up with what moves, as long as a card is lifted.
    fn next_frame(self) {
        request_animation_frame(move || {
            let Some(lifted) = self.lifted() else {
                return;
            };
            let Some(card) = find_card(lifted.id) else {
                self.lower();
                return self.state().announcer.failure(GONE);
            };
            // Others may have moved it, and so made it anew.
            set(&card, "data-lifted");
            match lifted.by {
                By::Pointer => self.follow_pointer(),
                By::Keys => self.mark(),
            }
            self.next_frame();
        });
    }

    /// Shows where the card would land.
    fn mark(self) {
        let (Some(layer), Some(lifted)) = (self.layer.get_untracked(), self.lifted()) else {
            return;
        };
        let mark = layer.first_element_child();
        let mark = mark.and_then(|mark| mark.dyn_into::<HtmlElement>().ok());
        let column = lifted.place.and_then(|place| place.column_element());
        let (Some(mark), Some(place), Some(column)) = (mark, lifted.place, column) else {
            return;
        };
        if !column.has_attribute("data-target") {
            unset_all("data-target");
            set(&column, "data-target");
        }
        let Ok(Some(list)) = column.query_selector(".column-scroll") else {
            return;
        };
        let list = list.get_bounding_client_rect();
        let rect_of = |id| find_card(id).map(|card| card.get_bounding_client_rect());
        let top = match (
            place.after.and_then(rect_of),
            place.before.and_then(rect_of),
        ) {
            (Some(after), _) => after.bottom() + BESIDE,
            (None, Some(before)) => before.top() - BESIDE,
            (None, None) => list.top() + BESIDE,
        };
        let top = top.min(list.bottom()).max(list.top());
        put(&mark, "left", list.left());
        put(&mark, "top", top);
        put(&mark, "width", list.width());
        unset(&mark, "hidden");
    }

    /// Puts the card down where it would land, which moves it as the menu does.
    fn put_down(self) {
        let Some(Lifted { id, place, .. }) = self.lower() else {
            return;
        };
        let state = self.state();
        match place.and_then(|place| Some((place.column, state.step_to(id, &place)?))) {
            Some((column, step)) => {
                self.said.set(String::new());
                state.shift(id, column, step);
            }
            None => self.said.set(STAYS.to_owned()),
        }
        focus_card(id);
    }

    /// Leaves the card where it was.
    fn leave(self) {
        if self.lower().is_some() {
            self.said.set(STAYS.to_owned());
        }
    }

    /// Takes away everything that shows that a card is lifted, and gives what was lifted.
    fn lower(self) -> Option<Lifted> {
        let lifted = self.lifted.try_update_value(Option::take).flatten()?;
        self.let_go();
        if lifted.by == By::Pointer {
            self.swallows.set_value(true);
        }
        for mark in ["data-lifted", "data-target", "data-dragging"] {
            unset_all(mark);
        }
        if let Some(layer) = self.layer.get_untracked() {
            if let Ok(Some(picture)) = layer.query_selector(".picture") {
                picture.remove();
            }
            if let Some(mark) = layer.first_element_child() {
                set(&mark, "hidden");
            }
        }
        Some(lifted)
    }
}

const STAYS: &str = "The card is where it was.";
const GONE: &str = "The task is not on the board any more.";

fn set(element: &Element, attribute: &str) {
    // The names are good ones.
    let _ = element.set_attribute(attribute, "");
}

fn unset(element: &Element, attribute: &str) {
    // As above.
    let _ = element.remove_attribute(attribute);
}

fn unset_all(attribute: &str) {
    let Ok(found) = document().query_selector_all(&format!("[{attribute}]")) else {
        return;
    };
    for index in 0..found.length() {
        if let Some(element) = found
            .get(index)
            .and_then(|node| node.dyn_into::<Element>().ok())
        {
            unset(&element, attribute);
        }
    }
}

/// Sets a length of an element in pixels.
fn put(element: &HtmlElement, property: &str, pixels: f64) {
    // A browser that refuses a length leaves the element where its stylesheet puts it.
    let _ = element
        .style()
        .set_property(property, &format!("{pixels}px"));
}

/// Hears events before anybody else does, and may answer them instead, until it is dropped.
struct Ear {
    target: EventTarget,
    kinds: &'static [&'static str],
    heard: Closure<dyn Fn(Event)>,
}

impl Ear {
    fn at(
        target: EventTarget,
        kinds: &'static [&'static str],
        hear: impl Fn(Event) + 'static,
    ) -> Self {
        let heard = Closure::<dyn Fn(Event)>::new(hear);
        let options = AddEventListenerOptions::new();
        options.set_capture(true);
        // Otherwise a touch could not be kept from scrolling.
        options.set_passive(false);
        for kind in kinds {
            // It fails for no kind of event.
            let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
                kind,
                heard.as_ref().unchecked_ref(),
                &options,
            );
        }
        Self {
            target,
            kinds,
            heard,
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        for kind in self.kinds {
            // As above.
            let _ = self.target.remove_event_listener_with_callback_and_bool(
                kind,
                self.heard.as_ref().unchecked_ref(),
                true,
            );
        }
    }
}

/// Keeps an event from everybody else, and from what the browser would make of it.
fn answer(event: &Event) {
    event.prevent_default();
    event.stop_immediate_propagation();
}
