//! A column, as server and browser share it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::ColumnId,
};

/// What being in a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    Todo,
    Doing,
    Done,
}

impl ColumnKind {
    pub const ALL: [Self; 3] = [Self::Todo, Self::Doing, Self::Done];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        }
    }
}

impl FromStr for ColumnKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Error::field("kind", "The kind is todo, doing or done."))
    }
}

/// A column as its board shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    pub id: ColumnId,
    pub name: String,
    pub kind: ColumnKind,
    pub wip_limit: Option<i32>,
    pub version: i64,
}
