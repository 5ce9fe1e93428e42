//! Sign in and out, register, reset, sessions.

#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod token;
