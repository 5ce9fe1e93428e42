//! Watching: what somebody wants to know of without holding it. It is nobody else's business, so it is
//! no event, and every role may.

use crate::{
    error::{Error, Result},
    live::change::Change,
    people::access::Access,
    tasks::{model::TaskKey, store},
};

/// Puts a task among those that the person watches.
pub async fn watch_task(access: &Access, key: &TaskKey) -> Result<()> {
    let (team, me) = (access.team(), access.person().id);
    let mut change = Change::begin(access).await?;
    let task = store::hold_id(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    store::watch(change.connection(), team, task, me).await?;
    change.commit().await.map(drop)
}

/// Takes a task out of those that the person watches.
pub async fn unwatch_task(access: &Access, key: &TaskKey) -> Result<()> {
    let (team, me) = (access.team(), access.person().id);
    let mut change = Change::begin(access).await?;
    let task = store::hold_id(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    store::unwatch(change.connection(), team, task, me).await?;
    change.commit().await.map(drop)
}
