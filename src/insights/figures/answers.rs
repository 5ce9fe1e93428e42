//! How well and how fast the server answered, as the team's people met it.

use super::{dated, figure, labels, percent};
use crate::{
    error::Result,
    insights::{
        metric::Measured,
        model::{FigureGroup, FigureView},
        period::Period,
        plots::{Series, lines, number},
        store::answers::{self, AnswersOfDay},
    },
    people::access::Access,
    server::metrics::BOUNDARIES,
};

pub async fn group(access: &Access, period: Period) -> Result<FigureGroup> {
    let days = answers::by_day(access.db(), access.team(), period).await?;
    Ok(FigureGroup {
        title: "Answers of the server".to_owned(),
        figures: vec![errors(&days), response_times(&days)],
    })
}

fn sum(days: &[AnswersOfDay], of: impl Fn(&AnswersOfDay) -> i64) -> u64 {
    days.iter().map(of).sum::<i64>().unsigned_abs()
}

fn shares(days: &[AnswersOfDay], of: impl Fn(&AnswersOfDay) -> i64) -> Vec<f64> {
    days.iter()
        .map(|day| of(day) as f64 * 100.0 / day.answers.max(1) as f64)
        .collect()
}

fn errors(days: &[AnswersOfDay]) -> FigureView {
    let figure = figure(
        "errors",
        "Errors",
        "Of the answers to the team's people: how many were an error of the server (5xx).",
    );
    if days.is_empty() {
        return figure
            .without("The server writes down every half minute how many answers it gave.");
    }
    let share = Measured::Share {
        hits: sum(days, |day| day.errors),
        of: sum(days, |day| day.answers),
    };
    let begins: Vec<_> = days.iter().map(|day| day.day).collect();
    let series = [Series {
        name: "errors",
        values: shares(days, |day| day.errors),
    }];
    let most = series[0].values.iter().copied().fold(1.0, f64::max);
    let frame = figure.frame(
        "Errors of the server in percent of its answers, by day.",
        "% of answers",
    );
    let plot = lines(frame, &labels(&begins), &series, Some(most));
    let rows: Vec<Vec<String>> = days
        .iter()
        .map(|day| {
            vec![
                dated(day.day),
                day.answers.to_string(),
                day.errors.to_string(),
            ]
        })
        .collect();
    figure
        .with_share(&share, "answers were an error")
        .plotted(plot)
        .tabled(&["Day", "Answers", "Errors"], &rows)
}

fn response_times(days: &[AnswersOfDay]) -> FigureView {
    let figure = figure(
        "response-times",
        "Response times",
        "How long the server took for an answer to the team's people, without the way through the network.",
    );
    if days.is_empty() {
        return figure
            .without("The server writes down every half minute how many answers it gave.");
    }
    let mut buckets = vec![0; BOUNDARIES.len() + 1];
    for day in days {
        for (sum, count) in buckets.iter_mut().zip(&day.buckets) {
            *sum += count.unsigned_abs();
        }
    }
    let answers = sum(days, |day| day.answers);
    let fast = Measured::Share {
        hits: sum(days, |day| day.fast),
        of: answers,
    };
    let begins: Vec<_> = days.iter().map(|day| day.day).collect();
    let series = [Series {
        name: "within 250 ms",
        values: shares(days, |day| day.fast),
    }];
    let frame = figure.frame(
        "Answers within 250 ms in percent, by day.",
        "% within 250 ms",
    );
    let plot = lines(frame, &labels(&begins), &series, Some(100.0));
    let rows: Vec<Vec<String>> = days
        .iter()
        .map(|day| {
            vec![
                dated(day.day),
                day.answers.to_string(),
                day.fast.to_string(),
                percent(day.fast.unsigned_abs(), day.answers.unsigned_abs()),
            ]
        })
        .collect();
    figure
        .with_share(&fast, "answers were there within 250 ms")
        .with(within(&buckets, 0.5), "for half of the answers")
        .with(within(&buckets, 0.85), "for 85 % of them")
        .plotted(plot)
        .tabled(&["Day", "Answers", "Within 250 ms", "Share"], &rows)
}

/// In what time a part of the answers was there: the boundary of the bucket that the last of them is in.
fn within(buckets: &[u64], part: f64) -> String {
    let all: u64 = buckets.iter().sum();
    let needed = (all as f64 * part).ceil().max(1.0) as u64;
    let mut seen = 0;
    for (bucket, boundary) in buckets.iter().zip(BOUNDARIES) {
        seen += bucket;
        if seen >= needed {
            return format!("≤ {} ms", number(boundary * 1000.0));
        }
    }
    "over 10 s".to_owned()
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_time_is_told_by_the_bucket_that_it_is_in() {
        let mut buckets = vec![0; 14];
        (buckets[1], buckets[6], buckets[13]) = (5, 4, 1);
        assert_eq!(within(&buckets, 0.5), "≤ 2.5 ms");
        assert_eq!(within(&buckets, 0.85), "≤ 100 ms");
        assert_eq!(within(&buckets, 1.0), "over 10 s");
    }
}
