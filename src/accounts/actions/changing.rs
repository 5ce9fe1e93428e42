//! What people change about their own account. Address and password ask for the current password.

use sqlx::PgPool;

use super::{
    resetting::{refuse_guessable, replace_password},
    signing_in::Attempt,
};
use crate::{
    accounts::{
        device, mails,
        model::{AccountView, EmailAddress, FullName, Password, SessionView, tokens::TokensView},
        password::{self, Verdict},
        session::Session,
        store::{
            self,
            links::{self, Purpose},
        },
        token,
        visit::Visit,
    },
    error::{Code, Error, Result},
    ids::TokenId,
    people,
    server::{database::Transaction, mail, settings::Settings},
};

/// How long a link works that confirms an address.
pub(super) const HOURS: i32 = 24;

/// A person's own account, its API tokens and its open sessions.
pub async fn account(db: &PgPool, session: &Session) -> Result<AccountView> {
    let sessions = store::sessions_of(db, session.person_id())
        .await?
        .into_iter()
        .map(|open| SessionView {
            id: open.id,
            device: device::in_words(&open.user_agent),
            last_seen_at: open.last_seen_at,
            this_one: open.id == session.id,
        })
        .collect();
    let teams = people::store::teams_of(db, session.person_id()).await?;
    Ok(AccountView {
        id: session.person_id(),
        team: teams
            .iter()
            .find(|team| Some(&team.slug) == session.last_team.as_ref())
            .or(teams.first())
            .cloned(),
        departure: people::store::departing::outlook(db, session.person_id()).await?,
        tokens: TokensView {
            tokens: store::tokens::of(db, session.person_id()).await?,
            teams,
            next: TokenId::new(),
        },
        name: session.person.name.clone(),
        email: session.email.clone(),
        sessions,
        now: store::now(db).await?,
    })
}

/// Changes the name that others see.
pub async fn change_name(db: &PgPool, session: &Session, name: &FullName) -> Result<()> {
    store::set_name(db, session.person_id(), name.as_str()).await
}

/// How a change of the address went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChange {
    Changed,
    /// The new address was asked to confirm it.
    Asked,
}

/// Changes the address. With a mail server the new one is asked first; whether another account has it
/// is then only told to whoever reads its mails.
///
/// # Errors
/// A field error on `current_password`; 409 on `email` when there is no mail server and the address
/// has an account.
pub async fn change_email(
    db: &PgPool,
    settings: &Settings,
    visit: &Visit,
    session: &Session,
    new: &EmailAddress,
    current: &str,
) -> Result<EmailChange> {
    prove(db, visit, session, current).await?;
    if settings.mail.is_some() {
        let (db, settings) = (db.clone(), settings.clone());
        let (session, new) = (session.clone(), new.clone());
        tokio::spawn(async move {
            if let Err(error) = ask_new_address(&db, &settings, &session, &new).await {
                tracing::warn!(code = error.code.as_str(), "No confirmation was sent");
            }
        });
        return Ok(EmailChange::Asked);
    }
    let mut transaction = Transaction::begin(db).await?;
    let person = session.person_id();
    store::set_email(transaction.connection(), person, new.as_str(), false).await?;
    links::drop_of(transaction.connection(), person).await?;
    transaction.commit().await?;
    Ok(EmailChange::Changed)
}

async fn ask_new_address(
    db: &PgPool,
    settings: &Settings,
    session: &Session,
    new: &EmailAddress,
) -> Result<()> {
    let person = &session.person;
    let other = store::credentials(db, new.as_str())
        .await?
        .filter(|found| found.person.id != person.id);
    let mail = match other {
        Some(other) => mails::already_registered(settings, &other.email, &other.person.name),
        None => {
            let token = token::random();
            let (hash, email) = (token::hash(&token), Some(new.as_str()));
            links::insert(db, &hash, Purpose::ConfirmEmail, person.id, email, HOURS).await?;
            mails::confirm_address(settings, new.as_str(), &person.name, &token)
        }
    };
    links::drop_expired(db).await?;
    mail::send_later(settings, mail);
    Ok(())
}

/// Changes the password and ends every other session, every API token and every link.
///
/// # Errors
/// Field errors on `current_password` and `new_password`.
pub async fn change_password(
    db: &PgPool,
    settings: &Settings,
    visit: &Visit,
    session: &Session,
    new: &Password,
    current: &str,
) -> Result<()> {
    prove(db, visit, session, current).await?;
    let person = &session.person;
    refuse_guessable("new_password", new, &person.name, &session.email).await?;
    let hash = password::hash(new).await?;
    let transaction = Transaction::begin(db).await?;
    let (email, here) = (&session.email, Some(session.id));
    replace_password(transaction, settings, person, email, &hash, here).await
}

/// Ends every other session.
pub async fn sign_out_everywhere_else(db: &PgPool, session: &Session) -> Result<()> {
    store::end_sessions(db, session.person_id(), Some(session.id)).await
}

/// Checks the current password, as limited as a sign-in.
pub(super) async fn prove(
    db: &PgPool,
    visit: &Visit,
    session: &Session,
    current: &str,
) -> Result<()> {
    let attempt = Attempt::count(db, visit, &session.email).await?;
    let stored = store::password_hash(db, session.person_id()).await?;
    if password::verify(current, stored).await? == Verdict::Wrong {
        return Err(Error {
            code: Code::Forbidden,
            ..Error::field("current_password", "This is not your current password.")
        });
    }
    attempt.forgive().await
}
