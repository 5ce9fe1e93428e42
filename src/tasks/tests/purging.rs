//! What was deleted is really removed after 30 days, by the database's clock.

use super::*;
use crate::{
    comments::requests::AddComment,
    tasks::purge::purge,
    testing::{TestApp, seed},
};

async fn age(world: &World, task: &Task, age: &str) {
    sqlx::query(
        "UPDATE tasks SET deleted_at = now() - $3::text::interval WHERE team_id = $1 AND id = $2",
    )
    .bind(world.team.id)
    .bind(task.id)
    .bind(age)
    .execute(&world.app.db)
    .await
    .unwrap();
}

/// A task with something in every field, deleted a while ago.
async fn full_and_deleted(world: &World, age: &str) -> Task {
    let id = Uuid::now_v7();
    let number: i32 = create(&world.ben, world, id, &world.columns[0], "secret title")
        .await
        .value();
    let task = Task {
        id,
        key: format!("WEB-{number}"),
    };
    let fields = [
        ("title", "secret second title"),
        ("description", "secret text"),
        ("labels", "secret label"),
        ("priority", "high"),
    ];
    edit(&world.ben, world, &task, 1, &fields).await.expect(200);
    let comment = Uuid::now_v7().to_string();
    let fields = [("id", comment.as_str()), ("body", "secret comment")];
    call(&world.ben, world, AddComment::url(), &task, &fields)
        .await
        .expect(200);
    claim(&world.ana, world, &task).await.expect(200);
    delete(&world.ana, world, &task).await.expect(200);
    self::age(world, &task, age).await;
    task
}

async fn count(world: &World, query: &'static str, id: Uuid) -> i64 {
    sqlx::query_scalar(query)
        .bind(world.team.id)
        .bind(id)
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}

const TASKS: &str = "SELECT count(*) FROM tasks WHERE team_id = $1 AND id = $2";
const COMMENTS: &str = "SELECT count(*) FROM comments WHERE team_id = $1 AND task_id = $2";

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn after_thirty_days_a_deleted_task_and_its_texts_are_gone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let gone = full_and_deleted(&world, "30 days 1 minute").await;
    let kept = full_and_deleted(&world, "29 days 23 hours 59 minutes").await;
    assert_eq!(purge(&world.app.db).await.unwrap(), 1);
    assert_eq!(purge(&world.app.db).await.unwrap(), 0);
    for (task, rows) in [(&gone, 0), (&kept, 1)] {
        assert_eq!(count(&world, TASKS, task.id).await, rows);
        assert_eq!(count(&world, COMMENTS, task.id).await, rows);
        let page = world.ben.get(&task_path(&world, task)).await;
        assert_eq!(page.status, if rows == 0 { 404 } else { 200 });
    }
    restore(&world.ben, &world, &gone).await.expect(404);
    restore(&world.ben, &world, &kept).await.expect(200);
    assert_eq!(row(&world, &kept).await.description, "secret text");

    // The log keeps that something happened, who did it, and what is no text of the task.
    let log: Vec<(i64, String, Value)> = sqlx::query_as(
        r#"
        SELECT seq, kind, changes FROM events
        WHERE team_id = $1 AND task_id IS DISTINCT FROM $2 ORDER BY seq
        "#,
    )
    .bind(world.team.id)
    .bind(kept.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap();
    let told: Vec<_> = log
        .iter()
        .map(|(seq, kind, _)| (*seq, kind.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, "task.created"),
            (2, "task.edited"),
            (3, "comment.added"),
            (4, "task.claimed"),
            (5, "task.deleted"),
        ]
    );
    for (.., changes) in &log {
        assert!(!changes.to_string().contains("secret"), "{changes}");
    }
    let edited = log[1].2.as_array().unwrap();
    let fields: Vec<_> = edited.iter().map(|change| &change["field"]).collect();
    assert_eq!(
        fields,
        ["title", "description", "priority", "labels", "version"]
    );
    assert_eq!(edited[2]["to"], "high");
    let claimed = log[3].2.to_string();
    assert!(claimed.contains("Ana") && claimed.contains("In progress"));
    let history = world.vera.get(&task_path(&world, &kept)).await.page();
    assert!(history.shows("secret second title"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_number_of_a_purged_task_is_not_used_again(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7();
    let column = &world.columns[0];
    let last: i32 = create(&world.ben, &world, id, column, "The last")
        .await
        .value();
    let task = Task {
        id,
        key: format!("WEB-{last}"),
    };
    delete(&world.ben, &world, &task).await.expect(200);
    age(&world, &task, "31 days").await;
    assert_eq!(purge(&world.app.db).await.unwrap(), 1);
    // Not even by the same creation, of which nothing is known any more.
    let next: i32 = create(&world.ben, &world, id, column, "The last")
        .await
        .value();
    assert_eq!(next, last + 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn instances_that_purge_at_once_remove_each_task_once(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let app = TestApp::new(wide(options, connection).await);
    let (world, other) = (app.world().await, app.world().await);
    for world in [&world, &other] {
        for _ in 0..120 {
            let by = &world.people.ana;
            let task = seed::task(&app.db, world.team.id, by, &world.columns[0], "Old").await;
            seed::delete(&app.db, world.team.id, by, &task).await;
            age(world, &task, "40 days").await;
        }
    }
    let instances: Vec<_> = (0..4)
        .map(|_| {
            let db = app.db.clone();
            tokio::spawn(async move { purge(&db).await.unwrap() })
        })
        .collect();
    let mut purged = 0;
    for instance in instances {
        purged += instance.await.unwrap();
    }
    assert_eq!(purged, 240);
    for world in [&world, &other] {
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM tasks WHERE team_id = $1")
            .bind(world.team.id)
            .fetch_one(&app.db)
            .await
            .unwrap();
        assert_eq!(left, 4);
    }
}
