//! An interval as a drawing, with the target as a mark. Everything it says stands in words beside it, too.

use std::fmt::Write as _;

use super::{statistics::Estimate, words};
use crate::insights::metric::Unit;

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 60.0;
/// Left and right of the scale.
const MARGIN: f64 = 10.0;

/// The smallest and the largest value that have a place.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(unit: Unit, estimate: Estimate, target: f64, is_difference: bool) -> Self {
        if !is_difference && unit == Unit::Share {
            return Self {
                low: 0.0,
                high: 100.0,
            };
        }
        let (low, high) = (
            estimate.wide.low.min(target).min(0.0),
            estimate.wide.high.max(target).max(0.0),
        );
        let span = if high > low { high - low } else { 1.0 };
        // Ends that are short to read: halves of a power of ten.
        let step = 10_f64.powf(span.log10().floor()) / 2.0;
        let padding = if is_difference { span / 20.0 } else { 0.0 };
        let low = if low < 0.0 { low - padding } else { low };
        Self {
            low: (low / step).floor() * step,
            high: ((high + span / 20.0) / step).ceil() * step,
        }
    }

    fn x(&self, value: f64) -> f64 {
        let place = (value - self.low) / (self.high - self.low);
        MARGIN + place.clamp(0.0, 1.0) * (WIDTH - 2.0 * MARGIN)
    }
}

/// A finished `svg`. All of its text is this program's own; what it says is `described` for whoever does not see it.
pub fn interval(
    unit: Unit,
    estimate: Estimate,
    target: f64,
    is_difference: bool,
    described: &str,
) -> String {
    let scale = Scale::of(unit, estimate, target, is_difference);
    let (low, high) = (scale.x(estimate.wide.low), scale.x(estimate.wide.high));
    let (value, at) = (scale.x(estimate.value), scale.x(target));
    let described = html_escape::encode_double_quoted_attribute(described);
    let mut svg = format!(
        r#"<svg class="interval-plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{described}">"#
    );
    let mut draw = |shape: std::fmt::Arguments<'_>| {
        // Writing into a text cannot fail.
        let _ = svg.write_fmt(shape);
    };
    let right = WIDTH - MARGIN;
    draw(format_args!(
        r#"<line class="axis" x1="{MARGIN}" y1="42" x2="{right}" y2="42"/>"#
    ));
    if is_difference {
        let zero = scale.x(0.0);
        draw(format_args!(
            r#"<line class="zero" x1="{zero:.1}" y1="20" x2="{zero:.1}" y2="46"/>"#
        ));
    }
    // An interval of one value is a line, which has to be seen all the same.
    let width = (high - low).max(2.0);
    draw(format_args!(
        r#"<rect class="interval" x="{low:.1}" y="24" width="{width:.1}" height="12" rx="3"/>"#
    ));
    draw(format_args!(
        r#"<circle class="value" cx="{value:.1}" cy="30" r="4"/>"#
    ));
    draw(format_args!(r#"<path class="target" d="M{at:.1} 16V46"/>"#));
    let anchor = match at {
        near if near < 60.0 => "start",
        near if near > WIDTH - 60.0 => "end",
        _ => "middle",
    };
    draw(format_args!(
        r#"<text x="{at:.1}" y="12" text-anchor="{anchor}">Target {}</text>"#,
        words::number(target)
    ));
    draw(format_args!(
        r#"<text x="{MARGIN}" y="57">{}</text><text x="{right}" y="57" text-anchor="end">{}</text></svg>"#,
        words::number(scale.low),
        words::number(scale.high)
    ));
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hypotheses::statistics::{self, Interval};

    #[test]
    fn a_share_stands_between_nothing_and_all() {
        let estimate = statistics::share(14, 20).unwrap().scaled(100.0);
        let svg = interval(Unit::Share, estimate, 60.0, false, "70 % \"said\"");
        assert!(
            svg.contains(r#"aria-label="70 % &quot;said&quot;""#),
            "{svg}"
        );
        assert!(svg.contains(r#"cx="220.0""#), "{svg}");
        assert!(
            svg.contains("M190.0 16V46") && svg.contains(">Target 60<"),
            "{svg}"
        );
        assert!(svg.contains(">0<") && svg.contains(">100<"), "{svg}");
    }

    #[test]
    fn a_difference_has_a_place_for_nothing() {
        let narrow = Interval {
            low: -3.0,
            high: -1.0,
        };
        let wide = Interval {
            low: -4.2,
            high: 0.4,
        };
        let estimate = Estimate {
            value: -2.0,
            wide,
            narrow,
        };
        let scale = Scale::of(Unit::Days, estimate, -1.0, true);
        assert_eq!((scale.low, scale.high), (-4.5, 1.0));
        let svg = interval(Unit::Days, estimate, -1.0, true, "");
        assert!(svg.contains("class=\"zero\""), "{svg}");
        let same = Interval {
            low: 0.0,
            high: 0.0,
        };
        let nothing = Estimate {
            value: 0.0,
            wide: same,
            narrow: same,
        };
        let svg = interval(Unit::Days, nothing, 0.0, true, "");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
