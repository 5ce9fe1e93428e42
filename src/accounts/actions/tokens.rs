//! What people do with their API tokens. A token itself can do none of this.

use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    accounts::{
        limits::Limit,
        model::tokens::MOST,
        session::Session,
        store, token,
        tokens::{self, NewToken},
    },
    error::{Code, Error, Result},
    ids::{PersonId, SessionId, TokenId},
    people,
    server::database::Transaction,
};

/// Tokens that one person makes.
const TOKENS: Limit = Limit::new("tokens_per_person", 60, Duration::from_secs(3600));

/// The team of this address, to limit a person's token to it; without an address it is limited to none.
///
/// # Errors
/// A field error on `team` when they are not in such a team.
pub async fn only_team(db: &PgPool, person: PersonId, slug: &str) -> Result<Option<Uuid>> {
    if slug.is_empty() {
        return Ok(None);
    }
    let found = people::store::membership(db, slug, person).await?;
    let (team, _) = found.ok_or_else(|| Error::field("team", "Choose one of your teams."))?;
    Ok(Some(team))
}

/// Makes a token for whoever is signed in, and gives it; it is known only now. The same request again makes it
/// anew, because the first one cannot be told a second time.
///
/// # Errors
/// 401 when the session has ended meanwhile; 409 when the id was used already; 403 when there are as many tokens as
/// can be; 429 after too many.
pub async fn create(db: &PgPool, session: &Session, new: &NewToken) -> Result<String> {
    TOKENS.count(db, &session.person_id().to_string()).await?;
    make(db, session.person_id(), Some(session.id), new).await
}

/// Makes a token for a person, at the word of a session of theirs, or of the operator.
///
/// # Errors
/// As [`create`], but for the limit in time.
pub async fn make(
    db: &PgPool,
    person: PersonId,
    session: Option<SessionId>,
    new: &NewToken,
) -> Result<String> {
    let mut transaction = Transaction::begin(db).await?;
    let held = store::tokens::hold_person(transaction.connection(), person).await?;
    let is_open = match session {
        Some(session) => store::tokens::is_open(transaction.connection(), session).await?,
        None => true,
    };
    if !held || !is_open {
        return Err(Error::unauthenticated());
    }
    let token = tokens::random();
    let (hash, hint) = (token::hash(&token), tokens::hint(&token));
    let there = store::tokens::count(transaction.connection(), person).await?;
    let replaced =
        store::tokens::replace(transaction.connection(), person, new, &hash, hint).await?;
    if !replaced {
        if there >= MOST {
            return Err(Error::forbidden(format!(
                "There are {MOST} tokens, which is as many as one person can have. Revoke one first."
            )));
        }
        if !store::tokens::insert(transaction.connection(), person, new, &hash, hint).await? {
            return Err(Error::new(
                Code::Conflict,
                "This form was used already. Reload the page to make another token.",
            ));
        }
    }
    transaction.commit().await?;
    Ok(token)
}

/// Makes a person's token unusable, at once. One that is over already stays as it is.
///
/// # Errors
/// 404 when they have no such token.
pub async fn revoke(db: &PgPool, person: PersonId, id: TokenId) -> Result<()> {
    if store::tokens::revoke(db, person, id).await? {
        return Ok(());
    }
    Err(Error::not_found())
}

/// Removes tokens that have long been over, and says how many.
pub async fn purge(db: &PgPool) -> Result<u64> {
    store::tokens::remove_old(db).await
}
