//! The link of an invitation. Its token leaves the address at once and waits in a cookie, so that it
//! stands in no history, no screenshot and no Referer.

use axum::{
    extract::{Path, State as Extracted},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    accounts::visit::Carried,
    server::{request, state::State},
};

/// Answers `/invitations/{token}`.
pub async fn open(Extracted(state): Extracted<State>, Path(token): Path<String>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, HeaderValue::from_static("/invitations"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let cookie = Carried::Invitation.keep(&state.settings, &token);
    if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The token of the invitation that this browser has opened, or an empty one, which opens nothing.
pub fn opened() -> String {
    Carried::Invitation
        .read(&request::state().settings)
        .unwrap_or_default()
}

/// Forgets the invitation, once it is used or turns out to be unusable.
pub fn close() {
    request::set_cookie(&Carried::Invitation.forget(&request::state().settings));
}
