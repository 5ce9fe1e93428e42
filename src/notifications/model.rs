//! What a member is told, as server and browser share it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::{CommentId, NotificationId},
    people::model::PersonName,
};

/// Why somebody is told of a task. A change concerns a person for the first reason of this order alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Mentioned,
    Assigned,
    Commented,
    /// Somebody tried to claim what the person holds.
    Contested,
    DueSoon,
    Late,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Mentioned,
        Self::Assigned,
        Self::Commented,
        Self::Contested,
        Self::DueSoon,
        Self::Late,
    ];

    /// The kind as it is stored, and the name of its checkbox.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Assigned => "assigned",
            Self::Commented => "commented",
            Self::Contested => "contested",
            Self::DueSoon => "due_soon",
            Self::Late => "late",
        }
    }

    /// What the checkbox says: "Tell me when …".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Mentioned => "Somebody mentions me",
            Self::Assigned => "Somebody assigns a task to me",
            Self::Commented => "Somebody comments on a task that I hold or created",
            Self::Contested => "Somebody tries to claim a task that I hold",
            Self::DueSoon => "A task of mine is due tomorrow or today",
            Self::Late => "A task of mine is late",
        }
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Error::field("kind", "There is no such kind of notification."))
    }
}

/// Reads the number of a notification out of a form or an address.
///
/// # Errors
/// A field error on `field` when `text` is no such number.
pub fn parse_number(field: &str, text: &str) -> Result<i64> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| Error::field(field, "This is not the number of a notification."))
}

/// How many notifications a page shows.
pub const PAGE: usize = 50;

/// The page of the bell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationsView {
    /// Newest first.
    pub items: Vec<NotificationView>,
    /// Below which number the next page begins, when there is one.
    pub older: Option<i64>,
    /// How many are unread, on all pages.
    pub unread: i64,
    pub settings: NotificationSettings,
    /// Whether the server can send mail at all.
    pub mail: bool,
    /// The team's clock.
    pub time_zone: String,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub today: String,
}

/// One thing that somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationView {
    pub id: NotificationId,
    /// Its place among all that the team's members were told. Nothing appears later below a number that was seen.
    pub number: i64,
    pub kind: Kind,
    /// Who did it; nobody did what only time does.
    pub actor: Option<PersonName>,
    pub task: String,
    pub title: String,
    /// Whether the task has been deleted since.
    pub deleted: bool,
    /// With how many more tasks the same was done at the same time.
    pub further_tasks: i32,
    pub comment: Option<CommentId>,
    /// `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// Seconds since 1970.
    pub at: i64,
    pub unread: bool,
}

/// What a member wants to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationSettings {
    pub muted: Vec<Kind>,
    /// Whether the digest is mailed.
    pub digest: bool,
}

impl NotificationSettings {
    /// The name of the digest's checkbox.
    pub const DIGEST: &str = "digest";

    /// The names of all checkboxes: those of the kinds, and behind them the digest's.
    pub const FIELDS: [&str; Kind::ALL.len() + 1] = {
        let mut fields = [Self::DIGEST; Kind::ALL.len() + 1];
        let mut place = 0;
        while place < Kind::ALL.len() {
            fields[place] = Kind::ALL[place].as_str();
            place += 1;
        }
        fields
    };
}
