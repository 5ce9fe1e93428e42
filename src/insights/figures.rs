//! Figures in words: what was read of a period, as numbers, plots and tables.
//!
//! Each says in a sentence what it counts, a share with what it is a share of. Where there is nothing yet it says
//! what would bring something. None of them names a person.

mod answers;
mod people;
mod promises;
mod tasks;

use time::Date;

use super::{
    metric::Measured,
    model::{FigureGroup, FigureView, NumberView},
    period::{Parts, Period},
    plots::{Frame, Series, bars, table},
    store::due::{self, DueDate},
};
use crate::{error::Result, people::access::Access, ui::time::day};

/// How the team uses its boards, and whether the promises to it are kept.
pub struct Figures {
    pub usage: Vec<FigureGroup>,
    pub promises: Vec<FigureGroup>,
}

/// Reads all figures of a period.
///
/// # Errors
/// Only those of the database.
pub async fn read(access: &Access, period: Period) -> Result<Figures> {
    // Two at a time: more would keep the connections from everybody else.
    let ((people, answers, dates), mut tasks) =
        tokio::try_join!(all_but_tasks(access, period), tasks::group(access, period))?;
    tasks.figures.push(tasks::due_dates(&dates, period));
    Ok(Figures {
        usage: vec![people, tasks, answers],
        promises: promises::groups(access, period, &dates).await?,
    })
}

async fn all_but_tasks(
    access: &Access,
    period: Period,
) -> Result<(FigureGroup, FigureGroup, Vec<DueDate>)> {
    let people = people::group(access, period).await?;
    let answers = answers::group(access, period).await?;
    let dates = due::dates(access.db(), access.team(), period, None).await?;
    Ok((people, answers, dates))
}

/// A figure without anything in it yet.
fn figure(id: &str, title: &str, counts: &str) -> FigureView {
    FigureView {
        id: id.to_owned(),
        title: title.to_owned(),
        counts: counts.to_owned(),
        numbers: Vec::new(),
        nothing: None,
        plot: None,
        table: None,
    }
}

impl FigureView {
    fn with(mut self, value: impl Into<String>, words: impl Into<String>) -> Self {
        self.numbers.push(NumberView {
            value: value.into(),
            words: words.into(),
        });
        self
    }

    /// A share in percent, and what it is a share of.
    fn with_share(self, measured: &Measured, words: &str) -> Self {
        let Measured::Share { hits, of } = measured else {
            return self;
        };
        match of {
            0 => self.with("–", format!("none to count: {words}")),
            _ => self.with(percent(*hits, *of), format!("{hits} of {of} {words}")),
        }
    }

    fn without(mut self, nothing: &str) -> Self {
        self.nothing = Some(format!("Nothing in this period. {nothing}"));
        self.numbers.clear();
        self
    }

    fn plotted(mut self, plot: String) -> Self {
        self.plot = Some(plot);
        self
    }

    fn tabled(mut self, head: &[&str], rows: &[Vec<String>]) -> Self {
        self.table = Some(table(&self.title, head, rows));
        self
    }

    /// Counts over the parts of a period as bars beside each other, and as a table. They go by the heads of its columns.
    fn with_bars(self, about: &str, unit: &str, parts: &Parts, counts: &[(&str, &[i64])]) -> Self {
        self.drawn_as_bars(about, unit, parts, counts, false)
    }

    /// The same with bars that stand on each other.
    fn with_stacked_bars(
        self,
        about: &str,
        unit: &str,
        parts: &Parts,
        counts: &[(&str, &[i64])],
    ) -> Self {
        self.drawn_as_bars(about, unit, parts, counts, true)
    }

    fn drawn_as_bars(
        self,
        about: &str,
        unit: &str,
        parts: &Parts,
        counts: &[(&str, &[i64])],
        stacked: bool,
    ) -> Self {
        let (heads, columns): (Vec<&str>, Vec<&[i64]>) = counts.iter().copied().unzip();
        let names: Vec<String> = heads.iter().map(|head| head.to_lowercase()).collect();
        let series: Vec<Series<'_>> = names
            .iter()
            .zip(&columns)
            .map(|(name, counts)| Series {
                name,
                values: floats(counts),
            })
            .collect();
        let frame = self.frame(about, unit);
        let plot = bars(frame, &labels(parts.begins()), &series, stacked);
        let head: Vec<&str> = std::iter::once(parts.word()).chain(heads).collect();
        self.plotted(plot).tabled(&head, &rows(parts, &columns))
    }

    /// The frame of its plot.
    fn frame<'a>(&'a self, about: &'a str, unit: &'a str) -> Frame<'a> {
        Frame {
            id: &self.id,
            title: &self.title,
            about,
            unit,
        }
    }
}

/// A part of a hundred without a fraction. Only what is all is 100, and only what is nothing 0.
fn percent(hits: u64, of: u64) -> String {
    let share = hits as f64 * 100.0 / of.max(1) as f64;
    let rounded = match share.round() {
        rounded if rounded >= 100.0 && hits < of => 99.0,
        rounded if rounded <= 0.0 && hits > 0 => 1.0,
        rounded => rounded,
    };
    format!("{rounded:.0} %")
}

/// Labels of an axis: `28 Sep`.
fn labels(days: &[Date]) -> Vec<String> {
    days.iter()
        .map(|date| day(&date.to_string(), &date.to_string()))
        .collect()
}

/// The name of a row in a table: `28 Sep 2026`.
fn dated(date: Date) -> String {
    day(&date.to_string(), "")
}

/// The rows of a table over time: each part of the period with its numbers.
fn rows(parts: &Parts, columns: &[&[i64]]) -> Vec<Vec<String>> {
    parts
        .begins()
        .iter()
        .enumerate()
        .map(|(index, begin)| {
            let cells = columns
                .iter()
                .map(|column| column.get(index).copied().unwrap_or_default().to_string());
            std::iter::once(dated(*begin)).chain(cells).collect()
        })
        .collect()
}

/// Counts as a plot takes them.
fn floats(counts: &[i64]) -> Vec<f64> {
    counts.iter().map(|count| *count as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_all_is_a_hundred_percent_and_only_none_is_zero() {
        let shares = [(0, 9), (1, 1000), (1, 3), (999, 1000), (9, 9)];
        let words = shares.map(|(hits, of)| percent(hits, of));
        assert_eq!(words, ["0 %", "1 %", "33 %", "99 %", "100 %"]);
    }
}
