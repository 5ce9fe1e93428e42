//! The event log: every change of team data, numbered without gaps. It is the history, the undo and the
//! feed: what is appended wakes every instance, which tells its readers, and each browser patches what it shows.

pub mod coalesced;
pub mod connection;
pub mod listener;
pub mod looking;
pub mod model;
pub mod requests;
pub mod tabs;
pub mod updated;

#[cfg(feature = "ssr")]
pub mod change;
#[cfg(feature = "ssr")]
pub mod feed;
#[cfg(feature = "ssr")]
pub mod merge;
#[cfg(feature = "ssr")]
pub mod metrics;
#[cfg(feature = "ssr")]
mod presence;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod stream;
#[cfg(feature = "ssr")]
pub mod told;

#[cfg(test)]
mod tests;
