//! Lists come in pages. A page ends at a place in the order, not after a number of rows.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, Result};

/// How many there are on a page when nothing is said, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What `cursor` has to be for the next page. There is none after the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page out of what was read: so many, and one more if there is a next page.
    pub fn of(mut items: Vec<T>, limit: usize, place: impl Fn(&T) -> String) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| has_more).map(place);
        Self { items, next_cursor }
    }

    pub fn map<U>(self, shape: impl Fn(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(shape).collect(),
            next_cursor: self.next_cursor,
        }
    }
}

/// Where a list begins and how long a page is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many there are on a page at most. Without it 50; more than 200 counts as 200.
    #[param(value_type = Option<i64>, minimum = 1)]
    pub limit: Option<String>,
}

/// Reads `limit`. What is above the most counts as the most.
///
/// # Errors
/// A field error on it when it is no number from 1, or none that 64 bits hold.
pub fn limit(text: Option<&str>) -> Result<usize> {
    match text.map(str::parse::<i64>) {
        None => Ok(USUAL),
        Some(Ok(limit @ 1..)) => Ok(usize::try_from(limit).unwrap_or(MOST).min(MOST)),
        Some(_) => Err(Error::field("limit", "A limit is a number from 1.")),
    }
}

/// So many rows and one more, as a statement takes it.
pub fn and_one(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// The answer to a cursor that no page has given.
pub fn no_such_page() -> Error {
    Error::field(
        "cursor",
        "No page gave this cursor. Begin again without one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_above_the_most_is_the_most() {
        for (text, read) in [
            (None, Some(50)),
            (Some("1"), Some(1)),
            (Some("200"), Some(200)),
            (Some("201"), Some(200)),
            (Some("9223372036854775807"), Some(200)),
            (Some("9223372036854775808"), None),
            (Some("0"), None),
            (Some("-1"), None),
            (Some("-99999999999999999999999999"), None),
            (Some("1.5"), None),
            (Some("x"), None),
            (Some(""), None),
        ] {
            assert_eq!(limit(text).ok(), read, "{text:?}");
        }
    }
}
