//! A task, as server and browser share it.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    columns::model::ColumnKind,
    error::{Error, Result},
    ids::{BoardId, ColumnId, TaskId},
    people::model::PersonName,
    ui::text,
};

/// The name people give a task: the board's key and a number that never repeats, such as `WEB-12`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskKey {
    pub board: String,
    pub number: i32,
}

impl FromStr for TaskKey {
    type Err = Error;

    /// Reads `WEB-12`. What cannot be a key names nothing, so it is answered like a task that is not there.
    fn from_str(text: &str) -> Result<Self> {
        text.rsplit_once('-')
            .and_then(|(board, number)| {
                let number = number.parse().ok().filter(|number| *number > 0)?;
                let plain =
                    !board.is_empty() && board.bytes().all(|byte| byte.is_ascii_alphanumeric());
                plain.then(|| Self {
                    board: board.to_ascii_uppercase(),
                    number,
                })
            })
            .ok_or_else(Error::not_found)
    }
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.board, self.number)
    }
}

/// A task's title: one line of 1 to 200 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskTitle(String);

impl TaskTitle {
    pub const MAX: usize = 200;

    pub fn parse(text: &str) -> Result<Self> {
        text::line("title", text, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A task's description: Markdown of up to 50,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    pub const MAX: usize = 50_000;

    pub fn parse(text: &str) -> Result<Self> {
        text::passage("description", text, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How urgent a task is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The priority in words, for the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Normal => "Normal",
            Self::High => "High",
            Self::Urgent => "Urgent",
        }
    }
}

impl FromStr for Priority {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str() == text)
            .ok_or_else(|| Error::field("priority", "The priority is low, normal, high or urgent."))
    }
}

/// The labels of a task: up to 20 words or short phrases, each once, in the order they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<String>);

impl Labels {
    pub const MAX: usize = 20;
    pub const MAX_LENGTH: usize = 40;

    /// Reads labels separated by commas.
    pub fn parse(text: &str) -> Result<Self> {
        let mut labels: Vec<String> = Vec::new();
        for label in text.split(',').filter(|label| !text::is_blank(label)) {
            let label = text::line("labels", label, Self::MAX_LENGTH)?;
            if !has_label(&labels, &label) {
                labels.push(label);
            }
        }
        if labels.len() > Self::MAX {
            return Err(Error::field("labels", "A task has up to 20 labels."));
        }
        Ok(Self(labels))
    }

    /// Those of a text that [`stored`] has written.
    pub fn split(stored: &str) -> Vec<String> {
        let labels = stored.split(", ").filter(|label| !label.is_empty());
        labels.map(str::to_owned).collect()
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// Whether a label is among others, in whatever case.
pub fn has_label(labels: &[String], label: &str) -> bool {
    labels.iter().any(|other| is_same_label(other, label))
}

pub fn is_same_label(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// How many finished tasks a `done` column shows at once.
pub const DONE_PAGE: usize = 50;

/// What a card on the board shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    pub id: TaskId,
    pub number: i32,
    pub column: ColumnId,
    /// Where it lies in its column: cards stand in the order of this text, and of their ids where it is the same.
    pub order: String,
    pub title: String,
    pub assignee: Option<PersonName>,
    /// Who holds it is no member any more.
    pub assignee_left: bool,
    /// `YYYY-MM-DD`.
    pub due_on: Option<String>,
    pub priority: Priority,
    pub labels: Vec<String>,
    pub version: i64,
}

/// What can be edited of a task, in the words of `name=`.
pub const FIELDS: [&str; 7] = [
    "title",
    "description",
    "assignee",
    "column",
    "due_on",
    "priority",
    "labels",
];

/// What a field becomes when it is stored. What cannot be stored stays as it is.
pub fn stored(field: &str, typed: &str) -> String {
    let read = match field {
        "title" => TaskTitle::parse(typed).map(|title| title.0),
        "description" => Description::parse(typed).map(|text| text.0),
        "labels" => Labels::parse(typed).map(|labels| labels.0.join(", ")),
        _ => Ok(typed.trim().to_owned()),
    };
    read.unwrap_or_else(|_| typed.to_owned())
}

/// What a move started from: the column that the task lay in, and the version that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    pub column: ColumnId,
    pub version: i64,
}

/// One task with everything that its page edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskView {
    pub id: TaskId,
    pub key: String,
    pub number: i32,
    pub board: BoardId,
    pub board_key: String,
    pub board_name: String,
    /// An archived board is read only.
    pub board_archived: bool,
    pub column: Option<ColumnId>,
    pub kind: ColumnKind,
    pub title: String,
    pub description: String,
    /// The description as sanitised HTML.
    pub description_html: String,
    pub assignee: Option<PersonName>,
    /// Whether the assignee has left the team.
    pub assignee_left: bool,
    /// When the assignee took it, in seconds since 1970.
    pub assigned_at: Option<i64>,
    /// `YYYY-MM-DD`.
    pub due_on: Option<String>,
    pub priority: Priority,
    pub labels: Vec<String>,
    pub version: i64,
    /// The number of the team's last event when it was read.
    pub seq: i64,
    /// The version at which each field was last changed; what was never changed is not listed.
    pub field_versions: BTreeMap<String, i64>,
    pub created_by: PersonName,
    /// Seconds since 1970, as are the other moments.
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub completed_at: Option<i64>,
    pub updated_at: i64,
    pub deleted_at: Option<i64>,
}

/// A task that may be the same work as one that is being written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimilarTask {
    pub key: String,
    pub title: String,
    /// The name of its column.
    pub column: String,
    pub assignee: Option<PersonName>,
    /// Who holds it is no member any more.
    pub assignee_left: bool,
}

/// The shortest title that anything is similar to, in characters.
pub const SHORTEST_SIMILAR: usize = 3;

/// A deleted task that can be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedTaskView {
    pub key: String,
    pub title: String,
    pub board_name: String,
    pub deleted_by: PersonName,
    /// Seconds since 1970.
    pub deleted_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_key_is_a_board_key_and_a_number() {
        let key: TaskKey = "web-12".parse().unwrap();
        assert_eq!(key.to_string(), "WEB-12");
        for nothing in [
            "WEB",
            "WEB-",
            "WEB-0",
            "WEB--1",
            "-1",
            "W B-1",
            "WEB-99999999999",
        ] {
            assert!(nothing.parse::<TaskKey>().is_err(), "{nothing}");
        }
    }

    #[test]
    fn what_is_stored_of_a_field_is_known_before() {
        assert_eq!(stored("title", "  Paint the wall "), "Paint the wall");
        assert_eq!(stored("labels", "bug,  Bug ,ui"), "bug, ui");
        assert_eq!(stored("description", " as typed\r\n"), " as typed\r\n");
        assert_eq!(stored("title", " "), " ", "it is refused");
    }

    #[test]
    fn labels_are_kept_once_and_in_order() {
        let labels = Labels::parse(" bug, Ärger ,BUG,,\u{200b},ärger").unwrap();
        assert_eq!(labels.as_slice(), ["bug", "Ärger"]);
    }
}
