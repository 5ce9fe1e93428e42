//! Who is where, which is told and not kept.

use std::time::Duration;

use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::PgPool;
use tokio::time::timeout;
use uuid::Uuid;

use super::{Heard, Listener, create, last_seq};
use crate::{
    live::requests::BePresent,
    people::model::Role,
    testing::{Answer, Browser, TestApp, World, seed},
};

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
