//! Plain forms. Every action is a form post that works without JavaScript: it is answered with a
//! redirect, and when it was refused the page comes back with the error and with what was typed.
//!
//! The refused text waits in the database for its author alone; the redirect carries only its id. Where the
//! form is gone when the page comes, the page itself shows what was typed: [`unsaid`].

pub mod conflict;
pub mod given;
pub mod going_on;
pub mod model;
pub mod unsaid;
pub mod view;

#[cfg(feature = "ssr")]
pub mod body;
#[cfg(feature = "ssr")]
pub mod layer;
#[cfg(feature = "ssr")]
pub mod origin;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
