//! Where no request goes.

use sqlx::PgPool;

use super::{
    CREATE, add_task, create, deliver,
    target::{Answer, Target},
    told_of_tasks, world,
};
use crate::{
    ids::DeliveryId,
    server::settings::Secret,
    testing::{TestApp, World},
    webhooks::{
        reach,
        sender::{Outcome, Request, Sender},
    },
};

/// Why the last delivery was not taken.
async fn error(world: &World) -> Option<String> {
    sqlx::query_scalar("SELECT error FROM webhook_deliveries WHERE tried_at > now() - interval '1 minute' AND status = 'waiting'")
        .fetch_one(&world.app.db)
        .await
        .expect("a delivery")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_redirect_is_not_followed(db: PgPool) {
    let world = world(db).await;
    let (target, elsewhere) = (Target::start().await, Target::start().await);
    told_of_tasks(&world, &target).await;
    add_task(&world, "One").await;
    target.answer([Answer::RedirectTo(elsewhere.url.clone())]);
    assert_eq!(deliver(&world).await, 0);
    assert!(elsewhere.received().is_empty());
    let error = error(&world).await.unwrap_or_default();
    assert!(error.contains("redirect (302)"), "{error}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_address_is_looked_at_again_when_it_is_called(db: PgPool) {
    let (world, target) = (world(db.clone()).await, Target::start().await);
    let by_name = target.url.replace("127.0.0.1", "localhost");
    create(&world, &by_name, &["created"]).await;
    add_task(&world, "One").await;
    // The same server after the operator took its permission back.
    let strict = World {
        app: TestApp::new(db),
        ..world
    };
    assert_eq!(deliver(&strict).await, 0);
    assert!(target.received().is_empty());
    let error = error(&strict).await.unwrap_or_default();
    assert!(error.contains("private network"), "{error}");
}

async fn send(sender: &Sender, url: &str) -> Outcome {
    let request = Request {
        url,
        secret: &Secret::new("hush".to_owned()),
        delivery: DeliveryId::new(),
        kind: "ping",
        body: b"{}".to_vec(),
    };
    sender.send(request).await
}

fn why(outcome: Outcome) -> String {
    outcome.failure.expect("a failure").why
}

#[tokio::test]
async fn a_name_that_turns_out_to_lead_inside_is_not_called() {
    let inside = |_| -> reqwest::dns::Resolving {
        let addresses: reqwest::dns::Addrs =
            Box::new(std::iter::once("127.0.0.1:0".parse().expect("an address")));
        Box::pin(async { Ok(addresses) })
    };
    let target = Target::start().await;
    let port = target.url.rsplit(':').next().expect("a port");
    let public: ipnet::IpNet = "192.0.2.0/24".parse().expect("a network");
    let sender = Sender::with_lookup(&[public], inside);
    for scheme in ["http", "https"] {
        let outcome = send(&sender, &format!("{scheme}://rebinding.example:{port}")).await;
        let why = why(outcome);
        assert!(why.contains("private network"), "{scheme}: {why}");
    }
    let this_machine: ipnet::IpNet = "127.0.0.0/8".parse().expect("a network");
    let sender = Sender::with_lookup(&[this_machine], inside);
    let outcome = send(&sender, &format!("http://rebinding.example:{port}")).await;
    assert_eq!(outcome.status, Some(200));
    assert_eq!(target.received().len(), 1);
}

#[tokio::test]
async fn an_answer_is_kept_as_text_and_no_longer_than_it_helps() {
    let target = Target::start().await;
    let this_machine: ipnet::IpNet = "127.0.0.0/8".parse().expect("a network");
    let sender = Sender::with_lookup(&[this_machine], reach::of_the_system);
    let long = Box::leak(format!("no\0\u{1b}[31m{}", "é".repeat(100_000)).into_boxed_str());
    target.answer([Answer::Saying(500, long)]);
    let answer = send(&sender, &target.url).await.failure.unwrap().answer;
    let answer = answer.expect("its beginning");
    assert!(answer.starts_with("no  [31mé"), "{answer}");
    assert!(answer.chars().count() <= 500);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_owner_is_told_why_an_address_is_not_taken(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for url in [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://[::ffff:169.254.169.254]/",
        "https://name:hush@example.org/",
    ] {
        let id = uuid::Uuid::now_v7().to_string();
        let fields = [
            ("team", &*world.team.slug),
            ("id", &*id),
            ("url", url),
            ("created", "on"),
        ];
        let refused = world.ana.call(CREATE, &fields).await.expect(422);
        let error = refused.error().expect("a reason");
        assert!(error.on("url").is_some(), "{url}: {error:?}");
    }
}
