//! What a server function asks about the request that it answers.

use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use cookie::Cookie;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use percent_encoding::{CONTROLS, utf8_percent_encode};

use super::{
    request_log::RequestId,
    state::{PageRefusal, State},
};
use crate::{
    accounts::{self, model::sign_in_address, session::Session},
    answers::door::Door,
    error::{Code, Error, Result},
    forms::{self, model::FormOutcome},
    ids::PersonId,
    people::access::{Access, Permission},
};

/// The state of the process.
pub fn state() -> State {
    expect_context()
}

/// The head of the request.
pub fn parts() -> Parts {
    expect_context()
}

/// Who is signed in, if anybody is.
pub fn session() -> Option<Session> {
    extension()
}

/// Who is signed in.
///
/// # Errors
/// 401 when nobody is.
pub fn signed_in() -> Result<Session> {
    session().ok_or_else(Error::unauthenticated)
}

/// Opens a team's door to whoever is signed in, and remembers it as the one used last.
///
/// # Errors
/// 401 when nobody is signed in, 404 when the team is not theirs, 403 when their role is too small.
pub async fn access(team: &str, permission: Permission) -> Result<Access> {
    let session = signed_in()?;
    let db = state().db;
    let access = access_in_passing(team, permission).await?;
    if let Some(door) = extension::<Door>() {
        door.opened(access.team());
    }
    if session.last_team.as_deref() != Some(access.slug()) {
        accounts::store::remember_team(&db, session.id, access.slug()).await?;
    }
    Ok(access)
}

/// Opens a team's door for what a page does by itself, which is no use of the team.
///
/// # Errors
/// As [`access`].
pub async fn access_in_passing(team: &str, permission: Permission) -> Result<Access> {
    let session = signed_in()?;
    Access::enter(&state().db, &session.person, team, permission).await
}

/// Opens a team's door for what may have been done some time ago, to nobody but whoever did it.
///
/// # Errors
/// Those of [`access`], and 401 when somebody else has signed in meanwhile.
pub async fn access_for(team: &str, permission: Permission, by: Option<&str>) -> Result<Access> {
    let me = signed_in()?.person.id;
    if let Some(by) = by
        && PersonId::parse("by", by)? != me
    {
        return Err(Error::new(
            Code::Unauthenticated,
            "Somebody else is signed in here now.",
        ));
    }
    access(team, permission).await
}

/// Something that a layer put into the request.
pub fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    with_context::<Parts, _>(|parts| parts.extensions.get().cloned()).flatten()
}

/// Whether the page that is rendered now was rendered before for the same request, and is once more to say a refusal.
/// What is counted of a page was counted then.
pub fn is_made_again() -> bool {
    extension::<FormOutcome>().is_some_and(|outcome| outcome.is_unsaid())
}

/// The number under which this request stands in the log.
pub fn request_id() -> Option<String> {
    extension::<RequestId>().map(|id| id.0)
}

/// Sets a header of the answer.
pub fn set_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(value),
    ) {
        response.insert_header(name, value);
    }
}

/// Adds a cookie to the answer.
pub fn set_cookie(cookie: &Cookie<'_>) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie.to_string()),
    ) {
        response.append_header(header::SET_COOKIE, value);
    }
}

/// Lets the page that follows a form say something beside its success. Whoever called without a form reads it
/// in the answer.
pub fn remark(words: &str) {
    let name = HeaderName::from_static(forms::layer::REMARK);
    set_header(name, &forms::layer::encode(words));
}

/// Lets the page that follows a form begin where this says: it stands there under the name `at`.
pub fn go_on_at(place: &str) {
    set_header(HeaderName::from_static(forms::layer::PLACE), place);
}

/// Sends the browser to another page of this site once the answer is complete.
pub fn redirect(path: &str) {
    // A header holds nothing else, and what was typed into an address may.
    leptos_axum::redirect(&utf8_percent_encode(path, CONTROLS).to_string());
}

/// Sets the status of the page that is being rendered; whoever is not signed in is sent to sign in.
pub fn refuse(error: &Error) {
    if let Some(refusal) = extension::<PageRefusal>() {
        refusal.because(error.code);
    }
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    if error.code == Code::Unauthenticated {
        let here = with_context::<Parts, _>(|parts| parts.uri.to_string()).unwrap_or_default();
        leptos_axum::redirect(&sign_in_address(&here));
        return;
    }
    if let Ok(status) = StatusCode::from_u16(error.code.status()) {
        response.set_status(status);
    }
    if let Some(seconds) = error.retry_after {
        response.insert_header(header::RETRY_AFTER, seconds.into());
    }
}
