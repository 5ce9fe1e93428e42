//! What people can rely on about comments, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use leptos::server_fn::ServerFn;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::requests::{AddComment, DeleteComment, EditComment, RestoreComment};
use crate::{
    boards::tests::HOSTILE,
    testing::{
        Answer, Browser, TestApp, World,
        seed::{self, Task},
    },
};

async fn call(
    browser: &Browser,
    world: &World,
    action: &str,
    task: &Task,
    fields: &[(&str, &str)],
) -> Answer {
    let mut all = vec![
        ("team", world.team.slug.as_str()),
        ("task", task.key.as_str()),
    ];
    all.extend_from_slice(fields);
    browser.call(action, &all).await
}

async fn add(browser: &Browser, world: &World, task: &Task, id: Uuid, body: &str) -> Answer {
    let id = id.to_string();
    let fields = [("id", id.as_str()), ("body", body)];
    call(browser, world, AddComment::url(), task, &fields).await
}

async fn edit(browser: &Browser, world: &World, id: Uuid, body: &str) -> Answer {
    let id = id.to_string();
    let fields = [("comment", id.as_str()), ("body", body)];
    call(browser, world, EditComment::url(), &world.todo, &fields).await
}

async fn act(browser: &Browser, world: &World, action: &str, id: Uuid) -> Answer {
    let id = id.to_string();
    call(browser, world, action, &world.todo, &[("comment", &id)]).await
}

