//! What owners do with webhooks, and who else does not.

use sqlx::PgPool;
use uuid::Uuid;

use super::{
    CREATE, REMOVE, SEND_AGAIN, add_task, create, deed, deliver, secret, target::Target,
    told_of_tasks, world,
};
use crate::{
    people::model::Role,
    testing::{Answer, Browser, TestApp, World, seed},
    webhooks::model::MOST,
};

const URL: &str = "https://tools.example.test/hook";

async fn ask_for(browser: &Browser, world: &World, id: Uuid, url: &str) -> Answer {
    let id = id.to_string();
    let fields = [
        ("team", &*world.team.slug),
        ("id", &*id),
        ("url", url),
        ("moved", "on"),
    ];
    browser.call(CREATE, &fields).await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_secret_is_shown_once_and_never_again(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.ana.get(&world.team.path("/settings")).await.page();
    let form = page.form("Create webhook").fill("Address", URL);
    let shown = world.ana.submit(form).await.expect(200).page();
    let secret = shown.value("Webhook secret").expect("the secret");
    assert!(secret.starts_with("sbwh_"), "{secret}");
    assert!(shown.shows(URL) && shown.shows("Everything"));
    let again = world.ana.get(&world.team.path("/settings")).await;
    assert!(again.text().contains(URL) && !again.text().contains(&secret));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_creation_again_makes_no_second_webhook(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7();
    ask_for(&world.ana, &world, id, URL).await.expect(200);
    let first = secret(&world.ana);
    ask_for(&world.ana, &world, id, URL).await.expect(200);
    assert_ne!(secret(&world.ana), first, "the first one was never seen");
    ask_for(&world.ana, &world, id, "https://other.example.test/")
        .await
        .expect(409);
    assert_eq!(world.events("webhook.created").await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_has_so_many_webhooks_and_no_more_at_once_either(db: PgPool) {
    let world = TestApp::new(db).world().await;
    // The world has one already.
    let asked = (0..MOST + 2).map(|_| {
        let (browser, world) = (world.ana.clone(), world.clone());
        tokio::spawn(async move { ask_for(&browser, &world, Uuid::now_v7(), URL).await.status })
    });
    let asked: Vec<_> = asked.collect();
    let mut made = 0;
    for answer in asked {
        made += i64::from(answer.await.unwrap() == 200);
    }
    assert_eq!(made, MOST - 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_sent_to_one_webhook_is_no_other_ones(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let other = Uuid::now_v7();
    ask_for(&world.ana, &world, other, URL).await.expect(200);
    let (other, delivery) = (other.to_string(), world.webhook.delivery.to_string());
    let fields = [
        ("team", &*world.team.slug),
        ("webhook", &*other),
        ("delivery", &*delivery),
    ];
    world.ana.call(SEND_AGAIN, &fields).await.expect(404);
    let elsewhere = world.app.world().await;
    let webhook = elsewhere.webhook.id.to_string();
    let fields = [("team", &*world.team.slug), ("webhook", &*webhook)];
    world.ana.call(REMOVE, &fields).await.expect(404);
    let page = world.team.path(&format!("/settings/webhooks/{webhook}"));
    world.ana.get(&page).await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_webhook_that_was_removed_is_told_nothing_and_has_no_secret(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = told_of_tasks(&world, &target).await;
    for _ in 0..2 {
        deed(&world, REMOVE, &hook, &[]).await;
    }
    add_task(&world, "One").await;
    assert_eq!(deliver(&world).await, 0);
    assert!(target.received().is_empty());
    let secret: Option<String> = sqlx::query_scalar("SELECT secret FROM webhooks WHERE id = $1")
        .bind(hook.id)
        .fetch_one(&world.app.db)
        .await
        .unwrap();
    assert_eq!(secret, None);
    assert_eq!(world.events("webhook.removed").await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_webhook_goes_on_when_its_maker_leaves(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    create(&world, &target.url, &["created"]).await;
    let oda = world.app.person("Oda").await;
    seed::member(&world.app.db, world.team.id, &oda, Role::Owner).await;
    let leave = "/actions/skateboard/people/requests/leave_team";
    let fields = [("team", &*world.team.slug)];
    world.ana.call(leave, &fields).await.expect(200);
    add_task(&world, "One").await;
    assert_eq!(deliver(&world).await, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn another_team_is_told_nothing(db: PgPool) {
    let (here, target) = (world(db).await, Target::start().await);
    told_of_tasks(&here, &target).await;
    let elsewhere = here.app.world().await;
    add_task(&elsewhere, "Theirs").await;
    assert_eq!(deliver(&here).await, 0);
    assert!(target.received().is_empty());
}
