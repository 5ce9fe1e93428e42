//! How sure one can be of what was measured. The same numbers, and the same seed, give the same answer.
//!
//! Every observation is taken for independent of the others. Tasks of one person are not quite, so with few people an
//! interval is a little narrower than it should be.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often a sample is drawn anew out of itself. Efron and Tibshirani, "An Introduction to the Bootstrap" (1993),
/// want 1,000 or more for an interval.
const RESAMPLES: usize = 2000;

/// The most values of a sample. Of more, so many are taken at even distances of their order, which leaves the median
/// where it was and the interval a little wider than it could be.
const MOST: usize = 2000;

/// Two intervals around the same value: how sure 95 % and 80 % are.
struct Level {
    /// The quantile of the normal distribution.
    z: f64,
    /// The part of a distribution that is left out at each end.
    tail: f64,
}

const WIDE: Level = Level {
    z: 1.959_963_984_540_054,
    tail: 0.025,
};
const NARROW: Level = Level {
    z: 1.281_551_565_544_600_4,
    tail: 0.1,
};

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// What was measured, and between which values the truth may lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub value: f64,
    /// The 95 % interval, which pages show: made like this again and again, 19 of 20 would hold the truth.
    pub wide: Interval,
    /// The 80 % interval: made like this again and again, 4 of 5 would hold the truth.
    pub narrow: Interval,
}

impl Estimate {
    fn of(value: f64, interval: impl Fn(&Level) -> Interval) -> Self {
        Self {
            value,
            wide: interval(&WIDE),
            narrow: interval(&NARROW),
        }
    }

    /// The same in another unit.
    pub fn scaled(self, by: f64) -> Self {
        let interval = |interval: Interval| Interval {
            low: interval.low * by,
            high: interval.high * by,
        };
        Self {
            value: self.value * by,
            wide: interval(self.wide),
            narrow: interval(self.narrow),
        }
    }

    /// How sure one can be that the target is reached.
    pub fn certainty(self, target: f64, lower_is_better: bool) -> Certainty {
        let sign = if lower_is_better { -1.0 } else { 1.0 };
        // What is good lies above from here on.
        let ends = |interval: Interval| {
            let (a, b) = (interval.low * sign, interval.high * sign);
            (a.min(b), a.max(b))
        };
        let target = target * sign;
        let ((wide_low, wide_high), (low, high)) = (ends(self.wide), ends(self.narrow));
        if wide_low >= target {
            Certainty::VeryLikelyReached
        } else if wide_high < target {
            Certainty::VeryLikelyMissed
        } else if low >= target {
            Certainty::LikelyReached
        } else if high < target {
            Certainty::LikelyMissed
        } else {
            Certainty::Open
        }
    }
}

/// How sure one can be that a target is reached. A target that an interval just touches is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The whole 95 % interval is at the target or better: were the target missed, so much would be seen in less than
    /// 1 of 40 cases.
    VeryLikelyReached,
    /// The whole 80 % interval is at the target or better, and the 95 % interval is not: were the target missed, so
    /// much would be seen in less than 1 of 10 cases.
    LikelyReached,
    /// The 80 % interval holds the target: the numbers go well with either.
    Open,
    /// The whole 80 % interval falls short of the target, and the 95 % interval does not.
    LikelyMissed,
    /// The whole 95 % interval falls short of the target.
    VeryLikelyMissed,
}

/// The interval of a share: Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and
/// statistical inference", JASA 22, 1927), which Agresti and Coull (The American Statistician 52, 1998) recommend also
/// for small samples. `None` of nothing.
pub fn share(hits: u64, of: u64) -> Option<Estimate> {
    let value = fraction(hits, of)?;
    Some(Estimate::of(value, |level| {
        wilson(value, of as f64, level.z)
    }))
}

/// The interval of the difference of two shares, first minus second: Newcombe's hybrid score interval (R. G. Newcombe,
/// "Interval estimation for the difference between independent proportions", Statistics in Medicine 17, 1998,
/// method 10). `None` when one of them is of nothing.
pub fn difference_of_shares(first: (u64, u64), second: (u64, u64)) -> Option<Estimate> {
    let (p, q) = (fraction(first.0, first.1)?, fraction(second.0, second.1)?);
    Some(Estimate::of(p - q, |level| {
        let of_p = wilson(p, first.1 as f64, level.z);
        let of_q = wilson(q, second.1 as f64, level.z);
        Interval {
            low: p - q - (p - of_p.low).hypot(of_q.high - q),
            high: p - q + (of_p.high - p).hypot(q - of_q.low),
        }
    }))
}

