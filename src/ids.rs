//! The ids of things. The creator chooses them (UUIDv7), so that a creation can be repeated safely.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, ordered by the time of its creation.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// Reads an id out of a form.
            ///
            /// # Errors
            /// A field error on `field` when `text` is no UUID of RFC 9562, or the one that stands for none.
            pub fn parse(field: &str, text: &str) -> Result<Self> {
                match text.parse::<Uuid>() {
                    Ok(id) if id.get_version_num() > 0 => Ok(Self(id)),
                    _ => Err(Error::field(field, "This is not a valid id.")),
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    PersonId;
    SessionId;
    TokenId;
    InvitationId;
    WallLinkId;
    BoardId;
    ColumnId;
    TaskId;
    CommentId;
    NotificationId;
    WebhookId;
    FeedbackId;
    /// One thing that is told to a webhook; the same however often it is tried.
    DeliveryId;
    HypothesisId;
    /// What one action did: a bulk action is many events that share one.
    ChangeId;
}
