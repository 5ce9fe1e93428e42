//! Where a page of results ends and the next begins: after a task as it stood when it was shown.

use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::{Error, Result};

/// The place of a task in the order of what is found: what is open, then what is done, and of both what
/// changed last first. A task that changes meanwhile moves to the front and is missed by nobody who looks there;
/// no other is skipped or shown twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// 1 for what is open, otherwise 0.
    pub open: i32,
    pub changed_at: OffsetDateTime,
    pub task: Uuid,
}

impl Cursor {
    /// # Errors
    /// A field error on `cursor`.
    pub fn parse(text: &str) -> Result<Self> {
        read(text).ok_or_else(|| {
            Error::field(
                "cursor",
                "This page is no more. Begin again with the search.",
            )
        })
    }
}

fn read(text: &str) -> Option<Cursor> {
    let mut parts = text.split('.');
    let cursor = Cursor {
        open: match parts.next()? {
            "0" => 0,
            "1" => 1,
            _ => return None,
        },
        changed_at: {
            let microseconds = parts.next()?.parse::<u64>().ok()?;
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(microseconds) * 1_000).ok()?
        },
        task: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(cursor)
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let microseconds = self.changed_at.unix_timestamp_nanos() / 1_000;
        write!(f, "{}.{microseconds}.{}", self.open, self.task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        let text = "1.1700000000123456.0193a1f0-0000-7000-8000-000000000001";
        assert_eq!(Cursor::parse(text).unwrap().to_string(), text);
        for other in [
            "",
            "1",
            "2.1.0193a1f0-0000-7000-8000-000000000001",
            "1.99999999999999999999.0193a1f0-0000-7000-8000-000000000001",
            "1.9223372036854775807.0193a1f0-0000-7000-8000-000000000001",
            "1.-1.0193a1f0-0000-7000-8000-000000000001",
            "1.1.x",
            "1.1.0193a1f0-0000-7000-8000-000000000001.2",
        ] {
            let refused = Cursor::parse(other).unwrap_err();
            assert!(refused.on("cursor").is_some(), "{other}");
        }
    }
}
