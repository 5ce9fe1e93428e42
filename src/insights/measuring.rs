//! One number of the list over a period, with everything that an interval around it is made from.

use std::collections::{BTreeMap, BTreeSet};

use time::{Date, Duration};
use uuid::Uuid;

pub use super::period::{Period, Whom};
use super::{
    metric::{Measured, Metric},
    period::monday,
    store::{
        activity::{self, ActiveDay, Joined},
        answers,
        counts::{self, DayCount},
        due::{self, DueDate},
        flow::{self, TaskRow},
    },
};
use crate::{error::Result, people::access::Access};

/// Measures a metric over a period: of everybody, or of what some people did and the tasks that they hold. What
/// is counted without whose it was (`Metric::is_by_person`) is everybody's.
///
/// # Errors
/// Only those of the database.
pub async fn measure(
    access: &Access,
    metric: Metric,
    period: Period,
    whom: Whom,
) -> Result<Measured> {
    let (db, team, ids) = (access.db(), access.team(), whom.ids());
    let whom = ids.as_deref();
    Ok(match metric {
        Metric::Activated => activated(&activity::joined(db, team, period, whom).await?),
        Metric::FirstClaim => first_claim(&activity::joined(db, team, period, whom).await?),
        Metric::Returning => returning(
            &activity::active_days(db, team, period, whom).await?,
            period,
        ),
        Metric::Finished => finished(&flow::tasks(db, team, period, whom).await?),
        Metric::CreatedToStarted => {
            let tasks = flow::tasks(db, team, period, whom).await?;
            Measured::Values(tasks.iter().filter_map(|task| task.to_start).collect())
        }
        Metric::StartedToDone => {
            let tasks = flow::tasks(db, team, period, whom).await?;
            Measured::Values(tasks.iter().filter_map(|task| task.to_done).collect())
        }
        Metric::CreatedToDone => {
            let tasks = flow::tasks(db, team, period, whom).await?;
            Measured::Values(tasks.iter().filter_map(|task| task.whole).collect())
        }
        Metric::FinishedByPerson => {
            finished_by_person(&flow::tasks(db, team, period, whom).await?, period)
        }
        Metric::ChangesByPerson => {
            let changes = activity::changes_by_person(db, team, period, whom).await?;
            let a_week = |count: &i64| *count as f64 / period.weeks();
            Measured::Values(changes.iter().map(a_week).collect())
        }
        Metric::DueKept => due_kept(&due::dates(db, team, period, whom).await?),
        Metric::RisksRescued => rescued(&due::dates(db, team, period, whom).await?),
        Metric::ClaimsRefused => claims_refused(&counts::by_day(db, team, period, whom).await?),
        Metric::WarningsTaken => warnings_taken(&counts::by_day(db, team, period, whom).await?),
        Metric::AnsweredWithoutError => {
            let days = answers::by_day(db, team, period).await?;
            share(
                days.iter().map(|day| day.answers - day.errors).sum(),
                days.iter().map(|day| day.answers).sum(),
            )
        }
        Metric::AnsweredFast => {
            let days = answers::by_day(db, team, period).await?;
            share(
                days.iter().map(|day| day.fast).sum(),
                days.iter().map(|day| day.answers).sum(),
            )
        }
    })
}

/// Of those who may do something and whose 24 hours are over: who did something to a task in them.
pub fn activated(joined: &[Joined]) -> Measured {
    among(joined, |person| {
        (person.may_write && person.is_day_over).then_some(person.touched)
    })
}

/// Of those who may do something and whose 7 days are over: who claimed a task in them.
pub fn first_claim(joined: &[Joined]) -> Measured {
    among(joined, |person| {
        (person.may_write && person.is_week_over).then_some(person.claimed)
    })
}

/// Of the people who changed something in a week, week by week: who did so in the week after it. Both weeks lie
/// in the period as a whole.
pub fn returning(days: &[ActiveDay], period: Period) -> Measured {
    let by_week = people_by_week(days);
    let none = BTreeSet::new();
    let is_whole = |monday: Date| {
        monday >= period.from && monday.saturating_add(Duration::days(6)) <= period.to
    };
    let (mut hits, mut of) = (0, 0);
    for (week, people) in &by_week {
        let next = week.saturating_add(Duration::days(7));
        if is_whole(*week) && is_whole(next) {
            let after = by_week.get(&next).unwrap_or(&none);
            of += people.len() as i64;
            hits += people.intersection(after).count() as i64;
        }
    }
    share(hits, of)
}

/// Who changed something in which week, by its Monday.
pub fn people_by_week(days: &[ActiveDay]) -> BTreeMap<Date, BTreeSet<Uuid>> {
    let mut weeks: BTreeMap<Date, BTreeSet<Uuid>> = BTreeMap::new();
    for active in days {
        weeks
            .entry(monday(active.day))
            .or_default()
            .insert(active.person);
    }
    weeks
}

/// Of the tasks that were created in the period: those that were finished at its end.
pub fn finished(tasks: &[TaskRow]) -> Measured {
    among(tasks, |task| {
        task.created_on.map(|_| task.finished_on.is_some())
    })
}

fn finished_by_person(tasks: &[TaskRow], period: Period) -> Measured {
    let mut by_person: BTreeMap<Uuid, u32> = BTreeMap::new();
    for task in tasks.iter().filter(|task| task.finished_on.is_some()) {
        if let Some(holder) = task.holder {
            *by_person.entry(holder).or_default() += 1;
        }
    }
    let a_week = |count: &u32| f64::from(*count) / period.weeks();
    Measured::Values(by_person.values().map(a_week).collect())
}

/// Of the due dates that have come: those that were kept.
pub fn due_kept(dates: &[DueDate]) -> Measured {
    among(dates, |date| Some(date.is_kept))
}

/// Of the due dates that have come and were at risk: those that were kept all the same.
pub fn rescued(dates: &[DueDate]) -> Measured {
    among(dates, |date| date.was_at_risk.then_some(date.is_kept))
}

/// Of the claims that were tried: those that were refused because somebody had the task.
pub fn claims_refused(counts: &[DayCount]) -> Measured {
    let refused = total(counts, "claim.refused");
    share(refused, refused + total(counts, "claim.taken"))
}

/// Of the warnings that were shown: those that were taken.
pub fn warnings_taken(counts: &[DayCount]) -> Measured {
    let shown = total(counts, "similar.shown");
    share(total(counts, "similar.taken").min(shown), shown)
}

/// How often something happened in the whole period.
pub fn total(counts: &[DayCount], kind: &str) -> i64 {
    counts
        .iter()
        .filter(|count| count.kind == kind)
        .map(|count| count.count)
        .sum()
}

/// Of those of whom it is known: how many it is true of.
fn among<T>(all: &[T], known: impl Fn(&T) -> Option<bool>) -> Measured {
    let known: Vec<bool> = all.iter().filter_map(known).collect();
    let hits = known.iter().filter(|is_so| **is_so).count();
    share(hits as i64, known.len() as i64)
}

fn share(hits: i64, of: i64) -> Measured {
    Measured::Share {
        hits: hits.unsigned_abs(),
        of: of.unsigned_abs(),
    }
}
