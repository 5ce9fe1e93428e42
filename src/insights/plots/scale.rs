//! From numbers to places on the plot, and the axes that tell of it.

use std::fmt::Write;

use html_escape::encode_text;

use super::{Frame, number};

pub const WIDTH: f64 = 360.0;
pub const HEIGHT: f64 = 200.0;
/// Where the numbers are drawn.
pub const LEFT: f64 = 34.0;
pub const RIGHT: f64 = WIDTH - 8.0;
pub const TOP: f64 = 30.0;
pub const BOTTOM: f64 = HEIGHT - 20.0;
/// So many labels have room below.
const MOST_LABELS: usize = 6;
/// About so many numbers stand at the left.
const NUMBERS: f64 = 4.0;

/// What is around every plot.
pub fn document(frame: Frame<'_>, height: f64, content: &str) -> String {
    let Frame {
        id, title, about, ..
    } = frame;
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-about\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-about\">{}</desc>{content}</svg>",
        encode_text(title),
        encode_text(about),
    )
}

/// The numbers from zero up to a round one.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    step: f64,
    most: f64,
}

impl Scale {
    /// One that has room for a number.
    pub fn up_to(most: f64) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let rough = most / NUMBERS;
        let magnitude = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * magnitude)
            .find(|step| *step >= rough)
            .unwrap_or(magnitude * 10.0);
        Self {
            step,
            most: (most / step).ceil() * step,
        }
    }

    /// The same without fractions between its numbers: nobody has half a task.
    pub fn whole_up_to(most: f64) -> Self {
        let scale = Self::up_to(most);
        if scale.step >= 1.0 {
            return scale;
        }
        Self {
            step: 1.0,
            most: most.ceil().max(1.0),
        }
    }

    /// How high a number stands.
    pub fn y(self, value: f64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * (value / self.most).clamp(0.0, 1.0)
    }

    /// Lines across the plot with their numbers at the left, and what these are.
    pub fn grid(self, unit: &str) -> String {
        let mut grid = String::new();
        let count = (self.most / self.step).round() as u32;
        for index in 0..=count {
            let value = f64::from(index) * self.step;
            let y = self.y(value);
            // To write into a text cannot fail.
            let _ = write!(
                grid,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 4.0,
                y + 3.5,
                number(value)
            );
        }
        let _ = write!(
            grid,
            "<text class=\"tick\" x=\"2\" y=\"11\">{}</text>",
            encode_text(unit)
        );
        grid
    }
}

/// The middle of one of so many equal places on the axis.
pub fn middle_of(index: usize, of: usize) -> f64 {
    LEFT + (RIGHT - LEFT) * (index as f64 + 0.5) / of.max(1) as f64
}

/// Along the whole width, from the first to the last.
pub fn along(index: usize, of: usize) -> f64 {
    LEFT + (RIGHT - LEFT) * index as f64 / of.saturating_sub(1).max(1) as f64
}

/// The labels below that there is room for, evenly, each where its numbers are.
pub fn below(labels: &[String], place: fn(usize, usize) -> f64) -> String {
    let every = labels.len().div_ceil(MOST_LABELS).max(1);
    let mut text = String::new();
    for (index, label) in labels.iter().enumerate().step_by(every) {
        let x = place(index, labels.len());
        let (x, anchor) = edge(x);
        let _ = write!(
            text,
            "<text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            BOTTOM + 14.0,
            encode_text(label)
        );
    }
    text
}

/// A label at the edge leans inwards.
fn edge(x: f64) -> (f64, &'static str) {
    if x > RIGHT - 18.0 {
        (RIGHT, "end")
    } else {
        (x, "middle")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number() {
        let most = |value| Scale::up_to(value).most;
        assert_eq!(most(7.0), 8.0);
        assert_eq!(most(100.0), 100.0);
        assert_eq!(most(0.0), 1.0);
        assert!((most(0.31) - 0.4).abs() < 1e-9);
        let whole = Scale::whole_up_to(2.0);
        assert_eq!((whole.step, whole.most), (1.0, 2.0));
        assert_eq!(Scale::whole_up_to(0.0).most, 1.0);
    }
}
