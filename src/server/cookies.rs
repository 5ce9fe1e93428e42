//! Cookies of our own: bound to this host where the connection is encrypted, and out of reach of scripts.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

use super::settings::Settings;

/// A cookie that comes back with every request to this site for as long as `age`.
pub fn make(settings: &Settings, name: &str, value: String, age: Duration) -> Cookie<'static> {
    Cookie::build((full_name(settings, name), value))
        .path("/")
        .http_only(true)
        .secure(settings.secure_cookies())
        .same_site(SameSite::Lax)
        .max_age(age)
        .build()
}

/// What makes a browser drop a cookie.
pub fn forget(settings: &Settings, name: &str) -> Cookie<'static> {
    make(settings, name, String::new(), Duration::ZERO)
}

/// The value of a cookie. On an encrypted site only the `__Host-` name counts, because another host of
/// the domain can set the plain one.
pub fn read(settings: &Settings, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = full_name(settings, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Adds a cookie to an answer.
pub fn set(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, value);
    }
}

fn full_name(settings: &Settings, name: &str) -> String {
    let prefix = if settings.secure_cookies() {
        "__Host-"
    } else {
        ""
    };
    format!("{prefix}{name}")
}
