//! The keys that work on every page of a team, the list of all keys, and how a page listens to its own.

pub mod table;

use leptos::{ev, ev::KeyboardEvent, html::Dialog, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use self::table::{EVERYWHERE, Everywhere, FIRST, Typing, WHILE_TYPING, places};
use super::use_team;
use crate::{
    palette::use_palette,
    ui::{
        dom::{self, target_of},
        keys::{Binding, KeyLine, Stroke, caps_of, find, pressed},
    },
};

/// How long the first key waits for the second, in milliseconds.
const PATIENCE: f64 = 1500.0;

/// Where a key is not for the page. A checkbox takes no other than Space.
const ELSEWHERE: &str = "input:not([type=checkbox]), textarea, select, dialog, [popover], [role=menu], [contenteditable]";

/// What one types or chooses in.
const FIELD: &str = "input:not([type=checkbox]), textarea, select";

/// Whether the next key belongs to a `g` before it, and to no page.
#[derive(Clone, Copy)]
pub struct SecondKey(StoredValue<f64>);

impl SecondKey {
    pub fn provide() {
        provide_context(Self(StoredValue::new(f64::MIN)));
    }

    fn await_it(self) {
        self.0.set_value(js_sys::Date::now());
    }

    fn await_no_more(self) {
        self.0.set_value(f64::MIN);
    }

    fn is_awaited(self) -> bool {
        js_sys::Date::now() - self.0.get_value() < PATIENCE
    }
}

/// Whether cards can be dragged on the page: then the keys for that are listed, too.
#[derive(Clone, Copy)]
pub struct CanDrag(RwSignal<bool>);

impl CanDrag {
    pub fn provide() {
        provide_context(Self(RwSignal::new(false)));
    }

    /// Says that they can, until the owner of the effect that says it ends.
    pub fn say(self) {
        self.0.set(true);
        on_cleanup(move || {
            // The frame may end first.
            let _ = self.0.try_set(false);
        });
    }
}

/// A button and a dialog that list the keys. While it is on the page, the keys work.
#[component]
pub fn Keys(
    /// `/teams/lantern-works`
    home: String,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // It is long, and no page needs it before somebody asks.
    let was_asked_for = RwSignal::new(false);
    let show = move || {
        was_asked_for.set(true);
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            // It can fail only while it is open or not in the document.
            let _ = dialog.show_modal();
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    listen(home, show);
    let may_write = use_team().role.may_write();
    view! {
        <button
            type="button"
            class="quiet icon-only only-scripts show-keys"
            aria-label="Keyboard shortcuts"
            title="Keyboard shortcuts (?)"
            on:click=move |_| show()
        >
            <span aria-hidden="true">"?"</span>
        </button>
        <dialog class="keys" node_ref=dialog aria-labelledby="keys-title">
            <div class="keys-head">
                <h2 id="keys-title">"Keyboard shortcuts"</h2>
                <button type="button" class="quiet" on:click=close>
                    "Close"
                </button>
            </div>
            <div class="keys-places">
                <Show when=move || was_asked_for.get()>
                    <Places may_write=may_write />
                </Show>
            </div>
            <p class="muted small">"On a Mac, Cmd does the same as Ctrl."</p>
        </dialog>
    }
}

#[component]
fn Places(may_write: bool) -> impl IntoView {
    let CanDrag(can_drag) = expect_context();
    move || {
        places(may_write, can_drag.get())
            .into_iter()
            .map(|(place, lines)| {
                view! {
                    <section aria-label=place>
                        <h3>{place}</h3>
                        <dl>{lines.into_iter().map(key_line).collect_view()}</dl>
                    </section>
                }
            })
            .collect_view()
    }
}

fn key_line(line: KeyLine) -> impl IntoView {
    view! {
        <div>
            <dt>{caps_of(line.keys)}</dt>
            <dd>{line.words}</dd>
        </div>
    }
}

/// Listens at the window, behind all that answer a key themselves.
fn listen(home: String, show: impl Fn() + Copy + 'static) {
    let navigate = SendWrapper::new(use_navigate());
    let (second, palette) = (expect_context::<SecondKey>(), use_palette());
    Effect::new(move || {
        let (home, navigate) = (home.clone(), navigate.clone());
        let listener = window_event_listener(ev::keydown, move |event| {
            let stroke = Stroke::of(&event);
            if opens_palette(&stroke) && !event.default_prevented() && nothing_lies_over() {
                event.prevent_default();
                second.await_no_more();
                return palette.open();
            }
            if !is_for_the_page(&event) {
                return leave_field(&event);
            }
            let after = second.is_awaited().then_some(FIRST);
            second.await_no_more();
            let go = |part: &str| navigate(&format!("{home}{part}"), NavigateOptions::default());
            match find(EVERYWHERE, &stroke, after, true) {
                // It was opened above, also from a field.
                Some(Everywhere::Palette) => return,
                Some(Everywhere::Search) => focus_search(),
                Some(Everywhere::Now) => go(""),
                Some(Everywhere::Mine) => go("/mine"),
                Some(Everywhere::Boards) => go("/boards"),
                Some(Everywhere::List) => show(),
                // A second key that leads nowhere is no key of the page either.
                None if after.is_some() && stroke.is_character() => {}
                None if stroke.is_character() && stroke.key == FIRST => second.await_it(),
                None => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });
}

/// Lets the key of the search work on a page outside of the teams, where the others have nothing to do.
pub fn listen_for_search() {
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, |event| {
            if !is_for_the_page(&event) {
                return leave_field(&event);
            }
            if find(EVERYWHERE, &Stroke::of(&event), None, true) == Some(Everywhere::Search) {
                focus_search();
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// Acts by a table of the page's own keys until the owner of the effect ends. `does` says whether it did
/// anything. To be called from an effect.
pub fn listen_on_page<A: Copy + 'static>(
    second: SecondKey,
    table: &'static [Binding<A>],
    may_write: impl Fn() -> bool + 'static,
    does: impl Fn(A, Option<Element>) -> bool + 'static,
) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if second.is_awaited() || !is_for_the_page(&event) {
            return;
        }
        let action = find(table, &Stroke::of(&event), None, may_write());
        if action.is_some_and(|action| does(action, target_of(&event))) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Whether nobody types, nothing else has answered the key, and no dialog or menu has the word.
fn is_for_the_page(event: &KeyboardEvent) -> bool {
    let is_elsewhere = || {
        let target = target_of::<Element>(event);
        target.is_some_and(|target| dom::closest(&target, ELSEWHERE).is_some())
    };
    !event.default_prevented() && !event.is_composing() && !is_elsewhere()
}

/// Leads out of a field that has no other answer to Escape, so that the keys of the page work again.
fn leave_field(event: &KeyboardEvent) {
    let is_answered = event.default_prevented() || event.is_composing();
    let over = dom::find("dialog[open], :popover-open, [role=dialog]");
    if is_answered || pressed(WHILE_TYPING, event) != Some(Typing::Leave) || over.is_some() {
        return;
    }
    let field = target_of::<Element>(event).filter(|target| target.matches(FIELD).unwrap_or(false));
    if let Some(field) = field
        && document().active_element().as_ref() == Some(&field)
    {
        dom::blur(&field);
    }
}

/// Whether a key opens the palette, or closes it again.
pub fn opens_palette(stroke: &Stroke) -> bool {
    find(EVERYWHERE, stroke, None, true) == Some(Everywhere::Palette)
}

fn nothing_lies_over() -> bool {
    dom::find("dialog[open]").is_none()
}

fn focus_search() {
    let field = dom::find("header input[type=search]")
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        dom::focus(&field);
        field.select();
    }
}
