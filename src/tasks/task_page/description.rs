//! The description of a task: read as it is rendered, edited where it stands.
//!
//! The field is there from the first moment. Where scripts run, the stylesheet shows what was rendered in
//! its place until the field has the focus or holds something that is not saved.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::{keys::focus_field, state::TaskState};
use crate::{
    forms::view::TextAreaField,
    live::looking::Editing,
    people::shell::keys::table::{Typing, WHILE_TYPING},
    ui::{
        dom::{blur, closest, find, focus, target_of},
        keys::pressed,
    },
};

#[component]
pub fn Description(state: TaskState, value: String) -> impl IntoView {
    let html = Memo::new(move |_| state.page.with(|page| page.task.description_html.clone()));
    let task = state.page.with_untracked(|page| page.task.id);
    let in_source = move || {
        let in_conflict = state
            .error
            .with(|error| error.as_ref().is_some_and(|error| error.conflict.is_some()));
        in_conflict || state.changed.with(|fields| fields.contains(&"description"))
    };
    let edit = move |event: MouseEvent| {
        let target = target_of::<Element>(&event);
        let on_link = target.is_some_and(|target| closest(&target, "a").is_some());
        if !on_link && !has_selection() {
            focus_description(state);
        }
    };
    let escape = move |event: KeyboardEvent| {
        if pressed(WHILE_TYPING, &event) == Some(Typing::Leave) {
            leave_description(state);
        }
    };
    view! {
        <div
            class="task-description"
            on:keydown=escape
            class:written=move || html.with(|html| !html.is_empty())
            class:in-source=in_source
        >
            <h2 class="visually-hidden">"Description"</h2>
            <div class="prose" inner_html=move || html.get() on:click=edit></div>
            <button
                type="button"
                class="quiet edit-description"
                title="Edit the description (e)"
                on:click=move |_| focus_description(state)
            >
                "Edit"
            </button>
            <TextAreaField
                label="Description"
                name="description"
                value=value
                rows=3
                placeholder="What should others know? Markdown works here."
            />
            <Editing task=task field="description" words="description" />
        </div>
    }
}

/// Puts the cursor into the field.
pub fn focus_description(state: TaskState) {
    focus_field(state, "description");
}

/// Shows the rendered text again and leaves the focus beside it, if the field had it.
pub fn leave_description(state: TaskState) {
    let field = state.control("description");
    let field = field.filter(|field| document().active_element().as_ref() == Some(field));
    let button = find(".task-description.written:not(.in-source) .edit-description");
    if let (Some(field), Some(button)) = (field, button) {
        // The button is there as soon as the field is left.
        blur(&field);
        focus(&button);
    }
}

/// Whether somebody is marking text, to copy it and not to change it.
fn has_selection() -> bool {
    let window = window();
    js_sys::Reflect::get(&window, &JsValue::from_str("getSelection"))
        .ok()
        .and_then(|get| get.dyn_into::<js_sys::Function>().ok())
        .and_then(|get| get.call0(&window).ok())
        .is_some_and(|selection| js_sys::Object::from(selection).to_string().length() > 0)
}
