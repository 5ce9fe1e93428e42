//! Accounts as server and browser share them.

pub mod tokens;

use leptos_router::location::Url;
use serde::{Deserialize, Serialize};

use self::tokens::TokensView;
use crate::{
    error::{Error, Result},
    ids::{PersonId, SessionId},
    people::model::{DepartureView, TeamLink},
    ui::text,
};

/// The address that a person signs in with, as they typed it. Case does not tell two apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address out of the field `email`.
    ///
    /// # Errors
    /// A field error when this cannot be an address.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let refused = |why: &str| Err(Error::field("email", why));
        if text.is_empty() {
            return refused("Enter an email address.");
        }
        if text.len() > 254 {
            return refused("An email address has up to 254 characters.");
        }
        let is_address = text.rsplit_once('@').is_some_and(|(local, domain)| {
            (1..=64).contains(&local.len()) && local.chars().all(fits_before_at) && is_host(domain)
        });
        if !is_address {
            return refused("This is not an email address, such as ada@example.com.");
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn fits_before_at(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !"@()<>[]\\,;:\"".contains(c)
}

fn is_host(domain: &str) -> bool {
    domain.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    })
}

/// The name that others see, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullName(String);

impl FullName {
    /// Reads a name out of the field `name`.
    ///
    /// # Errors
    /// A field error when it is empty, too long, or holds control characters.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        let refused = |why: &str| Err(Error::field("name", why));
        if text::is_blank(name) {
            return refused("Enter your name.");
        }
        if name.chars().count() > 80 {
            return refused("A name has up to 80 characters.");
        }
        if name.contains(char::is_control) {
            return refused("A name is one line of plain text.");
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password that somebody chose: exactly what was typed, spaces and all.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub const MAX_CHARACTERS: usize = 128;

    /// Reads a new password out of a field.
    ///
    /// # Errors
    /// A field error on `field` when it is too short or too long.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let refused = |why: &str| Err(Error::field(field, why));
        if text.contains('\0') {
            return refused("This text contains a character that cannot be stored (NUL).");
        }
        match text.chars().count() {
            ..8 => refused("A password has at least 8 characters."),
            8..=Self::MAX_CHARACTERS => Ok(Self(text.to_owned())),
            _ => refused("A password has up to 128 characters."),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the pages before the door need to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Where to go after signing in: a path of this site.
    pub next: String,
    /// Whether anybody can register without an invitation.
    pub open: bool,
    /// Whether nobody has an account yet.
    pub empty: bool,
    /// Whether links can be sent by mail.
    pub mails: bool,
    /// Whether this browser follows an invitation.
    pub invited: bool,
    /// The team that it invites to, where that was asked.
    pub joining: Option<String>,
    /// Whether what was typed in this browser waits behind signing in.
    pub kept: bool,
}

/// What a person sees of their own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    pub id: PersonId,
    /// Where one came from, to go back there.
    pub team: Option<TeamLink>,
    pub name: String,
    pub email: String,
    pub tokens: TokensView,
    pub sessions: Vec<SessionView>,
    pub departure: DepartureView,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub id: SessionId,
    /// Browser and system, in words.
    pub device: String,
    /// Seconds since 1970.
    pub last_seen_at: i64,
    /// Whether this is the browser that asks.
    pub this_one: bool,
}

/// The address of the page where one signs in and is led back: to an address of this site, with what it asks for.
pub fn sign_in_address(back: &str) -> String {
    format!("/sign-in?next={}", Url::escape(back))
}

/// A path to go to after signing in, if it stays on this site; otherwise the start.
pub fn same_site_path(next: &str) -> &str {
    let stays = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.contains(char::is_control);
    if stays { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_was_typed() {
        for address in [
            "ada@example.com",
            "Ada.Lovelace+board@Example.COM",
            "ada@localhost",
            "zoë@exämple.org",
        ] {
            assert_eq!(EmailAddress::parse(address).unwrap().as_str(), address);
        }
        assert_eq!(EmailAddress::parse(" a@b.c ").unwrap().as_str(), "a@b.c");
    }

    #[test]
    fn what_is_no_address_is_refused_on_its_field() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@@example.com",
            "a b@example.com",
            "ada@exa mple.com",
            "ada@example..com",
            "ada@-example.com",
            "a\u{7}@example.com",
            "a\0@example.com",
            "<ada@example.com>",
            &long,
        ] {
            assert!(
                EmailAddress::parse(text).unwrap_err().on("email").is_some(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_password_has_8_to_128_characters() {
        assert!(Password::parse("password", "1234567").is_err());
        assert_eq!(
            Password::parse("password", " ünïcödé ").unwrap().as_str(),
            " ünïcödé "
        );
        assert!(Password::parse("password", &"ß".repeat(128)).is_ok());
        assert!(Password::parse("password", &"ß".repeat(129)).is_err());
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        for path in ["/", "/teams/a?q=1#x", "/a//b"] {
            assert_eq!(same_site_path(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=1",
            "javascript:alert(1)",
            "teams",
        ] {
            assert_eq!(same_site_path(path), "/", "{path:?}");
        }
    }
}
