//! Exports: a whole team, its tasks as a table, and what is kept of one person.
//!
//! Each is read under one snapshot and written while it is read, so that its size costs no memory.

pub mod account_data;

#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod operator;
#[cfg(feature = "ssr")]
mod person;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod table;
#[cfg(feature = "ssr")]
mod team;
#[cfg(feature = "ssr")]
mod writing;

#[cfg(all(test, feature = "ssr"))]
mod tests;
