//! The whole instance in one file, and back out of it. `skateboard backup` reads every table as it was at one
//! moment, whatever is written meanwhile; `skateboard restore` first reads the file to its end, then puts
//! everything into the database at once or not at all. docs/backup.md describes the file.

mod failure;
mod file;
mod restoring;
mod store;
mod taking;

pub use failure::Failure;
pub use file::{Taken, to_file};
pub use restoring::restore;

/// Tables that come back empty, with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "account_links",
        "a link that was used since would work again",
    ),
    ("rate_limits", "attempts of minutes"),
    (
        "refused_forms",
        "kept for a day, for a browser that has its session no more",
    ),
    (
        "sessions",
        "one that was ended since would go on; everybody signs in again",
    ),
];

#[cfg(test)]
mod tests;
