//! What is told to whom, and what its receivers do with it.

use sqlx::{PgConnection, PgPool};

use super::{
    model::{Kind, NotificationSettings, NotificationsView},
    rule, store,
};
use crate::{
    error::Result,
    ids::{ChangeId, NotificationId, PersonId, TaskId},
    live::change::{Change, NewEvent},
    people::{self, access::Access},
};

/// Tells whom a change concerns, in its own transaction. Gives the kinds of what was told, to be counted
/// after the commit.
pub async fn tell(
    connection: &mut PgConnection,
    access: &Access,
    change: ChangeId,
    events: &[NewEvent],
) -> Result<Vec<String>> {
    let (team, actor) = (access.team(), access.person().id);
    if !rule::may_concern_others(actor, events) {
        return Ok(Vec::new());
    }
    let comments = rule::comments_of(events);
    let said = if comments.is_empty() {
        Vec::new()
    } else {
        store::said(&mut *connection, team, &comments).await?
    };
    let members = store::members(&mut *connection, team).await?;
    let notices = rule::notices(actor, events, &said, &members);
    if notices.is_empty() {
        return Ok(Vec::new());
    }
    store::insert(connection, team, actor, change, &notices).await
}

/// Tells the holder of a task that somebody tried to claim it. The refused claim changes nothing else, so
/// its change ends here. Whoever claimed hears who has the task, also when the holder can not be told.
pub async fn tell_holder(change: Change, holder: PersonId, task: TaskId) {
    match try_to_tell_holder(change, holder, task).await {
        Ok(true) => count(&[Kind::Contested.as_str().to_owned()]),
        Ok(false) => {}
        Err(error) => {
            tracing::warn!(error = %error, "The holder of a task was not told of a refused claim");
        }
    }
}

/// Tells whether it was new to them.
async fn try_to_tell_holder(mut change: Change, holder: PersonId, task: TaskId) -> Result<bool> {
    let (team, actor) = (change.access().team(), change.access().person().id);
    let members = store::members(change.connection(), team).await?;
    let listens = members
        .iter()
        .any(|member| member.person.id == holder && !member.muted.contains(&Kind::Contested));
    if !listens {
        return Ok(false);
    }
    let id = change.id();
    let is_new =
        store::insert_contested(change.connection(), team, actor, id, holder, task).await?;
    change.commit().await?;
    Ok(is_new)
}

/// Tells everybody what of theirs is due soon or late, and how many were told.
pub async fn tell_due(db: &PgPool) -> Result<u64> {
    let told = store::insert_due(db).await?;
    count(&told);
    Ok(told.len() as u64)
}

/// Counts what was told.
pub fn count(kinds: &[String]) {
    for kind in kinds {
        metrics::counter!("notifications_total", "kind" => kind.clone()).increment(1);
    }
}

/// Removes what was told and mailed long ago, and tells how many rows these were.
pub async fn purge(db: &PgPool) -> Result<u64> {
    Ok(store::remove_old(db).await? + store::digests::remove_old(db).await?)
}

/// A page of what somebody was told, and what they want to be told.
pub async fn page(access: &Access, before: Option<i64>, mail: bool) -> Result<NotificationsView> {
    let (db, team, person) = (access.db(), access.team(), access.person().id);
    let ((items, older), unread, settings, calendar) = tokio::try_join!(
        store::page(db, team, person, before),
        store::unread(db, team, person),
        store::settings(db, team, person),
        people::store::calendar(db, team),
    )?;
    Ok(NotificationsView {
        items,
        older,
        unread,
        settings,
        mail,
        time_zone: calendar.time_zone,
        now: calendar.now,
        today: calendar.today.to_string(),
    })
}

/// Marks a notification as read, and tells how many are not. What is not there any more is read.
pub async fn mark_read(access: &Access, id: NotificationId) -> Result<i64> {
    let (db, team, person) = (access.db(), access.team(), access.person().id);
    store::mark_read(db, team, person, id).await?;
    store::unread(db, team, person).await
}

/// Marks everything up to a number as read: what came after it was not seen yet.
pub async fn mark_all_read(access: &Access, until: i64) -> Result<()> {
    store::mark_read_until(access.db(), access.team(), access.person().id, until).await
}

/// Sets what somebody wants to be told. It is nobody else's business, so it is no event.
pub async fn change_settings(access: &Access, settings: &NotificationSettings) -> Result<()> {
    let (team, me) = (access.team(), access.person().id);
    let mut change = Change::begin(access).await?;
    store::set_settings(change.connection(), team, me, settings).await?;
    change.commit().await.map(drop)
}
