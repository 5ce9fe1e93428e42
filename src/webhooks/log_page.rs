//! One webhook: what was sent to it, and what became of it.

use std::time::Duration;

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    model::{DeliveryView, SHOWN, Status, WebhookLogView},
    requests::{SendAgain, SendSince, load_webhook_log},
    section::{Standing, WebhookDeeds},
};
use crate::{
    forms::view::PlainForm,
    live::coalesced::at_events_and_every,
    people::{model::TeamView, shell::use_team},
    ui::{data::PageData, page::Loaded, time::Ago, words::counted},
};

/// How often the page looks what became of what waits.
const AGAIN: Duration = Duration::from_secs(5);

#[component]
pub fn WebhookLogPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let params = use_params_map();
    let webhook =
        Memo::new(move |_| params.with(|params| params.get("webhook").unwrap_or_default()));
    let log = PageData::new(
        move || (slug.clone(), webhook.get()),
        |(slug, webhook)| load_webhook_log(slug, webhook),
    );
    view! { <Loaded data=log view=move |log| view! { <Log team=team.clone() log=log /> } /> }
}

#[component]
fn Log(team: TeamView, log: WebhookLogView) -> impl IntoView {
    let title = format!("Webhook · {}", team.name);
    let settings = format!("/teams/{}/settings#webhooks", team.slug);
    let slug = team.slug.clone();
    let id = log.webhook.id;
    let url = log.webhook.url.clone();
    let is_empty = log.deliveries.is_empty();
    let log = RwSignal::new(log);
    follow(&team, log);
    let webhook = Memo::new(move |_| log.with(|log| log.webhook.clone()));
    let now = move || log.with(|log| log.now);
    let deeds_team = slug.clone();
    // Its test has a new id each time the page is read, which is no reason to draw it anew.
    let is_off = Memo::new(move |_| webhook.with(|webhook| webhook.disabled.is_some()));
    let deeds = move || {
        is_off.track();
        let webhook = webhook.get_untracked();
        view! { <WebhookDeeds team=deeds_team.clone() webhook=webhook /> }
    };
    let rows = move || log.with(|log| log.deliveries.clone());
    view! {
        <Title text=title />
        <div class="webhook-page">
            <p class="way-back">
                <a href=settings>"Settings"</a>
            </p>
            <h1>"Webhook"</h1>
            <p class="webhook-url">{url}</p>
            {move || view! { <Standing webhook=webhook.get() now=now() /> }}
            {deeds}
            <section aria-labelledby="deliveries">
                <h2 id="deliveries">"Deliveries"</h2>
                <p class="muted">
                    {format!("The latest {SHOWN} of the last 30 days. Each of them can be sent again.")}
                </p>
                {is_empty
                    .then(|| {
                        view! {
                            <p class="empty">"Nothing was sent yet. Send a test to see whether the target answers."</p>
                        }
                    })}
                <ol class="deliveries">
                    <For each=rows key=|delivery| format!("{delivery:?}") let:delivery>
                        <Delivery
                            team=slug.clone()
                            webhook=id.to_string()
                            delivery=delivery
                            now=log.with_untracked(|log| log.now)
                        />
                    </For>
                </ol>
            </section>
        </div>
    }
}

/// Reads the page again as things happen, because what waits is sent by and by.
fn follow(team: &TeamView, log: RwSignal<WebhookLogView>) {
    let slug = team.slug.clone();
    at_events_and_every(
        team.seq,
        AGAIN,
        |_| true,
        move || {
            let request = log
                .try_with_untracked(|log| log.webhook.id)
                .map(|id| load_webhook_log(slug.clone(), id.to_string()));
            async move {
                if let Some(request) = request {
                    let fresh = request.await?;
                    log.try_set(fresh);
                }
                Ok(())
            }
        },
    );
}

#[component]
fn Delivery(team: String, webhook: String, delivery: DeliveryView, now: i64) -> impl IntoView {
    let became = in_words(&delivery, now);
    let answer = delivery.answer.map(|answer| {
        view! {
            <details class="delivery-answer">
                <summary>"What it answered"</summary>
                <pre tabindex="0">{answer}</pre>
            </details>
        }
    });
    let since = (delivery.seq.is_some() && delivery.status == Status::Failed).then(|| {
        view! {
            <DeliveryDeed
                action=SendSince::url()
                team=team.clone()
                webhook=webhook.clone()
                delivery=delivery.id.to_string()
                words="Send all since"
            />
        }
    });
    let status = match delivery.status {
        Status::Waiting => "waiting",
        Status::Delivered => "delivered",
        Status::Failed => "failed",
    };
    view! {
        <li class="delivery" data-status=status>
            <p>
                <code>{delivery.kind}</code>
                {delivery.seq.map(|seq| format!(" {seq}"))}
                " "
                <span class="muted">
                    <Ago at=delivery.created_at now=now />
                </span>
            </p>
            <p class="delivery-became">{became}</p>
            {delivery.error.map(|error| view! { <p class="delivery-error">{error}</p> })}
            {answer}
            <div class="webhook-deeds">
                <DeliveryDeed
                    action=SendAgain::url()
                    team=team
                    webhook=webhook
                    delivery=delivery.id.to_string()
                    words="Send again"
                />
                {since}
            </div>
        </li>
    }
}

#[component]
fn DeliveryDeed(
    action: &'static str,
    team: String,
    webhook: String,
    delivery: String,
    words: &'static str,
) -> impl IntoView {
    view! {
        <PlainForm action=action key=("delivery".to_owned(), delivery)>
            <input type="hidden" name="team" value=team />
            <input type="hidden" name="webhook" value=webhook />
            <button type="submit" class="quiet">
                {words}
            </button>
        </PlainForm>
    }
}

/// What became of a delivery: `Taken · 200 · 1 attempt · 35 ms`.
fn in_words(delivery: &DeliveryView, now: i64) -> String {
    let state = match delivery.status {
        Status::Delivered => "Taken".to_owned(),
        Status::Failed => "Not taken".to_owned(),
        Status::Waiting if delivery.next_attempt_at > now => format!(
            "Waiting, next attempt in {}",
            crate::ui::time::duration(delivery.next_attempt_at - now)
        ),
        Status::Waiting => "Waiting".to_owned(),
    };
    let attempts = match delivery.attempts {
        0 => None,
        count => Some(counted(count, "attempt", "attempts")),
    };
    let facts = [
        Some(state),
        delivery.response_status.map(|status| status.to_string()),
        attempts,
        delivery.duration_ms.map(|took| format!("{took} ms")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    facts.join(" · ")
}
