//! Webhooks and their deliveries, as server and browser share them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::{DeliveryId, WebhookId},
    people::model::PersonName,
};

/// How many webhooks a team can have.
pub const MOST: i64 = 10;
/// How many deliveries the page of a webhook shows: the latest.
pub const SHOWN: i64 = 100;
/// The most characters of an address.
pub const LONGEST_URL: usize = 500;
/// The kind of a delivery that has no event.
pub const TEST: &str = "ping";

/// What a webhook is told of. Every kind of event belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Created,
    Changed,
    Moved,
    Deleted,
    Comments,
    Boards,
    People,
    Team,
}

impl Topic {
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::Changed,
        Self::Moved,
        Self::Deleted,
        Self::Comments,
        Self::Boards,
        Self::People,
        Self::Team,
    ];

    /// The topic of a kind of event. A kind that came later falls into the one of its first word.
    pub fn of(kind: &str) -> Self {
        match kind {
            "task.created" => Self::Created,
            "task.moved" | "task.claimed" => Self::Moved,
            "task.deleted" | "task.restored" => Self::Deleted,
            _ => match kind.split('.').next().unwrap_or_default() {
                "task" => Self::Changed,
                "comment" => Self::Comments,
                "board" | "column" => Self::Boards,
                "member" | "invitation" => Self::People,
                _ => Self::Team,
            },
        }
    }

    /// The topic as it is stored, and the name of its checkbox.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Deleted => "deleted",
            Self::Comments => "comments",
            Self::Boards => "boards",
            Self::People => "people",
            Self::Team => "team",
        }
    }

    /// The name of its checkbox, which may not be that of another field.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Team => "settings",
            other => other.as_str(),
        }
    }

    /// What the checkbox says.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Created => "Tasks created",
            Self::Changed => "Tasks edited or assigned",
            Self::Moved => "Tasks moved or claimed",
            Self::Deleted => "Tasks deleted or restored",
            Self::Comments => "Comments",
            Self::Boards => "Boards and columns",
            Self::People => "Members and invitations",
            Self::Team => "Settings of the team",
        }
    }

    /// Reads the checkboxes, in the order of [`Self::ALL`].
    ///
    /// # Errors
    /// A field error on `events` when none is chosen.
    pub fn chosen(boxes: [bool; 8]) -> Result<Vec<Self>> {
        let chosen: Vec<Self> = Self::ALL
            .into_iter()
            .zip(boxes)
            .filter_map(|(topic, is_chosen)| is_chosen.then_some(topic))
            .collect();
        if chosen.is_empty() {
            return Err(Error::field("events", "Choose at least one kind of event."));
        }
        Ok(chosen)
    }
}

impl FromStr for Topic {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|topic| topic.as_str() == text)
            .ok_or_else(Error::internal)
    }
}

/// What became of a delivery so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Waiting,
    Delivered,
    Failed,
}

impl FromStr for Status {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "waiting" => Ok(Self::Waiting),
            "delivered" => Ok(Self::Delivered),
            "failed" => Ok(Self::Failed),
            _ => Err(Error::internal()),
        }
    }
}

/// The webhooks of a team, for its owners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhooksView {
    pub webhooks: Vec<WebhookView>,
    /// The id of the webhook that the form on the page would make.
    pub next: WebhookId,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// One webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookView {
    pub id: WebhookId,
    pub url: String,
    pub topics: Vec<Topic>,
    pub created_by: PersonName,
    /// Seconds since 1970.
    pub created_at: i64,
    /// How often in a row its target did not take what was sent.
    pub failures: i32,
    pub disabled: Option<Disabled>,
    /// What was sent last.
    pub last: Option<DeliveryView>,
    /// How many deliveries wait.
    pub waiting: i64,
    /// The id of the test that its form would send.
    pub next_test: DeliveryId,
}

/// Since when a webhook is turned off, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// Seconds since 1970.
    pub at: i64,
    pub reason: String,
}

/// The page of a webhook: what was sent, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookLogView {
    pub webhook: WebhookView,
    /// Newest first.
    pub deliveries: Vec<DeliveryView>,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// One delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    pub id: DeliveryId,
    /// The kind of its event, or `ping`.
    pub kind: String,
    /// The number of its event; a test has none.
    pub seq: Option<i64>,
    pub status: Status,
    pub attempts: i32,
    /// When it was tried last, in seconds since 1970.
    pub tried_at: Option<i64>,
    /// When it is tried again, in seconds since 1970.
    pub next_attempt_at: i64,
    /// The status that the target answered with.
    pub response_status: Option<i16>,
    pub duration_ms: Option<i32>,
    /// Why it was not taken.
    pub error: Option<String>,
    /// How the target's refusal begins.
    pub answer: Option<String>,
    /// Seconds since 1970.
    pub created_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_topic_also_one_that_comes_later() {
        let topics = [
            ("task.created", Topic::Created),
            ("task.edited", Topic::Changed),
            ("task.split", Topic::Changed),
            ("task.claimed", Topic::Moved),
            ("task.restored", Topic::Deleted),
            ("comment.added", Topic::Comments),
            ("column.moved", Topic::Boards),
            ("member.left", Topic::People),
            ("wall_link.created", Topic::Team),
            ("something.new", Topic::Team),
        ];
        for (kind, topic) in topics {
            assert_eq!(Topic::of(kind), topic, "{kind}");
        }
    }

    #[test]
    fn a_webhook_is_told_of_something() {
        assert_eq!(Topic::chosen([true; 8]), Ok(Topic::ALL.to_vec()));
        assert!(Topic::chosen([false; 8]).is_err());
    }
}
