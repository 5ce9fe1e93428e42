//! Boards.

pub mod board_page;

#[cfg(feature = "ssr")]
pub mod store;
