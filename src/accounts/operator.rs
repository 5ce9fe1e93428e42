//! What the operator does with accounts, on the command line.

use sqlx::PgPool;

use super::{
    actions::{
        self,
        deleting::{self, Comments},
        resetting,
    },
    model::{
        EmailAddress, FullName,
        tokens::{Scope, TokenLifetime, TokenName},
    },
    store,
    tokens::NewToken,
};
use crate::{
    error::{Code, Error, Result},
    ids::{PersonId, TokenId},
    people::{
        self,
        model::{PersonName, TeamName},
    },
    server::{database::Transaction, mail, settings::Settings},
};

/// How long a link works that the operator hands over.
const HOURS: i32 = 72;

/// Makes an account, with a team of its own if one is named, and gives the link to choose its password.
///
/// # Errors
/// 409 when the address has an account, and field errors.
pub async fn create_user(
    db: &PgPool,
    settings: &Settings,
    email: &str,
    name: &str,
    team: Option<&str>,
) -> Result<String> {
    let email = EmailAddress::parse(email)?;
    let name = FullName::parse(name)?;
    let team = team.map(TeamName::parse).transpose()?;
    let person = PersonName {
        id: PersonId::new(),
        name: name.as_str().to_owned(),
    };
    let mut transaction = Transaction::begin(db).await?;
    store::insert_person(
        transaction.connection(),
        &person,
        email.as_str(),
        None,
        true,
    )
    .await?;
    let token = resetting::make_link(transaction.connection(), person.id, HOURS).await?;
    match team {
        Some(team) => {
            let change = people::actions::found_team(transaction, db, &person, &team).await?;
            change.commit().await?;
        }
        None => transaction.commit().await?,
    }
    Ok(settings.link(&format!("/reset-password/{token}")))
}

/// Gives a link to choose a new password.
///
/// # Errors
/// 404 when no account has this address, and 403 when it is disabled.
pub async fn reset_link(db: &PgPool, settings: &Settings, email: &str) -> Result<String> {
    let found = find(db, email).await?;
    if found.disabled {
        return Err(Error::forbidden("This account is disabled."));
    }
    let token = resetting::make_link(db, found.person.id, HOURS).await?;
    Ok(settings.link(&format!("/reset-password/{token}")))
}

/// Keeps a person out and ends all their sessions and API tokens.
///
/// # Errors
/// 404 when no account has this address.
pub async fn disable_user(db: &PgPool, email: &str) -> Result<()> {
    let person = find(db, email).await?.person.id;
    let mut transaction = Transaction::begin(db).await?;
    store::disable(transaction.connection(), person).await?;
    resetting::end_all_ways_in(transaction.connection(), person, None).await?;
    transaction.commit().await
}

/// Says what deleting an account does, before it is done.
///
/// # Errors
/// 404 when no account has this address.
pub async fn about_to_delete(db: &PgPool, email: &str) -> Result<String> {
    let found = find(db, email).await?;
    let outlook = people::store::departing::outlook(db, found.person.id).await?;
    let mut words = format!(
        "The account of {} <{}> will be deleted for good. What they did in teams with others stays without their name.",
        found.person.name, found.email
    );
    for team in outlook.ends {
        words.push_str(&format!(
            "\nNobody else is in the team {}: it will be deleted with everything in it.",
            team.name
        ));
    }
    Ok(words)
}

/// Deletes an account, and its comments and feedback too if that is asked for, and says so to its address where there is mail.
///
/// # Errors
/// 404 when no account has this address, 409 when a team with others in it would lose its last owner.
pub async fn delete_user(
    db: &PgPool,
    settings: &Settings,
    email: &str,
    comments: Comments,
) -> Result<()> {
    let person = find(db, email).await?.person.id;
    let farewell = deleting::delete(db, settings, person, comments).await?;
    mail::send_now(settings, &farewell).await;
    Ok(())
}

/// Makes an API token for a person and gives it.
///
/// # Errors
/// 404 when no account has this address, 403 when it is disabled or has too many tokens, and field errors.
pub async fn make_token(
    db: &PgPool,
    email: &str,
    name: &str,
    scope: Scope,
    team: Option<&str>,
    lifetime: TokenLifetime,
) -> Result<String> {
    let found = find(db, email).await?;
    if found.disabled {
        return Err(Error::forbidden("This account is disabled."));
    }
    let person = found.person.id;
    let new = NewToken {
        id: TokenId::new(),
        name: TokenName::parse(name)?,
        scope,
        team: actions::tokens::only_team(db, person, team.unwrap_or_default())
            .await
            .map_err(|error| match error.on("team") {
                Some(_) => Error::new(Code::NotFound, "They are in no team of this address."),
                None => error,
            })?,
        lifetime,
    };
    actions::tokens::make(db, person, None, &new).await
}

async fn find(db: &PgPool, email: &str) -> Result<store::Credentials> {
    store::credentials(db, email.trim())
        .await?
        .ok_or_else(|| Error::new(Code::NotFound, "No account has this address."))
}
