//! What was searched for and what was found, as server and browser share it.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    tasks::model::Priority,
};

/// The search page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchView {
    pub query: String,
    /// The query without its filters: what is marked in what was found.
    pub words: String,
    /// The query as it stands in an address.
    pub here: String,
    /// The query without its filters, if it has any, as it stands in an address.
    pub unfiltered: Option<String>,
    pub found: Vec<FoundTask>,
    /// Where the next page begins, if there is one.
    pub older: Option<String>,
    /// Whether this is a page after the first.
    pub is_older: bool,
    /// Whether more than [`MOST_COMMENTS`] comments have the words.
    pub has_more_comments: bool,
    /// What the query asks for and nobody here knows, in sentences.
    pub notes: Vec<String>,
    pub facets: Vec<FacetView>,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub today: String,
}

/// One task that was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FoundTask {
    pub key: String,
    pub title: String,
    /// The name of its board.
    pub board: String,
    pub board_is_archived: bool,
    pub column: String,
    pub is_done: bool,
    pub assignee: Option<String>,
    /// `YYYY-MM-DD`
    pub due_on: Option<String>,
    pub priority: Priority,
    /// The words around what was found, when they stand in a comment and not in the task itself.
    pub comment: Option<String>,
}

/// A filter that can be clicked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetView {
    pub name: String,
    /// What is chosen, in words.
    pub chosen: Option<String>,
    pub choices: Vec<ChoiceView>,
}

/// One choice of a filter, and the query that it leads to, encoded as for an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceView {
    pub words: String,
    pub query: String,
}

/// The longest query.
pub const MAX_QUERY: usize = 200;

/// How many tasks one page of results shows.
pub const MOST_FOUND: usize = 50;

/// So many comments are looked at, the latest that have the words. A word that more of them have is none
/// to search by, and the page says so.
pub const MOST_COMMENTS: i64 = 1_000;

/// A query as it can be asked: one line.
///
/// # Errors
/// A field error on `query` when it is too long or no text.
pub fn parse(query: &str) -> Result<String> {
    parse_as("query", query)
}

/// The same, under another name.
///
/// # Errors
/// A field error on `field`.
pub fn parse_as(field: &str, query: &str) -> Result<String> {
    let length = query.chars().count();
    if length > MAX_QUERY {
        return Err(Error::field(
            field,
            format!("The search has {length} characters; {MAX_QUERY} are possible."),
        ));
    }
    if query.contains('\0') {
        return Err(Error::field(
            field,
            "The search contains a character that cannot be looked for (NUL).",
        ));
    }
    let line = query.replace(char::is_control, " ");
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_one_bounded_line_of_text() {
        assert_eq!(parse("  a\nb\u{7}c ").ok().as_deref(), Some("a b c"));
        assert!(parse(&"é".repeat(MAX_QUERY)).is_ok());
        for refused in ["a\0b", &"é".repeat(MAX_QUERY + 1)] {
            assert!(parse(refused).is_err_and(|error| error.on("query").is_some()));
        }
    }
}
