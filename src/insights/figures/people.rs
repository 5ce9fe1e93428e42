//! Who joined, what their first steps were, and who is active.

use std::collections::{BTreeMap, BTreeSet};

use time::{Date, Duration};
use uuid::Uuid;

use super::{dated, figure, floats, labels, rows};
use crate::{
    error::Result,
    insights::{
        measuring::{activated, first_claim, people_by_week, returning},
        metric::Measured,
        model::{FigureGroup, FigureView},
        period::{Parts, Period, monday},
        plots::{Cohort as Row, Series, cohorts, lines},
        store::activity::{self, ActiveDay, Joined},
    },
    people::access::Access,
    ui::{time::duration, words::counted},
};

/// More cohorts, and more weeks of one, are not shown.
const MOST_COHORTS: usize = 12;

pub async fn group(access: &Access, period: Period) -> Result<FigureGroup> {
    let (db, team) = (access.db(), access.team());
    let joined = activity::joined(db, team, period, None).await?;
    let teammate = activity::first_teammate(db, team).await?;
    let active = activity::active_days(db, team, period, None).await?;
    Ok(FigureGroup {
        title: "People".to_owned(),
        figures: vec![
            sign_ups(&joined, period),
            first_steps(&joined, teammate),
            active_by_week(&active, period),
            active_by_day(&active, period),
            came_back(&joined, &active, period),
        ],
    })
}

fn sign_ups(joined: &[Joined], period: Period) -> FigureView {
    let figure = figure(
        "sign-ups",
        "Sign-ups",
        "People who joined the team, whatever became of them; by the last time for those who came back.",
    );
    if joined.is_empty() {
        return figure.without("Invite somebody on the page People.");
    }
    let parts = period.parts();
    let counts = parts.count(joined.iter().map(|person| person.on));
    figure
        .with(
            joined.len().to_string(),
            if joined.len() == 1 {
                "person joined"
            } else {
                "people joined"
            },
        )
        .with_bars(
            "People who joined, over the period.",
            "people",
            &parts,
            &[("Joined", &counts)],
        )
}

fn first_steps(joined: &[Joined], teammate: Option<i64>) -> FigureView {
    let figure = figure(
        "first-steps",
        "First steps",
        "Of the people who joined and may change something: who did so with a task within 24 hours, and who claimed one within 7 days. Only those whose time is over are counted.",
    );
    let (touched, claimed) = (activated(joined), first_claim(joined));
    let figure = match teammate {
        Some(seconds) => figure.with(
            duration(seconds),
            "from the founding of the team to its first teammate, whenever that was",
        ),
        None => figure.with("–", "no teammate yet: invite one on the page People"),
    };
    let steps = [
        ("did something to a task within 24 hours", &touched),
        ("claimed a task within 7 days", &claimed),
    ];
    let mut figure = figure;
    let mut rows = Vec::new();
    for (words, measured) in steps {
        let Measured::Share { hits, of } = measured else {
            continue;
        };
        figure = figure.with_share(measured, &format!("new people {words}"));
        rows.push(vec![words.to_owned(), hits.to_string(), of.to_string()]);
    }
    figure.tabled(&["First step", "Took it", "Of"], &rows)
}

fn active_by_week(active: &[ActiveDay], period: Period) -> FigureView {
    let figure = figure(
        "active-by-week",
        "Active people by week",
        "People who changed anything in a week that begins on Monday, comments included.",
    );
    if active.is_empty() {
        return figure.without("Whoever adds, moves or comments on a task is active.");
    }
    let weeks = Parts::Weeks(period.mondays());
    let by_week = people_by_week(active);
    let counts: Vec<i64> = weeks
        .begins()
        .iter()
        .map(|week| by_week.get(week).map_or(0, |people| people.len() as i64))
        .collect();
    let everybody: BTreeSet<Uuid> = active.iter().map(|active| active.person).collect();
    figure
        .with(everybody.len().to_string(), "active in the whole period")
        .with(
            counts.last().copied().unwrap_or_default().to_string(),
            "in its last week, as far as it is in the period",
        )
        .with_bars(
            "People who were active in each week of the period.",
            "people",
            &weeks,
            &[("Active", &counts)],
        )
}

