//! The bell: what a member should know of without looking for it.
//!
//! A change is told of in its own transaction: `live` hands its events to `actions`, and `rule`, the one
//! place that decides, says whom they concern. What only time does (a task is due, or late) is told of by a
//! job. Everybody mutes what they do not want; what was told is kept for 90 days.
//!
//! What somebody should know of in the morning is mailed to them by `digest`, until they end it, on the page
//! or by the link in the mail (`unsubscribe`).

pub mod bell;
pub mod model;
pub mod notifications_page;
pub mod requests;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod digest;
#[cfg(feature = "ssr")]
mod digest_mail;
#[cfg(feature = "ssr")]
pub mod mentions;
#[cfg(feature = "ssr")]
mod rule;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(all(test, feature = "ssr"))]
mod tests;
#[cfg(feature = "ssr")]
pub mod unsubscribe;
