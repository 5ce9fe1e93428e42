//! Tasks: what a team works on.
//!
//! A change of a task names the version it started from; the door in `actions` merges it with what
//! others did meanwhile or refuses it with both values, and the log tells everybody.

pub mod bulk;
pub mod deleted_page;
pub mod due;
pub mod model;
pub mod offer;
pub mod offered;
pub mod outbox;
pub mod requests;
pub mod similar;
pub mod task_page;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod position;
#[cfg(feature = "ssr")]
pub mod purge;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
