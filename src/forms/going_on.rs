//! Where one goes on after a form that the browser has posted by itself. The page that answers it is loaded anew, with
//! the focus on nothing: it is given back to what was pressed or typed in, or to what comes next.

use std::cell::Cell;

use leptos::{
    ev::{Event, KeyboardEvent, PageTransitionEvent, PointerEvent, SubmitEvent},
    prelude::*,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

use crate::ui::{
    dom::{find, find_all, find_all_in, find_in, target_of},
    focus::{nothing_has_focus, reach, take_focus},
    storage::Storage,
};

/// Where it is kept what was sent, for the next page of the tab.
const PLACE: &str = "sent form";

/// Tells forms of the same action apart.
const KEY: &str = "data-key";

/// What can have the focus in a form.
const CONTROL: &str = "button, input:not([type=hidden]), select, textarea";

const FIELD: &str = "input, select, textarea";

/// What a text is typed into that comes back with the page.
const TYPED: &str =
    "input:is([type=text], [type=email], [type=url], [type=number], [type=date]), textarea";

/// How long keys wait for the next page, in milliseconds. It may never come, as when the browser gives it up.
const PATIENCE: f64 = 10_000.0;

/// How old what was sent can be when its page comes, in milliseconds.
const FRESH: f64 = 60_000.0;

thread_local! {
    /// When the form was sent for which this page is being left.
    static SENT_AT: Cell<Option<f64>> = const { Cell::new(None) };
}

/// Keeps for the next page where one goes on, and goes on there. Nothing is a shortcut on a page that is being left:
/// what is typed is meant for the next one. It listens as long as the page is there.
pub fn go_on_after_forms() {
    Effect::new(|| {
        if let Some(sent) = Sent::take() {
            sent.go_on();
        }
        listen("submit", Turn::Last, |event: &SubmitEvent| {
            if let Some(sent) = Sent::of(event) {
                sent.keep();
                SENT_AT.set(Some(sent.at));
            }
        });
        listen("keydown", Turn::First, hold_key);
        listen("pointerdown", Turn::First, |_: &PointerEvent| stay());
        listen("pageshow", Turn::First, |event: &PageTransitionEvent| {
            // One has gone back to it. At first this only says that the page is complete, and that may be left already.
            if event.persisted() {
                stay();
            }
        });
    });
}

/// When an event is heard: before or after everything else on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    First,
    Last,
}

fn listen<E: JsCast + 'static>(kind: &str, turn: Turn, hear: impl Fn(&E) + 'static) {
    let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        // A browser that fills in a form by itself tells of keys without saying which.
        if let Some(event) = event.dyn_ref::<E>() {
            hear(event);
        }
    });
    // It fails for no kind of event.
    let _ = window().add_event_listener_with_callback_and_bool(
        kind,
        hear.as_ref().unchecked_ref(),
        turn == Turn::First,
    );
    hear.forget();
}

/// Keeps a key from everything on a page that is being left. What is pressed with Ctrl or Cmd is no text for the next
/// page.
fn hold_key(event: &KeyboardEvent) {
    let is_left = || SENT_AT.get().is_some_and(|at| now() - at < PATIENCE);
    if event.key() == "Escape" {
        // With it the browser gives the next page up.
        stay();
    } else if !event.ctrl_key() && !event.meta_key() && is_left() {
        event.stop_propagation();
    }
}

/// Gives the next page up: one is still here. A form given up is not gone on with when the page is loaded again.
fn stay() {
    if SENT_AT.take().is_some() {
        Storage::Tab.keep(PLACE, "");
    }
}

/// A form on its way.
#[derive(Deserialize, Serialize)]
struct Sent {
    /// When, in milliseconds since 1970.
    at: f64,
    /// The path of the page that it stands on.
    page: String,
    /// How far that is scrolled, in pixels.
    scrolled: f64,
    action: String,
    key: Option<String>,
    control: Option<Control>,
    /// Whether there is something in the first field that one types in.
    is_typed: bool,
    /// The ids of the headings that it stands below, the nearest first.
    headings: Vec<String>,
}

impl Sent {
    /// Nothing, when the page sends the form itself.
    fn of(event: &SubmitEvent) -> Option<Self> {
        let form: HtmlFormElement = target_of(event)?;
        let is_posted = form.get_attribute("method").as_deref() == Some("post");
        if event.default_prevented() || !is_posted {
            return None;
        }
        Some(Self {
            at: now(),
            page: path()?,
            scrolled: window().scroll_y().unwrap_or_default(),
            action: form.get_attribute("action")?,
            key: form.get_attribute(KEY),
            control: Control::sends(&form, event),
            is_typed: find_in(&form, TYPED).is_some_and(|field| !is_empty(&field)),
            headings: headings_around(&form),
        })
    }

