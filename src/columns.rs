//! Ordered columns of a board. A column's kind, not its name, decides what "in progress" means.

pub mod model;
pub mod requests;
pub mod settings;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
