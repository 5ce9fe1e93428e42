//! What is wrong, as RFC 9457 wants it to be said.

use axum::{
    Json,
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{Person, moment_of};
use crate::{
    error::{self, Code, Error},
    server::{error_pages::with_body, request_log::RequestId},
};

/// A request that is refused. It becomes a body in [`around`], which knows the number of the request.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub error: Error,
}

impl Problem {
    /// A refusal with a status that no code of an [`Error`] has.
    pub fn new(status: StatusCode, detail: &str) -> Self {
        Self {
            status,
            error: Error::new(Code::BadRequest, detail),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = StatusCode::from_u16(error.code.status());
        Self {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            error,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem, as RFC 9457 describes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// Which problem it is: an address below this server that explains it.
    #[serde(rename = "type")]
    #[schema(example = "/api/docs#unprocessable-entity")]
    kind: String,
    /// The same in words.
    #[schema(example = "Unprocessable Entity")]
    title: String,
    /// The status of the answer.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong with this request, in a sentence for a person.
    #[schema(example = "This has 300 characters; 200 are possible.")]
    detail: String,
    /// The fields, parameters or headers at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    field: Vec<Field>,
    /// What somebody else did meanwhile, when that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<Conflict>,
    /// A task that nobody has, when the one that was to be claimed is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    offer: Option<Offer>,
    /// The number under which this request stands in the log of the server. A 404 has it in the header
    /// `X-Request-Id` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// One thing that cannot be taken as it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemField)]
struct Field {
    #[schema(example = "title")]
    name: String,
    #[schema(example = "This has 300 characters; 200 are possible.")]
    message: String,
}

/// Who was first.
#[derive(Debug, Serialize, ToSchema)]
struct Conflict {
    /// Whose change stands, or who has the task.
    by: Option<Person>,
    /// When they made it, or since when they have it.
    #[schema(format = DateTime)]
    at: String,
    /// The version that stands now.
    version: i64,
    /// Both values of each field that two have changed.
    fields: Vec<ConflictingField>,
}

/// A field that two have changed.
#[derive(Debug, Serialize, ToSchema)]
struct ConflictingField {
    #[schema(example = "title")]
    name: String,
    /// What you asked for.
    yours: String,
    /// What stands.
    theirs: String,
    /// The id of what stands, where `theirs` is a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs_id: Option<String>,
}

/// Something to take instead.
#[derive(Debug, Serialize, ToSchema)]
struct Offer {
    id: Uuid,
    #[schema(example = "WEB-13")]
    key: String,
    title: String,
}

impl Body {
    fn of(problem: Problem, request_id: Option<String>) -> Self {
        let Problem { status, error } = problem;
        let title = status.canonical_reason().unwrap_or("Error");
        Self {
            kind: format!("/api/docs#{}", anchor(status)),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: error.message,
            field: error
                .fields
                .into_iter()
                .map(|fault| Field {
                    name: fault.field,
                    message: fault.message,
                })
                .collect(),
            conflict: error.conflict.map(|conflict| Conflict {
                by: conflict.by_id.map(|id| Person {
                    id: id.into(),
                    name: conflict.by.clone(),
                }),
                at: moment_of(conflict.at),
                version: conflict.version,
                fields: conflict.fields.into_iter().map(both).collect(),
            }),
            offer: error.offer.map(|offer| Offer {
                id: offer.id.into(),
                key: offer.key,
                title: offer.title,
            }),
            request_id,
        }
    }
}

fn both(field: error::ConflictingField) -> ConflictingField {
    ConflictingField {
        name: field.field,
        yours: field.yours,
        theirs: field.theirs,
        theirs_id: field.theirs_id,
    }
}

/// Where the page of the API explains a status.
pub fn anchor(status: StatusCode) -> String {
    let title = status.canonical_reason().unwrap_or("error");
    title.to_ascii_lowercase().replace(' ', "-")
}

/// The layer that gives every refusal below `/api` the same body, whoever refused it: a handler, the router, or
/// a layer that knows nothing of this.
pub async fn around(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path == "/api" || path.starts_with("/api/");
    let request_id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    let status = response.status();
    if !is_api || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = response
        .extensions_mut()
        .remove::<Problem>()
        .unwrap_or_else(|| unexplained(status));
    response.extensions_mut().insert(problem.error.code);
    if matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    ) {
        let seconds = problem.error.retry_after.unwrap_or(5);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    // What is not there and what is not to be seen are answered with the same body to the letter.
    let request_id = request_id.filter(|_| status != StatusCode::NOT_FOUND);
    let body = Json(Body::of(problem, request_id.map(|id| id.0))).into_response();
    with_body(response, "application/problem+json", body.into_body())
}

/// What the router and the outer layers refuse without a word.
fn unexplained(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Error::not_found().into(),
        StatusCode::SERVICE_UNAVAILABLE => Error::unavailable().into(),
        StatusCode::INTERNAL_SERVER_ERROR => Error::internal().into(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(
            status,
            "This cannot be done here. The header Allow says what can.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Error::too_large().into(),
        StatusCode::FORBIDDEN => Problem::new(
            status,
            "This was sent by a page of another site. The API takes nothing from those.",
        ),
        _ => Problem::new(status, "This request cannot be answered."),
    }
}
