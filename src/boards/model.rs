//! A board, as server and browser share it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::BoardId,
    ui::text,
};

/// The short name that begins the names of a board's tasks, such as `WEB`. It never changes and is
/// never used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardKey(String);

impl BoardKey {
    pub const MAX: usize = 10;

    /// Reads a key in letters of any case.
    ///
    /// # Errors
    /// A field error on `key`.
    pub fn parse(text: &str) -> Result<Self> {
        let key = text.trim().to_ascii_uppercase();
        let begins_well = key
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_uppercase());
        let goes_on_well = key
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if begins_well && goes_on_well && key.len() <= Self::MAX {
            return Ok(Self(key));
        }
        Err(Error::field(
            "key",
            "A key is 1 to 10 letters and digits (A to Z, 0 to 9) and begins with a letter.",
        ))
    }

    /// A key for a board of this name: `WEB` for Website, `MA` for Mobile app. Empty when the name has
    /// no letter that a key can begin with.
    pub fn proposed(name: &str) -> String {
        let words: Vec<&str> = name
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
            .collect();
        let key: String = match words.as_slice() {
            [word] => word.chars().take(3).collect(),
            words => words
                .iter()
                .take(4)
                .filter_map(|word| word.chars().next())
                .collect(),
        };
        key.to_ascii_uppercase()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BoardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A board's name: one line of 1 to 80 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardName(String);

impl BoardName {
    pub const MAX: usize = 80;

    /// # Errors
    /// A field error on `name`.
    pub fn parse(text: &str) -> Result<Self> {
        text::line("name", text, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A board where only its name and address are needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardLink {
    pub id: BoardId,
    pub key: String,
    pub name: String,
}

/// A board in the list of boards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardView {
    pub id: BoardId,
    pub key: String,
    pub name: String,
    /// Raised by every change of the name.
    pub version: i64,
    pub archived: bool,
    /// Tasks that nobody has started.
    pub todo: i64,
    /// Tasks in progress.
    pub doing: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_key_is_read_in_any_case() {
        assert_eq!(BoardKey::parse(" web2 ").unwrap().as_str(), "WEB2");
        for nothing in ["", "2WEB", "WEB-1", "ÄB", "ſ", "W B", "ABCDEFGHIJK", "A\0"] {
            let error = BoardKey::parse(nothing).unwrap_err();
            assert!(error.on("key").is_some(), "{nothing}");
        }
    }
}
