//! What came of tasks: how many, how fast, how many at once, and whether in time.

use time::Date;

use super::{dated, figure, floats, labels, rows};
use crate::{
    error::Result,
    insights::{
        measuring::{due_kept, finished},
        metric::Measured,
        model::{FigureGroup, FigureView},
        period::{Parts, Period},
        plots::{Series, areas, number, scatter},
        store::{
            due::DueDate,
            flow::{self, DayEnd, Middle, TaskRow},
        },
    },
    people::access::Access,
    ui::words::counted,
};

/// More points would not be seen apart. The latest are shown.
const MOST_POINTS: usize = 400;

/// All of it but the due dates.
pub async fn group(access: &Access, period: Period) -> Result<FigureGroup> {
    let (db, team) = (access.db(), access.team());
    let tasks = flow::tasks(db, team, period, None).await?;
    let days = flow::day_ends(db, team, period).await?;
    let mut middles = Vec::new();
    for values in [
        times(&tasks, |task| task.to_start),
        times(&tasks, |task| task.to_done),
        times(&tasks, |task| task.whole),
    ] {
        middles.push((values.len(), flow::middle(db, &values).await?));
    }
    Ok(FigureGroup {
        title: "Tasks".to_owned(),
        figures: vec![
            created_and_finished(&tasks, period),
            finished_of_created(&tasks, period),
            how_long(&tasks, &middles, period),
            in_progress(&days),
        ],
    })
}

fn times(tasks: &[TaskRow], time: impl Fn(&TaskRow) -> Option<f64>) -> Vec<f64> {
    tasks.iter().filter_map(time).collect()
}

fn created_and_finished(tasks: &[TaskRow], period: Period) -> FigureView {
    let figure = figure(
        "created-and-finished",
        "Tasks created and finished",
        "Tasks that were created, and tasks that came into a done column and stayed there until the end of the period. Deleted tasks are left out; imported ones are not created.",
    );
    let created = tasks.iter().filter_map(|task| task.created_on);
    let finished = tasks.iter().filter_map(|task| task.finished_on);
    if tasks
        .iter()
        .all(|task| task.created_on.is_none() && task.finished_on.is_none())
    {
        return figure.without("Add a task to a board.");
    }
    let parts = period.parts();
    let (created, finished) = (parts.count(created), parts.count(finished));
    figure
        .with(created.iter().sum::<i64>().to_string(), "created")
        .with(finished.iter().sum::<i64>().to_string(), "finished")
        .with_bars(
            "Tasks created and finished, over the period.",
            "tasks",
            &parts,
            &[("Created", &created), ("Finished", &finished)],
        )
}

fn finished_of_created(tasks: &[TaskRow], period: Period) -> FigureView {
    let figure = figure(
        "completion",
        "Finished of those created",
        "Of the tasks created in the period: how many were done at its end. The bars are by when they were created.",
    );
    let share = finished(tasks);
    if !has_any(&share) {
        return figure.without("Add a task to a board.");
    }
    let parts = period.parts();
    let created_by = |is_done: bool| {
        let days = tasks
            .iter()
            .filter(|task| task.finished_on.is_some() == is_done)
            .filter_map(|task| task.created_on);
        parts.count(days)
    };
    let (done, open) = (created_by(true), created_by(false));
    figure
        .with_share(&share, "tasks created in the period are finished")
        .with_stacked_bars(
            "Tasks by when they were created, and whether they were finished.",
            "tasks",
            &parts,
            &[("Finished", &done), ("Not yet", &open)],
        )
}

/// Median and 85th percentile of the three spans, and a point for each finished task.
fn how_long(tasks: &[TaskRow], middles: &[(usize, Option<Middle>)], period: Period) -> FigureView {
    let mut figure = figure(
        "how-long",
        "How long tasks take",
        "From its creation to its start, the last time that it left To do, of tasks started in the period; to its end, of tasks finished in it. What was written down when it was done already, and what was imported, is left out. A point is a task: when it was finished, and the days since its start.",
    );
    let spans = [
        "from created to started",
        "from started to done",
        "from created to done",
    ];
    let mut known = Vec::new();
    for (words, (count, middle)) in spans.into_iter().zip(middles) {
        if let Some(Middle { median, p85 }) = middle {
            figure = figure.with(
                days(*median),
                format!(
                    "{words}: half of {} were faster; 85 % took at most {}",
                    counted(count, "task", "tasks"),
                    days(*p85)
                ),
            );
            known.push(vec![
                words.to_owned(),
                format!("{median:.2}"),
                format!("{p85:.2}"),
                count.to_string(),
            ]);
        }
    }
    if known.is_empty() {
        return figure.without("Start a task and finish it.");
    }
    let points: Vec<(Date, f64)> = tasks
        .iter()
        .filter_map(|task| task.finished_on.zip(task.to_done))
        .collect();
    let shown = points
        .get(points.len().saturating_sub(MOST_POINTS)..)
        .unwrap_or_default();
    let which = match points.len() {
        count if count > MOST_POINTS => {
            let which = format!("The latest {MOST_POINTS} of {count} finished tasks");
            figure.counts = format!("{} {which} are shown.", figure.counts);
            which
        }
        _ => "Each finished task".to_owned(),
    };
    if let Some(Middle { median, p85 }) = middles.get(1).and_then(|(_, middle)| *middle) {
        let last = period.days().max(2) - 1;
        let placed: Vec<(f64, f64)> = shown
            .iter()
            .map(|(day, took)| {
                let since = (*day - period.from).whole_days();
                (since as f64 / last as f64, *took)
            })
            .collect();
        let ends = labels(&[period.from, period.to]);
        let (first, last) = (ends.first(), ends.last());
        let about = format!(
            "{which} by day and by the days since the start, with the median and the 85th percentile."
        );
        let frame = figure.frame(&about, "days from started to done");
        let plot = scatter(
            frame,
            [
                first.map(String::as_str).unwrap_or_default(),
                last.map(String::as_str).unwrap_or_default(),
            ],
            &placed,
            &[
                (
                    &format!("median {}", counted(number(median), "day", "days")),
                    median,
                ),
                (
                    &format!("85 % within {}", counted(number(p85), "day", "days")),
                    p85,
                ),
            ],
        );
        figure = figure.plotted(plot);
    }
    let mut table = known;
    table.extend(shown.iter().map(|(day, took)| {
        vec![
            format!("finished {}", dated(*day)),
            format!("{took:.2}"),
            String::new(),
            "1".to_owned(),
        ]
    }));
    figure.tabled(&["Days", "Median", "85th percentile", "Tasks"], &table)
}

