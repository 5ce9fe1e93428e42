//! The fields of a task's form as the browser has them: what is typed in them, and how something is put there.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::TaskState;
use crate::{
    tasks::{
        model::TaskView,
        task_page::{data::TaskPageData, history::words},
    },
    ui::{dom::find_in, text::in_field},
};

/// What the form of a task holds, by the names of its fields.
pub type Values = BTreeMap<&'static str, String>;

impl TaskState {
    pub fn control(self, name: &str) -> Option<Element> {
        let form = self.form.try_get_untracked().flatten()?;
        find_in(&form, &format!("[name='{name}']"))
    }

    pub fn typed(self, name: &str) -> Option<String> {
        let control = self.control(name)?;
        js_sys::Reflect::get(&control, &JsValue::from_str("value"))
            .ok()?
            .as_string()
    }

    /// What a field holds, as people read it.
    pub(super) fn in_the_field(self, name: &str) -> String {
        let typed = self.typed(name).unwrap_or_default();
        self.page
            .with_untracked(|page| in_words(page, name, &typed))
    }

    /// Puts a value into a field; a choice that the page does not offer yet is added to it.
    pub(super) fn fill(self, name: &str, value: &str) {
        let Some(control) = self.control(name) else {
            return;
        };
        let put = || {
            // Setting the value of a form control does not fail.
            let _ = js_sys::Reflect::set(&control, &"value".into(), &JsValue::from_str(value));
        };
        put();
        if self.typed(name).as_deref() != Some(value) && control.tag_name() == "SELECT" {
            if let Ok(option) = document().create_element("option") {
                let _ = option.set_attribute("value", value);
                let words = self.page.with_untracked(|page| in_words(page, name, value));
                option.set_text_content(Some(&words));
                let _ = control.append_child(&option);
            }
            put();
        }
    }
}

/// What the form of a task holds, as text.
pub fn values(task: &TaskView) -> Values {
    BTreeMap::from([
        ("title", task.title.clone()),
        ("description", in_field(&task.description)),
        (
            "assignee",
            task.assignee
                .as_ref()
                .map(|person| person.id.to_string())
                .unwrap_or_default(),
        ),
        (
            "column",
            task.column
                .map(|column| column.to_string())
                .unwrap_or_default(),
        ),
        ("due_on", task.due_on.clone().unwrap_or_default()),
        ("priority", task.priority.as_str().to_owned()),
        ("labels", task.labels.join(", ")),
    ])
}

/// A value of the form as people read it.
pub(super) fn in_words(page: &TaskPageData, name: &str, value: &str) -> String {
    let known = match name {
        "assignee" => page
            .people
            .iter()
            .chain(&page.task.assignee)
            .find(|person| person.id.to_string() == value)
            .map(|person| person.name.clone()),
        "column" => page
            .columns
            .iter()
            .find(|column| column.id.to_string() == value)
            .map(|column| column.name.clone()),
        _ => None,
    };
    known.unwrap_or_else(|| words(name, value, &page.today))
}
