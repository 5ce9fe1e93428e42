//! Times in words, relative to a clock that the server gave, so that both renderings agree.

use super::words::counted;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago `then` was at `now`, both in seconds since 1970: `3 days ago`.
pub fn ago(then: i64, now: i64) -> String {
    if now - then < MINUTE {
        "just now".to_owned()
    } else {
        format!("{} ago", duration(now - then))
    }
}

/// A span of seconds in its largest unit: `3 days`. Long spans are told in weeks and months, because
/// nobody counts in 56 days.
pub fn duration(seconds: i64) -> String {
    match seconds.max(0) {
        seconds if seconds < MINUTE => "less than a minute".to_owned(),
        seconds if seconds < HOUR => counted(seconds / MINUTE, "minute", "minutes"),
        seconds if seconds < DAY => counted(seconds / HOUR, "hour", "hours"),
        seconds if seconds < 31 * DAY => counted(seconds / DAY, "day", "days"),
        seconds if seconds < 90 * DAY => counted(seconds / (7 * DAY), "week", "weeks"),
        seconds if seconds < 730 * DAY => counted(seconds / (30 * DAY), "month", "months"),
        seconds => counted(seconds / (365 * DAY), "year", "years"),
    }
}

/// How long until a moment, rounded up, so that 7 days are 7 days from the beginning.
pub fn left(seconds: i64) -> String {
    if seconds > DAY {
        duration((seconds + DAY - 1) / DAY * DAY)
    } else {
        duration(seconds)
    }
}

/// A moment in UTC, written for `datetime=` and `title=`: `2026-11-21T03:51Z`.
fn exact(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let rest = seconds.rem_euclid(DAY);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}Z",
        rest / HOUR,
        rest % HOUR / MINUTE
    )
}

/// A calendar date in words, without the year when it is that of `today`: `3 Dec` or `3 Dec 2027`.
/// Both dates are `YYYY-MM-DD`; anything else is given back as it is.
pub fn day(date: &str, today: &str) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut parts = date.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return date.to_owned();
    };
    let name = month
        .parse::<usize>()
        .ok()
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match (name, day.trim_start_matches('0')) {
        (Some(name), day) if today.starts_with(year) => format!("{day} {name}"),
        (Some(name), day) => format!("{day} {name} {year}"),
        (None, _) => date.to_owned(),
    }
}

/// How many days a date is after today; before it, the number is negative. Both are `YYYY-MM-DD`.
pub fn days_until(date: &str, today: &str) -> Option<i64> {
    Some(number_of(date)? - number_of(today)?)
}

/// The date so many days after another. Both are `YYYY-MM-DD`.
pub fn days_after(date: &str, days: i64) -> Option<String> {
    let (year, month, day) = civil(number_of(date)? + days);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The day of the week of a date, `YYYY-MM-DD`.
pub fn weekday(date: &str) -> Option<&'static str> {
    // The first of January 1970 was a Thursday.
    let day = match number_of(date)?.rem_euclid(7) {
        0 => "Thursday",
        1 => "Friday",
        2 => "Saturday",
        3 => "Sunday",
        4 => "Monday",
        5 => "Tuesday",
        _ => "Wednesday",
    };
    Some(day)
}

/// Whether a text is a date, written `YYYY-MM-DD`, that there is.
pub fn is_date(text: &str) -> bool {
    days_after(text, 0).as_deref() == Some(text)
}

/// Days since 1970 of a date written as `YYYY-MM-DD`.
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn number_of(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Days since 1970 to year, month and day.
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// A moment with the words for it and the exact time in its title.
#[leptos::component]
pub fn Ago(
    /// Seconds since 1970.
    at: i64,
    /// The server's clock when the page was made, in seconds since 1970.
    now: i64,
) -> impl leptos::IntoView {
    use leptos::prelude::*;
    view! { <Moment at=at>{ago(at, now)}</Moment> }
}

/// Words about a moment, with the exact time in their title.
#[leptos::component]
pub fn Moment(
    /// Seconds since 1970.
    at: i64,
    #[prop(optional)] class: Option<&'static str>,
    children: leptos::prelude::Children,
) -> impl leptos::IntoView {
    use leptos::prelude::*;
    let moment = exact(at);
    view! {
        <time
            class=class
            datetime=moment.clone()
            title=moment.replace('T', " ").replace('Z', " UTC")
        >
            {children()}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_the_ends_of_months_and_years() {
        assert_eq!(days_until("2000-03-01", "1970-01-01"), Some(11_017));
        assert_eq!(days_until("2028-03-01", "2028-02-28"), Some(2));
        assert_eq!(days_until("soon", "2028-02-28"), None);
        assert_eq!(days_after("2028-02-28", 2).as_deref(), Some("2028-03-01"));
        assert_eq!(days_after("2026-12-31", 1).as_deref(), Some("2027-01-01"));
        assert_eq!(days_after("soon", 1), None);
        assert_eq!(weekday("2026-11-24"), Some("Tuesday"));
        assert!(is_date("2028-02-29"));
        for other in ["2027-02-29", "2026-13-01", "2026-1-1", "tomorrow"] {
            assert!(!is_date(other), "{other}");
        }
    }

    #[test]
    fn a_span_is_told_in_the_unit_that_people_count_in() {
        assert_eq!(duration(0), "less than a minute");
        assert_eq!(duration(3 * HOUR), "3 hours");
        assert_eq!(duration(30 * DAY), "30 days");
        assert_eq!(duration(56 * DAY), "8 weeks");
        assert_eq!(duration(100 * DAY), "3 months");
        assert_eq!(left(7 * DAY - 5), "7 days");
    }
}
