//! What people can rely on about the feed, driven from outside.

mod counting;
mod presence;
mod readers;
mod resuming;

use std::time::Duration;

use axum::{
    body::BodyDataStream,
    http::{HeaderMap, StatusCode},
};
use futures_util::StreamExt;
use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::PgPool;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    tasks::requests::{ClaimTask, CreateTask, DeleteTask, EditTask, MoveTask},
    testing::{Answer, Ask, Browser, TestApp, World},
};

/// Far beyond everything that is promised.
const LONG: Duration = Duration::from_secs(20);
/// What ends has to end within this.
const PROMPT: Duration = Duration::from_secs(5);

/// A browser that reads the feed.
struct Listener {
    body: BodyDataStream,
    headers: HeaderMap,
    rest: String,
}

/// A server-sent event.
#[derive(Debug, Clone, PartialEq)]
struct Heard {
    kind: String,
    id: Option<i64>,
    data: Value,
}

impl Listener {
    async fn open(browser: &Browser, world: &World, query: &str, last_id: Option<&str>) -> Self {
        let path = world.team.path(&format!("/live{query}"));
        let response = browser
            .open(Ask::page(&path).header("last-event-id", last_id))
            .await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        Self {
            headers: response.headers().clone(),
            body: response.into_body().into_data_stream(),
            rest: String::new(),
        }
    }

    async fn from_now(browser: &Browser, world: &World) -> Self {
        Self::open(browser, world, "", None).await
    }

    async fn after(browser: &Browser, world: &World, seq: i64) -> Self {
        Self::open(browser, world, "", Some(&seq.to_string())).await
    }

    /// The next block of the stream; none when it has ended.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let block = block.to_owned();
                self.rest = rest.to_owned();
                return Some(block);
            }
            let bytes = timeout(LONG, self.body.next()).await.expect("no beat")?;
            self.rest
                .push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }

    /// The next event that is no beat; none when the stream has ended.
    async fn heard(&mut self) -> Option<Heard> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                block
                    .lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            };
            let kind = field("event").unwrap_or("message");
            let Some(data) = field("data").filter(|_| kind != "beat") else {
                continue;
            };
            return Some(Heard {
                kind: kind.to_owned(),
                id: field("id").map(|id| id.parse().unwrap()),
                data: serde_json::from_str(data).unwrap(),
            });
        }
    }

    async fn next(&mut self) -> Heard {
        timeout(LONG, self.heard())
            .await
            .expect("nothing was heard")
            .expect("the stream ended")
    }

    async fn ends(mut self) {
        timeout(PROMPT, async { while self.heard().await.is_some() {} })
            .await
            .expect("the stream goes on");
    }
}

async fn create(browser: &Browser, world: &World, title: &str) -> Answer {
    let (board, column) = (world.board.to_string(), world.columns[0].id.to_string());
    let id = Uuid::now_v7().to_string();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("board", &board),
        ("column", &column),
        ("id", &id),
        ("title", title),
    ];
    browser.call(CreateTask::url(), &fields).await.expect(200)
}

async fn on_todo(browser: &Browser, world: &World, action: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("team", world.team.slug.as_str()),
        ("task", world.todo.key.as_str()),
    ];
    fields.extend_from_slice(more);
    browser.call(action, &fields).await.expect(200)
}

async fn last_seq(world: &World) -> i64 {
    sqlx::query_scalar("SELECT last_seq FROM event_counters WHERE team_id = $1")
        .bind(world.team.id)
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_change_reaches_who_listens_with_what_a_page_needs(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    let mut vera = Listener::from_now(&world.vera, &world).await;
    assert_eq!(vera.headers["content-type"], "text/event-stream");
    assert_eq!(vera.headers["cache-control"], "no-store");

    on_todo(&world.ben, &world, ClaimTask::url(), &[]).await;
    let heard = vera.next().await;
    assert_eq!(
        (heard.kind.as_str(), heard.id),
        ("message", Some(before + 1))
    );
    assert_eq!(heard.data["seq"], before + 1);
    assert_eq!(heard.data["kind"], "task.claimed");
    assert_eq!(heard.data["actor"]["name"], "Ben");
    assert_eq!(heard.data["board"], world.board.to_string());
    assert_eq!(heard.data["task"], world.todo.id.to_string());
    let card = &heard.data["card"];
    assert_eq!(card["assignee"]["id"], world.people.ben.id.to_string());
    assert_eq!(card["column"], world.columns[1].id.to_string());
    assert_eq!(card["version"], 2);
    assert!(!card["order"].as_str().unwrap().is_empty());

    on_todo(
        &world.ben,
        &world,
        EditTask::url(),
        &[("version", "2"), ("title", "Painted")],
    )
    .await;
    let heard = vera.next().await;
    assert_eq!(heard.data["card"]["title"], "Painted");
    let changes = heard.data["changes"].as_array().unwrap();
    let title = changes
        .iter()
        .find(|change| change["field"] == "title")
        .unwrap();
    assert_eq!(title["to"], "Painted");

    on_todo(&world.ben, &world, DeleteTask::url(), &[]).await;
    let heard = vera.next().await;
    assert_eq!(heard.data["kind"], "task.deleted");
    assert_eq!(heard.data["card"], Value::Null);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn cards_are_in_the_order_that_they_tell(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut vera = Listener::from_now(&world.vera, &world).await;
    let mut orders = Vec::new();
    for title in ["One", "Two", "Three"] {
        create(&world.ben, &world, title).await;
        orders.push(
            vera.next().await.data["card"]["order"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert!(orders.is_sorted(), "{orders:?}");
    let column = world.columns[0].id.to_string();
    let last = [("column", column.as_str()), ("place", "end")];
    on_todo(&world.ben, &world, MoveTask::url(), &last).await;
    assert!(vera.next().await.data["card"]["order"].as_str().unwrap() > orders[2].as_str());
    let first = [("column", column.as_str()), ("place", "start")];
    on_todo(&world.ben, &world, MoveTask::url(), &first).await;
    assert!(vera.next().await.data["card"]["order"].as_str().unwrap() < orders[0].as_str());

    // What was finished last comes first.
    let done = world.columns[2].id.to_string();
    let mut finished = Vec::new();
    for key in [&world.todo.key, &world.doing.key] {
        let fields = [
            ("team", &*world.team.slug),
            ("task", key),
            ("column", &done),
        ];
        world.ben.call(MoveTask::url(), &fields).await.expect(200);
        let heard = vera.next().await;
        finished.push(heard.data["card"]["order"].as_str().unwrap().to_owned());
    }
    assert!(finished[1] < finished[0], "{finished:?}");
}
