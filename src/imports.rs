//! Imports: boards of Trello, and tables of anything else.
//!
//! A file is read as a stream, first for a preview and then to make everything in one change: all of it or nothing.

pub mod import_page;
pub mod model;
pub mod preview;
pub mod requests;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod coming;
#[cfg(feature = "ssr")]
mod csv;
#[cfg(feature = "ssr")]
pub mod operator;
#[cfg(feature = "ssr")]
pub mod reading;
#[cfg(feature = "ssr")]
pub mod starting;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod text;
#[cfg(feature = "ssr")]
mod trello;
#[cfg(feature = "ssr")]
pub mod uploads;

#[cfg(all(test, feature = "ssr"))]
pub(crate) mod tests;
