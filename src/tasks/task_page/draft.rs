//! What was typed and not saved, kept for as long as the tab is open: going elsewhere in the app or
//! loading the page again loses nothing.
//!
//! A draft remembers what it started from, so that what others changed meanwhile is a conflict and not
//! overwritten.

use js_sys::{Array, Function, JSON, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::state::Values;
use crate::{
    ids::PersonId,
    tasks::{model::stored, outbox::Fields},
};

/// One field: what the server had and what was typed.
pub type Drafted = (String, String, String);

/// A draft belongs to one person, also in a tab that several use.
pub fn place(me: PersonId, team: &str, key: &str) -> String {
    format!("draft {me} {team} {key}")
}

/// Keeps what differs from the server, or forgets the draft when nothing does.
pub fn keep(key: &str, base: &Values, typed: &Values) {
    let before = |name| base.get(name).cloned().unwrap_or_default();
    let fields = typed
        .iter()
        .map(|(name, typed)| ((*name).to_owned(), before(name), typed.clone()));
    write(key, fields.collect());
}

/// Keeps what was refused, behind what was typed since then.
pub fn add(key: &str, refused: &Fields) {
    write(key, with(read(key), refused));
}

/// Forgets what was saved. What was typed since then starts from it.
pub fn forget(key: &str, saved: &Fields) {
    write(key, without(read(key), saved));
}

fn with(mut draft: Vec<Drafted>, refused: &Fields) -> Vec<Drafted> {
    for (name, (before, typed)) in refused {
        if !draft.iter().any(|(drafted, ..)| drafted == name) {
            draft.push((name.clone(), before.clone(), typed.clone()));
        }
    }
    draft
}

fn without(draft: Vec<Drafted>, saved: &Fields) -> Vec<Drafted> {
    let left = |(name, before, typed): Drafted| match saved.get(&name) {
        Some((_, now)) if *now == typed => None,
        Some((was, now)) if *was == before => {
            let now = stored(&name, now);
            Some((name, now, typed))
        }
        _ => Some((name, before, typed)),
    };
    draft.into_iter().filter_map(left).collect()
}

fn write(key: &str, draft: Vec<Drafted>) {
    if draft.is_empty() {
        call("removeItem", &[key.into()]);
        return;
    }
    let fields: Array = draft
        .iter()
        .map(|(name, before, typed)| {
            [name, before, typed]
                .into_iter()
                .map(|part| JsValue::from_str(part))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, before: &str, typed: &str) -> Drafted {
        (name.to_owned(), before.to_owned(), typed.to_owned())
    }

    fn edit(name: &str, before: &str, typed: &str) -> Fields {
        Fields::from([(name.to_owned(), (before.to_owned(), typed.to_owned()))])
    }

    #[test]
    fn what_is_saved_leaves_the_draft_and_what_was_typed_since_starts_from_it() {
        let draft = vec![field("title", "A", "B"), field("labels", "", "ui")];
        let left = without(draft, &edit("title", "A", "B"));
        assert_eq!(left, [field("labels", "", "ui")]);
        let left = without(
            vec![field("title", "A", "B and more")],
            &edit("title", "A", "B "),
        );
        assert_eq!(left, [field("title", "B", "B and more")]);
    }

    #[test]
    fn what_was_refused_does_not_replace_what_was_typed_since() {
        let draft = vec![field("title", "B", "C")];
        let both = with(draft.clone(), &edit("title", "A", "B"));
        assert_eq!(both, draft);
        let both = with(draft, &edit("labels", "", "ui"));
        assert_eq!(both, [field("title", "B", "C"), field("labels", "", "ui")]);
    }
}
