//! What is counted as it happens, and which tasks are written down as at risk.

use sqlx::PgPool;

use super::{deed, usage};
use crate::{
    insights::actions::note_risks,
    testing::{TestApp, World, seed},
};

const NOW_AGAIN: &str = "/actions/skateboard/now/now_page/load_now_again";

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_now_page_is_counted_once_for_each_opening_and_for_nobody(db: PgPool) {
    let world = TestApp::new(db).world().await;
    world.ben.get(&world.team.path("")).await.expect(200);
    world.vera.get(&world.team.path("")).await.expect(200);
    assert_eq!(usage(&world, "now.opened").await, (2, 0));

    // What the page reads again by itself, a display, and whoever is not let in.
    let fields = [("team", &*world.team.slug)];
    world.ben.call(NOW_AGAIN, &fields).await.expect(200);
    let wall = format!("/wall/{}", world.wall_link.token);
    world.nobody.get(&wall).await.expect(200);
    world.otto.get(&world.team.path("")).await.expect(404);
    assert_eq!(usage(&world, "now.opened").await, (2, 0));
}

async fn claim(world: &World, key: &str) -> crate::testing::Answer {
    let fields = [("team", &*world.team.slug), ("task", key)];
    let path = "/actions/skateboard/tasks/requests/claim_task";
    world.ana.call(path, &fields).await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_claim_is_counted_when_somebody_has_the_task(db: PgPool) {
    let world = TestApp::new(db).world().await;
    claim(&world, &world.doing.key).await.expect(409);
    assert_eq!(usage(&world, "claim.refused").await, (1, 1));
    // One that is taken, one's own, and one that is done.
    claim(&world, &world.todo.key).await.expect(200);
    claim(&world, &world.todo.key).await.expect(200);
    claim(&world, &world.done.key).await.expect(409);
    assert_eq!(usage(&world, "claim.refused").await, (1, 1));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_conflict_is_counted_and_a_merge_is_not(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let edit = async |by, field, value| {
        let fields = [
            ("team", &*world.team.slug),
            ("task", &*world.todo.key),
            ("version", "1"),
            (field, value),
        ];
        let path = "/actions/skateboard/tasks/requests/edit_task";
        let browser: &crate::testing::Browser = by;
        browser.call(path, &fields).await
    };
    edit(&world.ben, "title", "Choose blue").await.expect(200);
    edit(&world.ana, "priority", "high").await.expect(200);
    assert_eq!(usage(&world, "conflict.caught").await, (0, 0));
    edit(&world.ana, "title", "Choose red").await.expect(409);
    assert_eq!(usage(&world, "conflict.caught").await, (1, 1));
    // One that the page has told before anything was sent.
    let path = "/actions/skateboard/live/requests/count_conflict";
    let fields = [("team", &*world.team.slug)];
    world.ana.call(path, &fields).await.expect(200);
    assert_eq!(usage(&world, "conflict.caught").await, (2, 2));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobodys_deed_fails_because_it_cannot_be_counted(db: PgPool) {
    let world = TestApp::new(db).world().await;
    sqlx::query("ALTER TABLE usage RENAME TO elsewhere")
        .execute(&world.app.db)
        .await
        .expect("a table that is away");
    world.ben.get(&world.team.path("")).await.expect(200);
    let refused = claim(&world, &world.doing.key).await.expect(409);
    let refused = refused.error().expect("a refusal");
    assert!(
        refused.message.starts_with("Ben has this task"),
        "{refused:?}"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_at_risk_is_written_down_once_for_each_date(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let db = &world.app.db;
    assert_eq!(note_risks(db).await, Ok(0));
    let [first, ..] = &world.columns;
    let other = seed::task(db, world.team.id, &world.people.ana, first, "Hang it up").await;
    let today: String =
        sqlx::query_scalar("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')")
            .fetch_one(db)
            .await
            .expect("today");
    let due = [("version", "1"), ("due_on", &*today)];
    deed(&world, &world.ben, "edit_task", &world.todo, &due).await;
    // Far away, so not at risk.
    let due = [("version", "1"), ("due_on", "2199-01-01")];
    deed(&world, &world.ben, "edit_task", &other, &due).await;

    let (one, two) = tokio::join!(note_risks(db), note_risks(db));
    assert_eq!(
        one.unwrap_or_default() + two.unwrap_or_default(),
        1,
        "two instances"
    );
    let rows: Vec<(uuid::Uuid, String, String)> =
        sqlx::query_as("SELECT task_id, due_on::text, reason FROM risks WHERE team_id = $1")
            .bind(world.team.id)
            .fetch_all(db)
            .await
            .expect("the risks");
    let reason = "due today, not started and held by nobody".to_owned();
    assert_eq!(rows, [(world.todo.id, today, reason)]);
    assert_eq!(note_risks(db).await, Ok(0));
}
