//! Lists: their pages and filters.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::Scene;
use crate::testing::seed;

/// What a list gives in pages of a size, by one of its fields.
async fn paged(scene: &Scene, path: &str, size: usize, field: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{separator}limit={size}{cursor}");
        let page = scene.ben.get(&path).await.expect(200).json();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= size);
        found.extend(items.iter().map(|item| item[field].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_list_gives_each_thing_once_in_pages_of_any_size(db: PgPool) {
    let scene = Scene::new(db).await;
    let (world, db) = (&scene.world, &scene.world.app.db);
    for number in 1..=5 {
        let title = format!("Task {number}");
        seed::task(
            db,
            world.team.id,
            &world.people.ana,
            &world.columns[number % 3],
            &title,
        )
        .await;
        scene
            .ben
            .post(
                &format!("{}/comments", scene.todo()),
                &json!({ "body": title }),
            )
            .await
            .expect(201);
        scene
            .ben
            .patch(&scene.todo(), "*", &json!({ "title": title }))
            .await
            .expect(200);
    }
    let todo = scene.todo();
    for (path, field, least) in [
        (scene.path("/members"), "id", 3),
        (scene.path("/boards"), "key", 2),
        (scene.path("/boards/WEB/columns"), "id", 4),
        (scene.path("/tasks"), "key", 8),
        (scene.path("/tasks?q=task"), "key", 5),
        (scene.path("/tasks?q=WEB-1"), "key", 1),
        (scene.path("/tasks/similar?title=task"), "key", 5),
        (scene.path("/events"), "seq", 10),
        (format!("{todo}/comments"), "id", 6),
        (format!("{todo}/history"), "seq", 5),
    ] {
        let whole = paged(&scene, &path, 200, field).await;
        assert!(whole.len() >= least, "{path}: {whole:?}");
        for size in [1, 2, 3] {
            assert_eq!(
                paged(&scene, &path, size, field).await,
                whole,
                "{path} by {size}"
            );
        }
        // Whoever wants more on a page than there can be gets a full one.
        assert_eq!(paged(&scene, &path, 201, field).await, whole, "{path}");
        let separator = if path.contains('?') { '&' } else { '?' };
        for bad in [
            "cursor=x.y",
            "limit=0",
            "limit=-1",
            "limit=x",
            "limit=1&limit=2",
        ] {
            let refused = scene
                .ben
                .get(&format!("{path}{separator}{bad}"))
                .await
                .expect(422)
                .json();
            let name = bad.split('=').next().expect("a name");
            assert_eq!(refused["field"][0]["name"], name, "{path} {bad}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn tasks_are_filtered_by_all_that_is_documented(db: PgPool) {
    let scene = Scene::new(db).await;
    let world = &scene.world;
    let fields =
        json!({ "due_on": "2027-01-31", "labels": ["Design"], "title": "Paint the harbour" });
    scene
        .ben
        .patch(&scene.todo(), "*", &fields)
        .await
        .expect(200);
    let updated = scene.ben.get(&scene.todo()).await.json()["updated_at"].clone();
    let updated = updated.as_str().expect("a moment").to_owned();
    let (todo, doing, done) = (&world.todo.key, &world.doing.key, &world.done.key);
    let (column, ben) = (world.columns[1].id, world.people.ben.id);
    for (filter, keys) in [
        (format!("updated_since={updated}"), vec![todo]),
        ("updated_since=2999-01-01T00:00:00Z".to_owned(), vec![]),
        (format!("column={column}"), vec![doing]),
        ("kind=done".to_owned(), vec![done]),
        (format!("assignee={ben}"), vec![doing]),
        ("assignee=me".to_owned(), vec![doing]),
        ("assignee=none&kind=todo".to_owned(), vec![todo]),
        ("label=design".to_owned(), vec![todo]),
        ("due_before=2027-02-01".to_owned(), vec![todo]),
        ("due_before=2027-01-31".to_owned(), vec![]),
        ("q=harbour".to_owned(), vec![todo]),
        ("q=harbour&kind=done".to_owned(), vec![]),
        (format!("q={doing}"), vec![doing]),
        ("board=old".to_owned(), vec![]),
        ("board=web".to_owned(), vec![todo, doing, done]),
    ] {
        let found = scene
            .ben
            .get(&scene.path(&format!("/tasks?{filter}")))
            .await
            .expect(200)
            .json();
        let mut found: Vec<&str> = found["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter_map(|task| task["key"].as_str())
            .collect();
        found.sort_unstable();
        let mut keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(found, keys, "{filter}");
    }
    for (bad, field) in [
        ("column=x", "column"),
        ("kind=later", "kind"),
        ("assignee=ben", "assignee"),
        ("due_before=31.01.2027", "due_before"),
        ("due_before=300000-01-01", "due_before"),
        ("updated_since=yesterday", "updated_since"),
        ("q=%00", "q"),
        ("q=is:nothing", "q"),
        ("label=%FF", "label"),
        ("label=", "label"),
        ("colour=blue", "colour"),
    ] {
        let refused = scene
            .ben
            .get(&scene.path(&format!("/tasks?{bad}")))
            .await
            .expect(422)
            .json();
        assert_eq!(refused["field"][0]["name"], field, "{bad}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn events_follow_one_another_without_a_gap(db: PgPool) {
    let scene = Scene::new(db).await;
    let last = scene.ben.get(&scene.team).await.expect(200).json()["last_seq"].clone();
    scene
        .ben
        .patch(&scene.todo(), "*", &json!({ "title": "Choose two" }))
        .await
        .expect(200);
    let move_to = json!({ "column": scene.world.columns[1].id });
    scene
        .ben
        .post(&format!("{}/move", scene.todo()), &move_to)
        .await
        .expect(200);
    let path = scene.path(&format!("/events?after={last}"));
    let events = scene.ben.get(&path).await.expect(200).json();
    let last = last.as_i64().expect("a number");
    let events = events["items"].as_array().expect("items");
    let told: Vec<_> = events
        .iter()
        .map(|event| (event["seq"].as_i64(), event["kind"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(last + 1), Some("task.edited")),
            (Some(last + 2), Some("task.moved"))
        ]
    );
    let first = &events[0];
    assert_eq!(
        first["actor"],
        json!({ "id": scene.world.people.ben.id, "name": "Ben" })
    );
    assert_eq!(
        (&first["board"], &first["task"]),
        (&json!("WEB"), &json!(scene.world.todo.key))
    );
    assert_eq!(first["changes"][0]["to"], "Choose two");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn similar_tasks_are_told_before_the_work_is_done_twice(db: PgPool) {
    let scene = Scene::new(db).await;
    let path = scene.path("/tasks/similar?title=choosing+a+colour");
    let found = scene.ben.get(&path).await.expect(200).json();
    assert_eq!(found["items"][0]["key"], json!(scene.world.todo.key));
    scene
        .ben
        .get(&scene.path("/tasks/similar"))
        .await
        .expect(422);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_is_on_what_is_told(db: PgPool) {
    let scene = Scene::new(db).await;
    let now = scene.ben.get(&scene.path("/now")).await.expect(200).json();
    let people = now["people"].as_array().expect("people");
    let ben = people
        .iter()
        .find(|row| row["person"]["name"] == "Ben")
        .expect("Ben");
    assert_eq!(ben["tasks"][0]["key"], json!(scene.world.doing.key));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deleted_comment_says_nothing_any_more(db: PgPool) {
    let scene = Scene::new(db).await;
    let comments = format!("{}/comments", scene.todo());
    let said = json!({ "body": "Between us: violet." });
    let comment = scene.ben.post(&comments, &said).await.expect(201).json();
    let history = format!("{}/history", scene.todo());
    let told = async |path: &str| scene.ben.get(path).await.expect(200).text();
    assert!(told(&history).await.contains("violet"));
    let id = comment["id"].as_str().expect("an id");
    let (team, task) = (&scene.world.team.slug, &scene.world.todo.key);
    let fields = [("team", team.as_str()), ("task", task), ("comment", id)];
    let path = "/actions/skateboard/comments/requests/delete_comment";
    scene.world.ben.call(path, &fields).await.expect(200);
    for path in [comments, history, scene.path("/events?limit=200")] {
        assert!(!told(&path).await.contains("violet"), "{path}");
    }
}
