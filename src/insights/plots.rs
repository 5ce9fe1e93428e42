//! Plots as SVG, and the tables behind them as HTML. Only words of ours, numbers and dates go into them.
//!
//! A plot is 360 units wide, about as many pixels as a phone is, and grows with its place on the page. What is
//! what is told by patterns and dashes as well as by colours, which stand in style/insights.css.

mod scale;
mod shapes;

use html_escape::encode_text;

pub use self::shapes::{areas, bars, cohorts, lines, scatter};

/// What a plot is: a name for its ids, and what somebody hears who cannot see it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Unlike that of any other plot on the page.
    pub id: &'a str,
    pub title: &'a str,
    /// What is on its axes.
    pub about: &'a str,
    /// What the numbers on the left are.
    pub unit: &'a str,
}

/// Numbers that belong together, one for each label of the axis.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    pub name: &'a str,
    pub values: Vec<f64>,
}

/// A cohort: whoever joined in a week, and how many of them were active in each week since.
#[derive(Clone, Debug)]
pub struct Cohort {
    pub label: String,
    pub size: i64,
    pub active: Vec<i64>,
}

/// A table whose first column names its rows.
pub fn table(caption: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let head: String = head
        .iter()
        .map(|cell| format!("<th scope=\"col\">{}</th>", encode_text(cell)))
        .collect();
    let body: String = rows
        .iter()
        .map(|row| {
            let cells: String = row
                .iter()
                .enumerate()
                .map(|(column, cell)| match column {
                    0 => format!("<th scope=\"row\">{}</th>", encode_text(cell)),
                    _ => format!("<td>{}</td>", encode_text(cell)),
                })
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    format!(
        "<table><caption class=\"visually-hidden\">{}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        encode_text(caption)
    )
}

/// A number as people read it: without a fraction when it has none, else with one digit of it.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame<'_> = Frame {
        id: "tried",
        title: "Tried & seen",
        about: "Tasks by week",
        unit: "tasks",
    };

    #[test]
    fn a_plot_says_what_it_is_and_needs_no_script_and_no_style() {
        let labels = ["5 Oct".to_owned(), "12 Oct".to_owned()];
        let one = Series {
            name: "created",
            values: vec![3.0, 0.0],
        };
        let two = Series {
            name: "finished",
            values: vec![1.0, 2.0],
        };
        let both = [one, two];
        let cohort = Cohort {
            label: "5 Oct".to_owned(),
            size: 4,
            active: vec![4, 1],
        };
        let plots = [
            bars(FRAME, &labels, &both, false),
            bars(FRAME, &labels, &both, true),
            lines(FRAME, &labels, &both, Some(100.0)),
            areas(FRAME, &labels, &both),
            scatter(
                FRAME,
                [&labels[0], &labels[1]],
                &[(0.5, 2.0)],
                &[("median", 2.0)],
            ),
            cohorts(FRAME, &[cohort]),
        ];
        for plot in plots {
            assert!(
                plot.starts_with("<svg ") && plot.ends_with("</svg>"),
                "{plot}"
            );
            assert!(plot.contains("role=\"img\""), "{plot}");
            assert!(
                plot.contains("<title id=\"tried-title\">Tried &amp; seen</title>"),
                "{plot}"
            );
            assert!(
                plot.contains("<desc id=\"tried-about\">Tasks by week</desc>"),
                "{plot}"
            );
            assert!(
                !plot.contains("style=") && !plot.contains("NaN") && !plot.contains("inf"),
                "{plot}"
            );
        }
    }

    #[test]
    fn a_plot_of_nothing_but_zeros_has_a_scale() {
        let labels = ["5 Oct".to_owned()];
        let none = Series {
            name: "created",
            values: vec![0.0],
        };
        let plot = bars(FRAME, &labels, &[none], false);
        assert!(!plot.contains("NaN") && plot.contains(">1<"), "{plot}");
    }

    #[test]
    fn a_table_takes_its_cells_as_text() {
        let table = table(
            "a < b",
            &["Week", "Tasks"],
            &[vec!["<1>".to_owned(), "2".to_owned()]],
        );
        assert!(
            table.contains("<th scope=\"row\">&lt;1&gt;</th><td>2</td>"),
            "{table}"
        );
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(3.0), "3");
        assert_eq!(number(2.345), "2.3");
        assert_eq!(number(9.96), "10");
    }
}
