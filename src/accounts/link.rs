//! The addresses that mails lead to. Their token leaves the address at once and waits in a cookie, so
//! that it stands in no history, no screenshot and no Referer.

use axum::{
    extract::{Path, State as Extracted},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::visit::Carried;
use crate::server::{cookies, settings::Settings, state::State};

/// Answers `/reset-password/{token}`.
pub async fn reset_password(
    Extracted(state): Extracted<State>,
    Path(token): Path<String>,
) -> Response {
    carry(
        &state.settings,
        Carried::PasswordReset,
        &token,
        "/reset-password",
    )
}

/// Answers `/confirm-email/{token}`.
pub async fn confirm_email(
    Extracted(state): Extracted<State>,
    Path(token): Path<String>,
) -> Response {
    carry(
        &state.settings,
        Carried::EmailConfirmation,
        &token,
        "/confirm-email",
    )
}

fn carry(settings: &Settings, carried: Carried, token: &str, page: &'static str) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, HeaderValue::from_static(page));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    cookies::set(&mut headers, &carried.keep(settings, token));
    (StatusCode::SEE_OTHER, headers).into_response()
}
