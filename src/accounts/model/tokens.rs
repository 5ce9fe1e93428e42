//! API tokens as server and browser share them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::TokenId,
    people::model::TeamLink,
    ui::text,
};

/// What every token begins with, so that people and programs that look for leaked secrets recognise one.
pub const PREFIX: &str = "skb_";

/// The most tokens that one person has at a time.
pub const MOST: i64 = 20;

/// What a token is good for. It acts as its person and never does more than they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only what changes nothing.
    Read,
    /// Everything that its person may do in the API.
    Write,
}

impl Scope {
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The scope as it stands on a page.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::Write => "Read and write",
        }
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| Error::field("scope", "The scope is read or write."))
    }
}

/// What a token is called: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenName(String);

impl TokenName {
    /// Reads a token's name out of the field `name`.
    ///
    /// # Errors
    /// A field error when it is empty, too long, or holds control characters.
    pub fn parse(text: &str) -> Result<Self> {
        text::line("name", text, 80).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long a token works: up to a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetime(i32);

impl TokenLifetime {
    /// What the page offers, in days.
    pub const OFFERED: [i32; 3] = [30, 90, 365];
    pub const DEFAULT: i32 = 90;
    const LONGEST: i32 = 365;

    /// Reads a number of days out of the field `expires`.
    ///
    /// # Errors
    /// A field error when it is no number from 1 to 365.
    pub fn parse(text: &str) -> Result<Self> {
        text.trim()
            .parse()
            .ok()
            .filter(|days| (1..=Self::LONGEST).contains(days))
            .map(Self)
            .ok_or_else(|| Error::field("expires", "A token works for 1 to 365 days."))
    }

    pub const fn days(self) -> i32 {
        self.0
    }
}

/// What the page says of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensView {
    pub tokens: Vec<TokenView>,
    /// The teams that a new one can be limited to.
    pub teams: Vec<TeamLink>,
    /// The id of the token that the form would make.
    pub next: TokenId,
}

/// A token, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    pub id: TokenId,
    pub name: String,
    /// How it begins, such as `skb_x7Qa`.
    pub hint: String,
    pub scope: Scope,
    pub teams: TokenTeams,
    /// Seconds since 1970, like the others.
    pub created_at: i64,
    pub expires_at: i64,
    pub last_used_at: Option<i64>,
}

/// Where a token lets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenTeams {
    /// Wherever its person is a member.
    All,
    /// One team, by its name.
    One(String),
    /// One team, which its person has left: nowhere, until they come back.
    Left,
}
