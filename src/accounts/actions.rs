//! What people can do with accounts.

pub mod changing;
pub mod confirming;
pub mod deleting;
pub mod registering;
pub mod resetting;
pub mod signing_in;
pub mod tokens;
