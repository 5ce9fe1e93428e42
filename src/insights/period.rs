//! From which day to which day, and whose doings.

use time::{Date, Duration, format_description::BorrowedFormatItem, macros::format_description};

use crate::{
    error::{Error, Result},
    ids::PersonId,
};

/// How a day is written on the wire.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// No period is longer than two years: a page shows every day of it.
const LONGEST: i64 = 731;

/// Days of the team's time zone, the first and the last of them included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Period {
    /// Reads a period out of the fields `from` and `to`, each written as `YYYY-MM-DD`.
    ///
    /// # Errors
    /// A field error on what is no day between 2000 and 2199, on `to` when it is before `from`, and on `from` when
    /// there are more than two years in between.
    pub fn parse(from: &str, to: &str) -> Result<Self> {
        let period = Self {
            from: day("from", from)?,
            to: day("to", to)?,
        };
        if period.to < period.from {
            return Err(Error::field("to", "The last day is before the first."));
        }
        if period.days() > LONGEST {
            return Err(Error::field("from", "A period has up to two years."));
        }
        Ok(period)
    }

    /// So many weeks, the last day of which is today.
    pub fn last_weeks(today: Date, weeks: i64) -> Self {
        Self {
            from: today.saturating_sub(Duration::days(7 * weeks - 1)),
            to: today,
        }
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        (self.to - self.from).whole_days() + 1
    }
}

fn day(field: &str, text: &str) -> Result<Date> {
    Date::parse(text, DAY)
        .ok()
        .filter(|date| (2000..2200).contains(&date.year()))
        .ok_or_else(|| {
            Error::field(
                field,
                "Write the date as YYYY-MM-DD, between 2000 and 2199.",
            )
        })
}

/// Of whom something is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    Everybody,
    /// What these people did, and the tasks that they hold.
    People(Vec<PersonId>),
}
