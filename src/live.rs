//! The event log: every change of team data, numbered without gaps. It is the history and the undo;
//! the feed reads it too.

pub mod model;

#[cfg(feature = "ssr")]
pub mod change;
#[cfg(feature = "ssr")]
pub mod merge;
#[cfg(feature = "ssr")]
pub mod store;
