//! The webhooks on the owners' settings page.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    model::{LONGEST_URL, MOST, Status, Topic, WebhookView, WebhooksView},
    requests::{CreateWebhook, RemoveWebhook, SendTest, TurnOnWebhook},
};
use crate::{
    forms::view::{Choices, FormState, PlainForm, TextField},
    ids::WebhookId,
    people::shown_once::ShownOnce,
    ui::{
        confirm::{Answers, Confirm},
        time::Ago,
    },
};

/// What webhooks there are, and the form for another.
#[component]
pub fn Webhooks(
    /// The slug of the team.
    team: String,
    webhooks: WebhooksView,
) -> impl IntoView {
    let WebhooksView {
        webhooks,
        next,
        now,
    } = webhooks;
    let is_full = webhooks.len() as i64 >= MOST;
    let has_some = !webhooks.is_empty();
    let slug = team.clone();
    let rows = webhooks
        .into_iter()
        .map(move |webhook| view! { <Row team=slug.clone() webhook=webhook now=now /> })
        .collect_view();
    view! {
        <section class="webhooks" aria-labelledby="webhooks">
            <h2 id="webhooks">"Webhooks"</h2>
            <p class="muted">
                "A webhook tells a program of yours what happens in the team: every event is sent to its address, signed with a secret."
            </p>
            <ShownOnce
                kind="sbwh_"
                label="Webhook secret"
                copy="Copy secret"
                copied="Secret copied."
                note="Copy it now: it is shown only this once. Your program checks with it that a request comes from here."
            />
            {has_some.then(|| view! { <ul class="webhook-list">{rows}</ul> })}
            {if is_full {
                view! { <p class="muted">{format!("A team has up to {MOST} webhooks.")}</p> }.into_any()
            } else {
                view! { <NewWebhook team=team next=next /> }.into_any()
            }}
        </section>
    }
}

#[component]
fn NewWebhook(team: String, next: WebhookId) -> impl IntoView {
    let was_refused = FormState::of(CreateWebhook::url(), None)
        .error
        .with_untracked(Option::is_some);
    view! {
        <details class="opens" open=was_refused>
            <summary>"New webhook"</summary>
            <PlainForm action=CreateWebhook::url()>
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="id" value=next.to_string() />
                <TextField
                    label="Address"
                    name="url"
                    kind="url"
                    inputmode="url"
                    autocomplete="off"
                    required=true
                    maxlength=LONGEST_URL as u32
                    placeholder="https://example.org/hook"
                    hint="It begins with https:// and leads to a public network."
                />
                <Topics />
                <button type="submit" class="primary">
                    "Create webhook"
                </button>
            </PlainForm>
        </details>
    }
}

/// A checkbox each. After a refusal they stand as they were sent: an unchecked one sends nothing.
#[component]
fn Topics() -> impl IntoView {
    let typed = expect_context::<FormState>().typed;
    let was_sent = typed.with_value(|typed| !typed.is_empty());
    view! {
        <Choices legend="Tell it of" name="events">
            {Topic::ALL
                .into_iter()
                .map(|topic| {
                    let field = topic.field();
                    let checked = !was_sent || typed.with_value(|typed| typed.contains_key(field));
                    view! {
                        <label class="choice">
                            <input type="checkbox" name=field value="on" checked=checked />
                            <span>{topic.in_words()}</span>
                        </label>
                    }
                })
                .collect_view()}
        </Choices>
    }
}

#[component]
fn Row(team: String, webhook: WebhookView, now: i64) -> impl IntoView {
    let href = format!("/teams/{team}/settings/webhooks/{}", webhook.id);
    view! {
        <li>
            <p class="webhook-url">
                <a href=href>{webhook.url.clone()}</a>
            </p>
            <Standing webhook=webhook.clone() now=now />
            <WebhookDeeds team=team webhook=webhook />
        </li>
    }
}

/// How a webhook does.
#[component]
pub fn Standing(webhook: WebhookView, now: i64) -> impl IntoView {
    let topics = match webhook.topics.len() {
        count if count == Topic::ALL.len() => "Everything".to_owned(),
        _ => {
            let words: Vec<&str> = webhook
                .topics
                .iter()
                .map(|topic| topic.in_words())
                .collect();
            words.join(", ")
        }
    };
    let waiting = match webhook.waiting {
        0 => String::new(),
        count => format!(" · {count} waiting"),
    };
    let last = webhook.last.map(|last| {
        let became = match last.status {
            Status::Delivered => "taken",
            _ => "not taken",
        };
        let at = last.tried_at.unwrap_or(last.created_at);
        view! {
            " · last "
            <code>{last.kind}</code>
            {format!(", {became} ")}
            <Ago at=at now=now />
        }
    });
    let state = match (webhook.disabled, webhook.failures) {
        (Some(off), _) => view! {
            <p class="webhook-off">
                <strong>"Turned off "</strong>
                <Ago at=off.at now=now />
                ". "
                {off.reason}
            </p>
        }
        .into_any(),
        (None, 0) => ().into_any(),
        (None, failures) => view! {
            <p class="webhook-failing">
                {match failures {
                    1 => "The last attempt failed; it is tried again.".to_owned(),
                    _ => format!("The last {failures} attempts failed; it is tried again."),
                }}
            </p>
        }
        .into_any(),
    };
    view! {
        {state}
        <p class="muted webhook-facts">
            {topics} {waiting} {last} " · by " {webhook.created_by.name} " "
            <Ago at=webhook.created_at now=now />
        </p>
    }
}

/// What an owner can do with a webhook.
#[component]
pub fn WebhookDeeds(team: String, webhook: WebhookView) -> impl IntoView {
    let id = webhook.id.to_string();
    let (team_to_turn_on, team_to_test) = (team.clone(), team.clone());
    let turn_on = webhook.disabled.is_some().then(|| {
        view! {
            <PlainForm action=TurnOnWebhook::url() key=("webhook".to_owned(), id.clone())>
                <input type="hidden" name="team" value=team_to_turn_on />
                <button type="submit" class="primary">
                    "Turn on again"
                </button>
            </PlainForm>
        }
    });
    view! {
        <div class="webhook-deeds">
            {turn_on}
            <PlainForm action=SendTest::url() key=("webhook".to_owned(), id.clone())>
                <input type="hidden" name="team" value=team_to_test />
                <input type="hidden" name="id" value=webhook.next_test.to_string() />
                <button type="submit" class="quiet">
                    "Send a test"
                </button>
            </PlainForm>
            <Confirm id=format!("remove-{id}") opener="Remove" title="Remove this webhook?" danger=true>
                <p>"Nothing is sent to " <strong class="webhook-url">{webhook.url}</strong> " any more, and its secret is gone."</p>
                <PlainForm action=RemoveWebhook::url() key=("webhook".to_owned(), id)>
                    <input type="hidden" name="team" value=team />
                    <Answers>
                        <button type="submit" class="danger">
                            "Remove webhook"
                        </button>
                    </Answers>
                </PlainForm>
            </Confirm>
        </div>
    }
}
