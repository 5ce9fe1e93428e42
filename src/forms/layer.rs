//! The layers around every action: what comes in is text, what was refused has its own status, and a
//! browser without JavaScript gets a redirect.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State as Extracted},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use cookie::{Cookie, time::Duration};
use leptos::server_fn::error::FromServerFnError;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    body::{self, Fields, MAX_FORM_BYTES, Unreadable},
    model::{FormOutcome, RefusedForm},
    origin::{Author, Kind, Origin, VISITOR, with_query},
    store, unsaid,
};
use crate::{
    accounts::{limits::Limit, model::same_site_path, token},
    error::{Code, Error, Result},
    server::{
        cookies,
        error_pages::{accepts_html, error_page, way_back},
        settings::Settings,
        state::State,
        to_the_end,
    },
    ui::announce,
};

/// The header by which server_fn marks an answer as an error.
const SERVER_FN_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

/// Forms of people who are not signed in that wait for their author. The rest is answered with a page of
/// its own, so that nobody without an account fills the disk.
const KEPT_OF_CLIENT: Limit = Limit::new(
    "kept_forms_per_client",
    60,
    std::time::Duration::from_secs(3600),
);

/// The most text that is kept of a form, in bytes, when nobody is signed in.
const MOST_OF_VISITOR: usize = 64 * 1024;

/// The layer around everything that has an address: one that is no text leads nowhere.
pub async fn text(state: Extracted<State>, request: Request, next: Next) -> Response {
    if is_text(request.uri().path()) {
        return next.run(request).await;
    }
    refuse(&state.settings, &request, Error::not_found())
}

/// The layer around all pages and actions.
pub async fn around(state: Extracted<State>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/actions/") {
        answer(state, request, next).await
    } else {
        remember(state, request, next).await
    }
}

/// Whether a path names what can be stored. No slug and no key holds a NUL.
pub fn is_text(path: &str) -> bool {
    percent_decode_str(path)
        .decode_utf8()
        .is_ok_and(|path| !path.contains('\0'))
}

/// Runs an action to its end whatever the client does, and answers in the way the client asked for.
async fn answer(Extracted(state): Extracted<State>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response();
    }
    let wants_page = accepts_html(request.headers());
    let origin = Origin::of(&state.settings, &request);
    let page = origin.page.clone().unwrap_or_else(|| "/".to_owned());
    let ended = to_the_end::run(async move {
        let (fields, outcome) = match body::read(request).await {
            Ok((request, fields)) => (fields, run(next, request).await),
            Err(Unreadable { fields, error }) => (fields, Err(error)),
        };
        if wants_page {
            to_page(&state, origin, fields, outcome).await
        } else {
            outcome.unwrap_or_else(to_browser_code)
        }
    });
    match ended.await {
        Ok(response) => response,
        Err(error) if wants_page => error_page(&error, &page),
        Err(error) => to_browser_code(error),
    }
}

/// Puts what the last form left behind (its refusal, a thing shown once) before the page that is
/// rendered now. An answer that leads on is no page yet: what is shown once waits for the one behind it.
async fn remember(Extracted(state): Extracted<State>, request: Request, next: Next) -> Response {
    let shown_once = cookies::read(&state.settings, request.headers(), SHOWN_ONCE);
    let remark = cookies::read(&state.settings, request.headers(), REMARK);
    let mut refused = None;
    if let Some(id) = refused_id(&request) {
        for author in Author::all(&state.settings, &request) {
            refused = store::kept(&state.db, id, &author.hash)
                .await
                .unwrap_or_default();
            if refused.is_some() {
                break;
            }
        }
    }
    let seen = [
        (SHOWN_ONCE, shown_once.is_some()),
        (REMARK, remark.is_some()),
    ];
    let remark = remark.map(|remark| percent_decode_str(&remark).decode_utf8_lossy().into_owned());
    let outcome = FormOutcome::new(refused, shown_once, remark);
    let mut response = render(request, next, outcome).await;
    // Leptos redirects only those who say that they read HTML.
    if response.status() == StatusCode::OK && response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::FOUND;
    }
    if response.status().is_redirection() {
        return response;
    }
    for (name, _) in seen.into_iter().filter(|(_, is_there)| *is_there) {
        cookies::set(
            response.headers_mut(),
            &cookies::forget(&state.settings, name),
        );
    }
    response
}

/// Makes the page; and once more, to say the refusal itself, when none of its forms has. Only a finished page knows
/// its forms, and every page is finished before it is answered.
async fn render(mut request: Request, next: Next, outcome: FormOutcome) -> Response {
    let refused =
        refused_id(&request).filter(|_| outcome.is_refused() && request.method() == Method::GET);
    let Some(refused) = refused else {
        request.extensions_mut().insert(outcome);
        return next.run(request).await;
    };
    let (parts, _) = request.into_parts();
    let made_with = |outcome: FormOutcome| {
        let mut parts = parts.clone();
        parts.extensions.insert(outcome);
        next.clone().run(Request::from_parts(parts, Body::empty()))
    };
    let response = made_with(outcome.clone()).await;
    if response.headers().contains_key(header::LOCATION) {
        return lead_on(response, refused);
    }
    // The page that could not be made says it when it is tried again.
    let is_no_page =
        response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS;
    if outcome.is_said() || is_no_page {
        return response;
    }
    // What made it is put away at its end.
    drop(to_bytes(response.into_body(), usize::MAX).await);
    made_with(outcome.left_unsaid()).await
}

