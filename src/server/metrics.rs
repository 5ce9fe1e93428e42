//! What the process counts and measures, and who may read it.

#[cfg(test)]
mod described;
#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderMap, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use super::{
    health::Health,
    jobs,
    queries::{self, QUERY_DURATION},
    settings::Settings,
};
use crate::{
    error::Code, hypotheses::actions as hypotheses, live::metrics as feed,
    toggles::actions as toggles, webhooks::delivery as webhooks,
};

/// Tasks created, whichever way they came.
pub const TASKS_CREATED: &str = "tasks_created_total";
/// Tasks moved into a column of the kind `done`.
pub const TASKS_COMPLETED: &str = "tasks_completed_total";
/// Changes that were asked for and refused; label `code`: the error's code.
pub const CHANGES_REFUSED: &str = "changes_refused_total";
/// Answers with a status of 500 or more.
pub const ERRORS: &str = "errors_total";

/// Answers that tell an error; label `code`: its code.
pub const ERROR_ANSWERS: &str = "error_answers_total";

/// What the slices count, with the words that the metrics page says about it.
const COUNTED_ELSEWHERE: &[(&str, &str)] = &[
    ("tasks_claimed_total", "Tasks claimed."),
    (
        "claims_refused_total",
        "Claims refused because somebody had the task.",
    ),
    (
        "claims_offered_total",
        "Refused claims that offered another task.",
    ),
    (
        "similar_tasks_total",
        "Warnings of similar tasks, by what became of them: shown, taken or ignored.",
    ),
    ("comments_total", "Comments added."),
    (
        "feedback_total",
        "Feedback given, by occasion: the button, or being asked after ten finished tasks or a week.",
    ),
    (
        "retries_total",
        "Actions tried again because the database gave them up for others.",
    ),
    ("events_total", "Recorded changes, by kind."),
    ("registrations_total", "Accounts created."),
    ("accounts_deleted_total", "Accounts deleted for good."),
    ("sign_ins_total", "Attempts to sign in, by result."),
    (
        "limited_total",
        "Requests refused because there were too many, by what was limited.",
    ),
    ("mails_total", "Mails, by result."),
    (
        "digests_total",
        "Digests, by result: sent, nothing to say, refused, failed and tried again, unknown because the mail server did not say, or left to another instance.",
    ),
    (
        "notifications_total",
        "Notifications that were written, by kind.",
    ),
    (
        "webhook_deliveries_total",
        "Attempts to deliver to a webhook, by result: delivered or failed.",
    ),
    (
        "webhooks_disabled_total",
        "Webhooks turned off because their targets did not take what was sent.",
    ),
    (hypotheses::HYPOTHESES, "Hypotheses written down."),
    (
        hypotheses::DECISIONS,
        "Decisions about hypotheses, by verdict: pivot or persevere.",
    ),
    (
        toggles::ANSWERS,
        "Answers to pages that asked whether their reader has a feature, by toggle and answer: on or off.",
    ),
    (
        jobs::JOBS,
        "Runs of the work that nobody asks for, by name and result.",
    ),
    (
        "exports_total",
        "Exports begun, by what they hold: a team, its tasks, or what is kept of a person.",
    ),
    (
        "imports_total",
        "Imports, by what the file was: trello or csv.",
    ),
];

/// Those of them that are one number each.
const WITHOUT_LABELS: [&str; 7] = [
    hypotheses::HYPOTHESES,
    "accounts_deleted_total",
    "tasks_claimed_total",
    "claims_refused_total",
    "comments_total",
    "retries_total",
    "registrations_total",
];

/// Those of the others that an alert or a dashboard asks for, with what they are counted by: what is first seen as
/// one has not grown, as far as Prometheus can tell.
const WITH_LABELS: &[(&str, &str, &[&str])] = &[
    (CHANGES_REFUSED, "code", &["conflict", "invalid"]),
    (hypotheses::DECISIONS, "verdict", &["pivot", "persevere"]),
    ("digests_total", "result", &["sent", "failed"]),
    (
        "feedback_total",
        "occasion",
        &["button", "tenth_task", "first_week"],
    ),
    (
        "limited_total",
        "limit",
        &[
            "sign_ins_per_client",
            "presence_per_person",
            "uploads_waiting",
            "exports_at_once",
        ],
    ),
    (
        "mails_total",
        "result",
        &[
            "sent",
            "refused",
            "unreachable",
            "timeout",
            "not_yet",
            "unknown",
        ],
    ),
    (
        "sign_ins_total",
        "result",
        &["right", "wrong", "limited", "failed"],
    ),
    (
        "similar_tasks_total",
        "warning",
        &["shown", "taken", "ignored"],
    ),
];

