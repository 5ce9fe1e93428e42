//! A new account: the first of an instance, by an invitation, or freely.

use sqlx::PgPool;

use super::confirming;
use crate::{
    accounts::{
        limits::Limit,
        model::{EmailAddress, FullName, Password},
        password, session,
        store::{self, links::PendingRegistration},
        visit::Visit,
    },
    error::{Error, Result},
    ids::PersonId,
    people::{
        self,
        model::{PersonName, TeamName},
    },
    server::{
        database::Transaction,
        settings::{Registration, Settings},
    },
};

const REGISTRATIONS: Limit = Limit::new("registrations", 100, std::time::Duration::from_secs(3600));

/// What somebody who registers says of themselves.
pub struct NewAccount {
    pub name: FullName,
    pub email: EmailAddress,
    pub password: Password,
    pub place: Place,
    /// That of their browser, where a new team begins.
    pub time_zone: String,
}

/// Where they will work.
pub enum Place {
    /// In a team that they found.
    NewTeam(TeamName),
    /// In the team that this token invites to.
    Invitation(String),
}

/// How a registration went on.
pub enum Registered {
    /// The person is in: the token of their session, and the address of their team.
    In { session: String, team: String },
    /// The address was asked to confirm it.
    Asked,
}

/// Makes an account with its team, or with the team that an invitation names, and signs the person in.
/// Where anybody can register and mail can be sent, the address has to be confirmed first; the first
/// account of an instance is its operator's, who may still be setting up the mail.
///
/// # Errors
/// 403 when an invitation is needed, 409 on `email` when the address has an account, and field errors.
pub async fn register(
    db: &PgPool,
    settings: &Settings,
    visit: &Visit,
    account: NewAccount,
) -> Result<Registered> {
    let is_empty = store::is_empty(db).await?;
    let needs_invitation =
        settings.registration == Registration::Invite && matches!(account.place, Place::NewTeam(_));
    if needs_invitation && !is_empty {
        return Err(invitation_needed());
    }
    REGISTRATIONS.count(db, &visit.client).await?;
    // Before anything is said about the address, so that only who is invited can ask.
    if let Place::Invitation(token) = &account.place {
        people::actions::invitation_offer(db, token).await?;
    }
    password::refuse_guessable("password", &account.password, &account.name, &account.email)
        .await?;
    let hash = password::hash(&account.password).await?;
    if let Place::NewTeam(team) = &account.place
        && settings.mail.is_some()
        && !is_empty
    {
        let registration = PendingRegistration {
            name: account.name.as_str().to_owned(),
            password_hash: hash,
            team_name: team.as_str().to_owned(),
        };
        confirming::ask_to_confirm(db, settings, account.email, registration);
        return Ok(Registered::Asked);
    }

    let mut transaction = Transaction::begin(db).await?;
    if needs_invitation {
        store::queue_for_first_account(transaction.connection()).await?;
        if !store::is_empty(transaction.connection()).await? {
            return Err(invitation_needed());
        }
    }
    let person = PersonName {
        id: PersonId::new(),
        name: account.name.as_str().to_owned(),
    };
    let email = account.email.as_str();
    store::insert_person(transaction.connection(), &person, email, Some(&hash), false).await?;
    let session = session::start(
        transaction.connection(),
        person.id,
        &hash,
        &visit.user_agent,
    )
    .await?
    .ok_or_else(Error::internal)?;
    let change = match account.place {
        Place::NewTeam(name) => {
            let mut change = people::actions::found_team(transaction, db, &person, &name).await?;
            people::actions::begin_in_zone(&mut change, &account.time_zone).await?;
            change
        }
        Place::Invitation(token) => {
            people::actions::accept_invitation(transaction, db, &person, &token).await?
        }
    };
    let team = change.access().slug().to_owned();
    change.commit().await?;
    metrics::counter!("registrations_total").increment(1);
    Ok(Registered::In { session, team })
}

fn invitation_needed() -> Error {
    Error::forbidden(
        "An account here needs an invitation. Ask somebody of your team to send you a link.",
    )
}
