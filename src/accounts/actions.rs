//! What people can do with accounts.

pub mod registering;
pub mod signing_in;
