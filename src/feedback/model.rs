//! What people say, as server and browser share it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    boards::model::BoardLink,
    error::{Error, Result},
    ids::FeedbackId,
    people::model::PersonName,
    ui::text,
};

/// The version of the page that asks, which goes along with the answer: an old tab is told apart from a new server.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The most characters of one answer.
pub const LONGEST_ANSWER: usize = 2_000;

/// How many answers a page of the section shows.
pub const PAGE: usize = 25;

/// What led somebody to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// They pressed the button.
    Button,
    /// Ten tasks of theirs are finished.
    TenthTask,
    /// They have been in the team for a week.
    FirstWeek,
}

impl Occasion {
    pub const ALL: [Self; 3] = [Self::Button, Self::TenthTask, Self::FirstWeek];

    /// The word for it on the wire, in the tables and in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::TenthTask => "tenth_task",
            Self::FirstWeek => "first_week",
        }
    }

    /// What owners read beside an answer.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Button => "by the button",
            Self::TenthTask => "asked after ten finished tasks",
            Self::FirstWeek => "asked after a week",
        }
    }

    /// Whether the product asks by itself then.
    pub const fn is_moment(self) -> bool {
        !matches!(self, Self::Button)
    }
}

impl FromStr for Occasion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|occasion| occasion.as_str() == text)
            .ok_or_else(|| {
                Error::field(
                    "occasion",
                    "The occasion is button, tenth_task or first_week.",
                )
            })
    }
}

/// The answers to the three questions, of which at least one says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    most_useful: String,
    in_the_way: String,
    missing: String,
}

impl Answers {
    /// Reads the three fields.
    ///
    /// # Errors
    /// A field error on the one that cannot be taken; on the first when all are empty.
    pub fn parse(most_useful: &str, in_the_way: &str, missing: &str) -> Result<Self> {
        let answers = Self {
            most_useful: answer("most_useful", most_useful)?,
            in_the_way: answer("in_the_way", in_the_way)?,
            missing: answer("missing", missing)?,
        };
        let Self {
            most_useful,
            in_the_way,
            missing,
        } = &answers;
        if most_useful.is_empty() && in_the_way.is_empty() && missing.is_empty() {
            return Err(Error::field(
                "most_useful",
                "Answer at least one of the three questions.",
            ));
        }
        Ok(answers)
    }

    pub fn most_useful(&self) -> &str {
        &self.most_useful
    }

    pub fn in_the_way(&self) -> &str {
        &self.in_the_way
    }

    pub fn missing(&self) -> &str {
        &self.missing
    }
}

fn answer(field: &str, typed: &str) -> Result<String> {
    let typed = text::passage(field, typed, LONGEST_ANSWER)?;
    if text::is_blank(&typed) {
        return Ok(String::new());
    }
    Ok(typed.trim().to_owned())
}

/// The path of a page of one's own or of the team, without what an address carries behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePath(String);

impl PagePath {
    pub const MAX: usize = 300;

