//! My tasks: what somebody has to do by when it is due, and what they watch.

pub mod mine_page;
pub mod model;

#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
