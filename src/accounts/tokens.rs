//! API tokens: by one of them a program acts as its person, in the API alone.

use sqlx::PgPool;
use uuid::Uuid;

pub use super::{
    actions::tokens::{create, only_team, purge, revoke},
    model::tokens::Scope,
};
use super::{
    model::tokens::{PREFIX, TokenLifetime, TokenName},
    store, token,
};
use crate::{
    error::{Code, Error, Result},
    ids::TokenId,
    people::model::PersonName,
};

/// Characters of a token behind its prefix: 256 random bits in base64.
const LENGTH: usize = 43;
/// Characters of a token that its person sees again, to tell it from others.
const HINT: usize = PREFIX.len() + 4;

/// Whom a request with a token comes from, and how far the token reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    pub id: TokenId,
    pub person: PersonName,
    pub scope: Scope,
    /// The only team that the token lets into, if it is limited to one. The person may have left it.
    pub team: Option<Uuid>,
}

/// What a token is made as.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub id: TokenId,
    pub name: TokenName,
    pub scope: Scope,
    /// The only team that it lets into.
    pub team: Option<Uuid>,
    pub lifetime: TokenLifetime,
}

/// Finds out whose token this is: what stands behind `Bearer` in the request. That it was used is written down
/// once a minute.
///
/// # Errors
/// 401 in the same words for a token that is malformed, unknown, expired or revoked, and for one whose person is
/// disabled.
pub async fn authenticate(db: &PgPool, bearer: &str) -> Result<TokenHolder> {
    if !is_token(bearer) {
        return Err(unusable());
    }
    store::tokens::used(db, &token::hash(bearer))
        .await?
        .ok_or_else(unusable)
}

/// A new token.
pub fn random() -> String {
    format!("{PREFIX}{}", token::random())
}

/// The part of a token that may be shown again.
pub fn hint(token: &str) -> &str {
    token.get(..HINT).unwrap_or_default()
}

fn is_token(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|secret| {
        secret.len() == LENGTH
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

fn unusable() -> Error {
    Error::new(
        Code::Unauthenticated,
        "This token cannot be used. It may have expired, or it was revoked. Make another one on the page Account.",
    )
}
