//! People, how they get in, and how they stay in.
//!
//! Somebody registers: the page posts to `register`, whose action hashes the password, adds the person,
//! founds their team or takes up their invitation, and starts a session, all in one transaction. From
//! then on the session layer finds them by the token in their cookie, of which only a hash is stored.
//! A program of theirs uses an API token instead, in the API alone.

pub mod account_page;
pub mod confirm_email_page;
pub mod forgot_password_page;
pub mod home_page;
pub mod model;
pub mod register_page;
pub mod reset_password_page;
pub mod sign_in_page;
pub mod sign_out;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod device;
#[cfg(feature = "ssr")]
pub mod limits;
#[cfg(feature = "ssr")]
pub mod link;
#[cfg(feature = "ssr")]
pub mod mails;
#[cfg(feature = "ssr")]
pub mod operator;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod token;
#[cfg(feature = "ssr")]
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod visit;

#[cfg(all(test, feature = "ssr"))]
mod tests;
