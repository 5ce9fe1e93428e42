//! The end of what was deleted: after 30 days a task is really removed, with everything that was said
//! in it. That it was there, who did what with it and when, stays in the log.
//!
//! Nobody acts here, so there is no access: it is the only deed on tasks that reaches into every team.

use sqlx::PgPool;

use super::store;
use crate::{comments, error::Result, live, notifications, server::database::Transaction};

/// Tasks removed in one transaction: few enough that nobody waits for it.
const BATCH: i64 = 100;

/// Removes the tasks that were deleted more than 30 days ago, by the database's clock, and tells how
/// many these were.
pub async fn purge(db: &PgPool) -> Result<u64> {
    let mut purged = 0;
    loop {
        let mut transaction = Transaction::begin(db).await?;
        let connection = transaction.connection();
        let expired = store::hold_expired(&mut *connection, BATCH).await?;
        if expired.tasks.is_empty() {
            return Ok(purged);
        }
        let (teams, tasks) = (&expired.teams, &expired.tasks);
        live::store::forget_tasks(&mut *connection, teams, tasks).await?;
        notifications::store::remove_of(&mut *connection, teams, tasks).await?;
        comments::store::remove_of(&mut *connection, teams, tasks).await?;
        store::remove(connection, &expired).await?;
        transaction.commit().await?;
        purged += expired.tasks.len() as u64;
    }
}