/// The boundaries of every histogram, in seconds.
pub const BOUNDARIES: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

const PANICS: &str = "panics_total";
const REQUESTS: &str = "http_requests_total";
const REQUEST_DURATION: &str = "http_request_duration_seconds";
const POOL_CONNECTIONS: &str = "db_pool_connections";
const POOL_LIMIT: &str = "db_pool_connections_max";
const DATABASE_UP: &str = "database_up";
const BUILD: &str = "build_info";

/// Headers that a proxy adds: with one of them a request has not come directly.
const FORWARDING: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(install);
/// Memory, processor time, open files and threads, by the names that Prometheus's own libraries give them.
static PROCESS: LazyLock<Collector> = LazyLock::new(Collector::default);

/// Begins to count. Counting something before this is lost, so it comes first at start.
pub fn start() {
    LazyLock::force(&STARTED);
    LazyLock::force(&RECORDER);
}

/// Sums up the measured times every few seconds, for ever: until then each is kept in memory.
pub async fn keep_up() {
    let mut interval = tokio::time::interval(Duration::from_secs(5));
    loop {
        interval.tick().await;
        RECORDER.run_upkeep();
    }
}

fn install() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&BOUNDARIES)
        // The list is not empty, which is all that is asked of it; nor is the next.
        .expect("buckets")
        .set_buckets_for_metric(
            Matcher::Full(QUERY_DURATION.to_owned()),
            &queries::BOUNDARIES,
        )
        .expect("buckets")
        .build_recorder();
    let handle = recorder.handle();
    // It fails only if there is a recorder already, and this runs once.
    let _ = metrics::set_global_recorder(recorder);
    describe();
    handle
}

fn describe() {
    describe_counter!(TASKS_CREATED, "Tasks created.");
    describe_counter!(
        TASKS_COMPLETED,
        "Tasks moved into a column of the kind done."
    );
    describe_counter!(
        CHANGES_REFUSED,
        "Changes that were asked for and refused, by the code of the error."
    );
    for (name, words) in COUNTED_ELSEWHERE {
        describe_counter!(*name, *words);
    }
    describe_counter!(
        feed::CONFLICTS,
        "Conflicts shown: when an edit was saved, or at once, to somebody who was still typing."
    );
    describe_counter!(
        feed::MERGES,
        "Edits merged with what others had changed meanwhile."
    );
    describe_gauge!(feed::STREAMS, "Event streams that are open.");
    describe_counter!(feed::DELIVERED, "Events handed to a stream.");
    describe_counter!(
        feed::RESYNCS,
        "Times that a reader of the feed was told to read everything again."
    );
    describe_histogram!(
        feed::LAG,
        "Seconds from a change to its being read for the streams."
    );
    describe_gauge!(
        webhooks::WAITING,
        "Deliveries to webhooks that wait for being sent, of all teams."
    );
    describe_histogram!(
        QUERY_DURATION,
        "Time that a statement took, by where it stands in the program."
    );
    describe_counter!(ERROR_ANSWERS, "Answers that tell an error, by its code.");
    describe_counter!(ERRORS, "Answers with a status of 500 or more.");
    describe_counter!(PANICS, "Requests that ended in a panic.");
    describe_counter!(REQUESTS, "Requests, by route, method and class of status.");
    describe_histogram!(
        REQUEST_DURATION,
        "Time until the head of the answer, by route and method."
    );
    describe_gauge!(
        POOL_CONNECTIONS,
        "Connections of the database pool, by state: idle or used."
    );
    describe_gauge!(POOL_LIMIT, "Connections that the database pool may open.");
    describe_gauge!(
        DATABASE_UP,
        "Whether the database answers the server, as /health/ready sees it: 1 or 0."
    );
    describe_gauge!(BUILD, "Always 1, with the version that runs.");
    PROCESS.describe();
    // What has not happened yet is zero, not absent.
    for name in [TASKS_CREATED, TASKS_COMPLETED, ERRORS, PANICS] {
        counter!(name).absolute(0);
    }
    for name in WITHOUT_LABELS {
        counter!(name).absolute(0);
    }
    for (name, label, values) in WITH_LABELS {
        for value in *values {
            counter!(*name, *label => *value).absolute(0);
        }
    }
    for code in Code::ALL {
        counter!(ERROR_ANSWERS, "code" => code.as_str()).absolute(0);
    }
    feed::begin();
    toggles::begin_counting();
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// Counts one answered request. `route` is the template, so that there are few of them.
pub fn request_answered(route: &str, method: &str, status: StatusCode, took: Duration) {
    let class = match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    let (route, method) = (route.to_owned(), method.to_owned());
    histogram!(REQUEST_DURATION, "route" => route.clone(), "method" => method.clone()).record(took);
    counter!(REQUESTS, "route" => route, "method" => method, "status" => class).increment(1);
    if status.is_server_error() {
        counter!(ERRORS).increment(1);
    }
}

/// Counts an answer that tells an error.
pub fn error_told(code: Code) {
    counter!(ERROR_ANSWERS, "code" => code.as_str()).increment(1);
}

/// Counts a request that ended in a panic.
pub fn request_panicked() {
    counter!(PANICS).increment(1);
}

#[derive(Clone)]
struct Metrics {
    settings: Arc<Settings>,
    db: PgPool,
    health: Health,
}

/// `/metrics`, for those who may read it.
pub fn routes<S: Clone + Send + Sync + 'static>(
    settings: Arc<Settings>,
    db: PgPool,
    health: Health,
) -> Router<S> {
    start();
    Router::new()
        .route("/metrics", get(read))
        .with_state(Metrics {
            settings,
            db,
            health,
        })
}

