//! Times in words, relative to a clock that the server gave, so that both renderings agree.

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

/// A span of seconds in its largest unit: `3 days`.
pub fn duration(seconds: i64) -> String {
    let (count, unit) = match seconds.max(0) {
        seconds if seconds < MINUTE => (seconds, "second"),
        seconds if seconds < HOUR => (seconds / MINUTE, "minute"),
        seconds if seconds < DAY => (seconds / HOUR, "hour"),
        seconds => (seconds / DAY, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A moment in UTC, written for `datetime=` and `title=`: `2026-11-21T03:51Z`.
pub fn exact(seconds: i64) -> String {
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
    let moment = exact(at);
    view! {
        <time datetime=moment.clone() title=moment.replace('T', " ").replace('Z', " UTC")>
            {ago(at, now)}
        </time>
    }
}
