//! What one person has to do, as server and browser share it.

use serde::{Deserialize, Serialize};

use crate::tasks::model::Priority;

/// The longest list that the page shows, of one's own and of what one watches.
pub const MOST: usize = 500;

/// My tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MineView {
    /// What is open and one's own, each in the order in which it is due, of every section that has any.
    pub sections: Vec<(Section, Vec<MineTask>)>,
    /// What is open, watched, and not one's own.
    pub watched: Vec<MineTask>,
    /// Whether there is more than is shown, of one's own and of what is watched.
    pub has_more: (bool, bool),
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub today: String,
    /// The number of the team's last event that the page shows.
    pub seq: i64,
}

/// When something is due, as one plans a day and a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Section {
    Late,
    Today,
    ThisWeek,
    Later,
    NoDate,
}

impl Section {
    /// The section of a due date. All dates are `YYYY-MM-DD`, so they are ordered as text.
    pub fn of(due: Option<&str>, today: &str, week_ends: &str) -> Self {
        match due {
            None => Self::NoDate,
            Some(due) if due < today => Self::Late,
            Some(due) if due == today => Self::Today,
            Some(due) if due <= week_ends => Self::ThisWeek,
            Some(_) => Self::Later,
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Late => "Late",
            Self::Today => "Today",
            Self::ThisWeek => "This week",
            Self::Later => "Later",
            Self::NoDate => "No date",
        }
    }
}

/// A task as a line of the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MineTask {
    pub key: String,
    pub title: String,
    /// The name of its board.
    pub board: String,
    pub column: String,
    /// Who holds it, if it is not the reader.
    pub holder: Option<String>,
    pub is_mine: bool,
    /// `YYYY-MM-DD`
    pub due_on: Option<String>,
    pub priority: Priority,
    /// When it was started or, if that was later, given to who holds it. Seconds since 1970.
    pub since: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_belongs_to_one_section() {
        let section = |due| Section::of(due, "2026-11-24", "2026-11-29");
        assert_eq!(section(Some("2026-11-23")), Section::Late);
        assert_eq!(section(Some("2026-11-24")), Section::Today);
        assert_eq!(section(Some("2026-11-29")), Section::ThisWeek);
        assert_eq!(section(Some("2026-11-30")), Section::Later);
        assert_eq!(section(None), Section::NoDate);
        let sunday = Section::of(Some("2026-11-30"), "2026-11-29", "2026-11-29");
        assert_eq!(sunday, Section::Later);
    }
}
