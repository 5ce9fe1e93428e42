//! Toggles: what is not everybody's yet. A feature is off, on, or on for a share of a team's people and for those
//! who are named.
//!
//! A page asks on the server whether its reader has a feature (`actions::has`). The answer stays the same until an
//! owner changes it (`section`, `actions::change_toggle`), and who had which answer when is kept, so that a
//! hypothesis can compare those with and those without (`actions::people_with`).

pub mod model;
pub mod requests;
pub mod section;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
