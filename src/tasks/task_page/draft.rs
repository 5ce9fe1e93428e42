//! What was typed and not saved, kept for as long as the tab is open: going elsewhere in the app or
//! loading the page again loses nothing.
//!
//! A draft remembers what it started from, so that what others changed meanwhile is a conflict and not
//! overwritten.

use js_sys::{Array, Function, JSON, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::state::Values;
use crate::ids::PersonId;

/// One field: what the server had and what was typed.
pub type Drafted = (String, String, String);

/// A draft belongs to one person, also in a tab that several use.
pub fn place(me: PersonId, team: &str, key: &str) -> String {
    format!("draft {me} {team} {key}")
}

/// Keeps what differs from the server, or forgets the draft when nothing does.
pub fn keep(key: &str, base: &Values, typed: &Values) {
    if typed.is_empty() {
        call("removeItem", &[key.into()]);
        return;
    }
    let fields: Array = typed
        .iter()
        .map(|(name, typed)| {
            let before = base.get(name).map_or("", String::as_str);
            [*name, before, typed.as_str()]
                .into_iter()
                .map(JsValue::from_str)
                .collect::<Array>()
        })
        .collect();
    if let Ok(text) = JSON::stringify(&fields) {
        call("setItem", &[key.into(), text.into()]);
    }
}

/// The draft that was kept, if there is one.
pub fn read(key: &str) -> Vec<Drafted> {
    let fields = call("getItem", &[key.into()])
        .and_then(|text| text.as_string())
        .and_then(|text| JSON::parse(&text).ok())
        .and_then(|fields| fields.dyn_into::<Array>().ok());
    let drafted = |field: JsValue| {
        let field = field.dyn_into::<Array>().ok()?;
        let part = |index| field.get(index).as_string();
        Some((part(0)?, part(1)?, part(2)?))
    };
    fields
        .map(|fields| fields.iter().filter_map(drafted).collect())
        .unwrap_or_default()
}

/// Keeps a text that is no field of the task, or forgets it when it is empty.
pub fn keep_text(key: &str, text: &str) {
    if text.is_empty() {
        call("removeItem", &[key.into()]);
    } else {
        call("setItem", &[key.into(), text.into()]);
    }
}

/// The text that was kept, if there is one.
pub fn read_text(key: &str) -> Option<String> {
    call("getItem", &[key.into()])?.as_string()
}

/// A browser that keeps nothing, or has no room left, only loses the draft.
fn call(method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let storage = Reflect::get(&window(), &"sessionStorage".into()).ok()?;
    let method = Reflect::get(&storage, &method.into()).ok()?;
    let arguments: Array = arguments.iter().collect();
    method
        .dyn_into::<Function>()
        .ok()?
        .apply(&storage, &arguments)
        .ok()
}
