//! One log line a request, the number that finds it again, and what becomes of a panic.

use std::{
    collections::HashSet,
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::{Arc, LazyLock},
    time::Instant,
};

use axum::{
    Json,
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::json;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    error_pages::{self, HOME},
    metrics,
    settings::Settings,
    state::{PageRefusal, PersonOfRequest},
};
use crate::{
    answers::{counting::Answers, door::Door},
    error::Code,
};

/// The header that carries the number of a request, both ways.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Where the log says that the lines and the spans of requests come from.
pub const TARGET: &str = module_path!();
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The number of a request: in its extensions, in the answer's header, in every log line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The one that came along, if it is short and plain, so that nothing can be smuggled into a log with it.
    fn of(headers: &HeaderMap) -> Self {
        let given = headers
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok());
        let is_plain = |id: &&str| {
            (8..=64).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        Self(
            given
                .filter(is_plain)
                .map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned),
        )
    }
}

/// Where a request comes from: the other end of the connection, or, if that is a trusted proxy, the first address
/// that a trusted proxy vouches for. In the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The address that limits count against. `X-Forwarded-For` counts only as far as trusted proxies wrote it.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, settings: &Settings) -> IpAddr {
    let mut client = peer.to_canonical();
    let values = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .rev()
        .filter_map(|value| value.to_str().ok());
    // The last entry was written by the proxy that is nearest to us.
    for entry in values.flat_map(|value| value.rsplit(',')) {
        if !settings.is_trusted_proxy(client) {
            break;
        }
        match address(entry.trim()) {
            Some(before) => client = before.to_canonical(),
            None => break,
        }
    }
    client
}

fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse()
        .ok()
        .or_else(|| Some(entry.parse::<SocketAddr>().ok()?.ip()))
}

/// Middleware, outermost but for the security headers: numbers, times, counts and logs every request.
pub async fn log_requests(
    State((settings, answers)): State<(Arc<Settings>, Answers)>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers());
    let method = request.method().clone();
    let route = route(&request);
    let wants_page = error_pages::wants_page(&request);
    if let Some(ConnectInfo(peer)) = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .copied()
    {
        let client = client_address(request.headers(), peer.ip(), &settings);
        request.extensions_mut().insert(ClientAddress(client));
    }
    request.extensions_mut().insert(id.clone());
    let visitor = answers.visitor(&settings, request.headers());
    let door = Door::default();
    request.extensions_mut().insert(door.clone());
    let refusal = PageRefusal::default();
    request.extensions_mut().insert(refusal.clone());

    let span = tracing::info_span!(
        "request",
        request_id = id.0,
        method = known_method(method.as_str()),
        route,
        status = tracing::field::Empty
    );
    let answered = AssertUnwindSafe(next.run(request).instrument(span.clone()))
        .catch_unwind()
        .await;
    let mut response = answered.unwrap_or_else(|_| {
        metrics::request_panicked();
        panicked(&id, wants_page)
    });

    let took = started.elapsed();
    let status = response.status();
    span.record("status", status.as_u16());
    let code = response.extensions().get::<Code>().copied();
    let code = code
        .or_else(|| refusal.code())
        .or_else(|| without_reason(status));
    if let Some(code) = code {
        metrics::error_told(code);
    }
    metrics::request_answered(&route, known_method(method.as_str()), status, took);
    answers.count(&door, visitor, &route, status, took);
    let line = Line {
        request_id: &id.0,
        method: method.as_str(),
        route: &route,
        status: status.as_u16(),
        milliseconds: took.as_secs_f64() * 1000.0,
        code: code.map(Code::as_str),
        person: response
            .extensions()
            .get::<PersonOfRequest>()
            .map(|person| person.0.to_string()),
    };
    line.write();
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response
}

/// The template, never the path: a path can carry a one-time token, and there is no end of paths. The server functions
/// share a template, but their paths are a known few.
fn route(request: &Request) -> String {
    static ACTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        server_fn::axum::server_fn_paths()
            .map(|(path, _)| path)
            .collect()
    });
    let path = request.uri().path();
    match request.extensions().get::<MatchedPath>() {
        _ if ACTIONS.contains(path) => path.to_owned(),
        Some(template) => template.as_str().to_owned(),
        None => "unmatched".to_owned(),
    }
}

/// Anybody can invent a method, and each would be a series of its own.
fn known_method(method: &str) -> &str {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
        _ => "other",
    }
}

/// The code of what was refused by a layer that knows none.
fn without_reason(status: StatusCode) -> Option<Code> {
    match status {
        StatusCode::NOT_FOUND => Some(Code::NotFound),
        StatusCode::FORBIDDEN => Some(Code::Forbidden),
        StatusCode::UNAUTHORIZED => Some(Code::Unauthenticated),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Code::TooLarge),
        StatusCode::SERVICE_UNAVAILABLE => Some(Code::Unavailable),
        _ if status.is_client_error() => Some(Code::BadRequest),
        _ if status.is_server_error() => Some(Code::Internal),
        _ => None,
    }
}

struct Line<'a> {
    request_id: &'a str,
    method: &'a str,
    route: &'a str,
    status: u16,
    milliseconds: f64,
    code: Option<&'static str>,
    person: Option<String>,
}

