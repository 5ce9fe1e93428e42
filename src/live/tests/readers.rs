//! Who may read the feed, and for how long.

use std::time::Duration;

use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use tokio::time::timeout;

use super::{Listener, PROMPT, create, last_seq};
use crate::{
    people::requests::RemoveMember,
    testing::{Ask, TestApp, World},
};

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
