//! Webhooks: what happens in a team, told to addresses of its own.
//!
//! Owners make and govern them (`section`, `log_page`, `actions`). A job (`delivery`) turns the events after a
//! webhook's cursor into deliveries and hands each to `sender`, in order a target, until it was taken.
//! Where a request may go is said by `reach` alone.

pub mod log_page;
pub mod model;
pub mod requests;
pub mod section;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod delivery;
#[cfg(feature = "ssr")]
mod payload;
#[cfg(feature = "ssr")]
pub mod reach;
#[cfg(feature = "ssr")]
mod sender;
#[cfg(feature = "ssr")]
mod signature;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(all(test, feature = "ssr"))]
mod tests;
