//! When a task is due, in words, and how much that matters today.

use crate::ui::{time, words::counted};

/// How near a due date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// This many days ago.
    Late(i64),
    Today,
    Tomorrow,
    Later,
}

impl Nearness {
    /// Both dates are `YYYY-MM-DD`; what is no date is far away.
    pub fn of(due: &str, today: &str) -> Self {
        match time::days_until(due, today) {
            Some(days @ ..0) => Self::Late(-days),
            Some(0) => Self::Today,
            Some(1) => Self::Tomorrow,
            _ => Self::Later,
        }
    }

    /// The classes of a due date.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Late(_) => "due late",
            Self::Today | Self::Tomorrow => "due soon",
            Self::Later => "due",
        }
    }
}

/// A due date in words: `Late, 20 Nov`, `Due today`, `Due tomorrow` or `Due 26 Nov`.
pub fn words(due: &str, today: &str) -> String {
    match Nearness::of(due, today) {
        Nearness::Late(_) => format!("Late, {}", time::day(due, today)),
        Nearness::Today => "Due today".to_owned(),
        Nearness::Tomorrow => "Due tomorrow".to_owned(),
        Nearness::Later => format!("Due {}", time::day(due, today)),
    }
}

/// What is to be said beside the date itself, when it is near or past.
pub fn warning(due: &str, today: &str) -> Option<String> {
    match Nearness::of(due, today) {
        Nearness::Late(days) => Some(format!("Late by {}", counted(days, "day", "days"))),
        Nearness::Today => Some("Due today".to_owned()),
        Nearness::Tomorrow => Some("Due tomorrow".to_owned()),
        Nearness::Later => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_date_is_said_by_how_near_it_is() {
        for (due, today, said, beside) in [
            (
                "2026-11-20",
                "2026-11-21",
                "Late, 20 Nov",
                Some("Late by 1 day"),
            ),
            (
                "2024-02-28",
                "2024-03-01",
                "Late, 28 Feb",
                Some("Late by 2 days"),
            ),
            ("2026-11-21", "2026-11-21", "Due today", Some("Due today")),
            (
                "2027-01-01",
                "2026-12-31",
                "Due tomorrow",
                Some("Due tomorrow"),
            ),
            ("2026-11-23", "2026-11-21", "Due 23 Nov", None),
            ("2027-03-05", "2026-12-31", "Due 5 Mar 2027", None),
        ] {
            assert_eq!(words(due, today), said);
            assert_eq!(warning(due, today).as_deref(), beside);
        }
    }
}
