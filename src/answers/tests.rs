//! What is counted of answers, driven from outside.

use leptos::server_fn::ServerFn;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::counting::forget_old;
use crate::{
    tasks::requests::ClaimTask,
    testing::{Program, TestApp, World},
};

/// A team's row: answers, errors, and the sum of its buckets.
async fn counted(world: &World, team: Uuid) -> Option<(i64, i64, i64)> {
    sqlx::query_as(
        r#"
        SELECT sum(answers)::bigint, sum(errors)::bigint,
               sum((SELECT sum(bucket) FROM unnest(buckets) AS bucket))::bigint
        FROM answers WHERE team_id = $1 GROUP BY team_id
        "#,
    )
    .bind(team)
    .fetch_optional(&world.app.db)
    .await
    .expect("the sums")
}

async fn run(world: &World, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&world.app.db)
        .await
        .expect("a statement");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_opened_the_door_of_a_team_counts_and_nothing_else(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let program = Program::of(&world.app, &world.people.ben).await;
    let now = world.team.path("");
    world.ana.get(&now).await.expect(200);
    let claim = [
        ("team", world.team.slug.as_str()),
        ("task", world.todo.key.as_str()),
    ];
    let claimed = world.ben.call(ClaimTask::url(), &claim).await;
    assert!(!claimed.status.is_server_error());
    let api = format!("/teams/{}", world.team.slug);
    program.get(&api).await.expect(200);
    // Nobody's door.
    world.otto.get(&now).await.expect(404);
    world.nobody.get(&now).await;
    world.ana.get("/health/live").await.expect(200);

    world.app.answers.write(&world.app.db).await.unwrap();
    assert_eq!(counted(&world, world.team.id).await, Some((3, 0, 3)));
    assert_eq!(counted(&world, world.other_team.id).await, None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn instances_add_up(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    let other = TestApp::new(db);
    let there = other.signed_in(&world.people.ben).await;
    for _ in 0..2 {
        world.ana.get(&world.team.path("")).await.expect(200);
        there.get(&world.team.path("")).await.expect(200);
        let (first, second) = tokio::join!(
            world.app.answers.write(&world.app.db),
            other.answers.write(&other.db)
        );
        first.unwrap();
        second.unwrap();
    }
    assert_eq!(counted(&world, world.team.id).await, Some((4, 0, 4)));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_answer_that_failed_before_the_door_counts_for_the_team_that_the_visitor_was_in(
    db: PgPool,
) {
    let world = TestApp::new(db).world().await;
    let now = world.team.path("");
    world.ana.get(&now).await.expect(200);
    run(&world, "ALTER TABLE sessions RENAME TO gone").await;
    world.ana.get(&now).await.expect(500);
    world.ana.get(&world.team.path("/live")).await;
    // This instance has never seen him in a team.
    world.otto.get(&now).await.expect(500);
    run(&world, "ALTER TABLE gone RENAME TO sessions").await;

    world.app.answers.write(&world.app.db).await.unwrap();
    assert_eq!(counted(&world, world.team.id).await, Some((2, 1, 2)));
    assert_eq!(counted(&world, world.other_team.id).await, None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_could_not_be_written_waits_for_the_next_time(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let now = world.team.path("");
    world.ana.get(&now).await.expect(200);
    run(&world, "ALTER TABLE answers RENAME TO gone").await;
    assert!(world.app.answers.write(&world.app.db).await.is_err());
    world.ana.get(&now).await.expect(200);
    run(&world, "ALTER TABLE gone RENAME TO answers").await;
    world.app.answers.write(&world.app.db).await.unwrap();
    assert_eq!(counted(&world, world.team.id).await, Some((2, 0, 2)));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_counted_is_kept_for_400_days(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for days in [399, 401, 800] {
        sqlx::query(
            r#"
            INSERT INTO answers (team_id, hour, answers, errors, fast, buckets)
            VALUES ($1, now() - make_interval(days => $2), 1, 0, 1, array_fill(0, ARRAY[14]))
            "#,
        )
        .bind(world.team.id)
        .bind(days)
        .execute(&world.app.db)
        .await
        .unwrap();
    }
    assert_eq!(forget_old(&world.app.db).await.unwrap(), 2);
}
