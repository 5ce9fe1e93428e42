//! Feedback: what people say about working with the product, in answer to three short questions.
//!
//! A button asks them on every page (`button`, or `form_page` without JavaScript), and so does a quiet card at two
//! moments (`asking`): which moment it is, and that nobody is asked twice in 30 days, is decided by the database.
//! The owners read the answers among their insights (`section`), tag them, and make tasks of them (`answer_page`).
//!
//! Nothing of it is an event: the log is read by the whole team, and what one person says here is for its owners.

mod answer_page;
mod asking;
mod button;
mod dialog;
mod form_page;
mod item;
pub mod model;
mod questions;
pub mod requests;
mod section;
pub mod words;

pub use self::{
    answer_page::AnswerPage, button::FeedbackButton, form_page::FeedbackPage,
    section::FeedbackSection,
};

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod proposal;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
