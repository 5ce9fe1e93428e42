//! What an edit of a task asks for: read, compared, and put onto the task.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::{
    error::Result,
    ids::{ColumnId, PersonId},
    tasks::{
        model::{Description, Labels, Priority, TaskTitle},
        store::{Content, HeldTask},
    },
    ui::{date, text},
};

/// What an edit asks for, as it was typed. A field that is `None` is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A person's id, or empty for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// A column's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// `YYYY-MM-DD`, or empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// Separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
}

/// The fields of an edit, read.
pub struct Wanted {
    title: Option<TaskTitle>,
    description: Option<Description>,
    pub assignee: Option<Option<PersonId>>,
    pub column: Option<ColumnId>,
    due_on: Option<Option<Date>>,
    priority: Option<Priority>,
    labels: Option<Labels>,
}

impl Wanted {
    pub fn parse(edit: &Edit) -> Result<Self> {
        let optional = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(Self {
            title: edit.title.as_deref().map(TaskTitle::parse).transpose()?,
            description: edit
                .description
                .as_deref()
                .map(Description::parse)
                .transpose()?,
            assignee: edit
                .assignee
                .as_deref()
                .map(|text| {
                    optional(text)
                        .map(|id| PersonId::parse("assignee", &id))
                        .transpose()
                })
                .transpose()?,
            column: edit
                .column
                .as_deref()
                .map(|id| ColumnId::parse("column", id))
                .transpose()?,
            due_on: edit
                .due_on
                .as_deref()
                .map(|text| {
                    optional(text)
                        .map(|text| date::parse("due_on", &text))
                        .transpose()
                })
                .transpose()?,
            priority: edit.priority.as_deref().map(str::parse).transpose()?,
            labels: edit.labels.as_deref().map(Labels::parse).transpose()?,
        })
    }

    /// Takes a description that differs from one of these in nothing but its line ends for that one: so a page gives
    /// back what it did not touch, where a program wrote it.
    pub fn recognise(&mut self, stored: &[String]) {
        let Some(typed) = &self.description else {
            return;
        };
        let typed = text::in_field(typed.as_str());
        let same = stored.iter().find(|stored| text::in_field(stored) == typed);
        if let Some(same) = same.and_then(|same| Description::parse(same).ok()) {
            self.description = Some(same);
        }
    }

    /// Each field of the edit and its value as text that can be compared.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let text = |id: Option<String>| id.unwrap_or_default();
        [
            (
                "title",
                self.title.as_ref().map(|title| title.as_str().to_owned()),
            ),
            (
                "description",
                self.description
                    .as_ref()
                    .map(|text| text.as_str().to_owned()),
            ),
            (
                "assignee",
                self.assignee.map(|id| text(id.map(|id| id.to_string()))),
            ),
            ("column", self.column.map(|id| id.to_string())),
            (
                "due_on",
                self.due_on
                    .map(|date| text(date.map(|date| date.to_string()))),
            ),
            (
                "priority",
                self.priority.map(|priority| priority.as_str().to_owned()),
            ),
            (
                "labels",
                self.labels
                    .as_ref()
                    .map(|labels| labels.as_slice().join(", ")),
            ),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }

    /// The content of the task with the touched fields replaced.
    pub fn onto(&self, task: &HeldTask, touched: &impl Fn(&str) -> bool) -> Content {
        let mut content = Content {
            title: task.title.clone(),
            description: task.description.clone(),
            assignee: task.assignee.as_ref().map(|person| person.id),
            due_on: task.due_on,
            priority: task.priority,
            labels: task.labels.clone(),
        };
        if touched("title")
            && let Some(title) = &self.title
        {
            title.as_str().clone_into(&mut content.title);
        }
        if touched("description")
            && let Some(description) = &self.description
        {
            description.as_str().clone_into(&mut content.description);
        }
        if touched("assignee")
            && let Some(assignee) = self.assignee
        {
            content.assignee = assignee;
        }
        if touched("due_on")
            && let Some(due_on) = self.due_on
        {
            content.due_on = due_on;
        }
        if touched("priority")
            && let Some(priority) = self.priority
        {
            content.priority = priority;
        }
        if touched("labels")
            && let Some(labels) = &self.labels
        {
            content.labels = labels.as_slice().to_vec();
        }
        content
    }
}

/// The value that stands, as text that can be compared.
pub fn value(task: &HeldTask, field: &str) -> String {
    match field {
        "title" => task.title.clone(),
        "description" => task.description.clone(),
        "assignee" => task
            .assignee
            .as_ref()
            .map(|person| person.id.to_string())
            .unwrap_or_default(),
        "column" => task
            .column
            .as_ref()
            .map(|column| column.id.to_string())
            .unwrap_or_default(),
        "due_on" => task.due_on.map(|date| date.to_string()).unwrap_or_default(),
        "priority" => task.priority.as_str().to_owned(),
        _ => task.labels.join(", "),
    }
}
