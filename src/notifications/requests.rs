//! What pages ask of the bell: thin entrances to the same door.

use leptos::prelude::*;

use super::model::NotificationsView;
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions,
    model::{Kind, NotificationSettings, parse_number},
    store,
};
#[cfg(feature = "ssr")]
use crate::{
    ids::NotificationId,
    people::access::Permission,
    server::request::{self, access},
};

/// A page of what whoever asks was told, newest first: what is below the number `before`.
#[server]
pub async fn load_notifications(team: String, before: Option<String>) -> Result<NotificationsView> {
    let mail = request::state().settings.mail.is_some();
    let access = access(&team, Permission::Read).await?;
    let before = before
        .map(|number| parse_number("before", &number))
        .transpose()?;
    actions::page(&access, before, mail).await
}

/// How many notifications whoever asks has not read.
#[server]
pub async fn load_unread(team: String) -> Result<i64> {
    let access = access(&team, Permission::Read).await?;
    store::unread(access.db(), access.team(), access.person().id).await
}

/// Marks one's own notification as read, and gives how many are not.
#[server]
pub async fn mark_read(team: String, notification: String) -> Result<i64> {
    let access = access(&team, Permission::Read).await?;
    let id = NotificationId::parse("notification", &notification)?;
    actions::mark_read(&access, id).await
}

/// Marks one's own notifications as read, up to the number of the newest that the page showed.
#[server]
pub async fn mark_all_read(team: String, until: String) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    actions::mark_all_read(&access, parse_number("until", &until)?).await
}

/// Sets what whoever asks wants to be told: the checkboxes that are checked.
#[server]
pub async fn change_notifications(
    team: String,
    mentioned: Option<String>,
    assigned: Option<String>,
    commented: Option<String>,
    contested: Option<String>,
    due_soon: Option<String>,
    late: Option<String>,
    digest: Option<String>,
) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    let checked = [mentioned, assigned, commented, contested, due_soon, late];
    let settings = NotificationSettings {
        muted: Kind::ALL
            .into_iter()
            .zip(checked)
            .filter(|(_, checked)| checked.is_none())
            .map(|(kind, _)| kind)
            .collect(),
        digest: digest.is_some(),
    };
    actions::change_settings(&access, &settings).await
}
