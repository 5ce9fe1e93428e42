//! A comment, as server and browser share it.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::CommentId,
    people::model::PersonName,
    ui::text,
};

/// What a comment says: Markdown of 1 to 20,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentBody(String);

impl CommentBody {
    pub const MAX: usize = 20_000;

    /// Reads a comment out of the field `body`.
    ///
    /// # Errors
    /// A field error when nothing is said, when it is too long, or when it holds a NUL.
    pub fn parse(text: &str) -> Result<Self> {
        let body = text::passage("body", text, Self::MAX)?;
        if text::is_blank(&body) {
            return Err(Error::field("body", "Write something first."));
        }
        Ok(Self(body))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The beginning of the first line, for the log.
    pub fn excerpt(&self) -> String {
        excerpt(&self.0)
    }
}

/// The beginning of the first line that says something: up to 120 characters.
pub fn excerpt(text: &str) -> String {
    const LENGTH: usize = 120;
    let line = text.trim().split(['\r', '\n']).next().unwrap_or_default();
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// One comment as the page of its task shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentView {
    pub id: CommentId,
    pub author: PersonName,
    /// What was typed, for its author to go on with. Empty for everybody else.
    pub body: String,
    /// The comment as sanitised HTML.
    pub html: String,
    /// Seconds since 1970.
    pub created_at: i64,
    pub edited_at: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_beginning_of_the_first_line() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(excerpt(&format!("{end}  Hello  {end}world")), "Hello  ");
        }
        let long = "ä".repeat(121);
        assert_eq!(excerpt(&long), format!("{}…", "ä".repeat(120)));
    }

    #[test]
    fn a_comment_says_something() {
        assert!(CommentBody::parse(" \r\n ").is_err());
        assert!(CommentBody::parse(&"x".repeat(20_001)).is_err());
        assert_eq!(CommentBody::parse("a\r\nb").unwrap().as_str(), "a\r\nb");
    }
}
