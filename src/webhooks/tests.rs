//! What people can rely on about webhooks, with targets that listen on this machine.

mod delivering;
mod governing;
mod refusing;
mod target;

use std::sync::Arc;

use sqlx::PgPool;
use uuid::Uuid;

use self::target::Target;
use super::delivery::Deliverer;
use crate::{
    server::{serve::Shutdown, settings::Given},
    testing::{Browser, TestApp, World},
};

const CREATE: &str = "/actions/skateboard/webhooks/requests/create_webhook";
const REMOVE: &str = "/actions/skateboard/webhooks/requests/remove_webhook";
const TURN_ON: &str = "/actions/skateboard/webhooks/requests/turn_on_webhook";
const SEND_TEST: &str = "/actions/skateboard/webhooks/requests/send_test";
const SEND_AGAIN: &str = "/actions/skateboard/webhooks/requests/send_again";
const SEND_SINCE: &str = "/actions/skateboard/webhooks/requests/send_since";
const CREATE_TASK: &str = "/actions/skateboard/tasks/requests/create_task";

/// A webhook that a test made.
struct Hook {
    id: Uuid,
    secret: String,
}

fn allow_this_machine(given: &mut Given) {
    given.webhook_allow = Some("127.0.0.0/8".to_owned());
}

/// Two teams on a server that may call this machine.
async fn world(db: PgPool) -> World {
    TestApp::with(db, allow_this_machine).world().await
}

/// A webhook that is told of new tasks alone, made through the door.
async fn told_of_tasks(world: &World, target: &Target) -> Hook {
    create(world, &target.url, &["created"]).await
}

async fn create(world: &World, url: &str, topics: &[&str]) -> Hook {
    let id = Uuid::now_v7();
    let text = id.to_string();
    let mut fields = vec![("team", &*world.team.slug), ("id", &*text), ("url", url)];
    fields.extend(topics.iter().map(|topic| (*topic, "on")));
    world.ana.call(CREATE, &fields).await.expect(200);
    Hook {
        id,
        secret: secret(&world.ana).expect("a secret to show"),
    }
}

/// The secret that waits to be shown once.
fn secret(browser: &Browser) -> Option<String> {
    browser.cookie("skateboard-shown-once")
}

/// Ben adds a task, which is an event.
async fn add_task(world: &World, title: &str) {
    let (board, column, id) = (
        world.board.to_string(),
        world.columns[0].id.to_string(),
        Uuid::now_v7().to_string(),
    );
    let fields = [
        ("team", &*world.team.slug),
        ("board", &*board),
        ("column", &*column),
        ("id", &*id),
        ("title", title),
    ];
    world.ben.call(CREATE_TASK, &fields).await.expect(200);
}

/// What an owner does with a webhook, or with something that was sent to it.
async fn deed(world: &World, action: &str, hook: &Hook, more: &[(&str, &str)]) {
    let id = hook.id.to_string();
    let mut fields = vec![("team", &*world.team.slug), ("webhook", &*id)];
    fields.extend(more);
    world.ana.call(action, &fields).await.expect(200);
}

/// The job, as a server that has just started has it.
fn deliverer(app: &TestApp) -> Deliverer {
    Deliverer::with(
        app.db.clone(),
        app.settings.clone(),
        Shutdown::default(),
        Arc::default(),
    )
}

/// One run of the job on a server that has just started.
async fn deliver(world: &World) -> u64 {
    deliverer(&world.app).deliver_due().await.expect("a run")
}

/// As if the pauses of everything that waits were over.
async fn let_pauses_pass(world: &World) {
    sqlx::query("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'waiting'")
        .execute(&world.app.db)
        .await
        .expect("time");
}

/// The number, state and attempts of what a webhook was sent, in order.
async fn states(world: &World, hook: &Hook) -> Vec<(String, i32)> {
    sqlx::query_as(
        "SELECT status, attempts FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY seq",
    )
    .bind(hook.id)
    .fetch_all(&world.app.db)
    .await
    .expect("the deliveries")
}

fn state(status: &str, attempts: i32) -> (String, i32) {
    (status.to_owned(), attempts)
}