/// The median of values and its interval: the percentile bootstrap (B. Efron, "Bootstrap methods: another look at the
/// jackknife", The Annals of Statistics 7, 1979). `None` of nothing.
pub fn median(values: &[f64], seed: Uuid) -> Option<Estimate> {
    let values = ordered(values);
    let value = middle(&values)?;
    let medians = resampled_medians(&values, &mut generator(seed));
    Some(of_resamples(value, medians))
}

/// The difference of two medians, first minus second, and its interval: the percentile bootstrap, for which each sample
/// is drawn anew by itself. `None` when one of them is of nothing.
pub fn difference_of_medians(first: &[f64], second: &[f64], seed: Uuid) -> Option<Estimate> {
    let (first, second) = (ordered(first), ordered(second));
    let value = middle(&first)? - middle(&second)?;
    let mut generator = generator(seed);
    let of_first = resampled_medians(&first, &mut generator);
    let of_second = resampled_medians(&second, &mut generator);
    let differences = of_first.iter().zip(&of_second).map(|(a, b)| a - b);
    Some(of_resamples(value, differences.collect()))
}

fn fraction(hits: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| hits as f64 / of as f64)
}

fn wilson(share: f64, of: f64, z: f64) -> Interval {
    let square = z * z;
    let centre = share + square / (2.0 * of);
    let half = z * (share * (1.0 - share) / of + square / (4.0 * of * of)).sqrt();
    let whole = 1.0 + square / of;
    Interval {
        low: ((centre - half) / whole).max(0.0),
        high: ((centre + half) / whole).min(1.0),
    }
}

/// The values in their order, and not too many of them.
fn ordered(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    if values.len() <= MOST {
        return values;
    }
    // The middle of each of so many equal parts.
    (0..MOST)
        .map(|part| values[(2 * part + 1) * values.len() / (2 * MOST)])
        .collect()
}

/// The median of ordered values.
fn middle(ordered: &[f64]) -> Option<f64> {
    let last = ordered.len().checked_sub(1)?;
    Some((ordered[last / 2] + ordered[ordered.len() / 2]) / 2.0)
}

/// So that a page says the same twice.
fn generator(seed: Uuid) -> StdRng {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(seed.as_bytes());
    StdRng::from_seed(bytes)
}

/// The medians of samples that are drawn out of one, with putting back.
fn resampled_medians(ordered: &[f64], generator: &mut StdRng) -> Vec<f64> {
    let count = ordered.len();
    let mut drawn = vec![0_usize; count];
    (0..RESAMPLES)
        .map(|_| {
            drawn.fill(0);
            for _ in 0..count {
                drawn[generator.random_range(0..count)] += 1;
            }
            let at = |rank: usize| {
                let mut before = 0;
                let place = drawn.iter().position(|times| {
                    before += times;
                    before > rank
                });
                // As many were drawn as there are, so there is one of every rank.
                ordered[place.unwrap_or_default()]
            };
            (at((count - 1) / 2) + at(count / 2)) / 2.0
        })
        .collect()
}

