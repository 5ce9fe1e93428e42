//! Who is on what, as server and browser share it: in words, as they are read.

use serde::{Deserialize, Serialize};

use crate::people::model::PersonName;

/// The Now page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NowView {
    /// The name of the team.
    pub team: String,
    /// What matters most, counted.
    pub summary: Vec<Fact>,
    /// The members, those who need attention first; viewers only when they hold something.
    pub people: Vec<PersonNow>,
    /// Nobody's: what is in progress all the same, and what is late or at risk.
    pub unheld: Vec<TaskNow>,
    /// What people who left the team still hold.
    pub former: Vec<PersonNow>,
    pub look_back: LookBack,
    /// The board where a first task would be created.
    pub first_board: Option<BoardNow>,
    /// Whether the team has any task at all.
    pub has_tasks: bool,
    /// How many people are in the team, whatever their role.
    pub team_size: usize,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// The time on the team's clock, such as `14:05`.
    pub clock: String,
    /// The number of the team's last event that the page shows.
    pub seq: i64,
}

/// A number of something, and how much it matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub words: String,
    pub tone: Tone,
}

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tone {
    Late,
    Warning,
    Plain,
}

impl Tone {
    /// The class of it.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Warning => "warning",
            Self::Plain => "",
        }
    }
}

/// One person: what they have in progress, the longest first, and then what else they should know of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PersonNow {
    pub person: PersonName,
    pub tasks: Vec<TaskNow>,
    /// How many of them are in progress.
    pub in_progress: usize,
    /// The team's limit, when that is more than it allows.
    pub over_limit: Option<i16>,
    /// How many tasks of theirs are not started, when not all of them are shown.
    pub waiting: Option<i64>,
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
    /// Whether it stands there because it is what is due next.
    pub is_next: bool,
    /// When it is due, unless a note says it.
    pub due: Option<Note>,
    /// Why it needs attention.
    pub notes: Vec<Note>,
    /// Whether its holder is asked if they are still on it.
    pub is_stale: bool,
}

impl TaskNow {
    pub fn is_late(&self) -> bool {
        self.due.as_ref().is_some_and(|due| due.tone == Tone::Late)
    }

    /// Why it is at risk, if it is.
    pub fn risk(&self) -> Option<&str> {
        let mut words = self.notes.iter().map(|note| note.words.as_str());
        words.find(|words| words.starts_with(AT_RISK))
    }
}

/// What a note begins with that says why a task is at risk.
pub const AT_RISK: &str = "At risk: ";

/// A few words about a task.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Note {
    pub words: String,
    pub tone: Tone,
}

/// A board to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardNow {
    pub key: String,
    pub name: String,
}

/// The last seven days against the seven before: of the team, and of whoever reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookBack {
    pub team: Weeks,
    /// A display is nobody.
    pub mine: Option<Weeks>,
}

/// Two weeks, each the last seven days and then the seven before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weeks {
    pub finished: [i64; 2],
    pub started: [i64; 2],
    /// Became late without being finished.
    pub slipped: [i64; 2],
}

impl NowView {
    /// Whether nothing is in progress, late or left behind.
    pub fn is_quiet(&self) -> bool {
        self.unheld.is_empty()
            && self.former.is_empty()
            && self.people.iter().all(|row| row.tasks.is_empty())
    }
}
