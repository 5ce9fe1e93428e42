//! An account is deleted: whoever it was gets out at once and is nameless from then on, and what they did for a team
//! stays the team's. `docs/privacy.md` says what goes and what stays, decision 0026 why.

mod names;

use sqlx::{PgConnection, PgPool};

use super::changing;
use crate::{
    accounts::{mails, session::Session, store, visit::Visit},
    comments,
    error::{Error, Result},
    feedback,
    forms::{self, origin::Author},
    ids::PersonId,
    insights, live, notifications,
    people::{self, actions::Departure},
    server::{
        database::Transaction,
        mail::{self, Mail},
        settings::Settings,
    },
    tasks, toggles, webhooks,
};

/// What becomes of the comments and the feedback of somebody whose account is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// They stay, without the name.
    Stay,
    /// They are deleted for good.
    Go,
}

/// Deletes one's own account.
///
/// # Errors
/// A field error on `current_password`, 429 after too many wrong ones, and those of [`delete`].
pub async fn delete_own(
    db: &PgPool,
    settings: &Settings,
    visit: &Visit,
    session: &Session,
    current: &str,
    comments: Comments,
) -> Result<()> {
    changing::prove(db, visit, session, current).await?;
    let farewell = delete(db, settings, session.person_id(), comments).await?;
    mail::send_later(settings, farewell);
    Ok(())
}

/// Deletes an account, all of it or nothing, and gives the mail that says so. Its sessions, API tokens and links are
/// over, and its address is free.
///
/// # Errors
/// 404 when it is deleted already, 409 that names the teams whose last owner it is and in which others are.
pub async fn delete(
    db: &PgPool,
    settings: &Settings,
    person: PersonId,
    comments: Comments,
) -> Result<Mail> {
    let mut transaction = Transaction::begin(db).await?;
    let connection = transaction.connection();
    live::store::take_time(&mut *connection).await?;
    let (person, email) = store::deleting::hold(&mut *connection, person)
        .await?
        .ok_or_else(Error::not_found)?;
    // The log first, which is long and which nobody else writes to anew: nobody waits for it.
    let teams = people::store::departing::all_of(&mut *connection, person.id).await?;
    let logs = teams.into_iter().map(|team| (team, 0)).collect();
    let logs = names::leave_log(&mut *connection, logs, &person).await?;
    // From here on nobody changes anything in these teams until the end, so that no name gets in behind this.
    let departure = Departure::hold(&mut *connection, db, &person).await?;
    let teams = departure.teams();
    names::leave_log(&mut *connection, logs, &person).await?;
    names::leave_texts(&mut *connection, teams, &person).await?;

    notifications::store::forget_person(&mut *connection, teams, person.id).await?;
    tasks::store::unwatch_all(&mut *connection, teams, person.id).await?;
    insights::store::forget_person(&mut *connection, teams, person.id).await?;
    toggles::store::forget_person(&mut *connection, teams, person.id).await?;
    let all = comments == Comments::Go;
    feedback::store::forget_person(&mut *connection, teams, person.id, all).await?;
    remove_comments(&mut *connection, teams, person.id, comments).await?;
    let said = [person.name.clone(), email.clone()];
    webhooks::store::forget_answers(&mut *connection, teams, &said).await?;
    forms::store::forget(&mut *connection, &Author::person(person.id).hash).await?;
    store::deleting::delete(connection, person.id, &email).await?;

    // Last the numbers of the events, on which all writers of a team queue.
    let (transaction, written) = departure.leave(transaction).await?;
    transaction.commit().await?;
    written.count();
    metrics::counter!("accounts_deleted_total").increment(1);
    Ok(mails::account_deleted(settings, &email, &person.name))
}

/// Removes the comments that are to go, and those that their author had deleted, which nobody can bring back now.
async fn remove_comments(
    connection: &mut PgConnection,
    teams: &[uuid::Uuid],
    author: PersonId,
    comments: Comments,
) -> Result<()> {
    let all = comments == Comments::Go;
    let gone = comments::store::forgetting::ids_by(&mut *connection, teams, author, all).await?;
    if gone.is_empty() {
        return Ok(());
    }
    notifications::store::remove_of_comments(&mut *connection, teams, &gone).await?;
    live::store::forgetting::forget_comments(&mut *connection, teams, &gone).await?;
    comments::store::forgetting::remove(connection, teams, &gone).await
}

/// Deletes what is over in time: sessions, links, counted attempts and refused forms. They are tidied up in passing
/// too, but on a quiet instance nobody passes. Tells how much it was.
pub async fn forget_old(db: &PgPool) -> Result<u64> {
    Ok(store::deleting::forget_old(db).await? + forms::store::forget_old(db).await?)
}