/// Every comment of a task that stands, as it was typed.
async fn bodies(world: &World, task: &Task) -> Vec<String> {
    sqlx::query_scalar(
        r#"
        SELECT body FROM comments WHERE team_id = $1 AND task_id = $2 AND deleted_at IS NULL
        ORDER BY created_at, id
        "#,
    )
    .bind(world.team.id)
    .bind(task.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap()
}

async fn events(world: &World) -> Vec<(String, Value)> {
    sqlx::query_as("SELECT kind, changes FROM events WHERE team_id = $1 ORDER BY seq")
        .bind(world.team.id)
        .fetch_all(&world.app.db)
        .await
        .unwrap()
}

fn path(world: &World) -> String {
    world.team.path(&format!("/tasks/{}", world.todo.key))
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn plain_forms_say_change_and_take_back(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.ana.get(&path(&world)).await.page();
    let form = page.form("Add comment").fill("Comment", "Blue *it* is.");
    let page = world.ana.submit(form).await.expect(200).page();
    assert_eq!(page.statuses().concat(), "Comment added.");
    assert_eq!(page.texts(".comment em"), ["it"]);
    assert_eq!(page.form("Add comment").field("Comment").value, "");

    // Ana has a form for her own comment and none for Ben's.
    let form = page.form("Update");
    assert_eq!(page.forms("Update").len(), 1);
    assert_eq!(form.field("Text").value, "Blue *it* is.");
    let page = world.ana.submit(form.fill("Text", "Red it is.")).await;
    let page = page.expect(200).page();
    assert!(page.shows("Red it is.") && page.shows("edited"));
    let page = world.ana.submit(page.form("Remove")).await.page();
    assert!(!page.shows("Red it is."));
    assert_eq!(bodies(&world, &world.todo).await, ["Blue, I think."]);
    assert!(
        world
            .vera
            .get(&path(&world))
            .await
            .page()
            .forms("Update")
            .is_empty()
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_comment_again_is_one_comment(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7();
    let requests = (0..6).map(|_| {
        let world = world.clone();
        tokio::spawn(async move { add(&world.ana, &world, &world.doing, id, "Once").await })
    });
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap().expect(200);
    }
    assert_eq!(bodies(&world, &world.doing).await, ["Once"]);
    let said = json!([{"field": "comment", "to": "Once", "to_id": id.to_string()}]);
    assert_eq!(events(&world).await, [("comment.added".to_owned(), said)]);

    // Other words, and the same words of somebody else, are another comment.
    for (browser, body) in [(&world.ana, "Twice"), (&world.ben, "Once")] {
        add(browser, &world, &world.doing, id, body)
            .await
            .expect(409);
    }
    // Compared with how it was said, not with what has become of it.
    sqlx::query("UPDATE comments SET body = 'Changed', deleted_at = now() WHERE id = $1")
        .bind(id)
        .execute(&world.app.db)
        .await
        .unwrap();
    add(&world.ana, &world, &world.doing, id, "Once")
        .await
        .expect(200);
    delete_task(&world, &world.doing).await;
    add(&world.ana, &world, &world.doing, id, "Once")
        .await
        .expect(200);
    add(&world.ana, &world, &world.doing, id, "Changed")
        .await
        .expect(409);
    assert_eq!(bodies(&world, &world.doing).await, Vec::<String>::new());
    // An id is one comment's in the whole team.
    add(&world.ana, &world, &world.todo, id, "Once")
        .await
        .expect(409);
}

async fn delete_task(world: &World, task: &Task) {
    seed::delete(&world.app.db, world.team.id, &world.people.ana, task).await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_comment_is_its_authors_alone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    // An owner neither.
    for (browser, status) in [
        (&world.ana, 403),
        (&world.vera, 403),
        (&world.otto, 404),
        (&world.nobody, 401),
    ] {
        edit(browser, &world, world.comment, "Mine")
            .await
            .expect(status);
        for action in [DeleteComment::url(), RestoreComment::url()] {
            act(browser, &world, action, world.comment)
                .await
                .expect(status);
        }
    }
    for browser in [&world.vera, &world.otto, &world.nobody] {
        let answer = add(browser, &world, &world.todo, Uuid::now_v7(), "Hello").await;
        assert!([401, 403, 404].contains(&answer.status.as_u16()));
    }
    assert_eq!(bodies(&world, &world.todo).await, ["Blue, I think."]);
    assert_eq!(events(&world).await, []);

    let (ben, id) = (&world.ben, world.comment);
    edit(ben, &world, id, "Red, I think.").await.expect(200);
    edit(ben, &world, id, "Red, I think.").await.expect(200);
    for _ in 0..2 {
        act(ben, &world, DeleteComment::url(), id).await.expect(200);
    }
    edit(ben, &world, id, "Too late").await.expect(409);
    for _ in 0..2 {
        act(ben, &world, RestoreComment::url(), id)
            .await
            .expect(200);
    }
    assert_eq!(bodies(&world, &world.todo).await, ["Red, I think."]);
    let id = id.to_string();
    let (before, after) = ("Blue, I think.", "Red, I think.");
    assert_eq!(
        events(&world).await,
        [
            (
                "comment.edited".to_owned(),
                json!([{"field": "comment", "from": before, "to": after, "from_id": id, "to_id": id}])
            ),
            (
                "comment.deleted".to_owned(),
                json!([{"field": "comment", "from": after, "from_id": id}])
            ),
            (
                "comment.restored".to_owned(),
                json!([{"field": "comment", "to": after, "to_id": id}])
            ),
        ]
    );
    // Talking about a task is no change of it.
    let version: i64 =
        sqlx::query_scalar("SELECT version FROM tasks WHERE team_id = $1 AND id = $2")
            .bind(world.team.id)
            .bind(world.todo.id)
            .fetch_one(&world.app.db)
            .await
            .unwrap();
    assert_eq!(version, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_comment_is_found_on_its_own_task_only(db: PgPool) {
    let app = TestApp::new(db);
    let (world, other) = (app.world().await, app.world().await);
    let id = world.comment.to_string();
    let fields = [("comment", id.as_str()), ("body", "Moved")];
    for task in [&world.doing, &world.done] {
        call(&world.ben, &world, EditComment::url(), task, &fields)
            .await
            .expect(404);
    }
    edit(&world.ben, &world, other.comment, "Theirs")
        .await
        .expect(404);
    edit(&world.ben, &world, Uuid::now_v7(), "Nowhere")
        .await
        .expect(404);
    edit(&world.ben, &other, other.comment, "Theirs")
        .await
        .expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deleted_task_and_an_archived_board_take_no_comments(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let new = Uuid::now_v7();
    add(&world.ben, &world, &world.deleted, new, "Hello")
        .await
        .expect(409);
    seed::archive(&world.app.db, world.team.id, world.board).await;
    add(&world.ben, &world, &world.todo, new, "Hello")
        .await
        .expect(409);
    edit(&world.ben, &world, world.comment, "Changed")
        .await
        .expect(409);
    for action in [DeleteComment::url(), RestoreComment::url()] {
        act(&world.ben, &world, action, world.comment)
            .await
            .expect(409);
    }
    assert_eq!(bodies(&world, &world.todo).await, ["Blue, I think."]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn bad_input_is_refused_at_its_field_and_kept(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let huge = "n".repeat(900_000);
    for body in ["", " \r\n\t", "nul\0", &"ä".repeat(20_001), &huge] {
        for answer in [
            add(&world.ben, &world, &world.todo, Uuid::now_v7(), body).await,
            edit(&world.ben, &world, world.comment, body).await,
        ] {
            let error = answer.expect(422).error().unwrap();
            assert!(error.on("body").is_some(), "{error:?}");
        }
    }
    for id in ["", "1", "nothing"] {
        let fields = [("id", id), ("body", "Hello")];
        let answer = call(&world.ben, &world, AddComment::url(), &world.todo, &fields).await;
        assert!(answer.expect(422).error().unwrap().on("id").is_some());
    }
    let typed = "ä".repeat(20_001);
    let page = world.ben.get(&path(&world)).await.page();
    let form = page.form("Add comment").fill("Comment", &typed);
    let page = world.ben.submit(form).await.expect(200).page();
    let field = page.form("Add comment").field("Comment").clone();
    assert_eq!(field.value, typed);
    assert!(field.problem.is_some());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn comments_come_back_as_they_were_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for text in HOSTILE {
        let body = format!("{text}\r\n\r\n{text}");
        add(&world.ana, &world, &world.doing, Uuid::now_v7(), &body)
            .await
            .expect(200);
    }
    let page = world.team.path(&format!("/tasks/{}", world.doing.key));
    let page = world.ana.get(&page).await.page();
    let shown: Vec<String> = page
        .forms("Update")
        .iter()
        .map(|form| form.field("Text").value.clone())
        .collect();
    let typed = HOSTILE.map(|text| format!("{text}\n\n{text}"));
    assert_eq!(shown, typed);
    assert_eq!(page.texts(".comment script").len(), 0);
}
