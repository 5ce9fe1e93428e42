//! Every operation of the API × everybody, out of its own document. A row is needed for each.

mod bodies;
mod holders;
mod ids;
mod operations;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::PgPool;

use self::{
    holders::{HOLDERS, Holder},
    operations::{OPERATIONS, Operation},
};
use super::{app, assert_unchanged, compare, contents};
use crate::{
    api,
    testing::{Answer, TestApp},
};

/// The operations of the document, each with its schema of the body, if it has one.
fn documented(app: &TestApp) -> BTreeMap<String, Option<Value>> {
    let document = api::document(&app.settings);
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("verbs") {
            let body = operation.pointer("/requestBody/content/application~1json/schema/$ref");
            let schema = body.and_then(Value::as_str).map(|reference| {
                let schema = document.pointer(reference.trim_start_matches('#'));
                schema.expect("a schema").clone()
            });
            operations.insert(format!("{} {path}", method.to_uppercase()), schema);
        }
    }
    operations
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_operation_of_the_api_has_a_rule(db: PgPool) {
    let real: BTreeSet<String> = documented(&app(db)).into_keys().collect();
    let ruled: BTreeSet<String> = OPERATIONS.iter().map(Operation::name).collect();
    assert_eq!(ruled.len(), OPERATIONS.len(), "an operation has two rows");
    compare(
        &real,
        &ruled,
        "operation of the API",
        "OPERATIONS in src/testing/doors/api/operations.rs, not",
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_field_of_every_body_is_in_its_sample(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let documented = documented(&app);
    for operation in OPERATIONS {
        let schema = documented
            .get(&operation.name())
            .expect("a rule of something");
        let fields = |value: &Value| -> BTreeSet<String> {
            value
                .as_object()
                .into_iter()
                .flat_map(|object| object.keys().cloned())
                .collect()
        };
        let real = schema.as_ref().map(|schema| fields(&schema["properties"]));
        let sample = operation.sample(&world).map(|sample| fields(&sample));
        assert_eq!(real, sample, "{}", operation.name());
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_operation_lets_in_whom_its_rule_names_and_nobody_else(db: PgPool) {
    let app = app(db);
    for operation in OPERATIONS {
        let world = app.world().await;
        let before = contents(&app.db).await;
        for holder in HOLDERS {
            let Some(expected) = holder.refused(operation) else {
                continue;
            };
            let program = holder.program(&world).await;
            let who = format!("{} by {holder:?}", operation.name());
            let sample = operation.sample(&world);
            let answer = operation.send(&program, &world, sample.as_ref()).await;
            assert_eq!(answer.status, expected, "{who}: {}", answer.text());
            is_problem(&answer, &who);
            assert_eq!(
                expected == 401,
                answer.headers.contains_key("www-authenticate"),
                "{who}"
            );
            if expected == 404 {
                let path = operation.address(&world, "there-is-no-such-team");
                let ask = operation.ask_at(&program, &path, sample.as_ref());
                let nothing = program.ask(ask).await;
                assert_eq!(nothing.text(), answer.text(), "{who} tells what exists");
            }
        }
        let mut after = contents(&app.db).await;
        // The tokens that were made on the way.
        after.insert("api_tokens".to_owned(), before["api_tokens"].clone());
        assert_unchanged(&before, &after, &format!("{}, refused,", operation.name()));

        for holder in HOLDERS {
            if holder.refused(operation).is_some() {
                continue;
            }
            let world = app.world().await;
            let program = holder.program(&world).await;
            let sample = operation.sample(&world);
            let answer = operation.send(&program, &world, sample.as_ref()).await;
            let who = format!("{} by {holder:?}", operation.name());
            assert_eq!(answer.status, operation.status, "{who}: {}", answer.text());
            if matches!(holder, Holder::Stranger | Holder::Elsewhere) {
                for theirs in [&world.team.slug, &world.team.name, &world.people.ben.name] {
                    assert!(!answer.text().contains(theirs), "{who} tells {theirs}");
                }
            }
        }
    }
}

#[track_caller]
fn is_problem(answer: &Answer, what: &str) {
    let kind = answer
        .headers
        .get("content-type")
        .map(http::HeaderValue::as_bytes);
    assert_eq!(
        kind,
        Some(&b"application/problem+json"[..]),
        "{what}: {}",
        answer.text()
    );
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    let text = |member: &str| problem[member].as_str().unwrap_or_default();
    for member in ["type", "title", "detail"] {
        assert!(
            !text(member).is_empty(),
            "{what} has no {member}: {problem}"
        );
    }
    // The number of the request is all that would tell one 404 from another.
    assert_eq!(
        text("request_id").is_empty(),
        answer.status == 404,
        "{what}: {problem}"
    );
    assert!(answer.headers.contains_key("x-request-id"), "{what}");
}

/// The names in a problem's list of fields.
fn blamed(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let fields = problem["field"].as_array().into_iter().flatten();
    fields
        .map(|field| field["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn below_api_everything_is_refused_as_a_problem(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let ana = Holder::Owner.program(&world).await;
    for (method, path, status) in [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v2/me", 404),
        ("POST", "/api/v1/nothing", 404),
        ("GET", "/api/v1/teams/%00", 404),
        ("GET", "/api/v1/teams/%FF", 404),
        ("DELETE", "/api/v1/me", 405),
        ("PUT", "/api/v1/openapi.json", 405),
        ("POST", "/api/docs", 405),
    ] {
        for accept in ["text/html", "application/json"] {
            let mut ask = ana.request(method, "", None).header("accept", Some(accept));
            path.clone_into(&mut ask.path);
            let answer = ana.ask(ask).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
            is_problem(&answer, path);
            assert_eq!(
                status == 405,
                answer.headers.contains_key("allow"),
                "{path}"
            );
        }
    }
    let mut foreign = ana.request("POST", "/me", Some(&json!({})));
    foreign
        .headers
        .push(("origin", "https://evil.example".to_owned()));
    let answer = ana.ask(foreign).await;
    assert_eq!(answer.status, 403);
    is_problem(&answer, "another site");
}
