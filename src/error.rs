//! The one error that crosses the wire: a stable code, a sentence for a person, and field errors.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{PersonId, TaskId},
    ui::text,
};

/// The result of everything that a person can ask for.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was refused, in words for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    pub code: Code,
    pub message: String,
    /// The fields at fault, in the words that their form uses in `name=`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// What somebody else did meanwhile, when that is the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Box<Conflict>>,
    /// What can be taken instead, when what was asked for is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Box<Offer>>,
    /// Seconds after which asking again makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// Stable codes, each with its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    Invalid,
    TooManyRequests,
    Internal,
    /// The database gave this up for the sake of something that ran at the same time: to be tried again.
    Contended,
    Unavailable,
    /// The request did not reach the server; only a browser says this.
    Unreachable,
}

/// One field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// Who came first, when, and what both wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The name of the person whose change stands.
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_id: Option<PersonId>,
    /// When they made it, in seconds since 1970.
    pub at: i64,
    /// The version that stands now.
    pub version: i64,
    pub fields: Vec<ConflictingField>,
}

impl Conflict {
    fn message(&self) -> String {
        format!(
            "{} while you were editing. Nothing is lost: both versions are below.",
            self.what_happened()
        )
    }

    /// Who was first, at which fields.
    pub fn what_happened(&self) -> String {
        let fields: Vec<_> = self.fields.iter().map(ConflictingField::name).collect();
        let fields = match fields.as_slice() {
            [] => "the same".to_owned(),
            [field] => format!("the {field}"),
            [others @ .., last] => format!("the {} and the {last}", others.join(", the ")),
        };
        format!("{} changed {fields}", self.by)
    }
}

/// Both values of a field that two people changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictingField {
    pub field: String,
    pub yours: String,
    pub theirs: String,
    /// Theirs as the form's field holds it, where that is no word: a person's id, a column's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_id: Option<String>,
}

impl ConflictingField {
    /// What the field is called inside a sentence.
    fn name(&self) -> &str {
        match self.field.as_str() {
            "due_on" => "due date",
            "wip_limit" => "WIP limit",
            field => field,
        }
    }

    /// Theirs as the form's field holds it.
    pub fn value(&self) -> String {
        text::in_field(self.theirs_id.as_deref().unwrap_or(&self.theirs))
    }
}

/// A task that nobody has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: TaskId,
    /// Such as `WEB-12`.
    pub key: String,
    pub title: String,
}

impl Error {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            conflict: None,
            offer: None,
            retry_after: None,
        }
    }

    /// An edit that somebody else was quicker with.
    pub fn conflict(conflict: Conflict) -> Self {
        Self {
            conflict: Some(Box::new(conflict.clone())),
            ..Self::new(Code::Conflict, conflict.message())
        }
    }

    /// A field that cannot be taken as it is.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            fields: vec![FieldError {
                field: field.into(),
                message: message.clone(),
            }],
            ..Self::new(Code::Invalid, message)
        }
    }

    /// The same words for what does not exist and for what belongs to another team.
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "There is nothing here, or it is not yours to see.",
        )
    }

    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "Sign in to go on.")
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, message)
    }

    /// A body of which nothing was read.
    pub fn too_large() -> Self {
        Self::new(Code::TooLarge, "This is too long to be sent in one piece.")
    }

    pub fn internal() -> Self {
        Self::new(
            Code::Internal,
            "Something went wrong on our side. Nothing was changed; try again.",
        )
    }

    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(5),
            ..Self::new(
                Code::Unavailable,
                "The database is away for a moment. Nothing was changed; try again shortly.",
            )
        }
    }

    /// The database went away at the moment of saving.
    pub fn uncertain() -> Self {
        Self {
            message: "The database went away while it was saving. It may have been saved; sending it again does no harm."
                .to_owned(),
            ..Self::unavailable()
        }
    }

    /// Whether what was asked for may have been done all the same.
    pub const fn may_have_arrived(&self) -> bool {
        matches!(
            self.code,
            Code::Internal | Code::Unavailable | Code::Unreachable
        )
    }

    /// What is wrong with one field, if that is the reason.
    pub fn on(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|f| f.field == field)
            .map(|f| f.message.as_str())
    }
}

impl Code {
    /// Those that the server says.
    pub const ALL: [Self; 11] = [
        Self::BadRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::TooLarge,
        Self::Invalid,
        Self::TooManyRequests,
        Self::Internal,
        Self::Contended,
        Self::Unavailable,
    ];

    /// The HTTP status that goes with the code.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Contended | Self::Unavailable | Self::Unreachable => 503,
        }
    }

    /// Whether the same, asked again later, may be answered in another way.
    pub const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::TooManyRequests
                | Self::Internal
                | Self::Contended
                | Self::Unavailable
                | Self::Unreachable
        )
    }

    /// The code as it is written on the wire and in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::Invalid => "invalid",
            Self::TooManyRequests => "too_many_requests",
            Self::Internal => "internal",
            Self::Contended => "contended",
            Self::Unavailable => "unavailable",
            Self::Unreachable => "unreachable",
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(
                Code::Unreachable,
                "The server cannot be reached. What you typed is still here; try again.",
            ),
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => {
                match missing_field(&message) {
                    Some(field) => Self::field(field, "This field is missing."),
                    None => Self::new(
                        Code::BadRequest,
                        "The form could not be read. If this page has been open for long, reload it.",
                    ),
                }
            }
            ServerFnErrorErr::Deserialization(_) => {
                // A newer server may say it in another way; if it is one, the page shows that.
                crate::live::tabs::renew();
                Self::new(
                    Code::Unreachable,
                    "The server's answer could not be read. Reload the page; what you typed into tasks and comments is kept.",
                )
            }
            _ => Self::internal(),
        }
    }
}

/// The field in serde's "missing field `title`".
fn missing_field(message: &str) -> Option<&str> {
    message
        .split_once("missing field `")
        .and_then(|(_, rest)| rest.split_once('`'))
        .map(|(field, _)| field)
}
