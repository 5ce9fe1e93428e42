//! Who is on what: the first page after signing in, and the wall that shows it to everybody in the room.
//!
//! One query reads the whole team: everybody with what they have in progress, what is late or will be,
//! what nobody holds and what former members still hold. What of it needs attention is decided by
//! `risk` and put in order by `sorting`, so that the browser has only to show words.

pub mod model;
pub mod now_page;
pub mod wall_page;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod risk;
#[cfg(feature = "ssr")]
mod sorting;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
