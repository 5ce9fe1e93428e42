//! The API, driven through the router. Who may do what is in `testing/doors/api.rs`.

mod columns;
mod creating;
mod document;
mod large;
mod lists;
mod versions;

use serde_json::{Value, json};
use sqlx::PgPool;

use super::counting::MOST;
use crate::testing::{Program, TestApp, World};

/// A world and a program of one of its members.
struct Scene {
    world: World,
    ben: Program,
    /// The path of the team.
    team: String,
}

impl Scene {
    async fn new(db: PgPool) -> Self {
        let app = TestApp::new(db);
        let world = app.world().await;
        Self {
            ben: Program::of(&app, &world.people.ben).await,
            team: world.team.path(""),
            world,
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.team)
    }

    /// The path of the task that nobody has.
    fn todo(&self) -> String {
        self.path(&format!("/tasks/{}", self.world.todo.key))
    }

    async fn program(&self, person: &crate::testing::Person) -> Program {
        Program::of(&self.world.app, person).await
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_program_is_told_whose_token_it_has(db: PgPool) {
    let scene = Scene::new(db).await;
    let me = scene.ben.get("/me").await.expect(200).json();
    let team = &scene.world.team;
    assert_eq!(me["name"], "Ben");
    assert_eq!(me["scope"], "write");
    assert_eq!(
        me["teams"],
        json!([{ "slug": team.slug, "name": team.name, "role": "member" }])
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn viewers_are_not_told_addresses(db: PgPool) {
    let scene = Scene::new(db).await;
    let vera = scene.program(&scene.world.people.vera).await;
    let path = scene.path("/members");
    let told = scene.ben.get(&path).await.expect(200).json();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(3));
    assert!(told["items"][0]["email"].is_string());
    let told = vera.get(&path).await.expect(200).json();
    assert!(told["items"][0]["email"].is_null());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_has_the_documented_shape(db: PgPool) {
    let scene = Scene::new(db).await;
    let answer = scene.ben.get(&scene.todo()).await.expect(200);
    let task = answer.json();
    let fields: Vec<&String> = task.as_object().expect("an object").keys().collect();
    let mut documented = [
        "id",
        "key",
        "board",
        "column",
        "kind",
        "title",
        "description",
        "assignee",
        "due_on",
        "priority",
        "labels",
        "version",
        "created_at",
        "created_by",
        "started_at",
        "completed_at",
        "updated_at",
    ];
    documented.sort_unstable();
    assert_eq!(fields, documented);
    let ana = &scene.world.people.ana;
    assert_eq!(task["created_by"], json!({ "id": ana.id, "name": "Ana" }));
    assert_eq!(task["board"], "WEB");
    assert_eq!(task["column"], json!(scene.world.columns[0].id));
    assert_eq!(task["kind"], "todo");
    assert_eq!(task["priority"], "normal");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_claims_a_taken_task_is_told_who_has_it_and_since_when(db: PgPool) {
    let scene = Scene::new(db).await;
    let ana = scene.program(&scene.world.people.ana).await;
    let claim = format!("{}/claim", scene.todo());
    let task = scene
        .ben
        .ask(scene.ben.request("POST", &claim, None))
        .await
        .expect(200)
        .json();
    assert_eq!(task["assignee"]["name"], "Ben");
    assert_eq!(task["kind"], "doing", "claiming starts it");
    // One's own once more is no mistake.
    scene
        .ben
        .ask(scene.ben.request("POST", &claim, None))
        .await
        .expect(200);
    let refused = ana
        .ask(ana.request("POST", &claim, None))
        .await
        .expect(409)
        .json();
    assert_eq!(refused["conflict"]["by"], task["assignee"]);
    assert!(
        refused["conflict"]["at"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z')),
        "{refused}"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_moved_behind_another_to_the_beginning_or_to_the_end(db: PgPool) {
    let scene = Scene::new(db).await;
    let column = scene.world.columns[0].id;
    let mut keys = vec![scene.world.todo.key.clone()];
    for title in ["Second", "Third"] {
        let task = json!({ "board": "WEB", "title": title });
        let task = scene
            .ben
            .post(&scene.path("/tasks"), &task)
            .await
            .expect(201)
            .json();
        keys.push(task["key"].as_str().expect("a key").to_owned());
    }
    let [first, second, third] = &keys[..] else {
        panic!("three tasks");
    };
    for (moved, after, order) in [
        (first, json!(third), [second, third, first]),
        (third, Value::Null, [third, second, first]),
    ] {
        let to = json!({ "column": column, "after": after });
        scene
            .ben
            .post(&scene.path(&format!("/tasks/{moved}/move")), &to)
            .await
            .expect(200);
        assert_eq!(standing(&scene).await, order.map(String::clone));
    }
    let end = json!({ "column": column });
    scene
        .ben
        .post(&scene.path(&format!("/tasks/{third}/move")), &end)
        .await
        .expect(200);
    assert_eq!(
        standing(&scene).await,
        [second, first, third].map(String::clone)
    );
}

/// The keys of the first column, in their order.
async fn standing(scene: &Scene) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT 'WEB-' || number FROM tasks WHERE team_id = $1 AND column_id = $2 AND deleted_at IS NULL ORDER BY position",
    )
    .bind(scene.world.team.id)
    .bind(scene.world.columns[0].id)
    .fetch_all(&scene.world.app.db)
    .await
    .expect("the order")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_change_that_the_database_gave_up_is_made_again(db: PgPool) {
    let scene = Scene::new(db).await;
    scene.world.give_up_the_first(2).await;
    let edit = json!({ "title": "Choose two colours" });
    scene.ben.patch(&scene.todo(), "*", &edit).await.expect(200);
    scene.world.give_up_the_first(9).await;
    let refused = scene
        .ben
        .patch(&scene.todo(), "*", &json!({ "title": "Three" }))
        .await
        .expect(503);
    assert!(refused.headers.contains_key("retry-after"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deleted_task_is_gone_until_it_is_restored(db: PgPool) {
    let scene = Scene::new(db).await;
    let path = scene.todo();
    scene.ben.delete(&path, None).await.expect(428);
    scene.ben.delete(&path, Some("\"1\"")).await.expect(204);
    scene.ben.get(&path).await.expect(404);
    scene.ben.get(&format!("{path}/history")).await.expect(200);
    // The answer may have been lost.
    scene.ben.delete(&path, Some("\"1\"")).await.expect(204);
    let restored = scene
        .ben
        .ask(scene.ben.request("POST", &format!("{path}/restore"), None))
        .await;
    assert_eq!(restored.expect(200).json()["version"], 3);
    scene.ben.get(&path).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_board_is_archived_and_brought_back(db: PgPool) {
    let scene = Scene::new(db).await;
    let path = scene.path("/boards/WEB");
    scene.ben.delete(&path, None).await.expect(204);
    assert_eq!(
        scene.ben.get(&path).await.expect(200).json()["archived"],
        true
    );
    scene
        .ben
        .patch(&scene.todo(), "*", &json!({ "title": "X" }))
        .await
        .expect(409);
    let back = json!({ "archived": false, "name": "Website again" });
    let board = scene.ben.patch(&path, "*", &back).await.expect(200).json();
    assert_eq!(
        (&board["archived"], &board["name"]),
        (&json!(false), &json!("Website again"))
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn too_many_requests_of_one_person_are_refused_for_a_while(db: PgPool) {
    let scene = Scene::new(db).await;
    let (app, people) = (&scene.world.app, &scene.world.people);
    // All but one of those that may be, without the time that their answers would take.
    for _ in 1..MOST {
        let counted = app.requests.count(people.ben.id.into());
        counted.expect("not too many");
    }
    scene.ben.get("/me").await.expect(200);
    let refused = scene.ben.get("/me").await.expect(429);
    assert!(refused.headers.contains_key("retry-after"));
    // Another token of the same person is no way around it.
    let another = scene.program(&people.ben).await;
    another.get("/me").await.expect(429);
    let ana = scene.program(&people.ana).await;
    ana.get("/me").await.expect(200);
    let written: i64 = sqlx::query_scalar("SELECT count(*) FROM rate_limits")
        .fetch_one(&app.db)
        .await
        .expect("a number");
    assert_eq!(written, 0, "what only reads writes nothing");
}
