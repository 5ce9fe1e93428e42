//! Boards.

pub mod board_page;
pub mod model;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod store;
