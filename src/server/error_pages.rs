//! The pages of what is refused before or around the app, and the layer that draws them: what `api::problem` is for
//! programs, this is for browsers.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use html_escape::{encode_double_quoted_attribute, encode_text};

use super::{bare_page::document, request_log::RequestId, settings::Settings, static_files};
use crate::{
    error::{Code, Error},
    forms::{layer::to_browser_code, origin},
    ui::page::title_of,
};

/// The way out that is one for everybody: to the team, or to sign in.
pub(super) const HOME: (&str, &str) = ("/", "Go to your team");

/// What is said on a page. It is drawn in [`around`], which knows the number of the request.
#[derive(Clone, Debug)]
struct Refusal {
    title: &'static str,
    error: Error,
    /// Where the way out leads; empty is the same address again.
    back: String,
}

impl Refusal {
    fn new(error: Error, back: String) -> Self {
        Self {
            title: title_of(error.code),
            error,
            back,
        }
    }
}

/// An error page outside the app, for what fails before or around it. Its way out leads to `back`; empty is the
/// same address again.
pub fn error_page(error: &Error, back: &str) -> Response {
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = status.into_response();
    let extensions = response.extensions_mut();
    extensions.insert(error.code);
    extensions.insert(Refusal::new(error.clone(), back.to_owned()));
    response
}

/// Where a browser goes on when a request is refused: what was only read is asked for again, and a form stands on the
/// page that it came from.
pub fn way_back(settings: &Settings, request: &Request) -> String {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return String::new();
    }
    origin::page(settings, request.headers()).unwrap_or_else(|| "/".to_owned())
}

/// The layer that gives every refusal that a browser sees a page, whoever refused it: [`error_page`], the router, or
/// a layer that knows nothing of this. One that has words for it leaves an [`Error`] in the extensions of its answer.
/// Status and headers stay. It asks nobody, so it works while the database is away.
pub async fn around(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let back = wants_page(&request).then(|| way_back(&settings, &request));
    let is_action = request.uri().path().starts_with("/actions/");
    let mut response = next.run(request).await;
    let Some(refusal) = refusal(&mut response, back) else {
        return in_words(response, is_action);
    };
    if let Some(seconds) = refusal.error.retry_after {
        response
            .headers_mut()
            .entry(header::RETRY_AFTER)
            .or_insert(seconds.into());
    }
    let page = draw(&refusal, id.as_ref());
    with_body(response, "text/html; charset=utf-8", page.into())
}

/// The same answer, unless the limit of all bodies refused what no form of a page had sent. That is said in words of
/// ours: to the code of a page as its actions say theirs, to others as a line.
fn in_words(response: Response, is_action: bool) -> Response {
    if response.status() != StatusCode::PAYLOAD_TOO_LARGE || !is_bare(response.headers()) {
        return response;
    }
    let error = Error::too_large();
    if is_action {
        return to_browser_code(error);
    }
    with_body(response, "text/plain; charset=utf-8", error.message.into())
}

/// An answer with another body. Its status stays, and so do the headers that say nothing of the body it had.
pub fn with_body(response: Response, kind: &'static str, body: Body) -> Response {
    let (mut head, _) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_ENCODING);
    head.headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Response::from_parts(head, body)
}

