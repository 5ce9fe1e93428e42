//! What is no good in a body or a query.

use serde_json::json;
use sqlx::PgPool;

use super::{
    blamed, documented,
    holders::Holder,
    is_problem,
    operations::{BOARD, COLUMN, COLUMN_OF_TEAM, OPERATIONS, TASK},
};
use crate::testing::doors::{app, assert_unchanged, contents};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_field_that_nobody_may_choose_is_refused_by_its_name(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let owner = Holder::Owner.program(&world).await;
    let before = contents(&app.db).await;
    for operation in OPERATIONS {
        for field in ["team_id", "role", "version", "created_by", "seq", "kind_of"] {
            let who = format!("{field} in {}", operation.name());
            let answer = if operation.method == "GET" {
                let separator = if operation.query.is_empty() { '?' } else { '&' };
                let path = operation.address(&world, &world.team.slug);
                let takes_none = [
                    "/me",
                    "/teams/{team}",
                    "/teams/{team}/now",
                    BOARD,
                    COLUMN,
                    COLUMN_OF_TEAM,
                    TASK,
                ];
                if takes_none.contains(&operation.path) {
                    continue;
                }
                owner.get(&format!("{path}{separator}{field}=1")).await
            } else {
                let mut body = operation.sample(&world).unwrap_or_else(|| json!({}));
                body[field] = json!(world.other_team.id);
                operation.send(&owner, &world, Some(&body)).await
            };
            assert_eq!(answer.status, 422, "{who}: {}", answer.text());
            assert_eq!(blamed(&answer), [field], "{who}");
        }
    }
    assert_unchanged(&before, &contents(&app.db).await, "an unknown field");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_no_field_can_take_is_refused_by_its_name(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let ana = Holder::Owner.program(&world).await;
    let documented = documented(&app);
    let deep = (0..100).fold(json!("x"), |inner, _| json!([inner]));
    for operation in OPERATIONS {
        let Some(schema) = &documented[&operation.name()] else {
            continue;
        };
        let fields: Vec<String> = schema["properties"]
            .as_object()
            .expect("fields")
            .keys()
            .cloned()
            .collect();
        for field in fields {
            for (bad, must_refuse) in [
                (json!("a\0b"), true),
                (json!({ "a": 1 }), true),
                (json!(1.5), true),
                (deep.clone(), true),
                (json!("300000-01-01"), false),
                (json!("\u{202e}\u{200b}"), false),
                (json!(i64::MAX), false),
                (json!(-1), false),
                (json!(1e300), false),
                (json!(""), false),
                (json!(null), false),
                (json!("x".repeat(60_000)), true),
                (json!("'; DROP TABLE people; --"), false),
            ] {
                let mut body = operation.sample(&world).unwrap_or_default();
                body[&field] = bad.clone();
                let answer = operation.send(&ana, &world, Some(&body)).await;
                let text: String = bad.to_string().chars().take(40).collect();
                let who = format!("{} with {field} {text}", operation.name());
                let status = answer.status.as_u16();
                assert!(status < 500, "{who}: {}", answer.text());
                assert!(
                    !must_refuse || status == 422,
                    "{who}: {status} {}",
                    answer.text()
                );
                if status == 422 {
                    assert_eq!(
                        blamed(&answer),
                        [field.as_str()],
                        "{who}: {}",
                        answer.text()
                    );
                    is_problem(&answer, &who);
                }
            }
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_body_that_is_no_json_is_refused(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let ana = Holder::Owner.program(&world).await;
    let before = contents(&app.db).await;
    let deep = format!(
        "{{\"title\": {}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for operation in OPERATIONS
        .iter()
        .filter(|operation| operation.body.is_some())
    {
        for (raw, status, field) in [
            (&b""[..], 400, None),
            (b"{", 400, None),
            (b"{} x", 400, None),
            (b"{\"title\": 1 2}", 400, None),
            (b"{\"\xff\": 1}", 400, None),
            (b"{\"title\": \"\\ud800\"}", 422, Some("title")),
            (b"{\"title\": \"\xff\xfe\"}", 422, Some("title")),
            (b"{\"title\": 1e999}", 422, Some("title")),
            (b"{\"title\": one}", 422, Some("title")),
            (b"{\"id\": 1, \"title\": \"cut", 422, Some("title")),
            (deep.as_bytes(), 422, Some("title")),
            (b"[]", 422, None),
            (b"\"title\"", 422, None),
            (b"{\"title\": 1, \"title\": 2}", 422, Some("title")),
        ] {
            let path = operation.address(&world, &world.team.slug);
            let mut ask = operation.ask_at(&ana, &path, Some(&json!({})));
            ask.body = raw.to_vec();
            let answer = ana.ask(ask).await;
            let text = String::from_utf8_lossy(&raw[..raw.len().min(40)]).into_owned();
            let who = format!("{} with {text}", operation.name());
            assert_eq!(answer.status, status, "{who}: {}", answer.text());
            assert_eq!(blamed(&answer).first().map(String::as_str), field, "{who}");
            is_problem(&answer, &who);
        }
        let path = operation.address(&world, &world.team.slug);
        let sample = operation.sample(&world);
        let form = operation.ask_at(&ana, &path, sample.as_ref());
        let form = form.header("content-type", Some("application/x-www-form-urlencoded"));
        let answer = ana.ask(form).await;
        assert_eq!(answer.status, 415, "{}", operation.name());
        is_problem(&answer, "a form");
        let mut long = operation.ask_at(&ana, &path, sample.as_ref());
        long.body = format!("{{\"title\": \"{}\"}}", "x".repeat(1_100_000)).into_bytes();
        let answer = ana.ask(long).await;
        assert_eq!(answer.status, 413, "{}", operation.name());
        is_problem(&answer, "a long body");
    }
    assert_unchanged(&before, &contents(&app.db).await, "what is no JSON");
}
