//! What every answer says about itself, and the one check in front of everything that changes something.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ORIGIN, STRICT_TRANSPORT_SECURITY},
};
use url::Url;

use super::settings::Settings;
use crate::error::Error;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The policy of an answer that runs no script: everything but the pages.
const POLICY_WITHOUT_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    // Not no-referrer, which would make forms say `Origin: null`.
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The policy of a page whose inline scripts carry `nonce`.
#[must_use]
pub fn content_security_policy(nonce: &str) -> String {
    // cargo-leptos watch tells the page to reload through a socket on another port.
    let reload = if cfg!(debug_assertions) {
        " ws://127.0.0.1:* ws://localhost:*"
    } else {
        ""
    };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{reload}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

/// Middleware: the security headers, on every answer and on errors too. What an answer has set itself stays.
pub async fn set_security_headers(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if settings.secure_cookies() {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY_WITHOUT_SCRIPT));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Middleware: refuses what another site makes a browser send. Leptos' server functions do not check this.
pub async fn refuse_other_sites(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response {
    let changes_something = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if changes_something && !comes_from_here(request.headers(), &settings) {
        tracing::warn!(origin = ?request.headers().get(ORIGIN), "Refused a request that another site made");
        let error = Error::forbidden(format!(
            "This request did not come from a page of {}. Open that address and try again.",
            settings.origin()
        ));
        let mut response = (StatusCode::FORBIDDEN, format!("{error}\n")).into_response();
        response.extensions_mut().insert(error);
        return response;
    }
    next.run(request).await
}

/// Whether a request comes from one of our own pages, or from no browser at all.
///
/// A browser names the page's origin in `Origin` on every request that is not GET or HEAD, and has for
/// years said in `Sec-Fetch-Site` how that page relates to us; no page can forge either. So what they say decides:
///
/// - An `Origin` must be ours. `null` (a sandboxed frame, a redirect between sites) is not.
/// - A `Sec-Fetch-Site` must say `same-origin`, or `none`: the person did it, no page. A neighbour under the same
///   domain (`same-site`) is another site.
/// - Neither: a program such as curl, with a bearer token or with the cookie of a session that it began itself. Browsers
///   have sent one of the two for years, and an older one keeps a `SameSite=Lax` cookie out of what another site makes it
///   send.
fn comes_from_here(headers: &HeaderMap, settings: &Settings) -> bool {
    let origin = headers.get(ORIGIN);
    let fetch_site = headers.get(SEC_FETCH_SITE);
    origin.is_none_or(|origin| is_ours(origin, settings))
        && fetch_site.is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
        && headers.get_all(ORIGIN).iter().count() <= 1
}

fn is_ours(origin: &HeaderValue, settings: &Settings) -> bool {
    origin
        .to_str()
        .ok()
        .and_then(|origin| Url::parse(origin).ok())
        .is_some_and(|origin| settings.is_here(&origin))
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use tower::ServiceExt;

    use super::*;
    use crate::server::settings::Given;

    fn settings(base_url: &str) -> Arc<Settings> {
        let given = Given {
            database_url: Some("postgres://localhost/x".into()),
            base_url: Some(base_url.into()),
            ..Given::default()
        };
        Arc::new(Settings::understand(given).expect("settings"))
    }

    fn router(base_url: &str) -> Router {
        let settings = settings(base_url);
        Router::new()
            .route(
                "/",
                get(|| async { "read" }).fallback(|| async { "changed" }),
            )
            .route(
                "/cached",
                get(|| async { ([(CACHE_CONTROL, "max-age=60")], "") }),
            )
            .layer(middleware::from_fn_with_state(
                settings.clone(),
                refuse_other_sites,
            ))
            .layer(middleware::from_fn_with_state(
                settings,
                set_security_headers,
            ))
    }

    async fn ask(base_url: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router(base_url)
            .oneshot(request.body(Body::empty()).expect("a request"))
            .await
            .expect("an answer")
    }

    const BOARD: &str = "https://board.example.com";
    const COOKIE: (&str, &str) = ("cookie", "__Host-session=x");

    #[tokio::test]
    async fn what_another_site_sends_is_refused_whatever_the_verb() {
        let foreign: &[&[(&str, &str)]] = &[
            &[("origin", "https://evil.example")],
            &[("origin", "https://board.example.com.evil.example")],
            &[("origin", "http://board.example.com")],
            &[("origin", "https://board.example.com:8443")],
            &[
                ("origin", "https://board.example.com"),
                ("origin", "https://evil.example"),
            ],
            &[("origin", "null")],
            &[("origin", "")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[
                ("origin", "https://board.example.com"),
                ("sec-fetch-site", "cross-site"),
            ],
            &[("sec-fetch-site", "cross-site"), COOKIE],
            &[("sec-fetch-site", "same-site"), COOKIE],
        ];
        for headers in foreign {
            for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
                let status = ask(BOARD, method, "/", headers).await.status();
                assert_eq!(status, StatusCode::FORBIDDEN, "{method} {headers:?}");
            }
        }
    }

    #[tokio::test]
    async fn what_our_own_pages_and_programs_send_passes() {
        let own: &[&[(&str, &str)]] = &[
            &[
                ("origin", "https://board.example.com"),
                ("sec-fetch-site", "same-origin"),
                COOKIE,
            ],
            &[("origin", "https://board.example.com"), COOKIE],
            &[("sec-fetch-site", "same-origin"), COOKIE],
            &[("sec-fetch-site", "none"), COOKIE],
            &[("authorization", "Bearer x")],
            &[("authorization", "Bearer x"), COOKIE],
            &[COOKIE],
            &[],
        ];
        for headers in own {
            assert_eq!(
                ask(BOARD, "POST", "/", headers).await.status(),
                StatusCode::OK,
                "{headers:?}"
            );
        }
    }

    #[tokio::test]
    async fn reading_is_allowed_from_everywhere() {
        let headers = [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
            COOKIE,
        ];
        for method in ["GET", "HEAD", "OPTIONS"] {
            assert_eq!(
                ask(BOARD, method, "/", &headers).await.status(),
                StatusCode::OK,
                "{method}"
            );
        }
    }

    #[tokio::test]
    async fn on_ones_own_machine_every_name_of_it_is_ours_but_no_other_port() {
        let base_url = "http://127.0.0.1:3000";
        for (origin, status) in [
            ("http://localhost:3000", StatusCode::OK),
            ("http://[::1]:3000", StatusCode::OK),
            ("http://127.0.0.1:3000", StatusCode::OK),
            ("http://127.0.0.1:3001", StatusCode::FORBIDDEN),
            ("https://localhost:3000", StatusCode::FORBIDDEN),
            ("http://localhost.evil.example:3000", StatusCode::FORBIDDEN),
        ] {
            assert_eq!(
                ask(base_url, "POST", "/", &[("origin", origin)])
                    .await
                    .status(),
                status,
                "{origin}"
            );
        }
    }

    #[tokio::test]
    async fn every_answer_has_the_security_headers() {
        let foreign = [("origin", "https://evil.example")];
        let answers = [
            ask(BOARD, "GET", "/", &[]).await,
            ask(BOARD, "GET", "/nowhere", &[]).await,
            ask(BOARD, "POST", "/", &foreign).await,
        ];
        for answer in answers {
            for (name, value) in ALWAYS {
                assert_eq!(answer.headers()[*name], *value);
            }
            assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
            assert_eq!(
                answer.headers()[CONTENT_SECURITY_POLICY],
                POLICY_WITHOUT_SCRIPT
            );
            assert!(answer.headers().contains_key(STRICT_TRANSPORT_SECURITY));
        }
    }

    #[tokio::test]
    async fn what_an_answer_says_about_caching_stays() {
        assert_eq!(
            ask(BOARD, "GET", "/cached", &[]).await.headers()[CACHE_CONTROL],
            "max-age=60"
        );
    }

    #[tokio::test]
    async fn plain_http_promises_no_https() {
        let answer = ask("http://localhost:3000", "GET", "/", &[]).await;
        assert!(!answer.headers().contains_key(STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn a_page_runs_only_scripts_with_its_nonce() {
        let policy = content_security_policy("abc");
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for locked in [
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "default-src 'none'",
        ] {
            assert!(policy.contains(locked), "{locked}");
        }
    }
}
