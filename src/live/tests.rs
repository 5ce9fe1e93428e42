//! What people can rely on about the feed, driven from outside.

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

use super::requests::{BePresent, CountConflict};
use crate::{
    accounts::actions::deleting::{Comments, delete},
    people::{model::Role, requests::RemoveMember},
    tasks::requests::{ClaimTask, CreateTask, DeleteTask, EditTask, MoveTask},
    testing::{Answer, Ask, Browser, TestApp, World, seed},
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

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_reader_goes_on_exactly_where_it_left_off(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    // More than are read at once.
    for number in 0..230 {
        create(&world.ben, &world, &format!("Task {number}")).await;
    }
    let now = last_seq(&world).await;
    for after in [before, now - 101, now - 100, now - 99, now - 1] {
        let by_query = Listener::open(&world.vera, &world, &format!("?after={after}"), None).await;
        let by_header = Listener::after(&world.vera, &world, after).await;
        // The header wins: a browser sends it when it comes back to the same address.
        let by_both =
            Listener::open(&world.vera, &world, "?after=0", Some(&after.to_string())).await;
        for mut listener in [by_query, by_header, by_both] {
            for seq in after + 1..=now {
                let heard = listener.next().await;
                assert_eq!((heard.kind.as_str(), heard.id), ("message", Some(seq)));
            }
        }
    }
    // One who is up to date hears what comes next, and so does one who does not say.
    let up_to_date = Listener::after(&world.vera, &world, now).await;
    let silent = Listener::from_now(&world.vera, &world).await;
    create(&world.ben, &world, "The next").await;
    for mut listener in [up_to_date, silent] {
        assert_eq!(listener.next().await.id, Some(now + 1));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_id_that_cannot_be_gone_on_from_gives_one_resync(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let now = last_seq(&world).await;
    let nonsense = [
        "",
        "x",
        "-1",
        "1.5",
        "999999",
        "9223372036854775807",
        "99999999999999999999",
    ];
    for id in nonsense {
        for mut listener in [
            Listener::open(&world.vera, &world, "", Some(id)).await,
            Listener::open(&world.vera, &world, &format!("?after={id}"), None).await,
        ] {
            let heard = listener.next().await;
            assert_eq!(
                (heard.kind.as_str(), heard.id),
                ("resync", Some(now)),
                "{id}"
            );
        }
    }
    let mut lost = Listener::open(&world.vera, &world, "", Some("lost")).await;
    lost.next().await;
    create(&world.ben, &world, "After the resync").await;
    let heard = lost.next().await;
    assert_eq!((heard.kind.as_str(), heard.id), ("message", Some(now + 1)));

    // Too far behind to be worth replaying.
    sqlx::query("UPDATE event_counters SET last_seq = last_seq + 2000 WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    let mut old = Listener::after(&world.vera, &world, now).await;
    assert_eq!(old.next().await.kind, "resync");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_feed_is_for_the_team_alone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/live");
    world.nobody.ask(Ask::page(&path)).await.expect(401);
    let other = world.otto.ask(Ask::page(&path)).await.expect(404);
    let nothing = world
        .otto
        .ask(Ask::page("/teams/there-is-none/live"))
        .await
        .expect(404);
    assert_eq!(other.text(), nothing.text());

    let mut otto = Listener::open(
        &world.otto,
        &World {
            team: world.other_team.clone(),
            ..world.clone()
        },
        "",
        None,
    )
    .await;
    create(&world.ben, &world, "Not for Otto").await;
    let told = timeout(Duration::from_secs(3), otto.heard()).await;
    assert!(told.is_err(), "{told:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_stream_ends_when_its_reader_may_read_no_more(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let again = || app.signed_in(&world.people.vera);

    let stream = Listener::from_now(&world.vera, &world).await;
    let page = world.vera.get("/account").await.page();
    world.vera.submit(page.form("Sign out")).await;
    stream.ends().await;

    let vera = again().await;
    let stream = Listener::from_now(&vera, &world).await;
    sqlx::query("UPDATE sessions SET expires_at = now() WHERE person_id = $1")
        .bind(world.people.vera.id)
        .execute(&app.db)
        .await
        .unwrap();
    stream.ends().await;

    let vera = again().await;
    let stream = Listener::from_now(&vera, &world).await;
    let person = world.people.vera.id.to_string();
    let fields = [("team", world.team.slug.as_str()), ("person", &person)];
    world
        .ana
        .call(RemoveMember::url(), &fields)
        .await
        .expect(200);
    stream.ends().await;

    let stream = Listener::from_now(&world.ben, &world).await;
    sqlx::query("UPDATE people SET disabled_at = now() WHERE id = $1")
        .bind(world.people.ben.id)
        .execute(&app.db)
        .await
        .unwrap();
    stream.ends().await;

    let stream = Listener::from_now(&world.ana, &world).await;
    app.shutdown.begin();
    stream.ends().await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_has_to_go_is_not_told_what_they_missed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    for number in 0..250 {
        create(&world.ben, &world, &format!("Task {number}")).await;
    }
    let mut behind = Listener::after(&world.vera, &world, before).await;
    assert_eq!(behind.next().await.id, Some(before + 1));
    let up_to_date = Listener::from_now(&world.vera, &world).await;
    let person = world.people.vera.id.to_string();
    let fields = [("team", world.team.slug.as_str()), ("person", &person)];
    world
        .ana
        .call(RemoveMember::url(), &fields)
        .await
        .expect(200);
    // Both are told to go at once, and this one notices without being read from.
    up_to_date.ends().await;
    let left = timeout(PROMPT, async {
        let mut left = 0;
        while behind.heard().await.is_some() {
            left += 1;
        }
        left
    });
    assert_eq!(left.await.expect("the stream goes on"), 0);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn readers_are_told_to_come_back_at_different_times(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut told = Vec::new();
    for _ in 0..20 {
        let mut listener = Listener::from_now(&world.vera, &world).await;
        let block = listener.block().await.unwrap();
        let pause: u32 = block.strip_prefix("retry: ").unwrap().parse().unwrap();
        assert!((500..=2_500).contains(&pause), "{pause}");
        told.push(pause);
    }
    told.sort_unstable();
    told.dedup();
    assert!(told.len() > 10, "{told:?}");
}

/// The value of a metric, summed over its labels; none when it does not stand there.
async fn metric(world: &World, name: &str) -> Option<f64> {
    let text = world.nobody.get("/metrics").await.expect(200).text();
    let series = text
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.rsplit_once([' ', '}']))
        .filter(|(labels, _)| labels.is_empty() || labels.starts_with('{'));
    series
        .map(|(_, value)| value.trim().parse::<f64>().unwrap())
        .reduce(|sum, value| sum + value)
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_event_is_counted_when_it_lasts(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let app = &world.app;
    // What was written is refused only when it is to last.
    for failing in [
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION fail()",
    ] {
        sqlx::query(failing).execute(&app.db).await.unwrap();
    }
    let before = metric(&world, "events_total").await.unwrap_or_default();
    let ben = world.people.ben.id;
    let leave = async || delete(&app.db, &app.settings, ben.into(), Comments::Stay).await;
    assert!(leave().await.is_err());
    assert_eq!(
        metric(&world, "events_total").await.unwrap_or_default(),
        before
    );

    sqlx::query("DROP TRIGGER fail ON events")
        .execute(&app.db)
        .await
        .unwrap();
    assert!(leave().await.is_ok());
    assert_eq!(metric(&world, "events_total").await, Some(before + 1.0));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_measured_of_the_feed_is_there_from_the_start_and_moves(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let names = [
        "feed_streams",
        "feed_events_delivered_total",
        "feed_lag_seconds_count",
        "feed_resyncs_total",
        "conflicts_total",
        "merges_total",
        "retries_total",
    ];
    let mut before = Vec::new();
    for name in names {
        let value = metric(&world, name).await;
        before.push(value.unwrap_or_else(|| panic!("{name} is not there")));
    }
    let mut vera = Listener::from_now(&world.vera, &world).await;
    let mut lost = Listener::open(&world.vera, &world, "?after=lost", None).await;
    assert_eq!(lost.next().await.kind, "resync");
    let edit = |field: &'static str| [("version", "1"), (field, "Written")];
    on_todo(&world.ben, &world, EditTask::url(), &edit("title")).await;
    assert_eq!(vera.next().await.data["kind"], "task.edited");
    on_todo(&world.ana, &world, EditTask::url(), &edit("description")).await;
    let mut fields = vec![
        ("team", world.team.slug.as_str()),
        ("task", world.todo.key.as_str()),
    ];
    let conflicts = metric(&world, "conflicts_total").await.unwrap();
    fields.extend([("version", "1"), ("title", "Otherwise")]);
    world.ana.call(EditTask::url(), &fields).await.expect(409);
    let team = [("team", world.team.slug.as_str())];
    world
        .ana
        .call(CountConflict::url(), &team)
        .await
        .expect(200);
    assert_eq!(
        metric(&world, "conflicts_total").await,
        Some(conflicts + 2.0)
    );
    world.give_up_the_first(1).await;
    on_todo(&world.ben, &world, ClaimTask::url(), &[]).await;
    for (name, before) in names.into_iter().zip(before) {
        let now = metric(&world, name).await.unwrap();
        assert!(now > before, "{name} was {before} and is {now}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_event_whose_announcement_was_lost_is_told_a_moment_later(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut vera = Listener::from_now(&world.vera, &world).await;
    let seq: i64 = sqlx::query_scalar(
        r#"
        WITH counter AS (
            UPDATE event_counters SET last_seq = last_seq + 1 WHERE team_id = $1 RETURNING last_seq
        )
        INSERT INTO events (team_id, seq, change_id, kind, actor_id, changes)
        SELECT $1, last_seq, gen_random_uuid(), 'team.renamed', $2, '[]' FROM counter RETURNING seq
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ana.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    assert_eq!(vera.next().await.id, Some(seq));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn everybody_hears_every_event_once_and_in_order_whenever_they_come(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    let until = before + 8 * 15;
    let mut listeners = Vec::new();
    let mut writers = Vec::new();
    for writer in 0..8 {
        let (ben, into) = (world.ben.clone(), world.clone());
        writers.push(tokio::spawn(async move {
            for number in 0..15 {
                create(&ben, &into, &format!("{writer} {number}")).await;
            }
        }));
        let (vera, into) = (world.vera.clone(), world.clone());
        listeners.push(tokio::spawn(async move {
            let mut last = before;
            // Comes back after every few events, as somebody whose network breaks does.
            while last < until {
                let mut listener = Listener::after(&vera, &into, last).await;
                for _ in 0..=writer * 4 {
                    if last == until {
                        break;
                    }
                    let heard = listener.next().await;
                    assert_eq!((heard.kind.as_str(), heard.id), ("message", Some(last + 1)));
                    last += 1;
                }
            }
        }));
    }
    for task in writers.into_iter().chain(listeners) {
        task.await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_reader_that_is_too_slow_is_told_to_read_again_and_holds_up_nobody(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    let mut slow = Listener::from_now(&world.vera, &world).await;
    // The first thing it is told; then it stops reading.
    slow.block().await;
    let mut quick = Listener::from_now(&world.vera, &world).await;
    for number in 0..300 {
        create(&world.ben, &world, &format!("Task {number}")).await;
        assert_eq!(quick.next().await.id, Some(before + 1 + number));
    }
    let heard = slow.next().await;
    assert_eq!(
        (heard.kind.as_str(), heard.id),
        ("resync", Some(before + 300))
    );
    create(&world.ben, &world, "And on").await;
    assert_eq!(slow.next().await.id, Some(before + 301));
}

async fn be(browser: &Browser, world: &World, tab: Uuid, more: &[(&str, &str)]) -> Answer {
    let tab = tab.to_string();
    let mut fields = vec![("team", world.team.slug.as_str()), ("tab", &tab)];
    fields.extend_from_slice(more);
    browser.call(BePresent::url(), &fields).await
}

/// Presence has no log: what is told before the other instance hears is told again, as a tab does.
async fn be_until_heard(
    browser: &Browser,
    world: &World,
    tab: Uuid,
    more: &[(&str, &str)],
    listener: &mut Listener,
) -> Heard {
    loop {
        be(browser, world, tab, more).await.expect(200);
        if let Ok(heard) = timeout(Duration::from_secs(1), listener.next()).await {
            return heard;
        }
    }
}

/// Who is where, as the last message about it says.
fn people(heard: &Heard) -> Vec<(String, String)> {
    assert_eq!((heard.kind.as_str(), heard.id), ("presence", None));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let people = heard.data.as_array().unwrap().iter();
    people
        .map(|present| (text(&present["person"]["name"]), text(&present["field"])))
        .collect()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn two_instances_are_one(db: PgPool) {
    let first = TestApp::new(db.clone());
    let second = TestApp::new(db);
    let world = first.world().await;
    let vera = second.signed_in(&world.people.vera).await;
    let mut there = Listener::from_now(&vera, &world).await;

    let seq = last_seq(&world).await;
    create(&world.ben, &world, "Told elsewhere").await;
    assert_eq!(there.next().await.id, Some(seq + 1));

    let (tab, task) = (Uuid::now_v7(), world.todo.id.to_string());
    let editing = [("task", task.as_str()), ("field", "description")];
    let here = people(&be_until_heard(&world.ben, &world, tab, &editing, &mut there).await);
    assert_eq!(here, [("Ben".to_owned(), "description".to_owned())]);
    // Whoever comes later is told at once.
    let mut later = Listener::from_now(&vera, &world).await;
    assert_eq!(people(&later.next().await), here);

    be(&world.ben, &world, tab, &[("gone", "1")])
        .await
        .expect(200);
    assert_eq!(people(&there.next().await), []);
    assert_eq!(last_seq(&world).await, seq + 1, "presence is no event");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_falls_silent_is_gone_within_fifteen_seconds(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut ana = Listener::from_now(&world.ana, &world).await;
    let board = world.board.to_string();
    let (tab, on_board) = (Uuid::now_v7(), [("board", board.as_str())]);
    let heard = be_until_heard(&world.vera, &world, tab, &on_board, &mut ana).await;
    assert_eq!(people(&heard), [("Vera".to_owned(), String::new())]);
    let gone = timeout(Duration::from_secs(15), ana.next())
        .await
        .expect("Vera is still there");
    assert_eq!(people(&gone), []);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn presence_names_its_fields_when_they_are_wrong(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (field, value) in [
        ("board", "x"),
        ("task", "x"),
        ("field", "password"),
        ("tab", "x"),
    ] {
        let fields = [
            ("team", world.team.slug.as_str()),
            ("tab", "0199e8d4-7c39-7000-8000-000000000001"),
        ];
        let mut fields: Vec<_> = fields
            .into_iter()
            .filter(|(name, _)| *name != field)
            .collect();
        fields.push((field, value));
        let refused = world.ben.call(BePresent::url(), &fields).await.expect(422);
        assert!(refused.error().unwrap().on(field).is_some(), "{field}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_person_is_at_twenty_places_at_the_most(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut vera = Listener::from_now(&world.vera, &world).await;
    let tab = Uuid::now_v7();
    be_until_heard(&world.ben, &world, tab, &[], &mut vera).await;
    let places = |heard: &Heard| {
        let places = heard.data.as_array().unwrap().iter();
        places
            .filter_map(|present| present["task"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let mut last = String::new();
    let mut seen = Vec::new();
    for _ in 0..30 {
        last = Uuid::now_v7().to_string();
        let at = [("task", last.as_str())];
        be(&world.ben, &world, Uuid::now_v7(), &at)
            .await
            .expect(200);
        seen = places(&vera.next().await);
        assert!(seen.len() <= 20, "{}", seen.len());
    }
    assert_eq!(seen.len(), 20);
    assert!(seen.contains(&last), "the latest is among them");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn presence_can_be_told_only_so_often(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let tab = Uuid::now_v7();
    for _ in 0..400 {
        be(&world.ben, &world, tab, &[]).await.expect(200);
    }
    let refused = be(&world.ben, &world, tab, &[]).await.expect(429);
    assert!(refused.headers.contains_key("retry-after"));
    let metrics = world.nobody.get("/metrics").await.expect(200).text();
    assert!(metrics.contains("\nlimited_total{limit=\"presence_per_person\"} 1\n"));
    be(&world.ana, &world, tab, &[]).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_window_that_only_stands_open_does_not_make_its_team_the_one_used_last(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let other = &world.other_team;
    seed::member(&world.app.db, other.id, &world.people.ben, Role::Member).await;
    world.ben.get(&world.team.path("/boards")).await.expect(200);
    let tab = Uuid::now_v7().to_string();
    let elsewhere = [("team", other.slug.as_str()), ("tab", &tab)];
    world
        .ben
        .call(BePresent::url(), &elsewhere)
        .await
        .expect(200);
    assert_eq!(world.ben.get("/").await.path, world.team.path(""));
}
