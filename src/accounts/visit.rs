//! Where a request comes from, as far as accounts care.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Extensions, HeaderMap, header};
use cookie::{Cookie, time::Duration};

use super::limits;
use crate::server::{cookies, request::parts, request_log::ClientAddress, settings::Settings};

/// The browser and the network address that somebody uses.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The client as limits count it.
    pub client: String,
    pub user_agent: String,
}

impl Visit {
    /// The visit that the current request belongs to.
    pub fn current() -> Self {
        let parts = parts();
        Self::of(&parts.headers, &parts.extensions)
    }

    /// The visit that a request belongs to.
    pub fn of(headers: &HeaderMap, extensions: &Extensions) -> Self {
        let address = extensions
            .get::<ClientAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0);
        let user_agent = headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Self {
            client: limits::client_key(address),
            user_agent,
        }
    }
}

/// The cookies that carry a one-time token from the address it was opened with to the page that uses
/// it, so that the token stands in no address, history or Referer for longer than one redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    Invitation,
    PasswordReset,
    EmailConfirmation,
}

impl Carried {
    const fn cookie_name(self) -> &'static str {
        match self {
            Self::Invitation => "skateboard-invitation",
            Self::PasswordReset => "skateboard-reset",
            Self::EmailConfirmation => "skateboard-confirm",
        }
    }

    /// Carries a token through the next half hour.
    pub fn keep(self, settings: &Settings, token: &str) -> Cookie<'static> {
        let token: String = token
            .chars()
            .filter(char::is_ascii_graphic)
            .take(100)
            .collect();
        cookies::make(settings, self.cookie_name(), token, Duration::minutes(30))
    }

    /// The token that the current request carries.
    pub fn read(self, settings: &Settings) -> Option<String> {
        cookies::read(settings, &parts().headers, self.cookie_name())
            .filter(|token| !token.is_empty())
    }

    /// Drops the token, once it was used.
    pub fn forget(self, settings: &Settings) -> Cookie<'static> {
        cookies::forget(settings, self.cookie_name())
    }
}