    fn keep(&self) {
        // Where it cannot be kept, the next page begins as any other.
        if let Ok(text) = serde_json::to_string(self) {
            Storage::Tab.keep(PLACE, &text);
        }
    }

    /// What was sent to get this page. It is forgotten with that, also on any other page.
    fn take() -> Option<Self> {
        let text = Storage::Tab.read(PLACE)?;
        Storage::Tab.keep(PLACE, "");
        let sent: Self = serde_json::from_str(&text).ok()?;
        let is_answered_here = path().as_ref() == Some(&sent.page);
        (is_answered_here && now() - sent.at < FRESH).then_some(sent)
    }

    /// Gives the focus, unless the page begins somewhere itself or somebody has begun already.
    fn go_on(&self) {
        if !nothing_has_focus() || find_all("[autofocus]").iter().any(take_focus) {
            return;
        }
        let forms = self.forms();
        // A refusal that no form says stands at the top.
        if forms.is_empty() && find(".refusal a.button").is_some_and(|way| take_focus(&way)) {
            return;
        }
        if is_at_its_beginning() {
            window().scroll_to_with_x_and_y(0.0, self.scrolled);
        }
        let found = |selector| forms.iter().find_map(|form| find_in(form, selector));
        let wrong = found("[aria-invalid=true]");
        // A form that adds comes back empty, for the next one.
        let next = found(TYPED).filter(|field| self.is_typed && is_empty(field));
        let control = self.control.as_ref();
        let control =
            control.and_then(|control| forms.iter().find_map(|form| control.in_form(form)));
        let ways = [wrong, next, control, found(CONTROL)];
        if !ways.into_iter().flatten().any(|way| reach(&way)) {
            self.go_on_behind();
        }
    }

    /// The form, and those that do the same to the same.
    fn forms(&self) -> Vec<Element> {
        let mut forms = find_all("form");
        forms.retain(|form| {
            form.get_attribute("action").as_ref() == Some(&self.action)
                && form.get_attribute(KEY) == self.key
        });
        forms
    }

    /// Goes on at the heading below which the form stood. To give the focus to what stands in its place now would be
    /// to let whoever presses twice remove that as well.
    fn go_on_behind(&self) {
        let ids = self.headings.iter();
        let near = ids.filter_map(|id| document().get_element_by_id(id));
        let _ = near.chain(find("h1")).any(|heading| {
            // Where it cannot be marked it takes no focus, and the next one is tried.
            let _ = heading.set_attribute("tabindex", "-1");
            take_focus(&heading)
        });
    }
}

/// What a form is sent with.
#[derive(Deserialize, PartialEq, Serialize)]
enum Control {
    /// By its words.
    Button(String),
    /// By its name, when Enter was pressed in it.
    Field(String),
}

impl Control {
    fn sends(form: &HtmlFormElement, event: &SubmitEvent) -> Option<Self> {
        let field = document()
            .active_element()
            .filter(|active| active.matches(FIELD).unwrap_or(false) && form.contains(Some(active)));
        let control = field.or_else(|| event.submitter().map(Element::from))?;
        Self::of(&control)
    }

    fn of(element: &Element) -> Option<Self> {
        if element.matches(FIELD).unwrap_or(false) {
            return element.get_attribute("name").map(Self::Field);
        }
        let words = element.get_attribute("aria-label");
        let words = words.or_else(|| element.text_content())?;
        let words: Vec<&str> = words.split_whitespace().collect();
        Some(Self::Button(words.join(" ")))
    }

    fn in_form(&self, form: &Element) -> Option<Element> {
        let mut controls = find_all_in(form, CONTROL).into_iter();
        controls.find(|control| Self::of(control).as_ref() == Some(self))
    }
}

/// In milliseconds since 1970.
fn now() -> f64 {
    js_sys::Date::now()
}

/// Whether nobody has scrolled the page, and its address names no place further down.
fn is_at_its_beginning() -> bool {
    let is_at_the_top = window().scroll_y().is_ok_and(|scrolled| scrolled == 0.0);
    let hash = window().location().hash();
    is_at_the_top && hash.is_ok_and(|hash| hash.is_empty())
}

fn path() -> Option<String> {
    window().location().pathname().ok()
}

fn is_empty(field: &Element) -> bool {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return input.value().is_empty();
    }
    let text = field.dyn_ref::<HtmlTextAreaElement>();
    text.is_some_and(|text| text.value().is_empty())
}

fn headings_around(form: &Element) -> Vec<String> {
    let mut headings = Vec::new();
    let mut around = form.parent_element();
    while let Some(element) = around {
        headings.extend(element.get_attribute("aria-labelledby"));
        around = element.parent_element();
    }
    headings
}
