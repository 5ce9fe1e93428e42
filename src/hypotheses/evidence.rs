//! What was measured of a hypothesis, and how sure one can be. A decision keeps it as it is here.

use serde::{Deserialize, Serialize};
use time::Date;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    model::ProgressView,
    plot,
    statistics::{self, Certainty, Estimate},
    store::Hypothesis,
    words,
};
use crate::{
    error::{Error, Result},
    insights::{
        measuring::{Period, Whom, measure},
        metric::{Measured, Metric, Unit},
    },
    people::access::Access,
    toggles::{
        self,
        model::{Arms, Toggle},
    },
    ui::{self, words::counted},
};

/// The fewest people on each side of a comparison: of one it would be that person's own numbers, and of two each would
/// know the other's.
const LEAST_PEOPLE: usize = 3;

/// What was measured over some days. Numbers are in the unit of the metric: percent, days, a number a week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// `YYYY-MM-DD`, the first day.
    pub from: String,
    /// `YYYY-MM-DD`, the last day.
    pub to: String,
    /// Everybody; or those with the toggle, and then those without.
    pub groups: Vec<Group>,
    /// People who had the toggle for some of the days, and are left out.
    pub switched: usize,
    /// There is none while there are too few observations to tell.
    pub outcome: Option<Outcome>,
}

/// Of how many something was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// How many people it is about, in a comparison.
    pub people: Option<usize>,
    pub observations: u64,
    /// What was measured of them alone. Nothing while there are too few.
    pub estimate: Option<Estimate>,
}

/// What is held against the target: the value of everybody, or the difference that a toggle makes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub estimate: Estimate,
    pub certainty: Certainty,
}

/// What there is so far. Nothing before the period has begun.
pub async fn gather(
    access: &Access,
    hypothesis: &Hypothesis,
    today: Date,
) -> Result<Option<Evidence>> {
    let period = Period {
        from: hypothesis.starts_on,
        to: hypothesis.ends_on.min(today),
    };
    if period.to < period.from {
        return Ok(None);
    }
    let metric = hypothesis.metric;
    let (measured, switched) = match &hypothesis.toggle {
        None => {
            let all = measure(access, metric, period, Whom::Everybody).await?;
            (vec![(None, all)], 0)
        }
        Some(name) => {
            let arms = arms(access, name, period).await?;
            let mut measured = Vec::with_capacity(2);
            for people in [arms.with, arms.without] {
                let count = people.len();
                let whom = Whom::People(people);
                measured.push((Some(count), measure(access, metric, period, whom).await?));
            }
            (measured, arms.switched.len())
        }
    };
    let (target, sample, seed) = (hypothesis.target, hypothesis.sample, hypothesis.id.0);
    // Drawing samples anew takes a while.
    let weighing = spawn_blocking(move || weigh(metric, target, sample, &measured, seed));
    let (groups, outcome) = weighing.await.map_err(|_| Error::internal())?;
    Ok(Some(Evidence {
        from: period.from.to_string(),
        to: period.to.to_string(),
        groups,
        switched,
        outcome,
    }))
}

/// Who had the toggle and who had it not. One that the program knows no more had nobody.
async fn arms(access: &Access, name: &str, period: Period) -> Result<Arms> {
    match name.parse::<Toggle>() {
        Ok(toggle) => toggles::actions::people_with(access, toggle, period).await,
        Err(_) => Ok(Arms::default()),
    }
}

