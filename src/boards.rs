//! Boards.

pub mod board_page;
pub mod list_page;
pub mod model;
pub mod requests;
pub mod settings;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod merge;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
pub(crate) mod tests;
