//! A hypothesis as an owner writes it down.

use super::model::{FEWEST, LONGEST_PART};
use crate::{
    error::{Error, Result},
    insights::{
        measuring::Period,
        metric::{Metric, Unit},
    },
    toggles::model::Toggle,
    ui::{date, text},
};

/// What stands in the field `audience` for all people of the team.
pub const EVERYBODY: &str = "everybody";

/// The most observations that can be asked for.
const MOST_ASKED: i32 = 100_000;

/// A period lasts up to a year: what is counted is kept for little more.
const LONGEST: i64 = 366;

/// What was typed into the form.
pub struct Typed<'a> {
    pub if_we: &'a str,
    pub then_it: &'a str,
    pub because: &'a str,
    pub metric: &'a str,
    pub target: &'a str,
    pub starts_on: &'a str,
    pub ends_on: &'a str,
    pub audience: &'a str,
    pub sample: &'a str,
}

/// A hypothesis that can be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub if_we: String,
    pub then_it: String,
    pub because: String,
    pub metric: Metric,
    /// In percent, days or a number a week, as the metric has it.
    pub target: f64,
    pub period: Period,
    /// With it, those who have it are compared with those who have it not.
    pub toggle: Option<Toggle>,
    pub sample: i32,
}

impl Draft {
    /// Reads a hypothesis.
    ///
    /// # Errors
    /// A field error on what cannot be taken.
    pub fn parse(typed: &Typed<'_>) -> Result<Self> {
        let metric: Metric = typed.metric.parse()?;
        let draft = Self {
            if_we: part("if_we", typed.if_we)?,
            then_it: part("then_it", typed.then_it)?,
            because: part("because", typed.because)?,
            metric,
            target: target(metric.unit(), typed.target)?,
            period: Period {
                from: date::parse("starts_on", typed.starts_on)?,
                to: date::parse("ends_on", typed.ends_on)?,
            },
            toggle: toggle(typed.audience)?,
            sample: sample(typed.sample)?,
        };
        if draft.period.to < draft.period.from {
            return Err(Error::field("ends_on", "The last day is before the first."));
        }
        if draft.period.days() > LONGEST {
            return Err(Error::field("ends_on", "A period has up to a year."));
        }
        if draft.toggle.is_some() && !metric.is_by_person() {
            return Err(Error::field(
                "audience",
                "This metric is counted without whose it was, so nobody can be compared. Choose everybody.",
            ));
        }
        Ok(draft)
    }
}

/// A part of the statement, without the full stop that the sentence has anyway.
fn part(field: &str, text: &str) -> Result<String> {
    text::line(field, text.trim().trim_end_matches('.'), LONGEST_PART)
}

fn target(unit: Unit, text: &str) -> Result<f64> {
    let (most, words) = match unit {
        Unit::Share => (
            100.0,
            "The target is a number of percent from 0 to 100, such as 62.5, with one decimal at most.",
        ),
        Unit::Days => (
            3650.0,
            "The target is a number of days from 0 to 3650, such as 2.5, with one decimal at most.",
        ),
        Unit::AWeek => (
            10_000.0,
            "The target is a number a week from 0 to 10000, such as 2.5, with one decimal at most.",
        ),
    };
    let text = text.trim().trim_end_matches('%').trim_end();
    // More decimals than pages show would be a target that nobody can read.
    let is_plain = text.len() <= 12
        && text.chars().all(|c| c.is_ascii_digit() || c == '.')
        && text
            .split_once('.')
            .is_none_or(|(_, decimals)| decimals.len() <= 1);
    text.parse::<f64>()
        .ok()
        .filter(|number| is_plain && (0.0..=most).contains(number))
        .ok_or_else(|| Error::field("target", words))
}

fn toggle(audience: &str) -> Result<Option<Toggle>> {
    if audience == EVERYBODY {
        return Ok(None);
    }
    let toggle = audience.parse();
    toggle
        .map(Some)
        .map_err(|_| Error::field("audience", "Choose whom it is about out of the list."))
}

