//! Teams, their members, and invitations.

pub mod model;
pub mod shell;

#[cfg(feature = "ssr")]
pub mod access;
#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod slug;
#[cfg(feature = "ssr")]
pub mod store;
