//! What pages ask of webhooks: thin entrances to the same door. All of them are the owners'.

use leptos::prelude::*;

use super::model::{WebhookLogView, WebhooksView};
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{actions, model::Topic};
#[cfg(feature = "ssr")]
use crate::{
    forms,
    ids::{DeliveryId, WebhookId},
    people::access::{Access, Permission},
    server::request,
};

#[cfg(feature = "ssr")]
async fn access(team: &str) -> Result<Access> {
    request::access(team, Permission::Govern).await
}

/// The webhooks of a team.
#[server]
pub async fn load_webhooks(team: String) -> Result<WebhooksView> {
    actions::all(&access(&team).await?).await
}

/// One webhook, and what was sent to it.
#[server]
pub async fn load_webhook_log(team: String, webhook: String) -> Result<WebhookLogView> {
    let access = access(&team).await?;
    actions::log(&access, WebhookId::parse("webhook", &webhook)?).await
}

/// Makes a webhook, whose secret is shown once on the page that follows.
#[server]
pub async fn create_webhook(
    team: String,
    id: String,
    url: String,
    created: Option<String>,
    changed: Option<String>,
    moved: Option<String>,
    deleted: Option<String>,
    comments: Option<String>,
    boards: Option<String>,
    people: Option<String>,
    settings: Option<String>,
) -> Result<()> {
    let access = access(&team).await?;
    let id = WebhookId::parse("id", &id)?;
    let boxes = [
        created, changed, moved, deleted, comments, boards, people, settings,
    ];
    let topics = Topic::chosen(boxes.map(|chosen| chosen.is_some()))?;
    let settings = request::state().settings;
    let allowed = &settings.webhook_allow;
    let secret = actions::create_webhook(&access, allowed, id, &url, &topics).await?;
    request::set_cookie(&forms::layer::show_once(
        &settings,
        secret.reveal().to_owned(),
    ));
    Ok(())
}

/// Removes a webhook.
#[server]
pub async fn remove_webhook(team: String, webhook: String) -> Result<()> {
    let access = access(&team).await?;
    actions::remove_webhook(&access, WebhookId::parse("webhook", &webhook)?).await?;
    request::redirect(&format!("/teams/{}/settings", access.slug()));
    Ok(())
}

/// Turns a webhook on again.
#[server]
pub async fn turn_on_webhook(team: String, webhook: String) -> Result<()> {
    let access = access(&team).await?;
    actions::turn_on_webhook(&access, WebhookId::parse("webhook", &webhook)?).await
}

/// Sends a request that no event asks for.
#[server]
pub async fn send_test(team: String, webhook: String, id: String) -> Result<()> {
    let access = access(&team).await?;
    let webhook = WebhookId::parse("webhook", &webhook)?;
    actions::send_test(&access, webhook, DeliveryId::parse("id", &id)?).await
}

/// Sends a delivery again.
#[server]
pub async fn send_again(team: String, webhook: String, delivery: String) -> Result<()> {
    let access = access(&team).await?;
    let webhook = WebhookId::parse("webhook", &webhook)?;
    actions::send_again(&access, webhook, DeliveryId::parse("delivery", &delivery)?).await
}

/// Sends a delivery and everything after it again.
#[server]
pub async fn send_since(team: String, webhook: String, delivery: String) -> Result<()> {
    let access = access(&team).await?;
    let webhook = WebhookId::parse("webhook", &webhook)?;
    actions::send_since(&access, webhook, DeliveryId::parse("delivery", &delivery)?).await
}
