//! Hypotheses and decisions, as server and browser share them. What is measured comes as finished text.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::HypothesisId,
    ui::text,
};

/// How many hypotheses of a team can be without a decision: each of them is measured whenever the page is read.
pub const MOST_OPEN: i64 = 20;
/// How many decisions the page shows: the latest.
pub const SHOWN: i64 = 100;
/// The most characters of each part of a statement.
pub const LONGEST_PART: usize = 200;
/// The most characters of a reason.
pub const LONGEST_REASON: usize = 2000;
/// The fewest observations that something can be told from: of five values, not even the range from the smallest to
/// the largest holds the median in 95 of 100 cases (1 - 2 · 0.5⁵ = 0.94); of six it does (0.97).
pub const FEWEST: i32 = 6;
/// Observations that are asked for unless somebody says another number.
pub const USUAL_SAMPLE: i32 = 20;

/// What a team decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something else is tried.
    Pivot,
    /// It goes on as it is.
    Persevere,
}

impl Verdict {
    pub const ALL: [Self; 2] = [Self::Pivot, Self::Persevere];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pivot => "pivot",
            Self::Persevere => "persevere",
        }
    }

    /// The verdict as it stands on a page.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Pivot => "Pivot",
            Self::Persevere => "Persevere",
        }
    }
}

impl FromStr for Verdict {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
            .ok_or_else(|| Error::field("verdict", "Choose pivot or persevere."))
    }
}

/// Why a team decided so: 1 to 2,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Reads a reason out of the field `reason`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text::passage("reason", text.trim(), LONGEST_REASON)?;
        if text::is_blank(&text) {
            return Err(Error::field("reason", "Say why you decide so."));
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is thought to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub if_we: String,
    pub then_it: String,
    pub because: String,
}

/// Where a hypothesis stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its period has not begun.
    Upcoming,
    Running,
    /// Its period has ended, and it waits for a decision.
    Ended,
    Decided,
    /// Taken back before anything was decided.
    Withdrawn,
}

impl Standing {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Upcoming => "Upcoming",
            Self::Running => "Running",
            Self::Ended => "Waits for a decision",
            Self::Decided => "Decided",
            Self::Withdrawn => "Withdrawn",
        }
    }
}

/// The hypotheses of a team, without those that are decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HypothesesView {
    /// The ended first, then the running, then the upcoming.
    pub open: Vec<HypothesisRow>,
    pub withdrawn: Vec<HypothesisRow>,
    pub is_full: bool,
}

/// One hypothesis in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HypothesisRow {
    pub id: HypothesisId,
    pub statement: Statement,
    pub standing: Standing,
    /// What is measured, the target, and the period.
    pub facts: String,
    /// There is none before its period begins.
    pub progress: Option<ProgressView>,
}

/// The page of a hypothesis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HypothesisView {
    pub id: HypothesisId,
    pub statement: Statement,
    pub standing: Standing,
    /// What was agreed on beforehand: names and values.
    pub facts: Vec<(String, String)>,
    /// What is measured so far, or, after a decision, what was measured then.
    pub progress: Option<ProgressView>,
    pub decision: Option<DecisionView>,
}

/// What was measured, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressView {
    /// The class of the words.
    pub tone: String,
    /// How sure one can be: `Likely reached`.
    pub words: String,
    /// Of which days, and of how many.
    pub measured: String,
    /// Each a sentence without its end.
    pub facts: Vec<String>,
    /// A finished `svg`.
    pub plot: Option<String>,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionView {
    pub verdict: Verdict,
    pub reason: String,
    /// The name of whoever decided.
    pub by: String,
    /// The day, in words.
    pub on: String,
}

/// One decision in the team's memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    pub hypothesis: HypothesisId,
    pub statement: Statement,
    /// How sure one could be then.
    pub evidence: String,
    pub decision: DecisionView,
}

/// What the form for a hypothesis offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHypothesisView {
    /// The id that it would have.
    pub id: HypothesisId,
    /// `YYYY-MM-DD`
    pub starts_on: String,
    /// `YYYY-MM-DD`
    pub ends_on: String,
    /// Values and words.
    pub metrics: Vec<(String, String)>,
    /// Each metric, and what it counts.
    pub about: Vec<(String, String)>,
    pub audiences: Vec<(String, String)>,
}