fn active_by_day(active: &[ActiveDay], period: Period) -> FigureView {
    let figure = figure(
        "active-by-day",
        "Active people by day",
        "People who changed anything on a day, comments included.",
    );
    if active.is_empty() {
        return figure.without("Whoever adds, moves or comments on a task is active.");
    }
    let days = Parts::Days(period.every_day());
    let counts = days.count(active.iter().map(|active| active.day));
    let most = counts.iter().copied().max().unwrap_or_default();
    let with_any = counts.iter().filter(|count| **count > 0).count() as i64;
    let series = [Series {
        name: "active",
        values: floats(&counts),
    }];
    let frame = figure.frame(
        "People who were active on each day of the period.",
        "people",
    );
    let plot = lines(frame, &labels(days.begins()), &series, None);
    figure
        .with(most.to_string(), "on the busiest day")
        .with(
            with_any.to_string(),
            format!(
                "of {} with anybody active",
                counted(period.days(), "day", "days")
            ),
        )
        .plotted(plot)
        .tabled(&[days.word(), "Active"], &rows(&days, &[&counts]))
}

fn came_back(joined: &[Joined], active: &[ActiveDay], period: Period) -> FigureView {
    let figure = figure(
        "came-back",
        "Coming back",
        "Of the people who were active in a week: who was so in the week after it, over all whole weeks. The rows are those who joined in a week, and how many percent of them were active in each week since.",
    );
    let back = returning(active, period);
    let cohorts_of = cohorts_by_week(joined, active, period);
    let is_known = matches!(&back, Measured::Share { of, .. } if *of > 0);
    if !is_known && cohorts_of.is_empty() {
        return figure.without("It takes two whole weeks in which somebody does something.");
    }
    let figure = figure.with_share(&back, "active people came back in the week after");
    if cohorts_of.is_empty() {
        return figure;
    }
    let begins: Vec<Date> = cohorts_of.iter().map(|cohort| cohort.begin).collect();
    let frame = figure.frame(
        "Of those who joined in a week, how many percent were active so many weeks later.",
        "",
    );
    let rows: Vec<Row> = labels(&begins)
        .into_iter()
        .zip(&cohorts_of)
        .map(|(label, cohort)| Row {
            label,
            size: cohort.size,
            active: cohort.active.clone(),
        })
        .collect();
    let plot = cohorts(frame, &rows);
    let table: Vec<Vec<String>> = cohorts_of
        .iter()
        .flat_map(|cohort| {
            cohort.active.iter().enumerate().map(|(week, active)| {
                vec![
                    dated(cohort.begin),
                    week.to_string(),
                    active.to_string(),
                    cohort.size.to_string(),
                ]
            })
        })
        .collect();
    figure.plotted(plot).tabled(
        &["Joined in the week from", "Weeks later", "Active", "Of"],
        &table,
    )
}

/// Whoever joined in a week, and how many of them were active in each week since.
struct Cohort {
    begin: Date,
    size: i64,
    active: Vec<i64>,
}

/// Whoever joined in each week, the latest weeks that anybody did.
fn cohorts_by_week(joined: &[Joined], active: &[ActiveDay], period: Period) -> Vec<Cohort> {
    let by_week = people_by_week(active);
    let mut cohorts: BTreeMap<Date, BTreeSet<Uuid>> = BTreeMap::new();
    for person in joined {
        cohorts
            .entry(monday(person.on))
            .or_default()
            .insert(person.person);
    }
    let none = BTreeSet::new();
    let skipped = cohorts.len().saturating_sub(MOST_COHORTS);
    cohorts
        .into_iter()
        .skip(skipped)
        .map(|(begin, people)| {
            let weeks = (0..MOST_COHORTS as i64)
                .map(|week| begin.saturating_add(Duration::weeks(week)))
                .take_while(|week| *week <= period.to);
            Cohort {
                begin,
                size: people.len() as i64,
                active: weeks
                    .map(|week| {
                        let active = by_week.get(&week).unwrap_or(&none);
                        people.intersection(active).count() as i64
                    })
                    .collect(),
            }
        })
        .collect()
}
