//! The end of what was deleted: after 30 days a task is really removed, with everything that was said
//! in it. That it was there, who did what with it and when, stays in the log.
//!
//! Nobody acts here, so there is no access: it is the only deed on tasks that reaches into every team.

use std::collections::BTreeSet;

use sqlx::PgPool;

use super::store::{self, Expired};
use crate::{comments, error::Result, live, notifications, server::database::Transaction};

/// Tasks removed in one transaction: few enough that nobody waits for it.
const BATCH: i64 = 100;

/// Removes the tasks that were deleted more than 30 days ago, by the database's clock, and tells how
/// many these were.
pub async fn purge(db: &PgPool) -> Result<u64> {
    let mut purged = 0;
    let mut teams = BTreeSet::new();
    loop {
        let mut transaction = Transaction::begin(db).await?;
        let connection = transaction.connection();
        let expired = store::hold_expired(&mut *connection, BATCH).await?;
        if expired.tasks.is_empty() {
            break;
        }
        let Expired {
            teams: of_teams,
            tasks,
        } = &expired;
        live::store::forget_tasks(&mut *connection, of_teams, tasks).await?;
        notifications::store::remove_of(&mut *connection, of_teams, tasks).await?;
        comments::store::remove_of(&mut *connection, of_teams, tasks).await?;
        store::forget_watchers(&mut *connection, &expired).await?;
        store::remove(connection, &expired).await?;
        transaction.commit().await?;
        purged += expired.tasks.len() as u64;
        teams.extend(expired.teams);
    }
    if !teams.is_empty() {
        store::forget_words(db, &Vec::from_iter(teams)).await?;
    }
    Ok(purged)
}
