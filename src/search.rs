//! Search: a task by its key, or by words of its title and description.

pub mod model;
pub mod search_page;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
