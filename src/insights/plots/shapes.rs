//! The plots themselves.

use std::fmt::Write;

use html_escape::encode_text;

use super::{
    Cohort, Frame, Series,
    scale::{BOTTOM, HEIGHT, LEFT, RIGHT, Scale, WIDTH, along, below, document, middle_of},
};

/// How the first, second and third of several are told apart without colours.
const FILLS: [&str; 3] = ["plain", "hatched", "dotted"];

/// A bar for each number: beside each other, or one on top of the other.
pub fn bars(frame: Frame<'_>, labels: &[String], series: &[Series<'_>], stacked: bool) -> String {
    let highest = if stacked {
        highest_sum(series, labels.len())
    } else {
        highest(series)
    };
    let scale = Scale::whole_up_to(highest);
    let place = (RIGHT - LEFT) / labels.len().max(1) as f64;
    let abreast = if stacked { 1 } else { series.len().max(1) };
    let width = (place * 0.8 / abreast as f64).min(26.0);
    let mut shapes = String::new();
    for index in 0..labels.len() {
        let begin = middle_of(index, labels.len()) - width * abreast as f64 / 2.0;
        let mut base = 0.0;
        for (which, one) in series.iter().enumerate() {
            let value = one.values.get(index).copied().unwrap_or_default();
            if value <= 0.0 {
                continue;
            }
            let x = if stacked {
                begin
            } else {
                begin + width * which as f64
            };
            let (top, foot) = (scale.y(base + value), scale.y(base));
            // To write into a text cannot fail.
            let _ = write!(
                shapes,
                "<rect class=\"mark series-{which}\" {} x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
                fill(frame.id, which),
                (foot - top).max(0.0)
            );
            if stacked {
                base += value;
            }
        }
    }
    let content = [
        patterns(frame.id),
        legend(frame.id, series),
        scale.grid(frame.unit),
        shapes,
        below(labels, middle_of),
    ];
    document(frame, HEIGHT, &content.concat())
}

/// A line for each row of numbers, each dashed in its own way. `most` is where the scale ends.
pub fn lines(
    frame: Frame<'_>,
    labels: &[String],
    series: &[Series<'_>],
    most: Option<f64>,
) -> String {
    let scale = match most {
        Some(most) => Scale::up_to(most),
        None => Scale::whole_up_to(highest(series)),
    };
    let mut shapes = String::new();
    for (which, one) in series.iter().enumerate() {
        let points: Vec<String> = one
            .values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let x = middle_of(index, labels.len());
                format!("{x:.1} {:.1}", scale.y(*value))
            })
            .collect();
        let _ = match points.as_slice() {
            // A line of one point is not to be seen.
            [point] => {
                let (x, y) = point.split_once(' ').unwrap_or_default();
                write!(
                    shapes,
                    "<circle class=\"mark series-{which}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>"
                )
            }
            _ => write!(
                shapes,
                "<path class=\"line series-{which} dashes-{which}\" d=\"M{}\"/>",
                points.join("L")
            ),
        };
    }
    let content = [
        scale.grid(frame.unit),
        shapes,
        line_legend(series),
        below(labels, middle_of),
    ];
    document(frame, HEIGHT, &content.concat())
}

/// Areas on top of each other, the first at the bottom.
pub fn areas(frame: Frame<'_>, labels: &[String], series: &[Series<'_>]) -> String {
    let scale = Scale::whole_up_to(highest_sum(series, labels.len()));
    let mut shapes = String::new();
    // One day alone is as wide as the plot.
    let places = labels.len().max(2);
    let mut under = vec![0.0; places];
    for (which, one) in series.iter().enumerate() {
        let value = |index: usize| one.values.get(index).or(one.values.last());
        let over: Vec<f64> = under
            .iter()
            .enumerate()
            .map(|(index, base)| base + value(index).copied().unwrap_or_default().max(0.0))
            .collect();
        let outline = |heights: &[f64]| -> Vec<String> {
            let point = |(index, height): (usize, &f64)| {
                format!("{:.1} {:.1}", along(index, heights.len()), scale.y(*height))
            };
            heights.iter().enumerate().map(point).collect()
        };
        let (forth, mut back) = (outline(&over), outline(&under));
        back.reverse();
        let _ = write!(
            shapes,
            "<path class=\"mark series-{which}\" {} d=\"M{}L{}Z\"/>",
            fill(frame.id, which),
            forth.join("L"),
            back.join("L")
        );
        under = over;
    }
    let content = [
        patterns(frame.id),
        legend(frame.id, series),
        scale.grid(frame.unit),
        shapes,
        below(labels, along),
    ];
    document(frame, HEIGHT, &content.concat())
}

