//! The keys that work on every page of a team, and the list of all keys.

use leptos::{ev, ev::KeyboardEvent, html::Dialog, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// How long `g` waits for the second key, in milliseconds.
const PATIENCE: f64 = 1500.0;

/// Keys, and what they do.
type Shortcut = (&'static [&'static str], &'static str);

/// Whether the next key belongs to a `g` before it, and to no page.
#[derive(Clone, Copy)]
pub struct SecondKey(StoredValue<f64>);

impl SecondKey {
    pub fn provide() {
        provide_context(Self(StoredValue::new(f64::MIN)));
    }

    pub fn is_awaited(self) -> bool {
        js_sys::Date::now() - self.0.get_value() < PATIENCE
    }
}

/// All keys, by the place where they work.
const KEYS: &[(&str, &[Shortcut])] = &[
    (
        "Everywhere",
        &[
            (&["/"], "Search"),
            (&["g", "n"], "Go to Now"),
            (&["g", "m"], "Go to my tasks"),
            (&["g", "b"], "Go to the boards"),
            (&["?"], "Show these keys"),
        ],
    ),
    (
        "On a board",
        &[
            (&["c"], "New task"),
            (
                &["←", "↓", "↑", "→"],
                "Go from card to card, also by h j k l",
            ),
            (&["Enter"], "Open the task"),
            (&["e"], "Edit the task"),
            (&["m"], "Move the task"),
            (&["i"], "Claim the task"),
            (&["a"], "Assign the task"),
            (&["Alt", "an arrow"], "Carry the task"),
        ],
    ),
    (
        "On a task",
        &[
            (&["e"], "Edit the description"),
            (&["i"], "Claim the task"),
            (&["Esc"], "Go back to the board beside it"),
        ],
    ),
    (
        "While typing",
        &[
            (&["Ctrl", "Enter"], "Save the task, send the comment"),
            (&["Esc"], "Leave the field"),
        ],
    ),
];

/// A button and a dialog that list the keys. While it is on the page, the keys work.
#[component]
pub fn Keys(
    /// `/teams/lantern-works`
    home: String,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let show = move || {
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
            {KEYS
                .iter()
                .map(|(place, keys)| {
                    view! {
                        <h3>{*place}</h3>
                        <dl>{keys.iter().map(|(keys, deed)| key_line(keys, deed)).collect_view()}</dl>
                    }
                })
                .collect_view()}
        </dialog>
    }
}

fn key_line(keys: &[&'static str], deed: &'static str) -> impl IntoView + use<> {
    view! {
        <div>
            <dt>
                {keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view()}
            </dt>
            <dd>{deed}</dd>
        </div>
    }
}

/// Listens at the window, behind all that answer a key themselves.
fn listen(home: String, show: impl Fn() + Copy + 'static) {
    let navigate = SendWrapper::new(use_navigate());
    let second = expect_context::<SecondKey>();
    Effect::new(move || {
        let (home, navigate) = (home.clone(), navigate.clone());
        let listener = window_event_listener(ev::keydown, move |event| {
            if !is_for_the_page(&event) {
                return;
            }
            let after_g = second.is_awaited();
            second.0.set_value(f64::MIN);
            match event.key().as_str() {
                "n" if after_g => navigate(&home, NavigateOptions::default()),
                "m" if after_g => navigate(&format!("{home}/mine"), NavigateOptions::default()),
                "b" if after_g => navigate(&format!("{home}/boards"), NavigateOptions::default()),
                "g" => second.0.set_value(js_sys::Date::now()),
                "/" => focus_search(),
                "?" => show(),
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });
}

/// Whether nobody types, nothing else has answered the key, and no dialog or menu has the word.
fn is_for_the_page(event: &KeyboardEvent) -> bool {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return true;
    };
    target
        .closest("input, textarea, select, dialog, [popover], [role=menu], [contenteditable]")
        .is_ok_and(|other| other.is_none())
}

fn focus_search() {
    let field = document()
        .query_selector("header input[type=search]")
        .ok()
        .flatten()
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        // A browser that refuses leaves the focus where it was.
        let _ = field.focus();
        field.select();
    }
}
