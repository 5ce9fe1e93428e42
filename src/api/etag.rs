//! Versions, as HTTP says them: the `ETag` of what is read, the `If-Match` of what is changed.

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::problem::Problem;
use crate::{
    error::{Code, Error},
    server::state::State,
};

/// Something that has a version, and where it is when it is new.
pub struct Versioned<T> {
    pub version: i64,
    pub location: Option<String>,
    pub body: T,
}

impl<T> Versioned<T> {
    pub fn new(version: i64, body: T) -> Self {
        Self {
            version,
            location: None,
            body,
        }
    }

    /// The same, just created, below `/api/v1`.
    pub fn created(self, path: &str) -> Self {
        Self {
            location: Some(format!("{}{path}", super::PREFIX)),
            ..self
        }
    }
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        let tag = HeaderValue::from_str(&format!("\"{}\"", self.version));
        if let Ok(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        let location = self.location.map(|path| HeaderValue::from_str(&path));
        if let Some(Ok(location)) = location {
            *response.status_mut() = StatusCode::CREATED;
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

/// The version that a change starts from: none for whatever stands, which `*` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl FromRequestParts<State> for IfMatch {
    type Rejection = Problem;

    /// It has to be there.
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        read(parts)?.ok_or_else(|| Problem {
            status: StatusCode::PRECONDITION_REQUIRED,
            error: Error::field(
                "If-Match",
                "Say in If-Match which version this starts from: the ETag of what was read, or * for any.",
            ),
        })
    }
}

/// The same where it may be left out, which is as good as `*`.
#[derive(Clone, Copy, Debug)]
pub struct MayMatch(pub Option<i64>);

impl FromRequestParts<State> for MayMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        Ok(Self(read(parts)?.and_then(|given| given.0)))
    }
}

fn read(parts: &Parts) -> Result<Option<IfMatch>, Problem> {
    let mut given = parts.headers.get_all(header::IF_MATCH).iter();
    let Some(first) = given.next() else {
        return Ok(None);
    };
    let tag = first.to_str().ok().filter(|_| given.next().is_none());
    let read = tag.and_then(|tag| match tag.trim() {
        "*" => Some(IfMatch(None)),
        // Proxies that compress make weak tags of ours.
        tag => {
            let version = tag.strip_prefix("W/").unwrap_or(tag);
            let version = version.strip_prefix('"')?.strip_suffix('"')?;
            Some(IfMatch(Some(version.parse().ok()?)))
        }
    });
    let refused = || Error {
        code: Code::BadRequest,
        ..Error::field("If-Match", "This is no ETag of ours: one is like \"7\".")
    };
    Ok(Some(read.ok_or_else(refused)?))
}

/// A refusal because of what others did since the version that was named: 412, and not 409.
pub fn since(error: Error) -> Problem {
    if error.conflict.is_none() && error.on("version").is_none() {
        return error.into();
    }
    Problem {
        status: StatusCode::PRECONDITION_FAILED,
        error: Error {
            message: match &error.conflict {
                Some(conflict) => format!(
                    "{} since that version. Nothing was changed; both values are in `conflict`.",
                    conflict.what_happened()
                ),
                None => "There is no such version. Read it again first.".to_owned(),
            },
            fields: Vec::new(),
            ..error
        },
    }
}
