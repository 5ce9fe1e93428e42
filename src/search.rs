//! Search: a task by its key, by words of its title, description or comments, and by filters among them.

pub mod model;
pub mod search_page;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod cursor;
#[cfg(feature = "ssr")]
mod facets;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(all(test, feature = "ssr"))]
mod tests;
