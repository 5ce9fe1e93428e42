//! One recorded change, as server and browser share it.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BoardId, ChangeId, TaskId},
    people::model::PersonName,
    tasks::model::CardView,
};

/// One line of a history: who changed what from what to what, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    pub seq: i64,
    pub change_id: ChangeId,
    /// What happened, such as `task.moved`.
    pub kind: String,
    /// Seconds since 1970.
    pub at: i64,
    pub actor: PersonName,
    pub changes: Vec<FieldChange>,
}

/// One field, from what to what. A missing side means that there was, or is, nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The id behind `from` where that is a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_id: Option<String>,
    /// The id behind `to` where that is a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_id: Option<String>,
}

impl FieldChange {
    pub fn new(field: &str, from: Option<String>, to: Option<String>) -> Self {
        Self {
            field: field.to_owned(),
            from,
            to,
            from_id: None,
            to_id: None,
        }
    }

    /// The value before the change: an id where there is one, and empty for nothing.
    pub fn value_before(&self) -> String {
        self.from_id
            .clone()
            .or_else(|| self.from.clone())
            .unwrap_or_default()
    }

    /// The value after the change, likewise.
    pub fn value_after(&self) -> String {
        self.to_id
            .clone()
            .or_else(|| self.to.clone())
            .unwrap_or_default()
    }
}

/// One recorded change as the feed tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedEvent {
    pub seq: i64,
    pub change_id: ChangeId,
    /// What happened, such as `task.moved`.
    pub kind: String,
    /// Seconds since 1970.
    pub at: i64,
    pub actor: PersonName,
    pub board: Option<BoardId>,
    pub task: Option<TaskId>,
    pub changes: Vec<FieldChange>,
    /// The card of the task as it stands, which may be later than the event. There is none when nothing
    /// happened to a task, or the task is deleted.
    pub card: Option<CardView>,
}

/// Somebody who looks at something at this moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Present {
    pub person: PersonName,
    pub board: Option<BoardId>,
    pub task: Option<TaskId>,
    /// The field of the task that they are editing.
    pub field: Option<String>,
}
