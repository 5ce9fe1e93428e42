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

    /// All there is.
    pub fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
        }
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
    /// How many there are on a page at most, from 1 to 200. Without it 50.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    pub limit: Option<String>,
}

/// Reads `limit`.
///
/// # Errors
/// A field error on it.
pub fn limit(text: Option<&str>) -> Result<usize> {
    let Some(text) = text else {
        return Ok(USUAL);
    };
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or_else(|| Error::field("limit", format!("A limit is a number from 1 to {MOST}.")))
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
