//! `ETag` and `If-Match`.

use serde_json::json;
use sqlx::PgPool;

use super::Scene;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_read_has_its_version_for_a_tag(db: PgPool) {
    let scene = Scene::new(db).await;
    let read = scene.ben.get(&scene.todo()).await.expect(200);
    assert_eq!(read.headers["etag"], "\"1\"");
    let edit = json!({ "title": "Choose two colours" });
    let edited = scene
        .ben
        .patch(&scene.todo(), "\"1\"", &edit)
        .await
        .expect(200);
    assert_eq!(edited.headers["etag"], "\"2\"");
    assert_eq!(edited.json()["version"], 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_edit_says_which_version_it_starts_from(db: PgPool) {
    let scene = Scene::new(db).await;
    let edit = json!({ "title": "Choose two colours" });
    let ask = scene.ben.request("PATCH", &scene.todo(), Some(&edit));
    let refused = scene.ben.ask(ask).await.expect(428).json();
    assert_eq!(refused["field"][0]["name"], "If-Match");
    for tag in ["1", "\"x\"", "\"1\", \"2\"", "\"99999999999999999999\""] {
        scene.ben.patch(&scene.todo(), tag, &edit).await.expect(400);
    }
    scene
        .ben
        .patch(&scene.todo(), "\"7\"", &edit)
        .await
        .expect(412);
    // A proxy that compresses makes the tag a weak one.
    scene
        .ben
        .patch(&scene.todo(), "W/\"1\"", &edit)
        .await
        .expect(200);
}

const LINES: &str = "one\r\ntwo\rthree\nfour \r\n";

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_line_end_comes_back_as_it_was_sent(db: PgPool) {
    let scene = Scene::new(db).await;
    let new = json!({ "board": "WEB", "title": "Lines", "description": LINES });
    let task = scene.ben.post(&scene.path("/tasks"), &new).await;
    let task = task.expect(201).json();
    assert_eq!(task["description"], LINES);
    let key = task["key"].as_str().expect("a key");
    let path = scene.path(&format!("/tasks/{key}"));
    // From a program other line ends are another text.
    for text in ["one\ntwo\nthree\nfour \n", LINES] {
        let edit = json!({ "description": text });
        let edited = scene.ben.patch(&path, "*", &edit).await.expect(200);
        assert_eq!(edited.json()["description"], text);
    }
    let read = scene.ben.get(&path).await.expect(200).json();
    assert_eq!(read["description"], LINES);

    let comments = format!("{path}/comments");
    let said = json!({ "body": LINES });
    let comment = scene.ben.post(&comments, &said).await.expect(201).json();
    assert_eq!(comment["body"], LINES);
    let told = scene.ben.get(&comments).await.expect(200).json();
    assert_eq!(told["items"][0]["body"], LINES);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_changes_no_text_that_nobody_touched(db: PgPool) {
    let scene = Scene::new(db).await;
    let ana = scene.program(&scene.world.people.ana).await;
    let (ben, path) = (&scene.world.ben, scene.todo());
    let text = json!({ "description": LINES });
    scene.ben.patch(&path, "*", &text).await.expect(200);
    let comments = format!("{path}/comments");
    let said = json!({ "body": LINES });
    scene.ben.post(&comments, &said).await.expect(201);

    let page = ben.get(&path).await.expect(200).page();
    let save = page.form("Save");
    let held = &save.field("Description").value;
    assert_eq!(held, "one\ntwo\nthree\nfour \n");
    ben.submit(save.clone()).await.expect(200);
    let task = scene.ben.get(&path).await.expect(200).json();
    assert_eq!(task["description"], LINES);
    assert_eq!(task["version"], 2);
    for update in page.forms("Update") {
        ben.submit(update).await.expect(200);
    }
    let told = scene.ben.get(&comments).await.expect(200).json();
    let told = told["items"].as_array().expect("comments");
    assert!(told.iter().all(|comment| comment["edited_at"].is_null()));
    assert!(told.iter().any(|comment| comment["body"] == LINES));

    // Nor what somebody else has written since.
    let hers = json!({ "description": "Hers\r\n" });
    ana.patch(&path, "*", &hers).await.expect(200);
    let merged = ben.submit(save.fill("Priority", "high")).await.expect(200);
    assert_eq!(merged.page().alerts(), Vec::<String>::new());
    let task = scene.ben.get(&path).await.expect(200).json();
    assert_eq!(task["description"], "Hers\r\n");
    assert_eq!(task["priority"], "high");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn different_fields_merge_and_the_same_field_is_told_with_both_values(db: PgPool) {
    let scene = Scene::new(db).await;
    let ana = scene.program(&scene.world.people.ana).await;
    let path = scene.todo();
    ana.patch(&path, "\"1\"", &json!({ "title": "Hers" }))
        .await
        .expect(200);
    let merged = scene
        .ben
        .patch(&path, "\"1\"", &json!({ "priority": "high" }))
        .await
        .expect(200);
    assert_eq!(merged.headers["etag"], "\"3\"");
    assert_eq!(merged.json()["title"], "Hers");

    let refused = scene
        .ben
        .patch(
            &path,
            "\"1\"",
            &json!({ "title": "His", "due_on": "2027-01-31" }),
        )
        .await;
    let refused = refused.expect(412).json();
    let conflict = &refused["conflict"];
    assert_eq!(conflict["by"]["name"], "Ana");
    assert_eq!(conflict["version"], 3);
    assert_eq!(
        conflict["fields"],
        json!([{ "name": "title", "yours": "His", "theirs": "Hers" }])
    );
    let task = scene.ben.get(&path).await.json();
    assert_eq!(
        (&task["title"], &task["due_on"]),
        (&json!("Hers"), &json!(null)),
        "nothing is changed"
    );
    let task = scene
        .ben
        .patch(&path, "*", &json!({ "title": "His" }))
        .await
        .expect(200);
    assert_eq!(task.json()["title"], "His");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_field_that_is_sent_is_asked_for_though_it_is_what_it_once_was(db: PgPool) {
    let scene = Scene::new(db).await;
    let path = scene.todo();
    let first = scene.ben.get(&path).await.json()["title"].clone();
    scene
        .ben
        .patch(&path, "\"1\"", &json!({ "title": "Another" }))
        .await
        .expect(200);
    scene
        .ben
        .patch(&path, "\"1\"", &json!({ "title": first }))
        .await
        .expect(412);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn null_empties_a_field_and_what_is_left_out_stays(db: PgPool) {
    let scene = Scene::new(db).await;
    let path = scene.todo();
    let ben = scene.world.people.ben.id;
    let all = json!({ "assignee": ben, "due_on": "2027-01-31", "labels": ["design", "print"] });
    scene.ben.patch(&path, "*", &all).await.expect(200);
    let none = json!({ "assignee": null, "due_on": null });
    let task = scene.ben.patch(&path, "*", &none).await.expect(200).json();
    assert_eq!(
        (&task["assignee"], &task["due_on"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(task["labels"], json!(["design", "print"]));
    scene
        .ben
        .patch(&path, "*", &json!({ "title": null }))
        .await
        .expect(422);
    scene
        .ben
        .patch(&path, "*", &json!({ "labels": ["a, b"] }))
        .await
        .expect(422);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_that_was_changed_since_is_not_deleted(db: PgPool) {
    let scene = Scene::new(db).await;
    let ana = scene.program(&scene.world.people.ana).await;
    ana.patch(&scene.todo(), "\"1\"", &json!({ "title": "Hers" }))
        .await
        .expect(200);
    let refused = scene
        .ben
        .delete(&scene.todo(), Some("\"1\""))
        .await
        .expect(412)
        .json();
    assert_eq!(refused["conflict"]["by"]["name"], "Ana");
    scene
        .ben
        .delete(&scene.todo(), Some("\"2\""))
        .await
        .expect(204);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn boards_and_columns_may_be_edited_without_a_version_or_with_one(db: PgPool) {
    let scene = Scene::new(db).await;
    let column = format!("/boards/WEB/columns/{}", scene.world.columns[0].id);
    for path in [scene.path("/boards/WEB"), scene.path(&column)] {
        let read = scene.ben.get(&path).await.expect(200);
        let tag = read.headers["etag"].to_str().expect("text").to_owned();
        let ask = scene
            .ben
            .request("PATCH", &path, Some(&json!({ "name": "Renamed" })));
        scene.ben.ask(ask).await.expect(200);
        let late = json!({ "name": "Renamed late" });
        let refused = scene.ben.patch(&path, &tag, &late).await.expect(412).json();
        assert_eq!(refused["conflict"]["fields"][0]["theirs"], "Renamed");
        scene.ben.patch(&path, "*", &late).await.expect(200);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_column_is_renamed_limited_and_moved_at_once(db: PgPool) {
    let scene = Scene::new(db).await;
    let path = scene.path(&format!(
        "/boards/WEB/columns/{}",
        scene.world.columns[2].id
    ));
    let edit = json!({ "name": "Finished", "wip_limit": 9, "place": 1 });
    let column = scene.ben.patch(&path, "*", &edit).await.expect(200).json();
    assert_eq!(column["place"], 1);
    assert_eq!(column["wip_limit"], 9);
    let column = scene
        .ben
        .patch(&path, "*", &json!({ "wip_limit": null }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&column["name"], &column["wip_limit"]),
        (&json!("Finished"), &json!(null))
    );
}
