//! The layer around the resources: what comes in is text, and a change runs to its end.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;
use crate::{
    error::{Code, Error, Result},
    forms::{self, body::unreadable},
    server::to_the_end,
};

/// The largest body: a description of 50,000 characters, each of them escaped, fits.
const MAX_BODY: usize = 1024 * 1024;

/// Runs whatever changes something in a task of its own, again when the database gave it up for another.
pub async fn around(request: Request, next: Next) -> Response {
    if !forms::layer::is_text(request.uri().path()) {
        return Problem::from(Error::not_found()).into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    to_the_end::run(change(request, next))
        .await
        .and_then(|answer| answer)
        .unwrap_or_else(|error| {
            forms::layer::count(&error);
            Problem::from(error).into_response()
        })
}

async fn change(request: Request, next: Next) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, MAX_BODY).await.map_err(unreadable)?;
    to_the_end::retried(async || {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let answer = next.clone().run(request).await;
        match answer.extensions().get::<Problem>() {
            Some(problem) if problem.error.code == Code::Contended => Err(problem.error.clone()),
            Some(problem) => {
                forms::layer::count(&problem.error);
                Ok(answer)
            }
            None => Ok(answer),
        }
    })
    .await
}
