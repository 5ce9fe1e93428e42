//! No work done twice, no deadline missed in silence, and who is on what in one look: as counts.

use time::Date;

use super::figure;
use crate::{
    error::Result,
    insights::{
        measuring::{claims_refused, rescued, total, warnings_taken},
        metric::Measured,
        model::{FigureGroup, FigureView},
        period::{Parts, Period},
        store::{
            counts::{self, DayCount},
            due::{self, DueDate},
        },
    },
    people::access::Access,
    ui::words::counted,
};

pub async fn groups(
    access: &Access,
    period: Period,
    dates: &[DueDate],
) -> Result<Vec<FigureGroup>> {
    let (db, team) = (access.db(), access.team());
    let counts = counts::by_day(db, team, period, None).await?;
    let seen = due::risks(db, team, period).await?;
    Ok(vec![
        FigureGroup {
            title: "Who is on what, in one look".to_owned(),
            figures: vec![now_opened(&counts, period)],
        },
        FigureGroup {
            title: "No work done twice".to_owned(),
            figures: vec![
                refused(&counts, period),
                warnings(&counts, period),
                conflicts(&counts, period),
            ],
        },
        FigureGroup {
            title: "No deadline missed in silence".to_owned(),
            figures: vec![risks(dates, seen, period)],
        },
    ])
}

/// How often something happened in each part of a period.
fn over_time(counts: &[DayCount], kind: &str, parts: &Parts) -> Vec<i64> {
    let mut sums = vec![0; parts.begins().len()];
    for count in counts.iter().filter(|count| count.kind == kind) {
        if let Some(sum) = parts.part_of(count.day).and_then(|part| sums.get_mut(part)) {
            *sum += count.count;
        }
    }
    sums
}

fn now_opened(counts: &[DayCount], period: Period) -> FigureView {
    let figure = figure(
        "now-opened",
        "The Now page",
        "How often somebody opened it. Who that was is not written down; what the page reads by itself, displays and programs are not counted.",
    );
    let opened = total(counts, "now.opened");
    if opened == 0 {
        return figure.without("The Now page is the first of the team.");
    }
    let parts = period.parts();
    let sums = over_time(counts, "now.opened", &parts);
    let days: i64 = counts
        .iter()
        .filter(|count| count.kind == "now.opened")
        .count() as i64;
    figure
        .with(opened.to_string(), "times opened")
        .with(
            days.to_string(),
            format!(
                "of {} on which it was",
                counted(period.days(), "day", "days")
            ),
        )
        .with_bars(
            "How often the Now page was opened, over the period.",
            "times",
            &parts,
            &[("Opened", &sums)],
        )
}

fn refused(counts: &[DayCount], period: Period) -> FigureView {
    let figure = figure(
        "claims",
        "Claims refused",
        "Of the claims that were tried: how many were refused because somebody had the task already. Each is work that was not begun twice.",
    );
    let share = claims_refused(counts);
    if matches!(share, Measured::Share { of: 0, .. }) {
        return figure.without("Claim a task on a board.");
    }
    let parts = period.parts();
    let (taken, refused) = (
        over_time(counts, "claim.taken", &parts),
        over_time(counts, "claim.refused", &parts),
    );
    figure
        .with_share(&share, "claims were refused")
        .with_stacked_bars(
            "Claims taken and refused, over the period.",
            "claims",
            &parts,
            &[("Taken", &taken), ("Refused", &refused)],
        )
}

fn warnings(counts: &[DayCount], period: Period) -> FigureView {
    let figure = figure(
        "warnings",
        "Similar-task warnings",
        "Of the times that similar tasks were shown below a title: how often one of them was opened instead (taken), and how often the title was kept (ignored). The rest was left without either.",
    );
    let share = warnings_taken(counts);
    if matches!(share, Measured::Share { of: 0, .. }) {
        return figure.without(
            "They are shown while somebody types the title of a task that may be there already.",
        );
    }
    let parts = period.parts();
    let of = |kind| over_time(counts, kind, &parts);
    let (shown, taken, ignored) = (
        of("similar.shown"),
        of("similar.taken"),
        of("similar.ignored"),
    );
    figure
        .with_share(&share, "warnings were taken")
        .with(total(counts, "similar.ignored").to_string(), "were ignored")
        .with_bars(
            "Warnings shown, taken and ignored, over the period.",
            "warnings",
            &parts,
            &[("Shown", &shown), ("Taken", &taken), ("Ignored", &ignored)],
        )
}

fn conflicts(counts: &[DayCount], period: Period) -> FigureView {
    let figure = figure(
        "conflicts",
        "Conflicts caught",
        "How often somebody was about to overwrite what somebody else had changed meanwhile, and was shown both.",
    );
    let caught = total(counts, "conflict.caught");
    if caught == 0 {
        return figure.without("It takes two people who change the same field of a task at once.");
    }
    let parts = period.parts();
    let sums = over_time(counts, "conflict.caught", &parts);
    figure
        .with(caught.to_string(), "conflicts, and nothing lost")
        .with_bars(
            "Conflicts caught, over the period.",
            "conflicts",
            &parts,
            &[("Caught", &sums)],
        )
}

fn risks(dates: &[DueDate], seen: i64, period: Period) -> FigureView {
    let figure = figure(
        "risks",
        "Tasks at risk",
        "Of the tasks that were seen at risk and whose due date came: how many were done as its day ended (rescued), and how many were not (missed). Whether a task is at risk is looked at every hour.",
    );
    if seen == 0 {
        return figure.without("A task is at risk when its date is near and it is not started, or when it is left alone for too long.");
    }
    let share = rescued(dates);
    let parts = period.parts();
    let of = |is_kept: bool| {
        let days: Vec<Date> = dates
            .iter()
            .filter(|date| date.was_at_risk && date.is_kept == is_kept)
            .map(|date| date.due_on)
            .collect();
        parts.count(days.into_iter())
    };
    let (saved, missed) = (of(true), of(false));
    let came: i64 = saved.iter().chain(&missed).sum();
    figure
        .with_share(&share, "tasks at risk were rescued")
        .with(
            (seen - came).max(0).to_string(),
            "had their date moved before it came",
        )
        .with_stacked_bars(
            "Tasks at risk that were rescued and missed, by their due date.",
            "tasks",
            &parts,
            &[("Rescued", &saved), ("Missed", &missed)],
        )
}
