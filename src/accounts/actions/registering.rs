//! A new account: the first of an instance, by an invitation, or freely.

use sqlx::PgPool;

use crate::{
    accounts::{
        limits::Limit,
        model::{EmailAddress, FullName, Password},
        password, session, store,
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
}

/// Where they will work.
pub enum Place {
    /// In a team that they found.
    NewTeam(TeamName),
    /// In the team that this token invites to.
    Invitation(String),
}

/// A person who just got in: the token of their session, and the address of their team.
pub struct Entered {
    pub session: String,
    pub team: String,
}

/// Makes an account with its team, or with the team that an invitation names, and signs the person in.
///
/// # Errors
/// 403 when an invitation is needed, 409 on `email` when the address has an account, and field errors.
pub async fn register(
    db: &PgPool,
    settings: &Settings,
    visit: &Visit,
    account: NewAccount,
) -> Result<Entered> {
    let needs_invitation =
        settings.registration == Registration::Invite && matches!(account.place, Place::NewTeam(_));
    if needs_invitation && !store::is_empty(db).await? {
        return Err(invitation_needed());
    }
    REGISTRATIONS.count(db, &visit.client).await?;
    password::refuse_guessable("password", &account.password, &account.name, &account.email)
        .await?;
    let hash = password::hash(&account.password).await?;

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
    let session = session::start(transaction.connection(), person.id, &visit.user_agent).await?;
    let change = match account.place {
        Place::NewTeam(name) => {
            people::actions::found_team(transaction, db, &person, &name).await?
            // TODO(boards): the first board
        }
        Place::Invitation(token) => {
            people::actions::accept_invitation(transaction, db, &person, &token).await?
        }
    };
    let team = change.access().slug().to_owned();
    change.commit().await?;
    metrics::counter!("skateboard_registrations_total").increment(1);
    Ok(Entered { session, team })
}

fn invitation_needed() -> Error {
    Error::forbidden(
        "An account here needs an invitation. Ask somebody of your team to send you a link.",
    )
}