    /// Reads the path of a page on which people of this team can give feedback. What follows a `?` or a `#` is
    /// no part of it.
    ///
    /// # Errors
    /// A field error on `page` for everything else: other teams' pages, other sites, addresses with a token.
    pub fn parse(text: &str, team: &str) -> Result<Self> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let home = format!("/teams/{team}");
        let is_of_team = path
            .strip_prefix(&home)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_own = ["/account", "/teams/new"].contains(&path);
        let can_be_led_to = path.bytes().all(|byte| byte.is_ascii_graphic());
        if (is_of_team || is_own) && can_be_led_to && path.len() <= Self::MAX {
            return Ok(Self(path.to_owned()));
        }
        Err(Error::field("page", "This is no page of the team."))
    }

    /// The path of a page that somebody has before them, or the team's first page where it cannot be told.
    pub fn of(text: &str, team: &str) -> Self {
        Self::parse(text, team).unwrap_or_else(|_| Self(format!("/teams/{team}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The version of a page: letters, digits, dots, strokes and plus signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVersion(String);

impl PageVersion {
    /// # Errors
    /// A field error on `version`.
    pub fn parse(text: &str) -> Result<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-+".contains(&byte);
        if (1..=40).contains(&text.len()) && text.bytes().all(is_plain) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::field("version", "This is not a version."))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A word or two by which owners find answers again: one line of 1 to 30 characters, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    pub const MAX: usize = 30;
    /// How many an answer can have.
    pub const MOST: usize = 10;

    /// # Errors
    /// A field error on `tag`.
    pub fn parse(text: &str) -> Result<Self> {
        text::line("tag", &text.to_lowercase(), Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the form of its own page begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// The id of the answer that it would give.
    pub id: FeedbackId,
}

/// What was said, for the owners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackView {
    /// Newest first.
    pub items: Vec<FeedbackItem>,
    /// After which answer the next page begins, when there is one.
    pub older: Option<FeedbackId>,
    /// The tags in use, with how many answers have each, the most used first.
    pub tags: Vec<(String, i64)>,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackItem {
    pub id: FeedbackId,
    pub by: PersonName,
    /// Whether they have left the team since.
    pub left: bool,
    pub occasion: Occasion,
    pub most_useful: String,
    pub in_the_way: String,
    pub missing: String,
    pub page: String,
    pub version: String,
    /// In the order in which they were added.
    pub tags: Vec<String>,
    /// Seconds since 1970.
    pub created_at: i64,
    pub task: Option<MadeTask>,
}

/// The task that was made of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeTask {
    /// Such as `WEB-12`.
    pub key: String,
    pub deleted: bool,
}

/// The page on which a task is made of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerView {
    pub item: FeedbackItem,
    /// The open boards, by name.
    pub boards: Vec<BoardLink>,
    /// What the task could be called.
    pub title: String,
    /// What it could say: the answer, quoted, without a name.
    pub description: String,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_something_in_up_to_2000_characters() {
        let answers = Answers::parse(" The board \r\n", "\u{200b}", "").unwrap();
        assert_eq!(answers.most_useful(), "The board");
        assert_eq!((answers.in_the_way(), answers.missing()), ("", ""));
        let long = "ä".repeat(LONGEST_ANSWER);
        assert!(Answers::parse("", &long, "").is_ok());
        let longer = format!("{long}ä");
        let refused = [
            (("", " ", "\n"), "most_useful"),
            (("a", longer.as_str(), ""), "in_the_way"),
            (("a", "", "a\0b"), "missing"),
        ];
        for ((one, two, three), field) in refused {
            let error = Answers::parse(one, two, three).unwrap_err();
            assert!(error.on(field).is_some(), "{field}");
        }
    }

    #[test]
    fn a_page_is_one_of_the_team_or_of_ones_own_without_what_follows() {
        let path = |text: &str| PagePath::parse(text, "blue").map(|page| page.0);
        assert_eq!(path("/teams/blue").unwrap(), "/teams/blue");
        let board = "/teams/blue/boards/WEB?label=secret#WEB-1";
        assert_eq!(path(board).unwrap(), "/teams/blue/boards/WEB");
        assert_eq!(path("/account?refused=1").unwrap(), "/account");
        for other in [
            "",
            "/",
            "//evil.example/teams/blue",
            "https://evil.example/",
            "/teams/red",
            "/teams/blueish",
            "/invitations/token",
            "/wall/token",
            "/teams/blue/a b",
            "/teams/blue/ä",
        ] {
            assert!(path(other).unwrap_err().on("page").is_some(), "{other}");
        }
        assert!(path(&format!("/teams/blue/{}", "x".repeat(300))).is_err());
        assert_eq!(PagePath::of("/wall/token", "blue").0, "/teams/blue");
    }

    #[test]
    fn a_tag_is_a_short_line_in_small_letters() {
        assert_eq!(Tag::parse(" Slow Board ").unwrap().0, "slow board");
        for other in ["", "\u{200b}", "a\nb", &"x".repeat(31)] {
            assert!(Tag::parse(other).unwrap_err().on("tag").is_some());
        }
        for other in ["", "1 0", "<b>", &"1".repeat(41)] {
            assert!(PageVersion::parse(other).is_err(), "{other}");
        }
        assert!(PageVersion::parse(VERSION).is_ok());
    }
}
