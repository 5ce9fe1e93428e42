//! Toggles, as server and browser share them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::PersonId,
    people::model::{PersonName, Role},
};

/// A feature that a team can have or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Toggle {
    DragAndDrop,
}

impl Toggle {
    pub const ALL: [Self; 1] = [Self::DragAndDrop];

    /// The word for it on the wire, in the tables and in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DragAndDrop => "drag_and_drop",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::DragAndDrop => "Drag and drop",
        }
    }

    /// One sentence: what somebody has who has it.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::DragAndDrop => {
                "Cards on a board are dragged to their place, by mouse, touch or keyboard, beside the menu of the Move button."
            }
        }
    }

    /// Whether somebody in this role could use it.
    pub fn is_for(self, role: Role) -> bool {
        match self {
            Self::DragAndDrop => role.may_write(),
        }
    }
}

impl FromStr for Toggle {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|toggle| toggle.as_str() == text)
            .ok_or_else(|| Error::field("toggle", "There is no such toggle."))
    }
}

impl fmt::Display for Toggle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// For how many people of a team a feature is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// For nobody, also not for those who are named: what is turned off is off.
    Off,
    /// For everybody.
    On,
    /// For a share of the people, and for those who are named.
    Share,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Off, Self::On, Self::Share];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Share => "share",
        }
    }

    /// What its radio button says.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::On => "On",
            Self::Share => "On for a share",
        }
    }
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| Error::field("mode", "Choose off, on, or on for a share."))
    }
}

/// A share of people in percent: 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(u8);

impl Percent {
    /// What a form offers before anybody has chosen.
    pub const HALF: Self = Self(50);

    /// # Errors
    /// A field error on `share`.
    pub fn parse(text: &str) -> Result<Self> {
        text.trim()
            .parse()
            .ok()
            .filter(|percent| *percent <= 100)
            .map(Self)
            .ok_or_else(|| Error::field("share", "A share is a whole number from 0 to 100."))
    }

    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What owners have set for a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub mode: Mode,
    pub share: Percent,
    /// Who has it whatever the share is, in the order of their ids.
    pub always: Vec<PersonId>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            mode: Mode::Off,
            share: Percent::HALF,
            always: Vec::new(),
        }
    }
}

/// Who of a team had a feature over a period, of those who met it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arms {
    /// Had it all the while.
    pub with: Vec<PersonId>,
    /// Had it at no time.
    pub without: Vec<PersonId>,
    /// Had it for a part of the period: they are on neither side of a comparison.
    pub switched: Vec<PersonId>,
}

/// The toggles of a team, for its owners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TogglesView {
    pub toggles: Vec<ToggleView>,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToggleView {
    pub toggle: Toggle,
    pub mode: Mode,
    pub share: Percent,
    /// Whoever could use it, by name.
    pub people: Vec<ToggledPerson>,
    pub changed: Option<Changed>,
}

/// Somebody who could use a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToggledPerson {
    pub person: PersonName,
    /// Whether they are named.
    pub always: bool,
    /// Whether they have it now.
    pub has_it: bool,
}

/// Who changed a toggle last, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub by: PersonName,
    /// Seconds since 1970.
    pub at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_whole_percentage() {
        assert_eq!(Percent::parse(" 100 ").map(Percent::get), Ok(100));
        assert_eq!(Percent::parse("0").map(Percent::get), Ok(0));
        for none in ["", "101", "-1", "1.5", "half", "99999999999"] {
            let error = Percent::parse(none).map(Percent::get).unwrap_err();
            assert!(error.on("share").is_some(), "{none}");
        }
    }

    #[test]
    fn every_toggle_and_mode_is_read_as_it_is_written() {
        for toggle in Toggle::ALL {
            assert_eq!(toggle.as_str().parse(), Ok(toggle));
        }
        for mode in Mode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
        }
    }
}