/// Leads on with the refusal, so that the page at the end says it. Signing in keeps it where it leads to afterwards.
fn lead_on(mut response: Response, refused: Uuid) -> Response {
    let is_with_it = |location: &str| {
        let ways = ["refused=", "refused%3D"];
        ways.into_iter().any(|way| location.contains(way))
    };
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|location| location.to_str().ok())
        .filter(|location| same_site_path(location) == *location)
        .filter(|location| !is_with_it(location) && !location.contains('#'))
        .map(|location| with_query(location, &format!("refused={refused}")))
        .and_then(|location| HeaderValue::from_str(&location).ok());
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The cookie that carries a secret from the answer of an action to the page that shows it once.
pub fn show_once(settings: &Settings, value: String) -> Cookie<'static> {
    cookies::make(settings, SHOWN_ONCE, value, Duration::minutes(2))
}

/// The header by which an action hands a remark to this layer, and the cookie that carries it from there to
/// the page that says it.
pub const REMARK: &str = "skateboard-remark";

/// The header by which an action tells this layer where on its page one goes on.
pub const PLACE: &str = "skateboard-place";

/// A remark as a header and a cookie can hold it.
pub fn encode(remark: &str) -> String {
    utf8_percent_encode(remark, NON_ALPHANUMERIC).to_string()
}

const SHOWN_ONCE: &str = "skateboard-shown-once";

/// Runs an action, and once more from its beginning when the database gave it up for the sake of another
/// that ran at the same time.
async fn run(next: Next, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    // It was read before, so it neither breaks off nor is too long.
    let body = to_bytes(body, MAX_FORM_BYTES).await.unwrap_or_default();
    to_the_end::retried(|| {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        run_once(next.clone(), request)
    })
    .await
}

/// The answer of the action, or the error that server_fn sent as a 500.
async fn run_once(next: Next, request: Request) -> Result<Response> {
    let response = next.run(request).await;
    if !response.headers().contains_key(SERVER_FN_ERROR) {
        return Ok(response);
    }
    let body = to_bytes(response.into_body(), MAX_FORM_BYTES)
        .await
        .unwrap_or_default();
    Err(Error::de(body))
}

/// Refuses a request before it is reached, in the way the client asked for.
pub fn refuse(settings: &Settings, request: &Request, error: Error) -> Response {
    if !accepts_html(request.headers()) {
        return to_browser_code(error);
    }
    error_page(&error, &way_back(settings, request))
}

/// Tells the code of a page why its action was refused.
pub fn to_browser_code(error: Error) -> Response {
    count(&error);
    let mut response = (
        status(&error),
        [(header::CONTENT_TYPE, "application/json")],
        error.ser(),
    )
        .into_response();
    response.extensions_mut().insert(error.code);
    let headers = response.headers_mut();
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    headers.insert(SERVER_FN_ERROR, HeaderValue::from_static("refused"));
    response
}

/// Answers a form that a route of its own has taken: with the page that follows, or with the one that it came from.
pub async fn to_next_page(state: &State, origin: Origin, outcome: Result<String>) -> Response {
    let outcome = outcome.map(|location| see_other(&location));
    to_page(state, origin, Fields::new(), outcome).await
}

async fn to_page(
    state: &State,
    origin: Origin,
    fields: Fields,
    outcome: Result<Response>,
) -> Response {
    match outcome {
        // No action has said why: none stands at this address, or it was not reached. Around this, what was refused
        // without a word gets its page.
        Ok(response) if is_refusal(response.status()) => without_body(response),
        Ok(response) => {
            let location = response
                .headers()
                .get(header::LOCATION)
                .and_then(|location| location.to_str().ok())
                .map(str::to_owned)
                .or(origin.page)
                .unwrap_or_else(|| "/".to_owned());
            let done = match origin.action.rsplit('/').next() {
                Some(verb) if announce::sentence(verb).is_some() && !location.contains("done=") => {
                    format!("done={verb}{}", place(&response))
                }
                _ => String::new(),
            };
            let mut redirect = see_other(&with_query(&location, &done));
            let remark = response.headers().get(REMARK);
            if let Some(remark) = remark.and_then(|remark| remark.to_str().ok()) {
                let (name, age) = (REMARK, Duration::minutes(2));
                let cookie = cookies::make(&state.settings, name, remark.to_owned(), age);
                cookies::set(redirect.headers_mut(), &cookie);
            }
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                redirect
                    .headers_mut()
                    .append(header::SET_COOKIE, cookie.clone());
            }
            redirect
        }
        Err(error) => refused(state, origin, fields, error).await,
    }
}

