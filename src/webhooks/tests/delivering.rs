//! What is sent, in which order, and what becomes of it when a target does not take it.

use sqlx::PgPool;
use uuid::Uuid;

use super::{
    SEND_AGAIN, SEND_SINCE, SEND_TEST, TURN_ON, add_task, create, deed, deliver, deliverer,
    let_pauses_pass, state, states,
    target::{Answer, Target},
    told_of_tasks, world,
};
use crate::{
    testing::{World, mailbox::Mailbox},
    webhooks::{delivery::MOST_FAILURES, signature::sign, tests::allow_this_machine},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_event_is_told_as_the_contract_says_and_signed(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = told_of_tasks(&world, &target).await;
    add_task(&world, "Hang the sign").await;
    assert_eq!(deliver(&world).await, 1);

    let received = target.received();
    let [request] = &received[..] else {
        panic!("one request, not {}", received.len())
    };
    let body = request.json();
    assert_eq!(body["kind"], "task.created");
    assert_eq!(body["team"], world.team.slug);
    let event = &body["event"];
    assert_eq!(event["kind"], "task.created");
    assert_eq!(event["board"], "WEB");
    assert_eq!(event["task"], "WEB-5");
    assert_eq!(event["actor"]["name"], "Ben");
    assert_eq!(event["actor"]["id"], world.people.ben.id.to_string());
    assert!(event["at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert!(event["seq"].is_i64() && event["change_id"].is_string());

    assert_eq!(request.header("skateboard-event"), "task.created");
    assert_eq!(request.header("skateboard-delivery"), body["id"]);
    assert_eq!(request.header("content-type"), "application/json");
    let agent = request.header("user-agent");
    assert!(agent.starts_with("Skateboard/"), "{agent}");
    let signature = request.header("skateboard-signature");
    let at = signature
        .strip_prefix("t=")
        .and_then(|rest| rest.split_once(','))
        .and_then(|(at, _)| at.parse().ok())
        .expect("a moment");
    assert_eq!(signature, sign(&hook.secret, at, &request.body));
    assert_eq!(deliver(&world).await, 0, "once");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_what_was_chosen_is_told(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    create(&world, &target.url, &["comments", "deleted"]).await;
    add_task(&world, "Hang the sign").await;
    assert_eq!(deliver(&world).await, 0);
    assert!(target.received().is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn events_arrive_in_order_also_when_some_are_not_taken_at_first(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = told_of_tasks(&world, &target).await;
    for title in ["One", "Two", "Three"] {
        add_task(&world, title).await;
    }
    target.answer([200, 503, 200, 200].map(Answer::Status));
    assert_eq!(deliver(&world).await, 1);
    assert_eq!(target.titles(), ["One", "Two"]);
    assert_eq!(
        states(&world, &hook).await,
        [
            state("delivered", 1),
            state("waiting", 1),
            state("waiting", 0)
        ]
    );
    assert_eq!(deliver(&world).await, 0, "the pause holds");
    let_pauses_pass(&world).await;
    assert_eq!(deliver(&world).await, 2);
    assert_eq!(target.titles(), ["One", "Two", "Two", "Three"]);
    let received = target.received();
    let ids: Vec<&str> = received
        .iter()
        .map(|request| request.header("skateboard-delivery"))
        .collect();
    assert_eq!(ids[1], ids[2], "a retry has the same id");
    assert_ne!(ids[0], ids[1]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_target_that_is_slow_holds_up_no_other(db: PgPool) {
    let world = world(db).await;
    let (slow, quick) = (Target::start().await, Target::start().await);
    for target in [&slow, &quick] {
        told_of_tasks(&world, target).await;
    }
    add_task(&world, "Hang the sign").await;
    // The slow one answers when the other was told.
    slow.answer([Answer::After(quick.arrived.clone())]);
    assert_eq!(deliver(&world).await, 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn instances_do_not_tell_the_same_twice(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    told_of_tasks(&world, &target).await;
    let titles: Vec<String> = (1..=8).map(|number| format!("Task {number}")).collect();
    for title in &titles {
        add_task(&world, title).await;
    }
    let instances = [(); 3].map(|()| deliverer(&world.app));
    let [a, b, c] = &instances;
    let (a, b, c) = tokio::join!(a.deliver_due(), b.deliver_due(), c.deliver_due());
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 8);
    assert_eq!(target.titles(), titles);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_a_process_left_behind_is_delivered_by_the_next(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = told_of_tasks(&world, &target).await;
    add_task(&world, "One").await;
    target.answer([Answer::Status(500)]);
    deliver(&world).await;
    add_task(&world, "Two").await;
    // As if a process had died with the lease in its hands.
    sqlx::query("UPDATE webhooks SET leased_until = now() + interval '1 minute' WHERE id = $1")
        .bind(hook.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    let_pauses_pass(&world).await;
    assert_eq!(deliver(&world).await, 0, "the lease holds");
    sqlx::query("UPDATE webhooks SET leased_until = now() WHERE id = $1")
        .bind(hook.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    assert_eq!(deliver(&world).await, 2);
    assert_eq!(target.titles(), ["One", "One", "Two"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn each_pause_is_longer_than_the_one_before(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = told_of_tasks(&world, &target).await;
    add_task(&world, "One").await;
    target.answer([500, 404, 500].map(Answer::Status));
    let mut pauses: Vec<f64> = Vec::new();
    for _ in 0..3 {
        let_pauses_pass(&world).await;
        deliver(&world).await;
        let pause = sqlx::query_scalar(
            "SELECT extract(epoch FROM next_attempt_at - tried_at)::float8 FROM webhook_deliveries WHERE webhook_id = $1",
        );
        pauses.push(pause.bind(hook.id).fetch_one(&world.app.db).await.unwrap());
    }
    assert!(pauses.is_sorted(), "{pauses:?}");
    assert!((12.0..=18.0).contains(&pauses[0]), "{pauses:?}");
    assert!((48.0..=72.0).contains(&pauses[2]), "{pauses:?}");
}

/// A webhook whose target has refused the first of two events until it was turned off.
async fn turned_off(world: &World, target: &Target) -> super::Hook {
    let hook = told_of_tasks(world, target).await;
    add_task(world, "One").await;
    add_task(world, "Two").await;
    target.answer((0..MOST_FAILURES).map(|_| Answer::Saying(500, "out of ink")));
    for _ in 0..MOST_FAILURES + 2 {
        let_pauses_pass(world).await;
        deliver(world).await;
    }
    assert_eq!(target.received().len(), MOST_FAILURES as usize);
    hook
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_target_that_never_takes_anything_is_turned_off_and_its_owners_are_told(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, allow_this_machine).await;
    let (world, target) = (app.world().await, Target::start().await);
    let hook = turned_off(&world, &target).await;
    assert_eq!(
        states(&world, &hook).await,
        [state("failed", MOST_FAILURES), state("waiting", 0)]
    );
    let page = world.ana.get(&world.team.path("/settings")).await.page();
    let told = page.texts(".webhook-off").join("\n");
    assert!(told.contains("It answered 500."), "{told}");
    let mail = mailbox.wait_for(1).await;
    assert!(mail.to.contains(&world.people.ana.email), "{}", mail.to);
    assert!(
        mail.text.contains(&format!("/webhooks/{}", hook.id)) && !mail.text.contains("/hook\n"),
        "{}",
        mail.text
    );

    deed(&world, TURN_ON, &hook, &[]).await;
    assert_eq!(deliver(&world).await, 1);
    assert_eq!(target.titles().last().map(String::as_str), Some("Two"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_failed_can_be_sent_again_alone_or_with_all_since(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = turned_off(&world, &target).await;
    deed(&world, TURN_ON, &hook, &[]).await;
    deliver(&world).await;
    let before = target.received().len();
    let failed: Uuid = sqlx::query_scalar(
        "SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND status = 'failed'",
    )
    .bind(hook.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    let delivery = failed.to_string();

    // Asked for by a person: once, and no failure of the webhook.
    target.answer([Answer::Saying(500, "still none")]);
    deed(&world, SEND_AGAIN, &hook, &[("delivery", &delivery)]).await;
    assert_eq!(deliver(&world).await, 0);
    assert_eq!(
        states(&world, &hook).await[0],
        state("failed", MOST_FAILURES + 1)
    );
    deed(&world, SEND_SINCE, &hook, &[("delivery", &delivery)]).await;
    assert_eq!(deliver(&world).await, 2);
    assert_eq!(target.titles()[before..], ["One", "One", "Two"]);
    let page = format!("/settings/webhooks/{}", hook.id);
    let page = world.ana.get(&world.team.path(&page)).await.page();
    assert_eq!(page.texts(".delivery").len(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_test_goes_ahead_of_what_waits_and_to_a_webhook_that_is_off(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = turned_off(&world, &target).await;
    let test = Uuid::now_v7().to_string();
    for _ in 0..2 {
        deed(&world, SEND_TEST, &hook, &[("id", &test)]).await;
    }
    assert_eq!(deliver(&world).await, 1);
    let last = target.received().pop().expect("a test").json();
    assert_eq!(
        (&last["kind"], &last["id"], &last["event"]),
        (&"ping".into(), &(*test).into(), &serde_json::Value::Null)
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_waits_can_be_sent_while_the_webhook_is_off_and_hurried_while_it_is_on(db: PgPool) {
    let (world, target) = (world(db).await, Target::start().await);
    let hook = turned_off(&world, &target).await;
    let waiting = sqlx::query_scalar::<_, Uuid>(
        "SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND status = 'waiting'",
    );
    let two = waiting.bind(hook.id).fetch_one(&world.app.db).await;
    let two = two.unwrap().to_string();
    deed(&world, SEND_AGAIN, &hook, &[("delivery", &two)]).await;
    assert_eq!(deliver(&world).await, 1);
    assert_eq!(target.titles().last().map(String::as_str), Some("Two"));

    deed(&world, TURN_ON, &hook, &[]).await;
    add_task(&world, "Three").await;
    target.answer([Answer::Status(500)]);
    assert_eq!(deliver(&world).await, 0);
    let three: Uuid = sqlx::query_scalar(
        "SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND status = 'waiting'",
    )
    .bind(hook.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    let three = three.to_string();
    deed(&world, SEND_AGAIN, &hook, &[("delivery", &three)]).await;
    assert_eq!(deliver(&world).await, 1, "the pause is over");
}
