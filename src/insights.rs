//! Insights: what is counted to learn whether the promises are kept.
//!
//! Usage is what happened and changed nothing: a warning was shown, a suggestion was taken. It has no number in
//! the log, and is deleted after 400 days, which is long enough to compare with a year before.

pub mod metric;
pub mod model;
pub mod requests;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
