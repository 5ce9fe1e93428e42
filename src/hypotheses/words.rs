//! Numbers, targets and days in words.

use super::statistics::{Certainty, Interval};
use crate::{
    insights::metric::{Metric, Unit},
    toggles::model::Toggle,
    ui::words::counted,
};

/// A number with one decimal where it has one.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    let text = format!("{:.1}", rounded.abs());
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if rounded < 0.0 {
        format!("\u{2212}{text}")
    } else {
        text.to_owned()
    }
}

/// What was measured: `62.5 %`, `3 days`, `2.5 a week`.
pub fn amount(unit: Unit, value: f64) -> String {
    let number = number(value);
    match unit {
        Unit::Share => format!("{number} %"),
        Unit::Days => counted(number, "day", "days"),
        Unit::AWeek => format!("{number} a week"),
    }
}

/// A difference: `+12 percentage points`, `−1.5 days`.
pub fn difference(unit: Unit, value: f64) -> String {
    let signed = signed(value);
    match unit {
        Unit::Share => format!("{signed} percentage points"),
        Unit::Days => format!("{signed} days"),
        Unit::AWeek => format!("{signed} a week"),
    }
}

fn signed(value: f64) -> String {
    let number = number(value);
    if number == "0" || value < 0.0 {
        number
    } else {
        format!("+{number}")
    }
}

/// From where to where: `41 % to 79 %`, or of differences `−3 to +27 percentage points`.
pub fn span(unit: Unit, interval: Interval, is_difference: bool) -> String {
    match (is_difference, unit) {
        (true, _) => format!(
            "{} to {}",
            signed(interval.low),
            difference(unit, interval.high)
        ),
        (false, Unit::Share) => format!(
            "{} to {}",
            amount(unit, interval.low),
            amount(unit, interval.high)
        ),
        (false, _) => format!(
            "{} to {}",
            number(interval.low),
            amount(unit, interval.high)
        ),
    }
}

/// What is to be reached: `at least 80 %`, `at least 1 day lower with it than without`.
pub fn target(metric: Metric, target: f64, is_compared: bool) -> String {
    match (is_compared, metric.is_better_lower()) {
        (false, false) => format!("at least {}", amount(metric.unit(), target)),
        (false, true) => format!("at most {}", amount(metric.unit(), target)),
        (true, lower) => {
            let amount = match metric.unit() {
                Unit::Share => counted(number(target), "percentage point", "percentage points"),
                unit => amount(unit, target),
            };
            let direction = if lower { "lower" } else { "higher" };
            format!("at least {amount} {direction} with it than without")
        }
    }
}

/// Whom it is about: `everybody`, or those with a toggle against those without.
pub fn audience(toggle: Option<&str>) -> String {
    match toggle {
        None => "everybody".to_owned(),
        Some(name) => format!("those with {}, against those without", toggle_label(name)),
    }
}

/// What a toggle is called. One that the program knows no more goes by its old name.
fn toggle_label(name: &str) -> String {
    let known: Option<Toggle> = name.parse().ok();
    known.map_or_else(
        || name.replace('_', " "),
        |toggle| toggle.title().to_owned(),
    )
}

/// What people read of a certainty. What each means exactly is said at [`Certainty`].
pub const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::VeryLikelyReached => "Very likely reached",
        Certainty::LikelyReached => "Likely reached",
        Certainty::Open => "Open: reached and missed are both possible",
        Certainty::LikelyMissed => "Likely missed",
        Certainty::VeryLikelyMissed => "Very likely missed",
    }
}

/// The class that goes with it. The words say it, too.
pub const fn tone(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::VeryLikelyReached | Certainty::LikelyReached => "badge good",
        Certainty::Open => "badge",
        Certainty::LikelyMissed | Certainty::VeryLikelyMissed => "badge warning",
    }
}

/// What is counted in this unit, in a list of choices.
pub const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "%",
        Unit::Days | Unit::AWeek => "median",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_aloud_as_they_stand() {
        assert_eq!(amount(Unit::Share, 62.48), "62.5 %");
        assert_eq!(amount(Unit::Days, 1.04), "1 day");
        assert_eq!(amount(Unit::AWeek, 2.0), "2 a week");
        assert_eq!(difference(Unit::Share, 12.0), "+12 percentage points");
        assert_eq!(difference(Unit::Days, -1.55), "\u{2212}1.6 days");
        assert_eq!(difference(Unit::AWeek, -0.04), "0 a week");
        let interval = Interval {
            low: -3.0,
            high: 27.04,
        };
        assert_eq!(
            span(Unit::Share, interval, true),
            "\u{2212}3 to +27 percentage points"
        );
        let interval = Interval {
            low: 41.0,
            high: 79.0,
        };
        assert_eq!(span(Unit::Share, interval, false), "41 % to 79 %");
        assert_eq!(span(Unit::Days, interval, false), "41 to 79 days");
    }

    #[test]
    fn a_target_says_which_way_is_better() {
        assert_eq!(target(Metric::DueKept, 80.0, false), "at least 80 %");
        assert_eq!(target(Metric::StartedToDone, 3.0, false), "at most 3 days");
        assert_eq!(
            target(Metric::DueKept, 10.0, true),
            "at least 10 percentage points higher with it than without"
        );
        assert_eq!(
            target(Metric::StartedToDone, 1.0, true),
            "at least 1 day lower with it than without"
        );
        assert_eq!(
            audience(Some("gone_since")),
            "those with gone since, against those without"
        );
    }
}