/// Points over time, each at a part of the whole time from 0 to 1, and lines across with their names.
pub fn scatter(
    frame: Frame<'_>,
    ends: [&str; 2],
    points: &[(f64, f64)],
    marks: &[(&str, f64)],
) -> String {
    let highest = points.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let scale = Scale::up_to(highest);
    let mut shapes = String::new();
    for (part, value) in points {
        let x = LEFT + 4.0 + (RIGHT - LEFT - 8.0) * part.clamp(0.0, 1.0);
        let _ = write!(
            shapes,
            "<circle class=\"point\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"2.6\"/>",
            scale.y(*value)
        );
    }
    for (which, (name, value)) in marks.iter().enumerate() {
        let y = scale.y(*value);
        let _ = write!(
            shapes,
            "<path class=\"line mark-line dashes-{which}\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>\
             <text class=\"label\" x=\"{RIGHT}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            y - 3.0,
            encode_text(name)
        );
    }
    let [first, last] = ends.map(|label| encode_text(label).into_owned());
    let foot = BOTTOM + 14.0;
    let axis = format!(
        "<text class=\"tick\" x=\"{LEFT}\" y=\"{foot}\">{first}</text>\
         <text class=\"tick\" x=\"{RIGHT}\" y=\"{foot}\" text-anchor=\"end\">{last}</text>"
    );
    let content = [scale.grid(frame.unit), shapes, axis];
    document(frame, HEIGHT, &content.concat())
}

/// A row for each cohort and a cell for each week since, the darker the more of it were active; each says how
/// many percent.
pub fn cohorts(frame: Frame<'_>, rows: &[Cohort]) -> String {
    const ROW: f64 = 22.0;
    const HEAD: f64 = 18.0;
    const NAMES: f64 = 70.0;
    let columns = rows.iter().map(|row| row.active.len()).max().unwrap_or(1);
    let width = ((WIDTH - NAMES) / columns.max(1) as f64).min(44.0);
    let mut cells = "<text class=\"tick\" x=\"2\" y=\"11\">week</text>".to_owned();
    for week in 0..columns {
        let _ = write!(
            cells,
            "<text class=\"tick\" x=\"{:.1}\" y=\"11\" text-anchor=\"middle\">{week}</text>",
            NAMES + width * (week as f64 + 0.5)
        );
    }
    for (index, row) in rows.iter().enumerate() {
        let y = HEAD + ROW * index as f64;
        let _ = write!(
            cells,
            "<text class=\"tick\" x=\"2\" y=\"{:.1}\">{} ({})</text>",
            y + 15.0,
            encode_text(&row.label),
            row.size
        );
        for (week, active) in row.active.iter().enumerate() {
            let share = *active as f64 / row.size.max(1) as f64;
            let _ = write!(
                cells,
                "<rect class=\"cell shade-{}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
                 <text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0}</text>",
                (share * 5.0).ceil().clamp(0.0, 5.0),
                NAMES + width * week as f64,
                width - 1.0,
                ROW - 1.0,
                NAMES + width * (week as f64 + 0.5),
                y + 15.0,
                share * 100.0
            );
        }
    }
    document(frame, HEAD + ROW * rows.len() as f64 + 2.0, &cells)
}

fn highest(series: &[Series<'_>]) -> f64 {
    let values = series.iter().flat_map(|one| &one.values);
    values.copied().fold(0.0, f64::max)
}

fn highest_sum(series: &[Series<'_>], places: usize) -> f64 {
    let at = |index: usize| {
        let values = series.iter().filter_map(|one| one.values.get(index));
        values.map(|value| value.max(0.0)).sum::<f64>()
    };
    (0..places).map(at).fold(0.0, f64::max)
}

/// Ids hold for a whole page, so each plot has patterns of its own.
fn patterns(id: &str) -> String {
    format!(
        "<defs><pattern id=\"{id}-hatched\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect class=\"series-1 back\" width=\"5\" height=\"5\"/><rect class=\"series-1 fore\" width=\"2\" height=\"5\"/></pattern>\
         <pattern id=\"{id}-dotted\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
         <rect class=\"series-2 back\" width=\"5\" height=\"5\"/><circle class=\"series-2 fore\" cx=\"2.5\" cy=\"2.5\" r=\"1.2\"/></pattern></defs>"
    )
}

fn fill(id: &str, which: usize) -> String {
    match FILLS.get(which) {
        Some(&"plain") | None => String::new(),
        Some(pattern) => format!("fill=\"url(#{id}-{pattern})\""),
    }
}

/// What is what, above the plot. One alone needs no name.
fn legend(id: &str, series: &[Series<'_>]) -> String {
    named(series, |which, x| {
        format!(
            "<rect class=\"mark series-{which}\" {} x=\"{x:.1}\" y=\"3\" width=\"10\" height=\"10\"/>",
            fill(id, which)
        )
    })
}

fn line_legend(series: &[Series<'_>]) -> String {
    named(series, |which, x| {
        format!("<path class=\"line series-{which} dashes-{which}\" d=\"M{x:.1} 8h12\"/>")
    })
}

fn named(series: &[Series<'_>], swatch: impl Fn(usize, f64) -> String) -> String {
    const FIRST: f64 = 92.0;
    /// About how wide a letter is.
    const LETTER: f64 = 6.6;
    if series.len() < 2 {
        return String::new();
    }
    let mut x = FIRST;
    let mut legend = String::new();
    for (which, one) in series.iter().enumerate() {
        let _ = write!(
            legend,
            "{}<text class=\"label\" x=\"{:.1}\" y=\"12\">{}</text>",
            swatch(which, x),
            x + 15.0,
            encode_text(one.name)
        );
        x += 26.0 + LETTER * one.name.chars().count() as f64;
    }
    legend
}
