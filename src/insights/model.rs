//! What is counted, as server and browser share it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What became of a warning that similar tasks exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Similar tasks stood below the title.
    Shown,
    /// One of them was opened instead.
    Taken,
    /// The title was kept all the same.
    Ignored,
}

impl Warning {
    const ALL: [Self; 3] = [Self::Shown, Self::Taken, Self::Ignored];

    /// The word for it on the wire and in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Taken => "taken",
            Self::Ignored => "ignored",
        }
    }

    /// The kind of usage that it is recorded as.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Shown => "similar.shown",
            Self::Taken => "similar.taken",
            Self::Ignored => "similar.ignored",
        }
    }
}

impl FromStr for Warning {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|warning| warning.as_str() == text)
            .ok_or_else(|| Error::field("warning", "A warning is shown, taken or ignored."))
    }
}

/// What is counted as it happens, beside warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Somebody opened the Now page. Who that was is not kept.
    NowOpened,
    /// A claim was refused because somebody had the task.
    ClaimRefused,
    /// Somebody was about to overwrite what somebody else had changed.
    ConflictCaught,
}

impl Happened {
    /// The kind of usage that it is recorded as.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::NowOpened => "now.opened",
            Self::ClaimRefused => "claim.refused",
            Self::ConflictCaught => "conflict.caught",
        }
    }

    /// Whether it is recorded to whom it happened.
    pub const fn is_of_a_person(self) -> bool {
        !matches!(self, Self::NowOpened)
    }
}

/// Where a title was being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypedAt {
    NewTask,
    Rename,
}

impl TypedAt {
    const ALL: [Self; 2] = [Self::NewTask, Self::Rename];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewTask => "new_task",
            Self::Rename => "rename",
        }
    }
}

impl FromStr for TypedAt {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|place| place.as_str() == text)
            .ok_or_else(|| Error::field("typed_at", "A title is typed at new_task or rename."))
    }
}

/// The figures of a period, as the page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresView {
    /// `YYYY-MM-DD`, the first day of the period.
    pub from: String,
    /// `YYYY-MM-DD`, its last day.
    pub to: String,
    /// In which the days are counted: `Europe/Berlin`.
    pub time_zone: String,
    pub presets: Vec<Preset>,
    pub usage: Vec<FigureGroup>,
    pub promises: Vec<FigureGroup>,
}

/// A period that is one click away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// `Last 4 weeks`
    pub words: String,
    pub from: String,
    pub to: String,
}

/// Figures that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureGroup {
    pub title: String,
    pub figures: Vec<FigureView>,
}

/// One figure: what it counts, its number in words, and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureView {
    /// The id of its place on the page.
    pub id: String,
    pub title: String,
    /// One sentence: what is counted.
    pub counts: String,
    /// Its numbers, each with its words. Without any there is nothing yet.
    pub numbers: Vec<NumberView>,
    /// What is to be said instead of numbers, and what would bring them.
    pub nothing: Option<String>,
    /// A finished `svg`.
    pub plot: Option<String>,
    /// A finished `table` of the same numbers.
    pub table: Option<String>,
}

/// A number that stands large, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberView {
    /// `63 %`
    pub value: String,
    /// `12 of 19 people`
    pub words: String,
}
