//! Hypotheses: what a team expects of something, what became of it, and what it decided then.
//!
//! An owner writes one down before it is known (`draft`); it stays as it was written. What is measured of it so far
//! (`evidence`) is one number of `insights::measuring`, or two of them, with how sure one can be (`statistics`). The
//! decision (`actions::take_decision`) keeps the evidence as it was at that moment, and the decisions are the team's
//! memory, on the insights page (`section`) and as Markdown (`record`).

pub mod hypothesis_page;
pub mod model;
pub mod new_page;
pub mod progress;
pub mod requests;
pub mod section;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod draft;
#[cfg(feature = "ssr")]
pub mod evidence;
#[cfg(feature = "ssr")]
mod plot;
#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
pub mod statistics;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod words;

#[cfg(all(test, feature = "ssr"))]
mod tests;
