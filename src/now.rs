//! Who is on what: the first page after signing in.
//!
//! One query reads the whole team: everybody with what they have in progress, what is in progress and
//! held by nobody, and what former members still hold.

pub mod model;
pub mod now_page;

#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
