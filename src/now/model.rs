//! Who is on what, as server and browser share it.

use serde::{Deserialize, Serialize};

use crate::{people::model::PersonName, ui::time::days_until};

/// The Now page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowView {
    /// The members, by name; viewers only when they hold something.
    pub people: Vec<PersonNow>,
    /// In progress, and nobody's.
    pub unheld: Vec<TaskNow>,
    /// What people who left the team still hold.
    pub former: Vec<PersonNow>,
    /// The board where a first task would be created.
    pub first_board: Option<BoardNow>,
    /// Whether the team has any task at all.
    pub has_tasks: bool,
    /// How many people are in the team, whatever their role.
    pub team_size: usize,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub today: String,
    /// The number of the team's last event that the page shows.
    pub seq: i64,
}

/// One person and what they have in progress, the longest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PersonNow {
    pub person: PersonName,
    pub tasks: Vec<TaskNow>,
}

/// A task as far as the Now page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskNow {
    pub key: String,
    pub title: String,
    /// The name of its board.
    pub board: String,
    /// Whether somebody works on it, or it waits to be started.
    pub in_progress: bool,
    /// When it was started or, if that was later, given to who holds it. Seconds since 1970.
    pub since: i64,
    /// `YYYY-MM-DD`
    pub due_on: Option<String>,
    /// Past its due date, by the team's calendar.
    pub is_overdue: bool,
}

/// A board to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardNow {
    pub key: String,
    pub name: String,
}

impl TaskNow {
    /// Due today or tomorrow.
    pub fn is_soon(&self, today: &str) -> bool {
        self.due_on
            .as_deref()
            .and_then(|due| days_until(due, today))
            .is_some_and(|days| (0..=1).contains(&days))
    }
}

impl NowView {
    /// Whether nothing is in progress and nothing was left behind.
    pub fn is_quiet(&self) -> bool {
        self.unheld.is_empty()
            && self.former.is_empty()
            && self.people.iter().all(|row| row.tasks.is_empty())
    }
}