impl Line<'_> {
    fn write(&self) {
        let Self {
            request_id,
            method,
            route,
            status,
            milliseconds,
            code,
            ..
        } = self;
        let person = self.person.as_deref();
        let milliseconds = (milliseconds * 10.0).round() / 10.0;
        // The level of an event cannot be a variable.
        macro_rules! log_at {
            ($level:ident) => {
                tracing::$level!(
                    method,
                    route,
                    status,
                    milliseconds,
                    code,
                    request_id,
                    person,
                    "{method} {route} {status}"
                )
            };
        }
        if *status >= 500 {
            log_at!(error);
        } else if *status < 400 && is_routine(route) {
            log_at!(debug);
        } else {
            log_at!(info);
        }
    }
}

/// Whether it is what monitors and browsers fetch all day, which would hide the rest.
pub fn is_routine(route: &str) -> bool {
    let routine = ["/health", "/metrics", "/pkg/"];
    routine.iter().any(|begin| route.starts_with(begin))
}

/// The code that panicked is not trusted to draw the page: Leptos has no part in this one, and it leads away from what
/// may panic again.
fn panicked(id: &RequestId, wants_page: bool) -> Response {
    const TITLE: &str = "Something went wrong";
    const ADVICE: &str = "It is our fault, and it has been written down. Try again; if it stays, tell whoever runs this server";
    if wants_page {
        let words = format!("{ADVICE}, with the number below.");
        let page = error_pages::page(TITLE, &[&words], &[HOME], Some(id));
        return (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response();
    }
    let problem = json!({ "type": "about:blank", "title": TITLE, "status": 500, "detail": format!("{ADVICE}."), "request_id": id.0 });
    let content_type = [(CONTENT_TYPE, "application/problem+json")];
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        content_type,
        Json(problem),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        Extension, Router,
        body::{Body, to_bytes},
        middleware,
        routing::get,
    };
    use tower::ServiceExt;

    use super::*;
    use crate::server::settings::Given;

    fn settings(trusted_proxies: &str) -> Arc<Settings> {
        let given = Given {
            database_url: Some("postgres://localhost/x".into()),
            trusted_proxies: Some(trusted_proxies.into()),
            ..Given::default()
        };
        Arc::new(Settings::understand(given).expect("settings"))
    }

    async fn ask(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        async fn fall() -> &'static str {
            panic!("a test of panics")
        }
        let router = Router::new()
            .route(
                "/id",
                get(|Extension(RequestId(id)): Extension<RequestId>| async move { id }),
            )
            .route("/panic/{token}", get(fall))
            .layer(middleware::from_fn_with_state(
                (settings(""), Answers::default()),
                log_requests,
            ));
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = router
            .oneshot(request.body(Body::empty()).expect("a request"))
            .await
            .expect("an answer");
        let (head, body) = answer.into_parts();
        let body = to_bytes(body, 10_000).await.expect("a body");
        (
            head.status,
            head.headers,
            String::from_utf8(body.to_vec()).expect("text"),
        )
    }

    #[tokio::test]
    async fn every_answer_carries_the_number_of_its_request() {
        let (_, headers, body) = ask("/id", &[]).await;
        assert_eq!(headers[X_REQUEST_ID], body);
        let (status, headers, _) = ask("/nowhere", &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(headers.contains_key(X_REQUEST_ID));
    }

    #[tokio::test]
    async fn a_number_that_comes_along_is_kept_only_if_it_is_short_and_plain() {
        assert_eq!(
            ask("/id", &[("x-request-id", "proxy-0001.a_b")]).await.2,
            "proxy-0001.a_b"
        );
        for bad in [
            "short",
            "has space in it",
            "<script>alert(1)</script>",
            &"a".repeat(65),
        ] {
            assert_ne!(ask("/id", &[("x-request-id", bad)]).await.2, bad);
        }
    }

    #[tokio::test]
    async fn a_panic_becomes_an_answer_that_names_the_request_and_nothing_else() {
        let (status, headers, page) = ask("/panic/secret", &[("accept", "text/html")]).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.contains(headers[X_REQUEST_ID].to_str().expect("text")));
        assert!(!page.contains("a test of panics") && !page.contains("secret"));

        let (status, headers, problem) = ask("/panic/secret", &[]).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(headers[CONTENT_TYPE], "application/problem+json");
        assert!(problem.contains(headers[X_REQUEST_ID].to_str().expect("text")));
    }

    #[test]
    fn forwarded_addresses_count_only_as_far_as_trusted_proxies_wrote_them() {
        let settings = settings("10.0.0.0/8");
        for (peer, forwarded, client) in [
            ("192.0.2.1", &["198.51.100.1"][..], "192.0.2.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            (
                "10.0.0.1",
                &["203.0.113.9", "198.51.100.1", "10.0.0.2"],
                "198.51.100.1",
            ),
            ("::ffff:10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::1]:443"], "2001:db8::1"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append(
                    X_FORWARDED_FOR,
                    HeaderValue::from_str(value).expect("a header"),
                );
            }
            let found = client_address(&headers, peer.parse().expect("an address"), &settings);
            assert_eq!(found.to_string(), client, "{peer} {forwarded:?}");
        }
    }
}