fn weigh(
    metric: Metric,
    target: f64,
    sample: i32,
    measured: &[(Option<usize>, Measured)],
    seed: Uuid,
) -> (Vec<Group>, Option<Outcome>) {
    let needed = u64::try_from(sample).unwrap_or_default();
    let is_enough = measured.iter().all(|(people, one)| {
        observations(one) >= needed && people.is_none_or(|people| people >= LEAST_PEOPLE)
    });
    let scale = match metric.unit() {
        Unit::Share => 100.0,
        Unit::Days | Unit::AWeek => 1.0,
    };
    let groups = measured
        .iter()
        .map(|(people, one)| Group {
            people: *people,
            observations: observations(one),
            estimate: is_enough
                .then(|| estimate(one, seed))
                .flatten()
                .map(|estimate| estimate.scaled(scale)),
        })
        .collect();
    if !is_enough {
        return (groups, None);
    }
    let lower = metric.is_better_lower();
    let (estimate, target) = match measured {
        [(_, all)] => (estimate(all, seed), target),
        [(_, with), (_, without)] => {
            let towards = if lower { -target } else { target };
            (difference(with, without, seed), towards)
        }
        _ => (None, target),
    };
    let outcome = estimate.map(|estimate| {
        let estimate = estimate.scaled(scale);
        Outcome {
            estimate,
            certainty: estimate.certainty(target, lower),
        }
    });
    (groups, outcome)
}

fn observations(measured: &Measured) -> u64 {
    match measured {
        Measured::Share { of, .. } => *of,
        Measured::Values(values) => values.len() as u64,
    }
}

fn estimate(measured: &Measured, seed: Uuid) -> Option<Estimate> {
    match measured {
        Measured::Share { hits, of } => statistics::share(*hits, *of),
        Measured::Values(values) => statistics::median(values, seed),
    }
}

fn difference(with: &Measured, without: &Measured, seed: Uuid) -> Option<Estimate> {
    match (with, without) {
        (
            Measured::Share { hits, of },
            Measured::Share {
                hits: other,
                of: all,
            },
        ) => statistics::difference_of_shares((*hits, *of), (*other, *all)),
        (Measured::Values(with), Measured::Values(without)) => {
            statistics::difference_of_medians(with, without, seed)
        }
        // A metric is either the one or the other.
        _ => None,
    }
}

