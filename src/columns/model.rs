//! A column, as server and browser share it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::ColumnId,
    ui::text,
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

    /// The kind in words, for the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Todo => "To do",
            Self::Doing => "In progress",
            Self::Done => "Done",
        }
    }

    /// Reads a kind out of a form.
    ///
    /// # Errors
    /// A field error on `kind`.
    pub fn parse(text: &str) -> Result<Self> {
        text.parse()
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

/// A column's name: one line of 1 to 40 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnName(String);

impl ColumnName {
    pub const MAX: usize = 40;

    /// # Errors
    /// A field error on `name`.
    pub fn parse(text: &str) -> Result<Self> {
        text::line("name", text, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many tasks a column should hold at most. Going over it warns and forbids nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WipLimit(Option<i32>);

impl WipLimit {
    /// Reads a number from 1 to 999, or nothing for no limit.
    ///
    /// # Errors
    /// A field error on `wip_limit`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self(None));
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|limit| plain && (1..=999).contains(limit))
            .map(|limit| Self(Some(limit)))
            .ok_or_else(|| {
                Error::field(
                    "wip_limit",
                    "A limit is a number from 1 to 999. Leave it empty for no limit.",
                )
            })
    }

    pub const fn get(self) -> Option<i32> {
        self.0
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
