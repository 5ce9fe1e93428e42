//! What is imported and how, as server and browser share it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    columns::model::ColumnKind,
    error::{Error, Result},
    people::model::PersonName,
};

/// The largest file that the page takes, in bytes.
pub const MAX_FILE: u64 = 100 * 1024 * 1024;

/// What becomes of archived cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Archived {
    #[default]
    Done,
    Deleted,
    Skip,
}

impl Archived {
    pub const ALL: [Self; 3] = [Self::Done, Self::Deleted, Self::Skip];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Deleted => "deleted",
            Self::Skip => "skip",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Done => "Done tasks",
            Self::Deleted => "Deleted tasks, which can be restored for 30 days",
            Self::Skip => "Nothing, leave them out",
        }
    }
}

impl FromStr for Archived {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|archived| archived.as_str() == text)
            .ok_or_else(|| Error::field("archived", "This is done, deleted or skip."))
    }
}

/// What becomes of archived lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClosedLists {
    /// No column; their cards are treated as archived cards.
    #[default]
    Archived,
    Columns,
}

impl ClosedLists {
    pub const ALL: [Self; 2] = [Self::Archived, Self::Columns];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Columns => "columns",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Archived => "No column; their cards count as archived",
            Self::Columns => "Columns like the others",
        }
    }
}

impl FromStr for ClosedLists {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|closed| closed.as_str() == text)
            .ok_or_else(|| Error::field("closed_lists", "This is archived or columns."))
    }
}

/// A list of the board in Trello, and the column that it would become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPreview {
    /// What its choice is called in the form.
    pub field: String,
    pub name: String,
    pub kind: ColumnKind,
    pub closed: bool,
    pub cards: usize,
}

/// Somebody of the board in Trello, and who that would be here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPreview {
    pub field: String,
    pub name: String,
    pub username: String,
    pub cards: usize,
    pub comments: usize,
    pub proposed: Option<PersonName>,
}

/// A number of things, in words such as `12 comments`.
pub type Counted = (usize, String);

/// What an import of Trello's board would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrelloPreview {
    pub name: String,
    pub key: String,
    pub lists: Vec<ListPreview>,
    pub members: Vec<MemberPreview>,
    pub comes: Vec<Counted>,
    pub stays: Vec<Counted>,
    /// What is changed on the way, and what else is worth knowing.
    pub notes: Vec<String>,
    pub archived: usize,
}

/// What stands in a row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    Nothing,
    Title,
    Description,
    Column,
    Assignee,
    DueOn,
    Priority,
    Labels,
    CreatedAt,
}

impl Meaning {
    pub const ALL: [Self; 9] = [
        Self::Nothing,
        Self::Title,
        Self::Description,
        Self::Column,
        Self::Assignee,
        Self::DueOn,
        Self::Priority,
        Self::Labels,
        Self::CreatedAt,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Title => "title",
            Self::Description => "description",
            Self::Column => "column",
            Self::Assignee => "assignee",
            Self::DueOn => "due_on",
            Self::Priority => "priority",
            Self::Labels => "labels",
            Self::CreatedAt => "created_at",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Nothing => "Leave out",
            Self::Title => "Title",
            Self::Description => "Description",
            Self::Column => "Column",
            Self::Assignee => "Assignee",
            Self::DueOn => "Due date",
            Self::Priority => "Priority",
            Self::Labels => "Labels",
            Self::CreatedAt => "Created",
        }
    }
}

impl FromStr for Meaning {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|meaning| meaning.as_str() == text)
            .ok_or_else(|| Error::field("columns", "This is no field of a task."))
    }
}

/// A column of a table, and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableColumn {
    pub field: String,
    pub name: String,
    pub meaning: Meaning,
}

/// What is known of a table before it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsvPreview {
    pub columns: Vec<TableColumn>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    pub count: usize,
    pub has_header: bool,
    /// Such as `UTF-8, separated by semicolons`.
    pub read_as: String,
    /// The boards that the rows can go onto, as key and name.
    pub boards: Vec<(String, String)>,
    pub name: String,
    pub key: String,
    /// What was wrong with its rows at the last attempt, by line.
    pub faults: Vec<String>,
}

/// How far a file is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    Trello(TrelloPreview),
    Csv(CsvPreview),
    /// So many tasks of so many are made.
    Running {
        made: u64,
        of: u64,
    },
    /// The board has this key now.
    Done {
        key: String,
        tasks: u64,
        comments: u64,
    },
    /// It is not here: too old, somebody else's, or on another server.
    Gone,
}

/// An import that was made before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub source: String,
    pub key: String,
    pub name: String,
    pub tasks: i32,
    pub comments: i32,
    pub by: PersonName,
    /// Seconds since 1970.
    pub at: i64,
}

/// A file that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadView {
    /// Empty when it is gone.
    pub id: String,
    pub file_name: String,
    pub stage: Stage,
    /// Why the last attempt was given up.
    pub failed: Option<Error>,
}

/// Everything that the page of imports shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    pub upload: Option<UploadView>,
    pub earlier: Vec<Earlier>,
    /// Who can be somebody of the file.
    pub people: Vec<PersonName>,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}
