//! An address is confirmed by a link that was mailed to it: a new account's, or a changed one.

use sqlx::PgPool;

use super::changing::HOURS;
use crate::{
    accounts::{
        limits::Limit,
        mails,
        model::EmailAddress,
        store::{
            self,
            links::{self, PendingRegistration, Purpose},
        },
        token,
    },
    error::{Code, Error, Result},
    ids::PersonId,
    people::{
        self,
        model::{PersonName, TeamName},
    },
    server::{database::Transaction, mail, settings::Settings},
};

/// Mails to one address. What is over it is not sent, and nobody is told.
const MAILS: Limit = Limit::new(
    "confirmations_per_address",
    5,
    std::time::Duration::from_secs(3600),
);

/// Mails a link that completes a registration. Whether there is such an account already is found out
/// after the answer, and only told to whoever reads its mails.
pub(super) fn ask_to_confirm(
    db: &PgPool,
    settings: &Settings,
    email: EmailAddress,
    registration: PendingRegistration,
) {
    let (db, settings) = (db.clone(), settings.clone());
    tokio::spawn(async move {
        if let Err(error) = mail_link(&db, &settings, &email, &registration).await {
            tracing::warn!(code = error.code.as_str(), "No confirmation was sent");
        }
    });
}

async fn mail_link(
    db: &PgPool,
    settings: &Settings,
    email: &EmailAddress,
    registration: &PendingRegistration,
) -> Result<()> {
    let email = email.as_str();
    MAILS.count(db, &email.to_lowercase()).await?;
    let mail = match store::credentials(db, email).await? {
        Some(known) => mails::already_registered(settings, &known.email, &known.person.name),
        None => {
            let token = token::random();
            links::insert_registration(db, &token::hash(&token), email, registration, HOURS)
                .await?;
            mails::confirm_registration(settings, email, &token)
        }
    };
    links::drop_expired(db).await?;
    mail::send_later(settings, mail);
    Ok(())
}

/// The address that a link confirms.
///
/// # Errors
/// 404 when the link was used, is too old, or never was.
pub async fn address_to_confirm(db: &PgPool, token: &str) -> Result<String> {
    links::address(db, &token::hash(token))
        .await?
        .ok_or_else(unusable)
}

/// Confirms an address: makes the account that was registered with it, or gives it to its account.
///
/// # Errors
/// 404 when the link was used, is too old, or never was; 409 when the address has an account by now.
pub async fn confirm_email(db: &PgPool, settings: &Settings, token: &str) -> Result<()> {
    let link = token::hash(token);
    let mut transaction = Transaction::begin(db).await?;
    if let Some((email, registration)) =
        links::take_registration(transaction.connection(), &link).await?
    {
        return complete(db, transaction, &email, registration).await;
    }
    let (person, email) = links::take(transaction.connection(), &link, Purpose::ConfirmEmail)
        .await?
        .ok_or_else(unusable)?;
    let email = email.ok_or_else(unusable)?;
    let before = store::contact(transaction.connection(), person).await?;
    store::set_email(transaction.connection(), person, &email, true).await?;
    links::drop_of(transaction.connection(), person).await?;
    transaction.commit().await?;
    let (name, old) = before;
    mail::send_later(settings, mails::address_changed(settings, &old, &name));
    Ok(())
}

async fn complete(
    db: &PgPool,
    mut transaction: Transaction,
    email: &str,
    registration: PendingRegistration,
) -> Result<()> {
    let person = PersonName {
        id: PersonId::new(),
        name: registration.name,
    };
    let hash = Some(registration.password_hash.as_str());
    store::insert_person(transaction.connection(), &person, email, hash, true).await?;
    links::drop_registrations(transaction.connection(), email).await?;
    let team = TeamName::parse(&registration.team_name)?;
    let change = people::actions::found_team(transaction, db, &person, &team).await?;
    change.commit().await?;
    metrics::counter!("registrations_total").increment(1);
    Ok(())
}

fn unusable() -> Error {
    Error::new(
        Code::NotFound,
        "This link cannot be used. It may have been used already, or it is too old. Register again, \
         or change the address again in your account.",
    )
}
