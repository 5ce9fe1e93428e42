//! Ids and keys of what is there, and yet not where they are said to be.

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{blamed, holders::Holder};
use crate::testing::{
    Answer,
    doors::{app, assert_unchanged, contents},
    seed,
};

/// A problem without the number of its request.
fn comparable(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem["request_id"] = Value::Null;
    problem
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn ids_that_do_not_belong_together_name_nothing(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let ana = Holder::Owner.program(&world).await;
    let (team, other) = (&world.team, &world.other_team);
    let (people, db) = (&world.people, &app.db);
    let (_, foreign) = seed::board(db, other.id, &people.otto, "RED", "Red board").await;
    let foreign_task = seed::task(db, other.id, &people.otto, &foreign[0], "Fly a kite").await;
    let (_, sibling) = seed::board(db, team.id, &people.ana, "APP", "Mobile app").await;
    let before = contents(db).await;

    // What is there is answered like what is not.
    let nothing = Uuid::now_v7();
    for (column, below) in [
        (foreign[0].id, "/boards/WEB/columns"),
        (sibling[0].id, "/boards/WEB/columns"),
        (foreign[0].id, "/columns"),
    ] {
        for (method, body) in [
            ("GET", None),
            ("PATCH", Some(json!({ "name": "X" }))),
            ("DELETE", None),
        ] {
            let ask = |id| {
                let path = format!("/teams/{}{below}/{id}", team.slug);
                ana.ask(ana.request(method, &path, body.as_ref()))
            };
            let answer = ask(column).await.expect(404);
            assert_eq!(answer.text(), ask(nothing).await.text(), "{method}");
        }
        let fields = json!({ "board": "WEB", "title": "X", "column": column });
        let answer = ana
            .post(&format!("/teams/{}/tasks", team.slug), &fields)
            .await;
        assert_eq!(blamed(&answer.expect(422)), ["column"]);
        let path = format!("/teams/{}/tasks/{}/move", team.slug, world.todo.key);
        let answer = ana.post(&path, &json!({ "column": column })).await;
        assert_eq!(blamed(&answer.expect(422)), ["column"]);
    }
    for key in [foreign_task.key.clone(), "RED-99".to_owned()] {
        let path = format!("/teams/{}/tasks/{key}", team.slug);
        ana.get(&path).await.expect(404);
        ana.patch(&path, "*", &json!({ "title": "X" }))
            .await
            .expect(404);
        ana.delete(&path, Some("*")).await.expect(404);
        for deed in ["claim", "restore"] {
            let ask = ana.request("POST", &format!("{path}/{deed}"), None);
            ana.ask(ask).await.expect(404);
        }
        ana.get(&format!("{path}/comments")).await.expect(404);
        ana.get(&format!("{path}/history")).await.expect(404);
        let said = json!({ "body": "X" });
        ana.post(&format!("{path}/comments"), &said)
            .await
            .expect(404);
    }
    let tasks = format!("/teams/{}/tasks", team.slug);
    let task = format!("{tasks}/{}", world.todo.key);
    let same = async |fields: Value, other: Value, field: &str| {
        let answer = ana.post(&tasks, &fields).await.expect(422);
        assert_eq!(blamed(&answer), [field]);
        assert_eq!(
            comparable(&answer),
            comparable(&ana.post(&tasks, &other).await)
        );
    };
    let on = |board: &str| json!({ "board": board, "title": "X" });
    same(on("RED"), on("NONE"), "board").await;
    let of = |person: Uuid| json!({ "board": "WEB", "title": "X", "assignee": person });
    same(of(people.otto.id), of(nothing), "assignee").await;
    let answer = ana
        .patch(&task, "*", &json!({ "assignee": people.otto.id }))
        .await;
    assert_eq!(blamed(&answer.expect(422)), ["assignee"]);
    let column = world.columns[0].id;
    for after in [
        json!(foreign_task.id),
        json!(foreign_task.key),
        json!(world.doing.key),
        json!(nothing),
    ] {
        let to = json!({ "column": column, "after": after });
        let answer = ana.post(&format!("{task}/move"), &to).await.expect(422);
        assert_eq!(blamed(&answer), ["after"]);
        assert_eq!(
            answer.json()["detail"],
            "There is no such task in this column."
        );
    }
    for filter in [
        "board=RED".to_owned(),
        format!("column={}", foreign[0].id),
        format!("assignee={}", people.otto.id),
    ] {
        let found = ana
            .get(&format!("{tasks}?{filter}"))
            .await
            .expect(200)
            .json();
        assert_eq!(
            found,
            json!({ "items": [], "next_cursor": null }),
            "{filter}"
        );
    }
    assert_unchanged(
        &before,
        &contents(db).await,
        "what does not belong together",
    );
}
