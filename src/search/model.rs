//! What was searched for and what was found, as server and browser share it.

use serde::{Deserialize, Serialize};

/// The search page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchView {
    pub query: String,
    pub found: Vec<FoundTask>,
    /// Whether there are more than are shown.
    pub has_more: bool,
}

/// One task that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundTask {
    pub key: String,
    pub title: String,
    /// The name of its board.
    pub board: String,
    pub board_is_archived: bool,
    pub column: String,
    pub assignee: Option<String>,
}

/// The longest query that is looked for; the rest is left out.
pub const MAX_QUERY: usize = 200;

/// How many tasks one page of results shows.
pub const MOST_FOUND: usize = 50;

/// A query as it can be asked: one line, of a bounded length.
pub fn clean(query: &str) -> String {
    let line: String = query
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_QUERY)
        .collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_one_bounded_line() {
        assert_eq!(clean("  a\0b\nc "), "a b c");
        assert_eq!(clean(&"é".repeat(300)).chars().count(), MAX_QUERY);
    }
}
