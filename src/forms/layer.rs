//! The layers around every action: what comes in is text, what was refused has its own status, and a
//! browser without JavaScript gets a redirect.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State as Extracted},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use cookie::{Cookie, time::Duration};
use leptos::server_fn::error::FromServerFnError;
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::{
    model::{FormOutcome, RefusedForm},
    store,
};
use crate::{
    accounts::{session::Session, token},
    error::{Code, Error, Result},
    server::{cookies, settings::Settings, state::State},
    ui::announce,
};

/// The largest form: a description of 50,000 characters of four bytes, percent-encoded, fits.
const MAX_FORM_BYTES: usize = 1024 * 1024;

/// The header by which server_fn marks an answer as an error.
const SERVER_FN_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

/// The layer around all pages and actions.
pub async fn around(state: Extracted<State>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/actions/") {
        answer(state, request, next).await
    } else {
        remember(state, request, next).await
    }
}

/// Runs an action to its end whatever the client does, and answers in the way the client asked for.
async fn answer(Extracted(state): Extracted<State>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response();
    }
    let task = tokio::spawn(async move {
        let wants_page = accepts(request.headers(), "text/html");
        let origin = Origin::of(&state.settings, &request);
        match read(request).await {
            Ok((request, fields)) if wants_page => {
                let action = request.uri().path().to_owned();
                let outcome = run(next, request).await;
                to_page(&state, origin, action, fields, outcome).await
            }
            Ok((request, _)) => to_browser_code(run(next, request).await),
            Err(error) if wants_page => {
                let action = origin.action.clone();
                to_page(&state, origin, action, BTreeMap::new(), Err(error)).await
            }
            Err(error) => to_browser_code(Err(error)),
        }
    });
    task.await
        .unwrap_or_else(|_| to_browser_code(Err(Error::internal())))
}

/// Puts what the last form left behind (its refusal, a thing shown once) before the page that is
/// rendered now.
async fn remember(
    Extracted(state): Extracted<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let shown_once = cookies::read(&state.settings, request.headers(), SHOWN_ONCE);
    let refused = match refused_id(&request) {
        Some(id) => match author(&state.settings, &request) {
            Some(author) => store::kept(&state.db, id, &author)
                .await
                .unwrap_or_default(),
            None => None,
        },
        None => None,
    };
    let seen = shown_once.is_some();
    request.extensions_mut().insert(FormOutcome {
        refused,
        shown_once,
    });
    let mut response = next.run(request).await;
    if seen {
        cookies::set(
            response.headers_mut(),
            &cookies::forget(&state.settings, SHOWN_ONCE),
        );
    }
    response
}

/// The cookie that carries a secret from the answer of an action to the page that shows it once.
pub fn show_once(settings: &Settings, value: String) -> Cookie<'static> {
    cookies::make(settings, SHOWN_ONCE, value, Duration::minutes(2))
}

const SHOWN_ONCE: &str = "skateboard-shown-once";
const VISITOR: &str = "skateboard-visitor";

/// Where a form came from and who sent it.
struct Origin {
    action: String,
    /// Path and query of the page that held the form.
    page: String,
    author: Option<Vec<u8>>,
}

impl Origin {
    fn of(settings: &Settings, request: &Request) -> Self {
        let page = request
            .headers()
            .get(header::REFERER)
            .and_then(|referer| referer.to_str().ok())
            .and_then(|referer| Url::parse(referer).ok())
            .filter(|referer| referer.origin() == settings.base_url().origin())
            .map_or_else(|| "/".to_owned(), |url| without_outcome(&url));
        Self {
            action: request.uri().path().to_owned(),
            page,
            author: author(settings, request),
        }
    }
}

/// Path and query of a page, without what an earlier form left in it.
fn without_outcome(url: &Url) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in url.query_pairs() {
        if name != "refused" && name != "done" {
            query.append_pair(&name, &value);
        }
    }
    with_query(url.path(), &query.finish())
}

fn with_query(path: &str, query: &str) -> String {
    match (query.is_empty(), path.contains('?')) {
        (true, _) => path.to_owned(),
        (false, true) => format!("{path}&{query}"),
        (false, false) => format!("{path}?{query}"),
    }
}

/// Checks that the body is a form of text and gives its fields beside the request.
async fn read(request: Request) -> Result<(Request, BTreeMap<String, String>)> {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Error::new(Code::BadRequest, "Send this as a form."));
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_FORM_BYTES)
        .await
        .map_err(|_| Error::new(Code::TooLarge, "This is too long to be sent in one piece."))?;
    let fields = fields(&body)?;
    // The redirect is this layer's own, so that the error does not travel in its address.
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    Ok((Request::from_parts(parts, Body::from(body)), fields))
}

