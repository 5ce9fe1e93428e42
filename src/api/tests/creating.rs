//! What is created once, however often it is asked for.

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::Scene;
use crate::testing::seed;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_creation_again_gives_the_same(db: PgPool) {
    let scene = Scene::new(db).await;
    let ben = scene.world.people.ben.id;
    let todo = scene.todo();
    for (path, body, other) in [
        (
            scene.path("/tasks"),
            json!({ "board": "WEB", "title": "Draw a map", "assignee": ben, "labels": ["design"] }),
            json!({ "board": "WEB", "title": "Draw a map", "assignee": ben, "labels": ["print"] }),
        ),
        (
            scene.path("/boards"),
            json!({ "key": "APP", "name": "Mobile app" }),
            json!({ "key": "APP", "name": "Mobile" }),
        ),
        (
            scene.path("/boards/WEB/columns"),
            json!({ "name": "Review", "kind": "doing" }),
            json!({ "name": "Review", "kind": "todo" }),
        ),
        (
            format!("{todo}/comments"),
            json!({ "body": "Blue." }),
            json!({ "body": "Red." }),
        ),
    ] {
        let id = json!(Uuid::now_v7());
        let (mut body, mut other) = (body, other);
        body["id"] = id.clone();
        other["id"] = id.clone();
        let first = scene.ben.post(&path, &body).await.expect(201);
        assert_eq!(first.json()["id"], id);
        let again = scene.ben.post(&path, &body).await.expect(201);
        assert_eq!(again.json(), first.json(), "{path}");
        scene.ben.post(&path, &other).await.expect(409);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_words_with_the_same_id_are_another_task_on_another_board(db: PgPool) {
    let scene = Scene::new(db).await;
    let (world, path) = (&scene.world, scene.path("/tasks"));
    let ana = &world.people.ana;
    seed::board(&world.app.db, world.team.id, ana, "APP", "Mobile app").await;
    for asked in [
        json!({ "title": "Draw a map" }),
        json!({ "title": "Draw a map", "column": world.columns[0].id }),
    ] {
        let id = Uuid::now_v7();
        let on = |board: &str| {
            let mut task = asked.clone();
            task["id"] = json!(id);
            task["board"] = json!(board);
            task
        };
        let made = scene.ben.post(&path, &on("WEB")).await.expect(201).json();
        let refused = scene.ben.post(&path, &on("APP")).await.expect(409).json();
        assert_eq!(refused["detail"], "This id belongs to another task.");
        let again = scene.ben.post(&path, &on("WEB")).await.expect(201).json();
        assert_eq!(again, made);
    }
    let other = scene.ben.get(&scene.path("/tasks?board=APP")).await;
    assert_eq!(other.expect(200).json()["items"], json!([]));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_id_may_be_left_out(db: PgPool) {
    let scene = Scene::new(db).await;
    let task = json!({ "board": "web", "title": "Draw a map" });
    let made = scene
        .ben
        .post(&scene.path("/tasks"), &task)
        .await
        .expect(201);
    let location = made.headers["location"].to_str().expect("text").to_owned();
    let key = made.json()["key"].as_str().expect("a key").to_owned();
    assert_eq!(location, format!("/api/v1{}/tasks/{key}", scene.team));
    assert_eq!(made.headers["etag"], "\"1\"");
    assert_eq!(
        made.json()["column"],
        json!(scene.world.columns[0].id),
        "the first to do"
    );
    let another = scene
        .ben
        .post(&scene.path("/tasks"), &task)
        .await
        .expect(201);
    assert_ne!(another.json()["key"], key);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_created_with_all_that_it_can_be_or_not_at_all(db: PgPool) {
    let scene = Scene::new(db).await;
    let vera = scene.world.people.vera.id;
    let mut task = json!({
        "board": "WEB", "column": scene.world.columns[2].id, "title": "Draw a map", "description": "Of *all*.",
        "due_on": "2027-01-31", "priority": "high", "labels": ["design"], "assignee": scene.world.people.ben.id,
    });
    let made = scene
        .ben
        .post(&scene.path("/tasks"), &task)
        .await
        .expect(201)
        .json();
    for field in ["description", "due_on", "priority", "labels"] {
        assert_eq!(made[field], task[field]);
    }
    assert_eq!(made["assignee"]["name"], "Ben");
    assert_eq!(made["kind"], "done");
    let events = scene.world.events("task.created").await.len();
    // A viewer can hold no task.
    task["assignee"] = json!(vera);
    let refused = scene
        .ben
        .post(&scene.path("/tasks"), &task)
        .await
        .expect(422)
        .json();
    assert_eq!(refused["field"][0]["name"], "assignee");
    assert_eq!(scene.world.events("task.created").await.len(), events);
}
