//! The end of what was deleted: after 30 days a task is really removed, with everything that was said
//! in it. That it was there, who did what with it and when, stays in the log.
//!
//! Nobody acts here, so there is no access: it is the only deed on tasks that reaches into every team.

use std::{collections::BTreeSet, time::Duration};

use sqlx::PgPool;
use tokio::time::{MissedTickBehavior, interval};

use super::store::{self, Expired};
use crate::{
    comments,
    error::Result,
    insights, live,
    server::{database::Transaction, serve::Shutdown},
};

/// How often it is looked for what is due.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// Tasks removed in one transaction: few enough that nobody waits for it.
const BATCH: i64 = 100;

/// Removes what is due, now and then once a day, until the server ends. Every instance does so; what
/// one of them is at, the others leave out.
pub async fn keep_purging(db: PgPool, shutdown: Shutdown) {
    let mut days = interval(EVERY);
    days.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = days.tick() => {}
            () = shutdown.begun() => return,
        }
        let purged = tokio::select! {
            purged = purge(&db) => purged,
            () = shutdown.begun() => return,
        };
        match purged {
            Ok(0) => {}
            Ok(tasks) => {
                tracing::info!(tasks, "Removed {tasks} tasks that were deleted 30 days ago");
            }
            Err(error) => {
                tracing::warn!(error = %error, "Could not remove what was deleted 30 days ago");
            }
        }
        if let Err(error) = insights::actions::forget_old(&db).await {
            tracing::warn!(error = %error, "Could not remove what was counted long ago");
        }
    }
}

/// Removes the tasks that were deleted more than 30 days ago, by the database's clock, and tells how
/// many these were.
pub async fn purge(db: &PgPool) -> Result<usize> {
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
        comments::store::remove_of(&mut *connection, of_teams, tasks).await?;
        store::forget_watchers(&mut *connection, &expired).await?;
        store::remove(connection, &expired).await?;
        transaction.commit().await?;
        purged += expired.tasks.len();
        teams.extend(expired.teams);
    }
    if !teams.is_empty() {
        store::forget_words(db, &Vec::from_iter(teams)).await?;
    }
    Ok(purged)
}
