//! What surrounds every request, whatever answers it.

use std::time::Duration;

use axum::{Router, extract::DefaultBodyLimit, middleware};
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
use crate::api::problem;

/// Largest body of a request. The longest text of a form fits in, and so does one that is too long, so that the form
/// can say which.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long a client may pause while it sends a body.
const BODY_PAUSE: Duration = Duration::from_secs(10);
/// How long a request may take until the head of its answer. Every wait inside is shorter and says more, but for
/// one: a page whose connection to Postgres the network forgets in the middle of a question.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a file may take on its way here, and until it is looked at.
const UPLOAD: Duration = Duration::from_secs(15 * 60);

/// The whole service: the application, what only serves, and the layers around both.
///
/// From the outside in: security headers, the log with its request number and its net for panics, the words of the
/// API for what it refuses, the deadline, the
/// origin check, limits on the body, compression. So a refused or failed request is logged and has the headers too.
/// `uploads` are routes that count by themselves how much they take.
pub fn service(application: Router, uploads: Router, state: &State, health: Health) -> Router {
    let settings = &state.settings;
    let uploads = uploads
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(middleware::from_fn_with_state(
            settings.clone(),
            security::refuse_other_sites,
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            UPLOAD,
        ));
    application
        .merge(static_files::routes())
        .merge(health::routes(health.clone()))
        .merge(metrics::routes(settings.clone(), state.db.clone(), health))
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
        .merge(uploads)
        .layer(middleware::from_fn(problem::around))
        .layer(middleware::from_fn_with_state(
            (settings.clone(), state.answers.clone()),
            request_log::log_requests,
        ))
        .layer(middleware::from_fn_with_state(
            settings.clone(),
            security::set_security_headers,
        ))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{body::Body, response::Response, routing::post};
    use http::{Request, header::CONTENT_ENCODING};
    use leptos::config::LeptosOptions;
    use sqlx::postgres::PgPoolOptions;
    use tower::ServiceExt;

    use super::*;
    use crate::server::{
        serve::Shutdown,
        settings::{Given, Settings},
    };
    use crate::{answers::counting::Answers, api::counting::Requests, live::feed::Feed};

    async fn fall() -> String {
        panic!("a test of panics")
    }

    async fn ask(request: http::request::Builder, body: Body) -> Response {
        let db = PgPoolOptions::new()
            .connect_lazy("postgres://localhost/x")
            .expect("a pool");
        let given = Given {
            database_url: Some("postgres://localhost/x".into()),
            ..Given::default()
        };
        let state = State {
            leptos: LeptosOptions::builder().output_name("skateboard").build(),
            settings: Arc::new(Settings::understand(given).expect("settings")),
            feed: Feed::new(db.clone(), Shutdown::default()),
            shutdown: Shutdown::default(),
            answers: Answers::default(),
            requests: Requests::default(),
            db,
        };
        let application = Router::new()
            .route("/echo", post(|text: String| async { text }))
            .route("/panic", post(fall));
        let health = Health::new((*state.db.connect_options()).clone(), Shutdown::default());
        let request = request.body(body).expect("a request");
        service(application, Router::new(), &state, health)
            .oneshot(request)
            .await
            .expect("an answer")
    }

    #[tokio::test]
    async fn every_answer_is_numbered_and_has_the_security_headers() {
        let foreign = || Request::post("/echo").header("origin", "https://evil.example");
        let large = || Request::post("/echo").header("content-length", MAX_BODY + 1);
        for (request, status) in [
            (Request::post("/echo"), StatusCode::OK),
            (Request::get("/echo"), StatusCode::METHOD_NOT_ALLOWED),
            (Request::get("/nowhere"), StatusCode::NOT_FOUND),
            (Request::get("/health/live"), StatusCode::OK),
            (Request::get("/pkg/nothing.js"), StatusCode::NOT_FOUND),
            (Request::get("/metrics"), StatusCode::NOT_FOUND),
            (foreign(), StatusCode::FORBIDDEN),
            (large(), StatusCode::PAYLOAD_TOO_LARGE),
            (Request::post("/panic"), StatusCode::INTERNAL_SERVER_ERROR),
        ] {
            let answer = ask(request, Body::empty()).await;
            assert_eq!(answer.status(), status);
            for name in [
                "x-request-id",
                "content-security-policy",
                "x-content-type-options",
                "cache-control",
            ] {
                assert!(
                    answer.headers().contains_key(name),
                    "{status} has no {name}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_long_answer_is_compressed_if_the_client_can_read_that() {
        let text = "a word and a word ".repeat(100);
        let request = || Request::post("/echo");
        let plain = ask(request(), Body::from(text.clone())).await;
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
        let brotli = ask(request().header("accept-encoding", "br"), Body::from(text)).await;
        assert_eq!(brotli.headers()[CONTENT_ENCODING], "br");
    }

    #[tokio::test]
    async fn a_body_without_a_length_is_cut_off_as_well() {
        let endless =
            futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'a'; 65_536]));
        let answer = ask(Request::post("/echo"), Body::from_stream(endless)).await;
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
