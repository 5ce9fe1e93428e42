//! Comments: what is said about a task.
//!
//! A comment belongs to its author, who alone can change or delete it. Saying something does not
//! change the task: comments have their own events and leave the task's version alone.

pub mod model;
pub mod requests;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
