//! Many tasks at once, as server and browser share it: which tasks, and what is done with them.

use serde::{Deserialize, Serialize};

use super::model::{Labels, TaskKey, has_label, is_same_label};
use crate::{
    error::{Error, Result},
    ids::{ColumnId, PersonId},
};

/// How many tasks can be changed at once.
pub const MOST: usize = 100;

/// A task among many, and the version of it that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub key: TaskKey,
    pub version: i64,
}

impl Seen {
    /// Reads `WEB-12:3,WEB-15:1`: tasks of one board in the order that is asked for, each once.
    ///
    /// # Errors
    /// A field error on `tasks` when there are none, too many, or of several boards.
    pub fn parse_all(text: &str) -> Result<Vec<Self>> {
        let refused = |words: String| Error::field("tasks", words);
        let count = text.split(',').count();
        if count > MOST {
            return Err(refused(format!(
                "Up to {MOST} tasks can be changed at once, and these are {count}."
            )));
        }
        let mut tasks: Vec<Self> = Vec::with_capacity(count);
        for text in text.split(',') {
            let task = Self::parse(text.trim()).ok_or_else(|| {
                refused("Name each task with its version, such as WEB-12:3.".to_owned())
            })?;
            if tasks.iter().all(|other| other.key != task.key) {
                tasks.push(task);
            }
        }
        let board = tasks.first().map(|task| &task.key.board);
        if tasks.iter().any(|task| Some(&task.key.board) != board) {
            return Err(refused(
                "Change the tasks of one board at a time.".to_owned(),
            ));
        }
        Ok(tasks)
    }

    fn parse(text: &str) -> Option<Self> {
        let (key, version) = text.split_once(':')?;
        Some(Self {
            key: key.parse().ok()?,
            version: version.parse().ok()?,
        })
    }
}

/// What is done with many tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkDeed {
    /// To the end of a column, in the order in which the tasks are named.
    Move(ColumnId),
    /// To somebody, or to nobody.
    Assign(Option<PersonId>),
    AddLabel(String),
    RemoveLabel(String),
    /// `YYYY-MM-DD`, or none.
    Due(Option<String>),
    Delete,
}

impl BulkDeed {
    /// Reads a form: the deed, and what it takes.
    pub fn parse(deed: &str, value: &str) -> Result<Self> {
        let value = value.trim();
        let given = (!value.is_empty()).then_some(value);
        Ok(match deed {
            "move" => Self::Move(ColumnId::parse("value", value)?),
            "assign" => Self::Assign(given.map(|id| PersonId::parse("value", id)).transpose()?),
            "add_label" => Self::AddLabel(label(value)?),
            "remove_label" => Self::RemoveLabel(label(value)?),
            "due" => Self::Due(given.map(str::to_owned)),
            "delete" => Self::Delete,
            _ => {
                return Err(Error::field(
                    "deed",
                    "This is move, assign, add_label, remove_label, due or delete.",
                ));
            }
        })
    }

    /// The deed and what it takes, as a form sends them.
    pub fn fields(&self) -> (&'static str, String) {
        match self {
            Self::Move(column) => ("move", column.to_string()),
            Self::Assign(person) => {
                let person = person.map(|person| person.to_string());
                ("assign", person.unwrap_or_default())
            }
            Self::AddLabel(label) => ("add_label", label.clone()),
            Self::RemoveLabel(label) => ("remove_label", label.clone()),
            Self::Due(date) => ("due", date.clone().unwrap_or_default()),
            Self::Delete => ("delete", String::new()),
        }
    }

    /// The labels of a task after it.
    pub fn labels(&self, labels: &[String]) -> Vec<String> {
        let mut labels = labels.to_vec();
        match self {
            Self::AddLabel(label) if !has_label(&labels, label) => {
                labels.push(label.clone());
            }
            Self::RemoveLabel(label) => labels.retain(|other| !is_same_label(other, label)),
            _ => {}
        }
        labels
    }
}

/// One label.
pub fn label(text: &str) -> Result<String> {
    let refused = |words: String| Error::field("value", words);
    let labels = Labels::parse(text).map_err(|error| refused(error.message))?;
    match labels.as_slice() {
        [label] => Ok(label.clone()),
        _ => Err(refused("Write one label, without a comma.".to_owned())),
    }
}

/// What came of it: how many tasks are different now, and what is to be remarked on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub count: usize,
    pub remark: Option<String>,
}

/// What came of taking it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// How many tasks are as they were.
    pub count: usize,
    /// How many were changed since, and are left as they are.
    pub left: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_named_with_their_versions_and_each_once() {
        let seen = Seen::parse_all("web-2:1, WEB-1:3,WEB-2:5").unwrap();
        let read: Vec<_> = seen
            .iter()
            .map(|task| (task.key.to_string(), task.version))
            .collect();
        assert_eq!(read, [("WEB-2".to_owned(), 1), ("WEB-1".to_owned(), 3)]);
        for nothing in ["", "WEB-1", "WEB-1:", "WEB-1:x", "WEB:1", "WEB-1:1,"] {
            let refused = Seen::parse_all(nothing).unwrap_err();
            assert!(refused.on("tasks").is_some(), "{nothing}");
        }
        assert!(Seen::parse_all("WEB-1:1,APP-1:1").is_err());
    }

    #[test]
    fn a_deed_is_read_as_it_is_sent() {
        for deed in [
            BulkDeed::Move(ColumnId::new()),
            BulkDeed::Assign(Some(PersonId::new())),
            BulkDeed::Assign(None),
            BulkDeed::AddLabel("to do".to_owned()),
            BulkDeed::RemoveLabel("bug".to_owned()),
            BulkDeed::Due(Some("2026-12-01".to_owned())),
            BulkDeed::Due(None),
            BulkDeed::Delete,
        ] {
            let (name, value) = deed.fields();
            assert_eq!(BulkDeed::parse(name, &value), Ok(deed));
        }
    }

    #[test]
    fn a_label_is_there_once_whatever_its_case() {
        let labels = ["bug".to_owned(), "ui".to_owned()];
        let add = |label: &str| BulkDeed::AddLabel(label.to_owned()).labels(&labels);
        assert_eq!(add("Bug"), labels);
        assert_eq!(add("new"), ["bug", "ui", "new"]);
        let removed = BulkDeed::RemoveLabel("BUG".to_owned()).labels(&labels);
        assert_eq!(removed, ["ui"]);
    }
}
