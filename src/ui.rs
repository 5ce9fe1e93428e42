//! What every page is made of. No domain words here.

pub mod announce;
pub mod avatar;
pub mod clipboard;
pub mod confirm;
pub mod data;
pub mod derived;
pub mod dom;
pub mod focus;
pub mod icon;
pub mod keys;
pub mod page;
pub mod storage;
pub mod text;
pub mod time;
pub mod words;

#[cfg(feature = "ssr")]
pub mod date;