fn of_resamples(value: f64, mut resamples: Vec<f64>) -> Estimate {
    resamples.sort_by(f64::total_cmp);
    Estimate::of(value, |level| {
        let left_out = (resamples.len() as f64 * level.tail).round() as usize;
        // The first and the last of those that stay; the ends of a sample are its own smallest and largest value.
        let (first, last) = (left_out.saturating_sub(1), resamples.len() - left_out - 1);
        Interval {
            low: resamples[first],
            high: resamples[last],
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: Uuid = Uuid::from_u128(7);

    #[track_caller]
    fn assert_near(interval: Interval, low: f64, high: f64) {
        let near = |a: f64, b: f64| (a - b).abs() < 0.000_051;
        assert!(
            near(interval.low, low) && near(interval.high, high),
            "{interval:?} is not {low} to {high}"
        );
    }

    #[test]
    fn the_interval_of_a_share_is_the_published_one() {
        // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
        // table I, method 3.
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            assert_near(share(hits, of).unwrap().wide, low, high);
        }
        assert_eq!(share(0, 0), None);
        let all = share(29, 29).unwrap();
        assert_eq!((all.value, all.wide.high), (1.0, 1.0));
        assert!(all.narrow.low > all.wide.low);
    }

    #[test]
    fn the_interval_of_a_difference_of_shares_is_the_published_one() {
        // Newcombe, "Interval estimation for the difference between independent proportions", table II, method 10.
        for (first, second, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let wide = difference_of_shares(first, second).unwrap().wide;
            assert_near(wide, low, high);
        }
        assert_eq!(difference_of_shares((0, 0), (1, 2)), None);
    }

    #[test]
    fn resampled_medians_fall_as_often_as_published() {
        // Efron (1979), section 3: the bootstrap distribution of the median of 13 values.
        let published = [
            0.0, 0.0015, 0.0142, 0.0550, 0.1242, 0.1936, 0.2230, 0.1936, 0.1242, 0.0550, 0.0142,
            0.0015, 0.0,
        ];
        let values: Vec<f64> = (0..13).map(f64::from).collect();
        let medians = resampled_medians(&values, &mut generator(SEED));
        for (value, share) in values.iter().zip(published) {
            let times = medians.iter().filter(|median| *median == value).count();
            let share: f64 = share;
            // Four standard errors of so many resamples.
            let far = 4.0 * (share * (1.0 - share) / RESAMPLES as f64).sqrt();
            let seen = times as f64 / RESAMPLES as f64;
            assert!((seen - share).abs() <= far, "{value}: {seen}, not {share}");
        }
    }

    #[test]
    fn the_interval_of_a_median_is_that_of_the_order_statistics() {
        // Of the same distribution: 2.5 % and 97.5 % fall on the 4th and the 10th of 13 values, 10 % and 90 % on the
        // 5th and the 9th.
        let values: Vec<f64> = (1..=13).rev().map(f64::from).collect();
        let median = median(&values, SEED).unwrap();
        assert_eq!(median.value, 7.0);
        assert_near(median.wide, 4.0, 10.0);
        assert_near(median.narrow, 5.0, 9.0);
    }

    #[test]
    fn the_difference_of_medians_holds_nothing_where_groups_are_alike() {
        // The mice of Efron and Tibshirani (1993), table 2.1: days that they lived.
        let treated = [94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0];
        let others = [52.0, 104.0, 146.0, 10.0, 51.0, 30.0, 40.0, 27.0, 46.0];
        let difference = difference_of_medians(&treated, &others, SEED).unwrap();
        assert_eq!(difference.value, 48.0);
        let Interval { low, high } = difference.wide;
        assert!((-40.0..0.0).contains(&low), "{low}");
        assert!((90.0..120.0).contains(&high), "{high}");
    }

    #[test]
    fn the_same_is_said_twice_and_of_one_value_nothing_but_itself() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        assert_eq!(median(&values, SEED), median(&values, SEED));
        assert_eq!(median(&values, SEED).unwrap().value, 3.5);
        let one = median(&[2.0], SEED).unwrap();
        assert_eq!((one.wide.low, one.value, one.wide.high), (2.0, 2.0, 2.0));
        assert_eq!(median(&[], SEED), None);
        assert_eq!(difference_of_medians(&values, &[], SEED), None);
    }

    #[test]
    fn of_many_values_some_are_enough() {
        let values: Vec<f64> = (0..100_001).map(f64::from).collect();
        assert_eq!(ordered(&values).len(), MOST);
        let median = median(&values, SEED).unwrap();
        assert!((median.value - 50_000.0).abs() < 50.0, "{median:?}");
        let Interval { low, high } = median.wide;
        assert!(low > 46_000.0 && high < 54_000.0, "{median:?}");
    }

    #[test]
    fn words_follow_the_two_intervals() {
        let estimate = Estimate {
            value: 50.0,
            wide: Interval {
                low: 40.0,
                high: 60.0,
            },
            narrow: Interval {
                low: 45.0,
                high: 55.0,
            },
        };
        for (target, more, less) in [
            (
                39.0,
                Certainty::VeryLikelyReached,
                Certainty::VeryLikelyMissed,
            ),
            (40.0, Certainty::VeryLikelyReached, Certainty::LikelyMissed),
            (45.0, Certainty::LikelyReached, Certainty::Open),
            (50.0, Certainty::Open, Certainty::Open),
            (55.0, Certainty::Open, Certainty::LikelyReached),
            (56.0, Certainty::LikelyMissed, Certainty::LikelyReached),
            (60.0, Certainty::LikelyMissed, Certainty::VeryLikelyReached),
            (
                61.0,
                Certainty::VeryLikelyMissed,
                Certainty::VeryLikelyReached,
            ),
        ] {
            assert_eq!(estimate.certainty(target, false), more, "{target}");
            assert_eq!(estimate.certainty(target, true), less, "{target}");
        }
    }
}
