//! Boards.

#[cfg(feature = "ssr")]
pub mod store;
