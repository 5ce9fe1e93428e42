//! A forgotten password: a one-time link leads to a new one.

use std::time::Duration;

use sqlx::{PgConnection, PgExecutor, PgPool};

use crate::{
    accounts::{
        limits::Limit,
        mails,
        model::{EmailAddress, FullName, Password},
        password,
        store::{
            self,
            links::{self, Purpose},
        },
        token,
        visit::Visit,
    },
    error::{Code, Error, Result},
    ids::{PersonId, SessionId},
    people::model::PersonName,
    server::{database::Transaction, mail, settings::Settings},
};

const REQUESTS: Limit = Limit::new("resets_per_client", 20, Duration::from_secs(3600));

/// Mails to one account. What is over it is not sent, and nobody is told; the links that were sent
/// before still work, so that this locks nobody out.
const MAILS: Limit = Limit::new("resets_per_account", 5, Duration::from_secs(3600));

/// How long a link works that was asked for.
const HOURS: i32 = 1;

/// Mails a link to choose a new password, if there is such an account. That is found out after the
/// answer, so that the answer says nothing about it, in words or in time.
///
/// # Errors
/// 429 when this client asked too often, and a field error when this is no address.
pub async fn request_password_reset(
    db: &PgPool,
    settings: &Settings,
    visit: &Visit,
    email: &EmailAddress,
) -> Result<()> {
    REQUESTS.count(db, &visit.client).await?;
    let (db, settings, email) = (db.clone(), settings.clone(), email.clone());
    tokio::spawn(async move {
        if let Err(error) = mail_link(&db, &settings, &email).await {
            tracing::warn!(code = error.code.as_str(), "No reset link was sent");
        }
    });
    Ok(())
}

async fn mail_link(db: &PgPool, settings: &Settings, email: &EmailAddress) -> Result<()> {
    let Some(found) = store::credentials(db, email.as_str()).await? else {
        return Ok(());
    };
    if found.disabled {
        return Ok(());
    }
    MAILS.count(db, &found.person.id.to_string()).await?;
    let token = make_link(db, found.person.id, HOURS).await?;
    links::drop_expired(db).await?;
    mail::send_later(
        settings,
        mails::reset(settings, &found.email, &found.person.name, &token),
    );
    Ok(())
}

/// Makes a link to choose a password and gives its token.
pub async fn make_link(db: impl PgExecutor<'_>, person: PersonId, hours: i32) -> Result<String> {
    let token = token::random();
    let hash = token::hash(&token);
    links::insert(db, &hash, Purpose::ResetPassword, person, None, hours).await?;
    Ok(token)
}

/// Whether a link can still be used.
pub async fn can_reset(db: &PgPool, token: &str) -> Result<bool> {
    let owner = links::owner(db, &token::hash(token), Purpose::ResetPassword).await?;
    Ok(owner.is_some())
}

/// Sets a new password by a link. It ends every session and API token of the person and every other link.
///
/// # Errors
/// 404 when the link was used, is too old, or never was; field errors on `password`.
pub async fn reset_password(
    db: &PgPool,
    settings: &Settings,
    token: &str,
    new: &Password,
) -> Result<()> {
    let link = token::hash(token);
    let (person, email) = links::owner(db, &link, Purpose::ResetPassword)
        .await?
        .ok_or_else(unusable)?;
    refuse_guessable("password", new, &person.name, &email).await?;
    let hash = password::hash(new).await?;

    let mut transaction = Transaction::begin(db).await?;
    links::take(transaction.connection(), &link, Purpose::ResetPassword)
        .await?
        .ok_or_else(unusable)?;
    replace_password(transaction, settings, &person, &email, &hash, None).await
}

/// Gives a person another password, ends all other ways in but one session, if any, and tells them by mail. The
/// transaction lasts.
pub(super) async fn replace_password(
    mut transaction: Transaction,
    settings: &Settings,
    person: &PersonName,
    email: &str,
    hash: &str,
    except: Option<SessionId>,
) -> Result<()> {
    let connection = transaction.connection();
    store::set_password(&mut *connection, person.id, hash).await?;
    end_all_ways_in(connection, person.id, except).await?;
    transaction.commit().await?;
    mail::send_later(
        settings,
        mails::password_changed(settings, email, &person.name),
    );
    Ok(())
}

/// Ends every session but one, if any, and every API token and link of a person.
pub async fn end_all_ways_in(
    connection: &mut PgConnection,
    person: PersonId,
    except: Option<SessionId>,
) -> Result<()> {
    store::end_sessions(&mut *connection, person, except).await?;
    store::tokens::revoke_all(&mut *connection, person).await?;
    links::drop_of(connection, person).await
}

/// As [`password::refuse_guessable`], for a person who is known already.
pub(super) async fn refuse_guessable(
    field: &str,
    new: &Password,
    name: &str,
    email: &str,
) -> Result<()> {
    match (FullName::parse(name), EmailAddress::parse(email)) {
        (Ok(name), Ok(email)) => password::refuse_guessable(field, new, &name, &email).await,
        _ => Err(Error::internal()),
    }
}

fn unusable() -> Error {
    Error::new(
        Code::NotFound,
        "This link cannot be used. It may have been used already, or it is too old. Ask for a new one.",
    )
}
