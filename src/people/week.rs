//! The team's calendar: which day it is there, and until when a week lasts.

use time::{Date, Duration};

use super::model::WorkingDays;

/// The time as a team has it.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Seconds since 1970.
    pub now: i64,
    pub today: Date,
    pub time_zone: String,
}

impl Calendar {
    /// The last of the next seven days, of which today is the first. What is due within a week is asked for by these,
    /// because on the last day of a week nobody asks for that day alone.
    pub fn last_of_seven(&self) -> Date {
        self.today.saturating_add(Duration::days(6))
    }
}

/// The last day of this week: the day before the next one begins. A week begins after the longest run
/// of free days, and on Monday where nobody ever rests.
pub fn week_ends(today: Date, working_days: WorkingDays) -> Date {
    let begins = first_day(working_days);
    let left = (0..7).find(|days| {
        let next = day_of_week(today) + days + 1;
        next % 7 == begins
    });
    today.saturating_add(Duration::days(left.unwrap_or_default() as i64))
}

/// Counted from Monday, which is 0.
fn day_of_week(date: Date) -> usize {
    usize::from(date.weekday().number_days_from_monday())
}

/// The day on which the team's week begins, counted from Monday.
fn first_day(working: WorkingDays) -> usize {
    let rest_before = |day: usize| {
        (1..7)
            .take_while(|back| !working.includes((day + 7 - back) % 7))
            .count()
    };
    // Of days with as much rest before them, the earliest.
    (0..7)
        .rev()
        .filter(|day| working.includes(*day))
        .max_by_key(|day| rest_before(*day))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_week_lasts_until_the_next_one_begins_after_the_longest_rest() {
        // 23 November 2026 is a Monday.
        for (working, today, ends) in [
            (
                &[1, 2, 3, 4, 5][..],
                date!(2026 - 11 - 23),
                date!(2026 - 11 - 29),
            ),
            (
                &[1, 2, 3, 4, 5],
                date!(2026 - 11 - 27),
                date!(2026 - 11 - 29),
            ),
            (
                &[1, 2, 3, 4, 5],
                date!(2026 - 11 - 29),
                date!(2026 - 11 - 29),
            ),
            (
                &[7, 1, 2, 3, 4],
                date!(2026 - 11 - 23),
                date!(2026 - 11 - 28),
            ),
            (
                &[7, 1, 2, 3, 4],
                date!(2026 - 11 - 28),
                date!(2026 - 11 - 28),
            ),
            (&[1, 2, 4, 5], date!(2026 - 11 - 23), date!(2026 - 11 - 29)),
            (&[1, 3, 5], date!(2026 - 11 - 23), date!(2026 - 11 - 29)),
            (&[2, 3], date!(2026 - 11 - 23), date!(2026 - 11 - 23)),
            (
                &[1, 2, 3, 4, 5, 6, 7],
                date!(2026 - 11 - 25),
                date!(2026 - 11 - 29),
            ),
            (&[3], date!(2026 - 11 - 25), date!(2026 - 12 - 01)),
        ] {
            let working_days = WorkingDays::from_numbers(working);
            assert_eq!(
                week_ends(today, working_days),
                ends,
                "{working:?} on {today}"
            );
        }
    }
}
