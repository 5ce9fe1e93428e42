//! Signing in and out. Unknown and known addresses are answered alike, in words and in time.

use std::time::Duration;

use sqlx::PgPool;

use crate::{
    accounts::{
        limits::Limit,
        model::Password,
        password::{self, Verdict},
        session::{self, Session},
        store,
        visit::Visit,
    },
    error::{Code, Error, Result},
    ids::PersonId,
};

/// Wrong passwords for one account from one address. Counted by both, so that nobody can lock out
/// somebody else by guessing.
const WRONG_PER_ACCOUNT: Limit =
    Limit::new("sign_ins_per_account", 10, Duration::from_secs(15 * 60));

/// Wrong passwords from one address, for whatever account. A whole office may share one.
const WRONG_PER_CLIENT: Limit =
    Limit::new("sign_ins_per_client", 100, Duration::from_secs(15 * 60));

/// Lets somebody in who knows the password, and gives the token of the new session.
///
/// # Errors
/// 403 when address or password is wrong or the account disabled, alike; 429 after too many wrong ones.
pub async fn sign_in(db: &PgPool, visit: &Visit, email: &str, typed: &str) -> Result<String> {
    let result = try_sign_in(db, visit, email.trim(), typed).await;
    let word = match &result {
        Ok(_) => "right",
        Err(error) if error.code == Code::Forbidden => "wrong",
        Err(error) if error.code == Code::TooManyRequests => "limited",
        Err(_) => "failed",
    };
    metrics::counter!("sign_ins_total", "result" => word).increment(1);
    result
}

async fn try_sign_in(db: &PgPool, visit: &Visit, email: &str, typed: &str) -> Result<String> {
    let attempt = Attempt::count(db, visit, email).await?;
    let found = store::credentials(db, email).await?;
    let (stored, person) = match found {
        Some(found) if !found.disabled => (found.password_hash, Some(found.person.id)),
        _ => (None, None),
    };
    let verdict = password::verify(typed, stored.clone()).await?;
    let wrong = || Error::forbidden("The email or the password is wrong.");
    let verified = person.zip(stored).filter(|_| verdict != Verdict::Wrong);
    let (person, stored) = verified.ok_or_else(wrong)?;
    // The password may have been changed while this one was looked at.
    let session = session::start(db, person, &stored, &visit.user_agent)
        .await?
        .ok_or_else(wrong)?;
    attempt.forgive().await?;
    if verdict == Verdict::RightButOutdated {
        rehash(db, person, &stored, typed).await?;
    }
    Ok(session)
}

/// An attempt to prove to be somebody. It is counted before the password is looked at, so that many at
/// once are no way around the limit, and taken back when the password is right.
pub struct Attempt<'a> {
    db: &'a PgPool,
    client: &'a str,
    account: String,
}

impl<'a> Attempt<'a> {
    /// # Errors
    /// 429 when there were too many.
    pub async fn count(db: &'a PgPool, visit: &'a Visit, email: &str) -> Result<Self> {
        let account = format!("{} {}", visit.client, email.to_lowercase());
        WRONG_PER_ACCOUNT.count(db, &account).await?;
        WRONG_PER_CLIENT.count(db, &visit.client).await?;
        Ok(Self {
            db,
            client: &visit.client,
            account,
        })
    }

    /// The password was right.
    pub async fn forgive(self) -> Result<()> {
        WRONG_PER_ACCOUNT.forgive(self.db, &self.account).await?;
        WRONG_PER_CLIENT.forgive(self.db, self.client).await
    }
}

async fn rehash(db: &PgPool, person: PersonId, old: &str, typed: &str) -> Result<()> {
    // What was right for the old hash, but is no password by today's rules, stays as it is.
    let Ok(password) = Password::parse("password", typed) else {
        return Ok(());
    };
    let new = password::hash(&password).await?;
    store::refresh_hash(db, person, old, &new).await
}

/// Ends a session.
pub async fn sign_out(db: &PgPool, session: &Session) -> Result<()> {
    store::end_session(db, session.id).await
}
