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
    error_pages,
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
/// API and the pages of a browser for what is refused, the deadline, the origin check, limits on the body, compression.
/// So a refused or failed request is logged and has the headers too.
/// `uploads` are routes that count by themselves how much they take.
pub fn service(application: Router, uploads: Router, state: &State, health: Health) -> Router {
    service_within(ANSWER, application, uploads, state, health)
}

fn service_within(
    answer: Duration,
    application: Router,
    uploads: Router,
    state: &State,
    health: Health,
) -> Router {
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
            answer,
        ))
        .merge(uploads)
        .layer(middleware::from_fn(problem::around))
        .layer(middleware::from_fn_with_state(
            settings.clone(),
            error_pages::around,
        ))
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
    use std::{future::pending, sync::Arc};

    use axum::{
        body::{Body, to_bytes},
        response::Response,
        routing::{any, post},
    };
    use http::{
        HeaderName, Request,
        header::{
            ACCEPT, ALLOW, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER,
        },
        request::Builder,
    };
    use leptos::{config::LeptosOptions, server_fn::error::SERVER_FN_ERROR_HEADER};
    use sqlx::postgres::PgPoolOptions;
    use tower::ServiceExt;

    use super::*;
    use crate::server::{
        serve::Shutdown,
        settings::{Given, Settings},
    };
    use crate::{
        answers::counting::Answers,
        api::counting::Requests,
        error::{Code, Error},
        live::feed::Feed,
        testing::Answer,
    };

    async fn fall() -> String {
        panic!("a test of panics")
    }

    async fn ask(request: Builder, body: Body) -> Response {
        ask_within(ANSWER, request, body).await
    }

    async fn ask_within(answer: Duration, request: Builder, body: Body) -> Response {
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
            .route("/actions/echo", post(|text: String| async { text }))
            .route("/panic", post(fall))
            .route("/never", any(|| async { pending::<()>().await }));
        let health = Health::new((*state.db.connect_options()).clone(), Shutdown::default());
        let request = request.body(body).expect("a request");
        service_within(answer, application, Router::new(), &state, health)
            .oneshot(request)
            .await
            .expect("an answer")
    }

    /// Asks as a browser does that opens a page or sends a form.
    async fn browse_within(deadline: Duration, request: Builder) -> Answer {
        let request = request.header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        read(ask_within(deadline, request, Body::empty()).await).await
    }

    async fn read(answer: Response) -> Answer {
        let (head, body) = answer.into_parts();
        Answer {
            status: head.status,
            headers: head.headers,
            body: to_bytes(body, usize::MAX).await.expect("a body").to_vec(),
            path: String::new(),
        }
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
    async fn a_browser_is_shown_a_page_whatever_refuses_it() {
        let foreign = Request::post("/echo").header("origin", "https://evil.example");
        let large = Request::post("/echo").header("content-length", MAX_BODY + 1);
        for (request, status, heading) in [
            (foreign, 403, "Not allowed"),
            (Request::get("/nowhere"), 404, "Not found"),
            (Request::get("/echo"), 405, "That is not possible"),
            (large, 413, "That is not possible"),
            (Request::post("/panic"), 500, "Something went wrong"),
        ] {
            let answer = browse_within(ANSWER, request).await.expect(status);
            let page = answer.error_page();
            assert_eq!(page.heading(), heading);
            let policy = answer.header(CONTENT_SECURITY_POLICY).unwrap_or_default();
            assert!(policy.contains("style-src 'self'"), "{status}: {policy}");
            let forbidden_by_it = page.texts("script, style, [style]");
            assert!(forbidden_by_it.is_empty(), "{status}: {}", answer.text());
            let allowed = (status == 405).then_some("POST");
            assert_eq!(answer.header(ALLOW), allowed, "{status}");
        }
    }

    #[tokio::test]
    async fn a_browser_is_told_when_it_takes_too_long() {
        for (request, words) in [
            (Request::get("/never"), "Nothing was changed"),
            (Request::post("/never"), "It may have been done"),
        ] {
            let answer = browse_within(Duration::ZERO, request).await.expect(503);
            let page = answer.error_page();
            assert_eq!(page.heading(), "This took too long");
            assert!(page.shows(words), "{}", answer.text());
            assert!(answer.header(RETRY_AFTER).is_some());
        }
    }

    #[tokio::test]
    async fn what_is_no_page_to_a_person_stays_as_it_is() {
        for (path, accept) in [
            ("/nowhere", "application/json"),
            ("/nowhere", "*/*"),
            ("/api/nowhere", "text/html"),
            ("/metrics", "text/html"),
            ("/pkg/nothing.js", "text/html"),
        ] {
            let answer = ask(Request::get(path).header(ACCEPT, accept), Body::empty()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            let kind = answer.headers().get("content-type");
            let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            assert!(!is_page, "{path} for {accept}");
        }
        let foreign = Request::post("/echo").header("origin", "https://evil.example");
        let answer = ask(foreign, Body::empty()).await;
        let said = to_bytes(answer.into_body(), 10_000).await.expect("a body");
        assert!(said.starts_with(b"This request did not come from a page of http"));
        let large = Request::post("/echo").header("content-length", MAX_BODY + 1);
        let answer = ask(large, Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let said = to_bytes(answer.into_body(), 10_000).await.expect("a body");
        assert_eq!(said, "This is too long to be sent in one piece.");
    }

    #[tokio::test]
    async fn the_code_of_a_page_is_told_as_by_its_action_what_is_too_long() {
        let large = Request::post("/actions/echo").header("content-length", MAX_BODY + 1);
        let answer = ask(large, Body::empty()).await;
        let code = answer.extensions().get::<Code>();
        assert_eq!(code, Some(&Code::TooLarge), "for the log");
        let answer = read(answer).await.expect(413);
        assert_eq!(answer.error(), Some(Error::too_large()));
        let marked = HeaderName::from_static(SERVER_FN_ERROR_HEADER);
        assert!(answer.header(marked).is_some());
        assert_eq!(answer.header(CONTENT_TYPE), Some("application/json"));
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