fn fields(body: &Bytes) -> Result<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    for pair in body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = text(halves.next().unwrap_or_default())
            .ok_or_else(|| Error::new(Code::BadRequest, "The form could not be read."))?;
        let value = text(halves.next().unwrap_or_default())
            .ok_or_else(|| Error::field(&name, "This text is not valid UTF-8."))?;
        if value.contains('\0') {
            return Err(Error::field(
                &name,
                "This text contains a character that cannot be stored (NUL).",
            ));
        }
        if fields.insert(name.clone(), value).is_some() {
            return Err(Error::field(name, "This field was sent twice."));
        }
    }
    Ok(fields)
}

fn text(encoded: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_encoding::percent_decode(&spaced)
        .decode_utf8()
        .ok()
        .map(Into::into)
}

/// The answer of the action, or the error that server_fn sent as a 500.
async fn run(next: Next, request: Request) -> Result<Response> {
    let response = next.run(request).await;
    if !response.headers().contains_key(SERVER_FN_ERROR) {
        return Ok(response);
    }
    let body = to_bytes(response.into_body(), MAX_FORM_BYTES)
        .await
        .unwrap_or_default();
    Err(Error::de(body))
}

/// Refuses an action before it is reached, in the way the client asked for.
pub fn refuse(request: &HeaderMap, error: Error) -> Response {
    if accepts(request, "text/html") {
        return crate::server::router::error_page(&error);
    }
    to_browser_code(Err(error))
}

fn to_browser_code(outcome: Result<Response>) -> Response {
    outcome.unwrap_or_else(|error| {
        count(&error);
        let mut response = (
            status(&error),
            [(header::CONTENT_TYPE, "application/json")],
            error.ser(),
        )
            .into_response();
        if let Some(seconds) = error.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
            .headers_mut()
            .insert(SERVER_FN_ERROR, HeaderValue::from_static("refused"));
        response
    })
}

async fn to_page(
    state: &State,
    origin: Origin,
    action: String,
    fields: BTreeMap<String, String>,
    outcome: Result<Response>,
) -> Response {
    match outcome {
        Ok(response) => {
            let location = response
                .headers()
                .get(header::LOCATION)
                .and_then(|location| location.to_str().ok())
                .map_or(origin.page, str::to_owned);
            let done = match action.rsplit('/').next() {
                Some(verb) if announce::sentence(verb).is_some() && !location.contains("done=") => {
                    format!("done={verb}")
                }
                _ => String::new(),
            };
            let mut redirect = see_other(&with_query(&location, &done));
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                redirect
                    .headers_mut()
                    .append(header::SET_COOKIE, cookie.clone());
            }
            redirect
        }
        Err(error) if error.code == Code::Unauthenticated => {
            count(&error);
            let next: String = form_urlencoded::byte_serialize(origin.page.as_bytes()).collect();
            see_other(&format!("/sign-in?next={next}"))
        }
        Err(error) => {
            count(&error);
            let id = Uuid::now_v7();
            let mut new_visitor = None;
            let author = origin.author.unwrap_or_else(|| {
                let visitor = token::random();
                let hash = hash(&visitor);
                new_visitor = Some(visitor);
                hash
            });
            let form = RefusedForm {
                action,
                fields: fields
                    .into_iter()
                    .filter(|(name, _)| !is_secret(name))
                    .collect(),
                error,
            };
            if let Err(error) = store::keep(&state.db, id, &author, &form).await {
                return crate::server::router::error_page(&error);
            }
            let mut redirect = see_other(&with_query(&origin.page, &format!("refused={id}")));
            if let Some(visitor) = new_visitor {
                let cookie = cookies::make(&state.settings, VISITOR, visitor, Duration::hours(24));
                cookies::set(redirect.headers_mut(), &cookie);
            }
            redirect
        }
    }
}

fn is_secret(field: &str) -> bool {
    field.contains("password") || field.contains("token")
}

fn count(error: &Error) {
    metrics::counter!("changes_refused_total", "code" => error.code.as_str()).increment(1);
    tracing::info!(code = error.code.as_str(), reason = %error.message, "an action was refused");
}

fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn see_other(location: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains(kind))
}

fn refused_id(request: &Request) -> Option<Uuid> {
    form_urlencoded::parse(request.uri().query()?.as_bytes())
        .find(|(name, _)| name == "refused")
        .and_then(|(_, id)| id.parse().ok())
}

/// Who typed: the person signed in, otherwise the browser that was marked when it was first refused.
fn author(settings: &Settings, request: &Request) -> Option<Vec<u8>> {
    match request.extensions().get::<Session>() {
        Some(session) => Some(hash(&format!("person {}", session.person.id))),
        None => cookies::read(settings, request.headers(), VISITOR).map(|visitor| hash(&visitor)),
    }
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
