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
