//! From which day to which day, and whose doings.

use time::{Date, Duration};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    ids::PersonId,
    ui::date,
};

/// A longer period is told by weeks.
const MOST_DAYS: i64 = 21;
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
            from: date::parse("from", from)?,
            to: date::parse("to", to)?,
        };
        if period.to < period.from {
            return Err(Error::field("to", "The last day is before the first."));
        }
        if period.days() > LONGEST {
            return Err(Error::field("from", "A period has up to two years."));
        }
        Ok(period)
    }

    /// So many whole weeks, and the one that has begun until today.
    pub fn last_weeks(today: Date, weeks: i64) -> Self {
        Self {
            from: monday(today).saturating_sub(Duration::days(7 * weeks)),
            to: today,
        }
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        (self.to - self.from).whole_days() + 1
    }

    /// Its length in weeks, which is no whole number.
    pub fn weeks(self) -> f64 {
        self.days() as f64 / 7.0
    }

    /// Its weeks, each by its Monday; the first may have begun before it.
    pub fn mondays(self) -> Vec<Date> {
        every(monday(self.from), self.to, 7)
    }

    /// Its days.
    pub fn every_day(self) -> Vec<Date> {
        every(self.from, self.to, 1)
    }

    /// Its parts: days when they are few, otherwise weeks.
    pub fn parts(self) -> Parts {
        if self.days() <= MOST_DAYS {
            Parts::Days(self.every_day())
        } else {
            Parts::Weeks(self.mondays())
        }
    }
}

/// What a figure over time is parted in, each by its first day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parts {
    Days(Vec<Date>),
    Weeks(Vec<Date>),
}

impl Parts {
    /// The first day of each.
    pub fn begins(&self) -> &[Date] {
        match self {
            Self::Days(begins) | Self::Weeks(begins) => begins,
        }
    }

    /// What one of them is called.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Days(_) => "Day",
            Self::Weeks(_) => "Week from",
        }
    }

    /// How many of these days are in each part.
    pub fn count(&self, days: impl Iterator<Item = Date>) -> Vec<i64> {
        let mut counts = vec![0; self.begins().len()];
        for day in days {
            if let Some(count) = self.part_of(day).and_then(|part| counts.get_mut(part)) {
                *count += 1;
            }
        }
        counts
    }

    /// In which part a day is.
    pub fn part_of(&self, day: Date) -> Option<usize> {
        let begins = self.begins();
        let after = begins.partition_point(|begin| *begin <= day);
        after.checked_sub(1)
    }
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    let since = i64::from(day.weekday().number_days_from_monday());
    day.saturating_sub(Duration::days(since))
}

fn every(from: Date, to: Date, days: i64) -> Vec<Date> {
    std::iter::successors(Some(from), |day| day.checked_add(Duration::days(days)))
        .take_while(|day| *day <= to)
        .collect()
}

/// Of whom something is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    Everybody,
    /// What these people did, and the tasks that they hold.
    People(Vec<PersonId>),
}

impl Whom {
    /// The ids of some people; none of everybody.
    pub fn ids(&self) -> Option<Vec<Uuid>> {
        match self {
            Self::Everybody => None,
            Self::People(people) => Some(people.iter().map(|person| person.0).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_period_is_two_days_in_their_order_at_most_two_years_apart() {
        let fault = |from, to| {
            let refused = Period::parse(from, to).err()?;
            refused.fields.first().map(|fault| fault.field.clone())
        };
        assert_eq!(fault("2026-03-01", "2026-03-01"), None);
        assert_eq!(fault("2026-03-02", "2026-03-01").as_deref(), Some("to"));
        assert_eq!(fault("2024-03-01", "2026-03-02").as_deref(), Some("from"));
        assert_eq!(fault("2024-03-01", "2026-03-01"), None);
        assert_eq!(fault("2026-02-30", "2026-03-01").as_deref(), Some("from"));
        assert_eq!(fault("2026-02-01", "tomorrow").as_deref(), Some("to"));
        assert_eq!(fault("1999-12-31", "2000-01-01").as_deref(), Some("from"));
    }

    #[test]
    fn weeks_begin_on_monday_and_the_first_is_whole() {
        // 28 November 2026 is a Saturday.
        let period = Period::last_weeks(date!(2026 - 11 - 28), 8);
        assert_eq!(period.from, date!(2026 - 09 - 28));
        assert_eq!(period.days(), 62);
        let parts = period.parts();
        assert_eq!(parts.begins().len(), 9);
        assert_eq!(parts.part_of(date!(2026 - 10 - 04)), Some(0));
        assert_eq!(parts.part_of(date!(2026 - 10 - 05)), Some(1));
        assert_eq!(parts.part_of(date!(2026 - 09 - 27)), None);
    }

    #[test]
    fn a_short_period_is_parted_in_days() {
        let one = Period {
            from: date!(2026 - 11 - 28),
            to: date!(2026 - 11 - 28),
        };
        assert_eq!(one.parts(), Parts::Days(vec![date!(2026 - 11 - 28)]));
        assert_eq!(one.mondays(), [date!(2026 - 11 - 23)]);
    }
}