async fn read(
    State(Metrics {
        settings,
        db,
        health,
    }): State<Metrics>,
    request: Request,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    if let Some(refused) = refusal(&settings, request.headers(), peer) {
        return refused;
    }
    gauge!(POOL_CONNECTIONS, "state" => "idle").set(db.num_idle() as f64);
    gauge!(POOL_CONNECTIONS, "state" => "used")
        .set((db.size() as usize).saturating_sub(db.num_idle()) as f64);
    gauge!(POOL_LIMIT).set(f64::from(db.options().get_max_connections()));
    let up = health.database_is_up().await;
    gauge!(DATABASE_UP).set(f64::from(u8::from(up)));
    PROCESS.collect();
    RECORDER.run_upkeep();
    let text = RECORDER.render();
    let wants_json = request.headers().get(ACCEPT).is_some_and(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.to_ascii_lowercase().contains("application/json"))
    });
    if wants_json {
        return Json(short_form(&text)).into_response();
    }
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response()
}

/// With a token: whoever has it. Without: only this machine, and nobody if the server may stand behind a proxy,
/// where everybody comes from this machine.
fn refusal(settings: &Settings, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<Response> {
    if let Some(token) = &settings.metrics_token {
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or("", |(_, token)| token.trim());
        // Comparing hashes takes a time that says nothing about the token.
        let fits = Sha256::digest(given) == Sha256::digest(token.reveal());
        let challenge = [(WWW_AUTHENTICATE, "Bearer")];
        return (!fits).then(|| (StatusCode::UNAUTHORIZED, challenge).into_response());
    }
    let may_be_proxied = !settings.trusted_proxies.is_empty() || !settings.base_url_is_loopback();
    let is_direct = peer.is_some_and(|peer| peer.to_canonical().is_loopback())
        && !FORWARDING.iter().any(|name| headers.contains_key(*name));
    (may_be_proxied || !is_direct).then(|| StatusCode::NOT_FOUND.into_response())
}

/// Every counter by its name, summed over its labels, and the uptime.
fn short_form(text: &str) -> Value {
    let mut sums = Map::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((series, value)) = line.rsplit_once(' ') else {
            continue;
        };
        let name = series.split('{').next().unwrap_or(series);
        let Ok(value) = value.parse::<u64>() else {
            continue;
        };
        if name.ends_with("_total") {
            let sum = sums.get(name).and_then(Value::as_u64).unwrap_or(0) + value;
            sums.insert(name.to_owned(), sum.into());
        }
    }
    let uptime = u64::try_from(STARTED.elapsed().as_millis()).unwrap_or(u64::MAX);
    sums.insert("uptime_ms".to_owned(), uptime.into());
    Value::Object(sums)
}
