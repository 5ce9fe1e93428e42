//! Insights: what is counted to learn whether the promises are kept, and the owners' page of it.
//!
//! Figures are fixed statements over the log of the team (`store`) for a `period`; `figures` puts them in words,
//! tables and plots, and `measuring` gives one of them to a hypothesis. No figure names a person.
//!
//! Usage is what happened and changed nothing: a warning was shown, a suggestion was taken. It has no number in
//! the log, and is deleted after 400 days, which is long enough to compare with a year before.

pub mod figure;
pub mod insights_page;
pub mod metric;
pub mod model;
pub mod requests;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod figures;
#[cfg(feature = "ssr")]
pub mod measuring;
#[cfg(feature = "ssr")]
pub mod period;
#[cfg(feature = "ssr")]
mod plots;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
