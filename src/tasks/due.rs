//! When a task is due, in words, and how much that matters today.

use crate::ui::time;

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
        match (days(due), days(today)) {
            (Some(due), Some(today)) if due < today => Self::Late(today - due),
            (Some(due), Some(today)) if due == today => Self::Today,
            (Some(due), Some(today)) if due == today + 1 => Self::Tomorrow,
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
        Nearness::Late(1) => Some("Late by 1 day".to_owned()),
        Nearness::Late(days) => Some(format!("Late by {days} days")),
        Nearness::Today => Some("Due today".to_owned()),
        Nearness::Tomorrow => Some("Due tomorrow".to_owned()),
        Nearness::Later => None,
    }
}

/// Days since 1970 of a date.
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
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
        ] {
            assert_eq!(words(due, today), said);
            assert_eq!(warning(due, today).as_deref(), beside);
        }
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2000-03-01"), Some(11_017));
    }
}