/// A span in the unit that people count in: `5 hours`, `2.3 days`.
fn days(days: f64) -> String {
    let hours = (days * 24.0).round();
    match hours {
        hours if hours < 1.0 => "less than an hour".to_owned(),
        hours if hours < 36.0 => counted(hours as i64, "hour", "hours"),
        _ => format!("{} days", number(days)),
    }
}

fn in_progress(days: &[DayEnd]) -> FigureView {
    let figure = figure(
        "work-in-progress",
        "Work in progress",
        "Where the tasks were at the end of each day; the finished ones are those since the period began. Deleted tasks and archived boards are left out with all their past.",
    );
    let Some(last) = days.last() else {
        return figure.without("The period has not begun.");
    };
    if days
        .iter()
        .all(|day| day.todo + day.doing == 0 && day.done == 0)
    {
        return figure.without("Add a task to a board.");
    }
    let of = |count: fn(&DayEnd) -> i64| -> Vec<i64> { days.iter().map(count).collect() };
    let (done, doing, todo) = (of(|day| day.done), of(|day| day.doing), of(|day| day.todo));
    let series = [
        Series {
            name: "finished",
            values: floats(&done),
        },
        Series {
            name: "in progress",
            values: floats(&doing),
        },
        Series {
            name: "to do",
            values: floats(&todo),
        },
    ];
    let begins: Vec<Date> = days.iter().map(|day| day.day).collect();
    let frame = figure.frame(
        "Tasks finished since the period began, in progress and to do, at the end of each day, on top of each other.",
        "tasks",
    );
    let plot = areas(frame, &labels(&begins), &series);
    let most = doing.iter().copied().max().unwrap_or_default();
    let parts = Parts::Days(begins);
    figure
        .with(last.doing.to_string(), "in progress at the end")
        .with(most.to_string(), "in progress on the fullest day")
        .with(last.todo.to_string(), "waiting at the end")
        .plotted(plot)
        .tabled(
            &[parts.word(), "To do", "In progress", "Finished since"],
            &rows(&parts, &[&todo, &doing, &done]),
        )
}

/// Whether tasks were done in time.
pub fn due_dates(dates: &[DueDate], period: Period) -> FigureView {
    let figure = figure(
        "due-dates",
        "Due dates kept",
        "Of the due dates in the period whose day is over: how many tasks were done as it ended. A date that was moved before it came is not counted, one that was moved afterwards was missed.",
    );
    let share = due_kept(dates);
    if !has_any(&share) {
        return figure.without("Give a task a due date.");
    }
    let parts = period.parts();
    let of = |is_kept: bool| {
        let days = dates
            .iter()
            .filter(|date| date.is_kept == is_kept)
            .map(|date| date.due_on);
        parts.count(days)
    };
    let (kept, missed) = (of(true), of(false));
    figure
        .with_share(&share, "due dates were kept")
        .with_stacked_bars(
            "Due dates kept and missed, by the date.",
            "due dates",
            &parts,
            &[("Kept", &kept), ("Missed", &missed)],
        )
}

fn has_any(share: &Measured) -> bool {
    matches!(share, Measured::Share { of, .. } if *of > 0)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    /// The figure of so many tasks that took a day each.
    fn of(count: usize) -> FigureView {
        let period = Period {
            from: date!(2026 - 09 - 01),
            to: date!(2026 - 09 - 30),
        };
        let task = || TaskRow {
            holder: None,
            created_on: None,
            finished_on: Some(period.from),
            to_start: None,
            to_done: Some(1.0),
            whole: Some(1.0),
        };
        let tasks: Vec<_> = std::iter::repeat_with(task).take(count).collect();
        let day = Some(Middle {
            median: 1.0,
            p85: 1.0,
        });
        how_long(&tasks, &[(0, None), (count, day), (count, day)], period)
    }

    #[test]
    fn where_not_every_task_has_its_point_the_figure_says_of_how_many() {
        let latest = of(MOST_POINTS + 1);
        let words = "The latest 400 of 401 finished tasks";
        assert!(latest.counts.contains(words), "{}", latest.counts);
        let plot = latest.plot.unwrap_or_default();
        assert!(plot.contains(words));
        assert_eq!(plot.matches("class=\"point\"").count(), MOST_POINTS);

        let all = of(MOST_POINTS);
        assert!(!all.counts.contains("are shown"), "{}", all.counts);
        assert!(all.plot.unwrap_or_default().contains("Each finished task"));
    }
}
