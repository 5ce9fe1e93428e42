//! A column by its id alone.

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::Scene;
use crate::testing::seed;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_column_is_read_changed_and_removed_by_its_id_alone(db: PgPool) {
    let scene = Scene::new(db).await;
    let id = scene.world.empty_column.id;
    let path = scene.path(&format!("/columns/{id}"));
    let on_board = scene.path(&format!("/boards/WEB/columns/{id}"));
    let read = scene.ben.get(&path).await.expect(200);
    let same = scene.ben.get(&on_board).await.expect(200);
    assert_eq!(read.json(), same.json());
    assert_eq!(read.headers["etag"], same.headers["etag"]);
    let tag = read.headers["etag"].to_str().expect("text").to_owned();
    let later = json!({ "name": "Later" });
    let edited = scene.ben.patch(&path, &tag, &later).await.expect(200);
    assert_eq!(edited.json()["name"], "Later");
    let late = json!({ "name": "Never" });
    scene.ben.patch(&path, &tag, &late).await.expect(412);
    scene.ben.delete(&path, None).await.expect(204);
    let nowhere = scene.ben.get(&path).await.expect(404).json();
    scene.ben.get(&on_board).await.expect(404);
    for path in [&path, &on_board] {
        let edited = scene.ben.patch(path, "*", &late).await.expect(404);
        let removed = scene.ben.delete(path, None).await.expect(404);
        assert_eq!(
            [edited.json(), removed.json()],
            [nowhere.clone(), nowhere.clone()],
            "{path}"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_id_that_columns_of_two_boards_have_names_neither_of_them(db: PgPool) {
    let scene = Scene::new(db).await;
    let (world, ana) = (&scene.world, &scene.world.people.ana);
    seed::board(&world.app.db, world.team.id, ana, "APP", "Mobile app").await;
    let id = Uuid::now_v7();
    let column = json!({ "id": id, "name": "Review", "kind": "doing" });
    let boards = ["WEB", "APP"].map(|key| scene.path(&format!("/boards/{key}/columns")));
    for columns in &boards {
        scene.ben.post(columns, &column).await.expect(201);
    }
    let path = scene.path(&format!("/columns/{id}"));
    scene.ben.get(&path).await.expect(409);
    let edit = json!({ "name": "Second look" });
    scene.ben.patch(&path, "*", &edit).await.expect(409);
    scene.ben.delete(&path, None).await.expect(409);
    for columns in &boards {
        let column = scene.ben.get(&format!("{columns}/{id}")).await.expect(200);
        assert_eq!(column.json()["name"], "Review");
    }
}
