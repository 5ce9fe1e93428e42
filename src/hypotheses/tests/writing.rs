//! A hypothesis is written down once and stays as it is.

use sqlx::PgPool;
use uuid::Uuid;

use super::{WITHDRAW, ask, day, decide, page, run, write};
use crate::{hypotheses::model::MOST_OPEN, testing::TestApp};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_owner_writes_a_hypothesis_down_and_finds_it_on_the_insights_page(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let new = world.team.path("/insights/hypotheses/new");
    let form = world.ana.get(&new).await.expect(200).page();
    let form = form
        .form("Write it down")
        .fill("If we", "let people drag cards.")
        .fill("Then", "tasks are finished <sooner>")
        .fill("Because", "moving is one gesture")
        .fill("Metric", "started_to_done")
        .fill("Target", "2.5");
    let written = world.ana.submit(form).await.expect(200);
    let page = written.page();
    assert_eq!(page.heading(), "Hypothesis");
    assert_eq!(page.statuses(), ["Hypothesis written down."]);
    for words in [
        "If we let people drag cards, then tasks are finished <sooner>, because moving is one gesture.",
        "Running",
        "Days from started to done",
        "at most 2.5 days",
        "everybody",
        "20 observations",
        "by Ana",
    ] {
        assert!(page.shows(words), "{words}");
    }
    let insights = world.ana.get(&world.team.path("/insights")).await.page();
    assert!(insights.shows("let people drag cards") && insights.shows("at most 2.5 days"));
    assert_eq!(world.events("hypothesis.created").await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_hypothesis_again_is_the_same_and_another_under_its_id_is_refused(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    ask(&world, id, &[]).await.expect(200);
    ask(&world, id, &[("target", "41")]).await.expect(409);
    ask(&world, id, &[("audience", "drag_and_drop")])
        .await
        .expect(409);
    assert_eq!(world.events("hypothesis.created").await.len(), 1);
    // The period has ended before the answer arrived.
    let over = "UPDATE hypotheses SET starts_on = starts_on - 60, ends_on = ends_on - 60 WHERE team_id = $1 AND id = $2";
    run(&world, over, id).await;
    let (from, to) = (day(&world, -60).await, day(&world, -33).await);
    let again = [("starts_on", from.as_str()), ("ends_on", &to)];
    ask(&world, id, &again).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_known_already_is_no_hypothesis(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (long_ago, yesterday) = (day(&world, -30).await, day(&world, -1).await);
    let over = [("starts_on", long_ago.as_str()), ("ends_on", &yesterday)];
    let refused = ask(&world, Uuid::now_v7(), &over).await.expect(422);
    assert!(refused.error().unwrap().on("ends_on").is_some());
    // One that has begun says so.
    let begun = write(&world, &[("starts_on", &long_ago)]).await;
    assert!(
        page(&world, begun)
            .await
            .shows("after its period had begun")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_counted_without_a_person_is_compared_by_nobody(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let fields = [("metric", "answered_fast"), ("audience", "drag_and_drop")];
    let refused = ask(&world, Uuid::now_v7(), &fields).await.expect(422);
    assert!(refused.error().unwrap().on("audience").is_some());
    write(&world, &[("metric", "answered_fast")]).await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_that_was_a_mistake_is_withdrawn_and_stays_readable(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    let form = page(&world, id).await.form("Withdraw hypothesis");
    let withdrawn = world.ana.submit(form).await.expect(200).page();
    assert_eq!(withdrawn.statuses(), ["Hypothesis withdrawn."]);
    assert!(withdrawn.shows("It was withdrawn before anything was decided."));
    assert!(!withdrawn.has_button("Decide") && !withdrawn.has_button("Withdraw hypothesis"));
    // Once more does nothing, and nobody can decide about it.
    let text = id.to_string();
    let fields = [("team", world.team.slug.as_str()), ("hypothesis", &text)];
    world.ana.call(WITHDRAW, &fields).await.expect(200);
    decide(&world, id, &[("early", "on")]).await.expect(409);
    assert_eq!(world.events("hypothesis.withdrawn").await.len(), 1);
    let insights = world.ana.get(&world.team.path("/insights")).await.page();
    let texts = insights.texts("details.withdrawn .statement");
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_has_so_many_open_hypotheses_and_no_more(db: PgPool) {
    let world = TestApp::new(db).world().await;
    // The world has one already.
    for _ in 1..MOST_OPEN {
        write(&world, &[]).await;
    }
    ask(&world, Uuid::now_v7(), &[]).await.expect(409);
    let text = world.hypothesis.open.to_string();
    let fields = [("team", world.team.slug.as_str()), ("hypothesis", &text)];
    world.ana.call(WITHDRAW, &fields).await.expect(200);
    write(&world, &[]).await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_hypothesis_of_another_team_is_none(db: PgPool) {
    let app = TestApp::new(db);
    let (world, other) = (app.world().await, app.world().await);
    let theirs = other.hypothesis.open.to_string();
    for path in ["", "/record.md"] {
        let path = world.team.path(&format!(
            "/insights/hypotheses/{}{path}",
            other.hypothesis.decided
        ));
        world.ana.get(&path).await.expect(404);
    }
    let fields = [("team", world.team.slug.as_str()), ("hypothesis", &theirs)];
    world.ana.call(WITHDRAW, &fields).await.expect(404);
}