/// Whether a refusal is shown to a person. Programs read of the API, the monitors' routes and the files.
pub(super) fn wants_page(request: &Request) -> bool {
    let path = request.uri().path();
    let is_below = |begin: &str| {
        path.strip_prefix(begin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // The files come last: while developing each is read.
    accepts_html(request.headers())
        && !["/api", "/health", "/metrics"].into_iter().any(is_below)
        && !static_files::is_file(path)
}

/// Only browsers that open a page say so; the code on a page asks for JSON.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// What has to be said: what [`error_page`] was given, or, to a browser, what was refused without a page.
fn refusal(response: &mut Response, back: Option<String>) -> Option<Refusal> {
    let given = response.extensions_mut().remove::<Refusal>();
    if given.is_some() {
        return given;
    }
    let status = response.status();
    let is_refused = status.is_client_error() || status.is_server_error();
    let back = back.filter(|_| is_refused && is_bare(response.headers()))?;
    Some(match response.extensions_mut().remove::<Error>() {
        Some(error) => Refusal::new(error, back),
        None => unexplained(status, back),
    })
}

/// Whether an answer has no body, or a line of text at most.
fn is_bare(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// What the router and the outer layers refuse without a word that a person could use.
fn unexplained(status: StatusCode, back: String) -> Refusal {
    let error = match status {
        StatusCode::NOT_FOUND => Error::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Error::new(Code::BadRequest, "This cannot be done at this address.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Error::too_large(),
        StatusCode::SERVICE_UNAVAILABLE => return took_too_long(back),
        _ if status.is_server_error() => Error::internal(),
        _ => Error::new(Code::BadRequest, "This request cannot be answered."),
    };
    Refusal::new(error, back)
}

/// Only the deadlines around everything give up without a word.
fn took_too_long(back: String) -> Refusal {
    let words = if back.is_empty() {
        "The server gave this page up. Nothing was changed; try again shortly."
    } else {
        "The server did not wait for the end. It may have been done all the same: look before you send it again."
    };
    Refusal {
        title: "This took too long",
        error: Error {
            message: words.to_owned(),
            ..Error::unavailable()
        },
        back,
    }
}

fn draw(refusal: &Refusal, id: Option<&RequestId>) -> String {
    let Refusal { title, error, back } = refusal;
    let mut words = vec![error.message.as_str()];
    let of_fields = error.fields.iter().map(|field| field.message.as_str());
    words.extend(of_fields.filter(|of_field| *of_field != error.message));
    // What was typed is still in the browser, if the form was not sent anew. Another site's is nothing to go back to.
    if !back.is_empty() && error.code != Code::Forbidden {
        words.push("What you typed is still there when you go back in your browser.");
    }
    page(title, &words, &ways_out(error.code, back), id)
}

/// The ways on from an error, the likeliest first.
fn ways_out(code: Code, back: &str) -> Vec<(&str, &'static str)> {
    match back {
        _ if code == Code::NotFound => vec![HOME],
        "" if code.may_pass() => vec![("", "Try again"), HOME],
        "" | "/" => vec![HOME],
        back => vec![(back, "Go back"), HOME],
    }
}

/// The page of an error: a heading, paragraphs, links with their words, and the number under which the operator finds
/// the request in the log.
pub(super) fn page(
    title: &str,
    words: &[&str],
    ways: &[(&str, &str)],
    id: Option<&RequestId>,
) -> String {
    let heading = encode_text(title);
    let words: String = words
        .iter()
        .map(|words| format!("<p>{}</p>", encode_text(words)))
        .collect();
    let ways: String = ways
        .iter()
        .enumerate()
        .map(|(index, (href, words))| {
            let class = if index == 0 {
                "button primary"
            } else {
                "button"
            };
            let href = encode_double_quoted_attribute(href);
            let words = encode_text(words);
            format!(r#"<a class="{class}" href="{href}">{words}</a>"#)
        })
        .collect();
    let number = id.map_or_else(String::new, |RequestId(id)| {
        let id = encode_text(id);
        format!(r#"<p class="muted small">Request <code>{id}</code></p>"#)
    });
    let content = format!(r#"<h1>{heading}</h1>{words}<p class="actions">{ways}</p>{number}"#);
    document("error-page", title, &content)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;
    use leptos::server_fn::{ServerFn, error::SERVER_FN_ERROR_HEADER};
    use sqlx::PgPool;

    use super::*;
    use crate::{
        accounts::sign_in_page::SignIn,
        tasks::requests::EditTask,
        testing::{Ask, TestApp},
    };

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn whatever_page_is_refused_shows_the_number_of_its_request(db: PgPool) {
        let world = TestApp::new(db).world().await;
        let export = world.team.path("/export");
        for (browser, path, status, heading) in [
            (&world.nobody, "/nowhere", 404, "Not found"),
            (&world.ben, "/teams/%00", 404, "Not found"),
            (&world.nobody, "/unsubscribe/nothing", 404, "Not found"),
            (&world.ben, export.as_str(), 403, "Not allowed"),
            (&world.nobody, SignIn::url(), 405, "That is not possible"),
        ] {
            let answer = browser.get(path).await.expect(status);
            assert_eq!(answer.error_page().heading(), heading, "{path}");
        }
        let opened = world.nobody.get(SignIn::url()).await;
        assert_eq!(opened.header(header::ALLOW), Some("POST"));
    }

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn a_form_that_an_outer_layer_refuses_leads_back_to_its_page(db: PgPool) {
        let world = TestApp::new(db).world().await;
        let board = world.team.path("/boards/WEB");
        world.ben.stand_on(&board);
        let form = || world.ben.form(EditTask::url(), Vec::new(), "text/html");

        let large = form().header("content-length", Some("9999999"));
        let page = world.ben.ask(large).await.expect(413).error_page();
        assert_eq!(page.link("Go back"), Some(board));
        assert!(page.shows("What you typed is still there"));

        let foreign = form()
            .header("origin", Some("https://evil.example"))
            .header("referer", Some("https://evil.example/"));
        let page = world.ben.ask(foreign).await.expect(403).error_page();
        assert!(page.shows(&world.app.settings.origin()), "where to go on");
        assert_eq!(page.link("Go back"), None);
        assert!(!page.shows("What you typed"));

        let by_script = form()
            .header("accept", Some("application/json"))
            .header("content-length", Some("9999999"));
        let answer = world.ben.ask(by_script).await.expect(413);
        let kind = answer.header(header::CONTENT_TYPE).unwrap_or_default();
        assert!(!kind.starts_with("text/html"), "{kind}");
        let marked = HeaderName::from_static(SERVER_FN_ERROR_HEADER);
        assert!(answer.header(marked).is_some());
        assert_eq!(answer.error(), Some(Error::too_large()));
    }

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn the_page_needs_no_database(db: PgPool) {
        let app = TestApp::new(db);
        let ana = app.person("Ana").await;
        let browser = app.signed_in(&ana).await;
        app.db.close().await;
        let answer = browser.ask(Ask::page("/account")).await.expect(503);
        let page = answer.error_page();
        assert_eq!(page.heading(), "The database is away");
        assert_eq!(page.link("Try again").as_deref(), Some(""));
        assert!(answer.header(header::RETRY_AFTER).is_some());
    }
}