impl Evidence {
    /// How sure one can be, in words.
    pub fn words(&self) -> &'static str {
        match self.outcome {
            None => "Too few to tell",
            Some(outcome) => words::certainty(outcome.certainty),
        }
    }

    /// What was measured, each a sentence without its end. Of too few it is only how many there are.
    pub fn facts(&self, hypothesis: &Hypothesis) -> Vec<String> {
        let unit = hypothesis.metric.unit();
        let Some(Outcome { estimate, .. }) = self.outcome else {
            return vec![self.too_few(hypothesis.sample)];
        };
        let of_group = |group: &Group| {
            let amount = group
                .estimate
                .map(|estimate| {
                    format!(
                        "{}, 95 % interval {}",
                        words::amount(unit, estimate.value),
                        words::span(unit, estimate.wide, false)
                    )
                })
                .unwrap_or_default();
            format!(
                "{amount}, of {}",
                counted(group.observations, "observation", "observations")
            )
        };
        match self.groups.as_slice() {
            [with, without] => {
                let mut facts = vec![
                    format!(
                        "Difference: {}, 95 % interval {}",
                        words::difference(unit, estimate.value),
                        words::span(unit, estimate.wide, true)
                    ),
                    format!("With it: {}", of_group(with)),
                    format!("Without: {}", of_group(without)),
                ];
                if self.switched > 0 {
                    let are = if self.switched == 1 { "is" } else { "are" };
                    facts.push(format!(
                        "{} had it for some of the days and {are} left out",
                        counted(self.switched, "person", "people")
                    ));
                }
                facts
            }
            groups => groups
                .iter()
                .map(|group| format!("Measured: {}", of_group(group)))
                .collect(),
        }
    }

    fn too_few(&self, sample: i32) -> String {
        let lacks_people = |group: &Group| group.people.is_some_and(|people| people < LEAST_PEOPLE);
        match self.groups.as_slice() {
            [with, without] if lacks_people(with) || lacks_people(without) => format!(
                "{} with it all the while and {} without, of {LEAST_PEOPLE} people each",
                counted(with.people.unwrap_or_default(), "person", "people"),
                without.people.unwrap_or_default()
            ),
            [with, without] => format!(
                "{} with it and {} without, of {sample} observations each",
                with.observations, without.observations
            ),
            groups => {
                let count: u64 = groups.iter().map(|group| group.observations).sum();
                format!("{count} of {sample} observations")
            }
        }
    }

    /// All of it for a page that is read on a day.
    pub fn view(&self, hypothesis: &Hypothesis, today: Date) -> ProgressView {
        let today = today.to_string();
        let day = |date: &str| ui::time::day(date, &today);
        let (facts, unit) = (self.facts(hypothesis), hypothesis.metric.unit());
        let is_difference = self.groups.len() == 2;
        let plot = self.outcome.map(|outcome| {
            let target = match is_difference && hypothesis.metric.is_better_lower() {
                true => -hypothesis.target,
                false => hypothesis.target,
            };
            let described = format!(
                "{}. Target: {}",
                facts.first().cloned().unwrap_or_default(),
                hypothesis.target_in_words()
            );
            plot::interval(unit, outcome.estimate, target, is_difference, &described)
        });
        ProgressView {
            tone: match self.outcome {
                None => "badge".to_owned(),
                Some(outcome) => words::tone(outcome.certainty).to_owned(),
            },
            words: self.words().to_owned(),
            measured: match self.from == self.to {
                true => day(&self.from),
                false => format!("{} to {}", day(&self.from), day(&self.to)),
            },
            facts,
            plot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: Uuid = Uuid::from_u128(7);

    fn share(hits: u64, of: u64) -> (Option<usize>, Measured) {
        (None, Measured::Share { hits, of })
    }

    fn of_people(count: usize, hits: u64, of: u64) -> (Option<usize>, Measured) {
        (Some(count), Measured::Share { hits, of })
    }

    #[test]
    fn too_few_have_no_number() {
        let (groups, outcome) = weigh(Metric::DueKept, 80.0, 20, &[share(19, 19)], SEED);
        assert_eq!((groups[0].observations, groups[0].estimate), (19, None));
        assert_eq!(outcome, None);
        let (groups, outcome) = weigh(Metric::DueKept, 80.0, 20, &[share(20, 20)], SEED);
        assert!(groups[0].estimate.is_some());
        let certainty = outcome.unwrap().certainty;
        assert_eq!(certainty, Certainty::VeryLikelyReached);
    }

    #[test]
    fn each_of_two_groups_has_to_be_large_enough() {
        for measured in [
            [of_people(5, 30, 40), of_people(4, 9, 19)],
            [of_people(2, 30, 40), of_people(4, 9, 20)],
        ] {
            let (groups, outcome) = weigh(Metric::DueKept, 10.0, 20, &measured, SEED);
            assert!(groups.iter().all(|group| group.estimate.is_none()));
            assert_eq!(outcome, None);
        }
        let measured = [of_people(3, 30, 40), of_people(3, 9, 20)];
        let (_, outcome) = weigh(Metric::DueKept, 10.0, 20, &measured, SEED);
        assert_eq!(outcome.unwrap().estimate.value, 30.0);
    }

    #[test]
    fn a_difference_is_held_against_the_target_in_the_better_direction() {
        let slow: Vec<f64> = (0..30).map(|n| 8.0 + f64::from(n) / 30.0).collect();
        let fast: Vec<f64> = slow.iter().map(|days| days - 4.0).collect();
        let (slow, fast) = (Measured::Values(slow), Measured::Values(fast));
        let metric = Metric::StartedToDone;
        let certainty = |with: &Measured, without: &Measured, target| {
            let measured = [with, without].map(|group| (Some(3), group.clone()));
            let (_, outcome) = weigh(metric, target, 20, &measured, SEED);
            outcome.unwrap().certainty
        };
        assert_eq!(certainty(&fast, &slow, 3.0), Certainty::VeryLikelyReached);
        assert_eq!(certainty(&fast, &slow, 5.0), Certainty::VeryLikelyMissed);
        assert_eq!(certainty(&slow, &fast, 3.0), Certainty::VeryLikelyMissed);
    }
}