fn sample(text: &str) -> Result<i32> {
    text.trim()
        .parse()
        .ok()
        .filter(|count| (FEWEST..=MOST_ASKED).contains(count))
        .ok_or_else(|| {
            Error::field(
                "sample",
                format!("This is a number of observations from {FEWEST} to {MOST_ASKED}."),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Typed<'_> = Typed {
        if_we: "let people drag cards.",
        then_it: "tasks are done sooner",
        because: "moving is one gesture",
        metric: "started_to_done",
        target: "1.5",
        starts_on: "2026-11-01",
        ends_on: "2026-11-28",
        audience: EVERYBODY,
        sample: "20",
    };

    #[track_caller]
    fn assert_refused(field: &str, typed: &Typed<'_>) {
        let refused = Draft::parse(typed).expect_err("a refusal");
        assert!(refused.on(field).is_some(), "{field}: {refused:?}");
    }

    #[test]
    fn a_hypothesis_is_read_field_by_field() {
        let draft = Draft::parse(&GOOD).unwrap();
        assert_eq!(draft.if_we, "let people drag cards");
        assert_eq!((draft.target, draft.sample), (1.5, 20));
        assert_eq!((draft.period.days(), draft.toggle), (28, None));
        assert_refused(
            "if_we",
            &Typed {
                if_we: " ... ",
                ..GOOD
            },
        );
        let long = "x".repeat(201);
        assert_refused(
            "because",
            &Typed {
                because: &long,
                ..GOOD
            },
        );
        assert_refused(
            "metric",
            &Typed {
                metric: "velocity",
                ..GOOD
            },
        );
        for sample in ["5", "100001", "many", ""] {
            assert_refused("sample", &Typed { sample, ..GOOD });
        }
        assert_refused(
            "audience",
            &Typed {
                audience: "the_young",
                ..GOOD
            },
        );
    }

    #[test]
    fn a_target_is_a_number_of_its_unit() {
        for target in [
            "-1",
            "NaN",
            "inf",
            "1e3",
            "1,000",
            "",
            "4000",
            "0000000000001",
            "0.05",
            "1.2.3",
        ] {
            assert_refused("target", &Typed { target, ..GOOD });
        }
        let share = Typed {
            metric: "due_kept",
            ..GOOD
        };
        assert_refused(
            "target",
            &Typed {
                target: "101",
                ..share
            },
        );
        let share = Typed {
            metric: "due_kept",
            target: " 62.5 % ",
            ..GOOD
        };
        assert_eq!(Draft::parse(&share).unwrap().target, 62.5);
    }

    #[test]
    fn a_period_has_an_end_within_a_year() {
        assert_refused(
            "ends_on",
            &Typed {
                ends_on: "2026-10-31",
                ..GOOD
            },
        );
        assert_refused(
            "ends_on",
            &Typed {
                ends_on: "2027-11-02",
                ..GOOD
            },
        );
        assert_refused(
            "ends_on",
            &Typed {
                ends_on: "300000-01-01",
                ..GOOD
            },
        );
        assert_refused(
            "starts_on",
            &Typed {
                starts_on: "yesterday",
                ..GOOD
            },
        );
        let year = Typed {
            ends_on: "2027-11-01",
            ..GOOD
        };
        assert_eq!(Draft::parse(&year).unwrap().period.days(), 366);
    }

    #[test]
    fn what_is_counted_without_a_person_cannot_be_compared() {
        let toggle = Toggle::ALL[0].as_str();
        let by_person = Typed {
            audience: toggle,
            ..GOOD
        };
        assert_eq!(
            Draft::parse(&by_person).unwrap().toggle,
            Some(Toggle::ALL[0])
        );
        let by_nobody = Typed {
            metric: "answered_fast",
            target: "90",
            audience: toggle,
            ..GOOD
        };
        assert_refused("audience", &by_nobody);
    }
}
