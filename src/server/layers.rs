//! What surrounds every request, whatever answers it.

use std::time::Duration;

use axum::{Router, middleware};
use http::StatusCode;
use tower_http::{
    CompressionLevel,
    compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
};

use super::{
    health::{self, Health},
    metrics, request_log, security,
    state::State,
    static_files,
};

/// Largest body of a request. The longest text of a form fits in, and so does one that is too long, so that the form
/// can say which.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long a client may pause while it sends a body.
const BODY_PAUSE: Duration = Duration::from_secs(15);
/// How long a request may take until the head of its answer. Every wait inside is shorter and says more.
const ANSWER: Duration = Duration::from_secs(30);

/// The whole service: the application, what only serves, and the layers around both.
///
/// From the outside in: security headers, the log with its request number and its net for panics, the deadline, the
/// origin check, limits on the body, compression. So a refused or failed request is logged and has the headers too.
pub fn service(application: Router, state: &State, health: Health) -> Router {
    let settings = &state.settings;
    application
        .merge(static_files::routes())
        .merge(health::routes(health))
        .merge(metrics::routes(settings.clone(), state.db.clone()))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(middleware::from_fn_with_state(
            settings.clone(),
            security::refuse_other_sites,
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER,
        ))
        .layer(middleware::from_fn_with_state(
            settings.clone(),
            request_log::log_requests,
        ))
        .layer(middleware::from_fn_with_state(
            settings.clone(),
            security::set_security_headers,
        ))
}
