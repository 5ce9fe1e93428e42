//! What owners can do with webhooks, and what they are told of them.

use std::time::Duration;

use ipnet::IpNet;
use sqlx::PgPool;

use super::{
    model::{MOST, Topic, WebhookLogView, WebhooksView},
    reach,
    store::{
        self,
        deliveries::{self, Claimed, Target},
    },
};
use crate::{
    accounts::{self, limits::Limit, token},
    error::{Code, Error, Result},
    ids::{DeliveryId, WebhookId},
    live::{
        self,
        change::{Change, NewEvent},
    },
    people::access::Access,
    server::{
        database::Transaction,
        mail::{self, Mail},
        settings::{Secret, Settings},
    },
};

/// What every secret begins with, so that it is known for one where it should not be.
pub const SECRET_PREFIX: &str = "sbwh_";

/// How often a team may ask for a request that no event asks for.
const ASKED: Limit = Limit::new("webhook_requests", 120, Duration::from_secs(3600));

/// The webhooks of a team.
pub async fn all(access: &Access) -> Result<WebhooksView> {
    let (db, team) = (access.db(), access.team());
    Ok(WebhooksView {
        webhooks: store::all(db, team, None).await?,
        next: WebhookId::new(),
        now: accounts::store::now(db).await?,
    })
}

/// One webhook, and what was sent to it.
///
/// # Errors
/// 404 when the team has no such webhook.
pub async fn log(access: &Access, id: WebhookId) -> Result<WebhookLogView> {
    let (db, team) = (access.db(), access.team());
    let webhook = store::all(db, team, Some(id)).await?.into_iter().next();
    Ok(WebhookLogView {
        webhook: webhook.ok_or_else(Error::not_found)?,
        deliveries: deliveries::latest(db, team, id).await?,
        now: accounts::store::now(db).await?,
    })
}

/// Makes a webhook and gives its secret, which is told only now. The same request again makes the secret anew,
/// because the first one cannot be told a second time.
///
/// # Errors
/// A field error on `url` when requests may not go there, 409 when the id was used already or the team has
/// as many webhooks as it can have.
pub async fn create_webhook(
    access: &Access,
    allowed: &[IpNet],
    id: WebhookId,
    url: &str,
    topics: &[Topic],
) -> Result<Secret> {
    let url = reach::parse_url(url, allowed)?;
    let secret = Secret::new(format!("{SECRET_PREFIX}{}", token::random()));
    let mut change = Change::begin(access).await?;
    let (team, me) = (access.team(), access.person().id);
    store::hold_all(change.connection(), team).await?;
    let connection = change.connection();
    if store::replace_secret(
        &mut *connection,
        team,
        id,
        url.as_str(),
        topics,
        &secret,
        me,
    )
    .await?
    {
        change.commit().await?;
        return Ok(secret);
    }
    if store::count(&mut *connection, team).await? >= MOST {
        return Err(Error::new(
            Code::Conflict,
            format!("A team has up to {MOST} webhooks. Remove one first."),
        ));
    }
    if !store::insert(connection, team, id, url.as_str(), topics, &secret, me).await? {
        return Err(Error::new(
            Code::Conflict,
            "This form was used already. Reload the page to make another webhook.",
        ));
    }
    change.record(NewEvent::of_team("webhook.created", Vec::new()));
    change.commit().await?;
    Ok(secret)
}

/// Removes a webhook. One that was removed before stays so.
///
/// # Errors
/// 404 when the team has had no such webhook.
pub async fn remove_webhook(access: &Access, id: WebhookId) -> Result<()> {
    let mut change = Change::begin(access).await?;
    if store::remove(change.connection(), access.team(), id).await? {
        change.record(NewEvent::of_team("webhook.removed", Vec::new()));
    }
    change.commit().await.map(drop)
}

/// Turns a webhook on again; it goes on where it stopped. One that is on stays so.
///
/// # Errors
/// 404 when the team has no such webhook.
pub async fn turn_on_webhook(access: &Access, id: WebhookId) -> Result<()> {
    let mut change = Change::begin(access).await?;
    if store::turn_on(change.connection(), access.team(), id).await? {
        change.record(NewEvent::of_team("webhook.turned_on", Vec::new()));
    }
    change.commit().await.map(drop)
}

/// Sends a request that no event asks for, also to a webhook that is turned off.
///
/// # Errors
/// 404 when the team has no such webhook, 429 when too much was asked for.
pub async fn send_test(access: &Access, id: WebhookId, test: DeliveryId) -> Result<()> {
    let mut change = asked(access).await?;
    let team = access.team();
    deliveries::insert_test(change.connection(), team, id, test).await?;
    live::store::wake(change.connection(), team).await?;
    change.commit().await.map(drop)
}

/// Sends a delivery again, once, ahead of what waits.
///
/// # Errors
/// 404 when the webhook has no such delivery, 429 when too much was asked for.
pub async fn send_again(access: &Access, id: WebhookId, delivery: DeliveryId) -> Result<()> {
    let mut change = asked(access).await?;
    let team = access.team();
    deliveries::ask_again(change.connection(), team, id, delivery).await?;
    live::store::wake(change.connection(), team).await?;
    change.commit().await.map(drop)
}

/// Sends a delivery and everything after it again, in order.
///
/// # Errors
/// 404 when the webhook has no such delivery of an event, 429 when too much was asked for.
pub async fn send_since(access: &Access, id: WebhookId, delivery: DeliveryId) -> Result<()> {
    let mut change = asked(access).await?;
    let team = access.team();
    deliveries::requeue_since(change.connection(), team, id, delivery).await?;
    live::store::wake(change.connection(), team).await?;
    change.commit().await.map(drop)
}

async fn asked(access: &Access) -> Result<Change> {
    let team = access.team().uuid().to_string();
    ASKED.count(access.db(), &team).await?;
    Change::begin(access).await
}

/// Tells the owners that a webhook was turned off. That it is so stands on their page in any case.
pub(super) async fn tell_owners(
    db: &PgPool,
    settings: &Settings,
    claimed: &Claimed,
    target: &Target,
    why: &str,
) {
    let page = settings.link(&format!(
        "/teams/{}/settings/webhooks/{}",
        target.team_slug, claimed.webhook
    ));
    let host = url::Url::parse(&target.url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let text = format!(
        "A webhook of your team was turned off. It calls {host}.\n\n{why}\n\nSee what was sent, and turn it on \
         again once the target works:\n{page}\n"
    );
    match store::owners(db, claimed.team).await {
        Ok(owners) => {
            for to in owners {
                let mail = Mail {
                    to,
                    subject: "A webhook was turned off",
                    text: text.clone(),
                };
                mail::send_later(settings, mail);
            }
        }
        Err(error) => {
            tracing::warn!(error = %error, "The owners were not told that a webhook was turned off");
        }
    }
}

/// Removes what was sent long ago, and tells how many deliveries these were.
pub async fn purge(db: &PgPool) -> Result<u64> {
    let mut transaction = Transaction::begin(db).await?;
    let removed = store::remove_old(transaction.connection()).await?;
    transaction.commit().await?;
    Ok(removed)
}
