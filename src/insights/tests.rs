//! What is counted, driven from outside.

use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::{actions::forget_old, requests::RecordWarning};
use crate::testing::TestApp;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_became_of_a_warning_is_counted_and_no_change(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let seqs = world.events("task.created").await.len();
    for warning in ["shown", "ignored"] {
        let fields = [
            ("team", world.team.slug.as_str()),
            ("warning", warning),
            ("typed_at", "new_task"),
            ("tasks", "2"),
        ];
        world
            .ben
            .call(RecordWarning::url(), &fields)
            .await
            .expect(200);
    }
    let counted: Vec<(String, Uuid, Value)> =
        sqlx::query_as("SELECT kind, person_id, detail FROM usage WHERE team_id = $1 ORDER BY id")
            .bind(world.team.id)
            .fetch_all(&world.app.db)
            .await
            .unwrap();
    let kinds: Vec<&str> = counted.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["similar.shown", "similar.ignored"]);
    assert_eq!(counted[0].1, world.people.ben.id);
    assert_eq!(counted[0].2["typed_at"], "new_task");
    assert_eq!(counted[0].2["tasks"], 2);
    assert_eq!(world.events("task.created").await.len(), seqs);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_counted_is_kept_for_400_days(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for days in [399, 401, 800] {
        sqlx::query(
            r#"
            INSERT INTO usage (team_id, id, kind, person_id, at)
            VALUES ($1, gen_random_uuid(), 'similar.shown', $2, now() - make_interval(days => $3))
            "#,
        )
        .bind(world.team.id)
        .bind(world.people.ben.id)
        .bind(days)
        .execute(&world.app.db)
        .await
        .unwrap();
    }
    assert_eq!(forget_old(&world.app.db).await.unwrap(), 2);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM usage")
        .fetch_one(&world.app.db)
        .await
        .unwrap();
    assert_eq!(left, 1);
}