/// The head of an answer, without what it says of its body.
fn without_body(response: Response) -> Response {
    let (mut head, _) = response.into_parts();
    for of_body in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::CONTENT_SECURITY_POLICY,
    ] {
        head.headers.remove(of_body);
    }
    Response::from_parts(head, Body::empty())
}

fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// The part of the next page's address by which it knows where one goes on.
fn place(response: &Response) -> String {
    let place = response.headers().get(PLACE);
    let place = place.and_then(|place| place.to_str().ok());
    place.map_or_else(String::new, |place| {
        let place: String = form_urlencoded::byte_serialize(place.as_bytes()).collect();
        format!("&at={place}")
    })
}

/// Leads back to the form, which says why it was refused and holds what was typed. When it is not known where that is,
/// or nothing was read that the form could hold, the page that says why is the answer itself, and the browser goes back
/// to what was typed.
async fn refused(state: &State, mut origin: Origin, fields: Fields, error: Error) -> Response {
    count(&error);
    let code = error.code;
    let signed_out = code == Code::Unauthenticated;
    let error = match signed_out {
        true => Error {
            message: "You were signed out meanwhile. Send it again.".to_owned(),
            ..error
        },
        false => error,
    };
    let Some(page) = origin.page.take() else {
        return error_page(&error, "/");
    };
    // Nothing of a form that is too large was read that could be kept. The browser still has it. Of a file that is too
    // large its field tells.
    if code == Code::TooLarge && error.fields.is_empty() {
        return error_page(&error, &page);
    }
    let mut response = match keep(state, origin, fields, error.clone()).await {
        Ok((id, cookie)) => {
            let back = with_query(&page, &format!("refused={id}"));
            let mut redirect = if signed_out {
                to_sign_in(&back)
            } else {
                see_other(&back)
            };
            if let Some(cookie) = cookie {
                cookies::set(redirect.headers_mut(), &cookie);
            }
            redirect
        }
        Err(_) if signed_out => to_sign_in(&page),
        // Too many of this client wait already, or the database is away: the page that says why
        // it was refused is the answer itself.
        Err(not_kept) if not_kept.code == Code::TooManyRequests => error_page(&error, &page),
        Err(not_kept) => error_page(&not_kept, &page),
    };
    response.extensions_mut().insert(code);
    response
}

/// Lets what was typed wait for its author. Gives its id, and the cookie that marks a new visitor.
async fn keep(
    state: &State,
    origin: Origin,
    fields: Fields,
    error: Error,
) -> Result<(Uuid, Option<Cookie<'static>>)> {
    let id = Uuid::now_v7();
    let mut fields: Fields = fields
        .into_iter()
        .filter(|(name, _)| !is_secret(name))
        .collect();
    let (author, cookie) = match origin.author {
        Some(author) => (author, None),
        None => {
            let mark = token::random();
            let author = Author::visitor(&mark);
            let cookie = cookies::make(&state.settings, VISITOR, mark, Duration::hours(24));
            (author, Some(cookie))
        }
    };
    if author.kind == Kind::Visitor {
        KEPT_OF_CLIENT.count(&state.db, &origin.client).await?;
        let size: usize = fields
            .iter()
            .map(|(name, text)| name.len() + text.len())
            .sum();
        if size > MOST_OF_VISITOR {
            fields.clear();
        }
    }
    let form = RefusedForm {
        action: origin.action,
        fields,
        error,
    };
    store::keep(&state.db, id, &author.hash, &form).await?;
    Ok((id, cookie))
}

fn to_sign_in(back: &str) -> Response {
    let next: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    see_other(&format!("/sign-in?next={next}"))
}

fn is_secret(field: &str) -> bool {
    field.contains("password") || field.contains("token")
}

/// Writes down that something was refused, and because of which fields. The words for people can name people, and
/// have no place in a log.
pub fn count(error: &Error) {
    metrics::counter!("changes_refused_total", "code" => error.code.as_str()).increment(1);
    let fields: Vec<&str> = error.fields.iter().map(|at| at.field.as_str()).collect();
    let fields = fields.join(" ");
    tracing::info!(code = error.code.as_str(), fields, "an action was refused");
}

fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn see_other(location: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Whether something that was typed in this browser waits at an address for whoever signs in.
pub async fn is_kept_at(state: &State, headers: &HeaderMap, address: &str) -> bool {
    let id = address
        .split_once('?')
        .and_then(|(_, query)| refused_in(query));
    let visitor = cookies::read(&state.settings, headers, VISITOR);
    let Some((id, visitor)) = id.zip(visitor) else {
        return false;
    };
    let kept = store::kept(&state.db, id, &Author::visitor(&visitor).hash).await;
    kept.is_ok_and(|form| form.is_some_and(|form| unsaid::is_typed(&form)))
}

fn refused_id(request: &Request) -> Option<Uuid> {
    refused_in(request.uri().query()?)
}

fn refused_in(query: &str) -> Option<Uuid> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "refused")
        .and_then(|(_, id)| id.parse().ok())
}
