//! The document of the API, and the page of it.

use std::collections::BTreeSet;

use serde_json::Value;
use sqlx::PgPool;

use crate::testing::{Ask, TestApp};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_document_says_everything_about_every_operation(db: PgPool) {
    let app = TestApp::new(db);
    let answer = app
        .browser()
        .ask(Ask::page("/api/v1/openapi.json"))
        .await
        .expect(200);
    let document = answer.json();
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .expect("tags")
        .iter()
        .filter_map(|tag| tag["name"].as_str())
        .collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("verbs") {
            let who = format!("{method} {path}");
            assert!(
                ids.insert(operation["operationId"].as_str().expect("an id")),
                "{who}"
            );
            assert!(operation["summary"].is_string(), "{who}");
            assert!(
                tags.contains(operation["tags"][0].as_str().expect("a tag")),
                "{who}"
            );
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{who}: {parameter}");
            }
            for status in ["401", "429", "503"] {
                assert!(operation["responses"][status].is_object(), "{who} {status}");
            }
            if let Some(body) =
                operation.pointer("/requestBody/content/application~1json/schema/$ref")
            {
                let schema = document.pointer(body.as_str().expect("text").trim_start_matches('#'));
                let schema = schema.expect("a schema");
                assert_eq!(schema["additionalProperties"], false, "{who}");
                assert!(schema["example"].is_object(), "{who}");
            }
        }
    }
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    for reference in references {
        assert!(
            document
                .pointer(reference.trim_start_matches('#'))
                .is_some(),
            "{reference}"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_list_takes_a_cursor_and_a_limit_of_any_size(db: PgPool) {
    let document = crate::api::document(&TestApp::new(db).settings);
    let mut lists = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let operations = item.as_object().expect("verbs").values();
        for list in operations.filter(|operation| is_list(operation)) {
            let parameters = list["parameters"].as_array().expect("parameters");
            let named = |name: &str| {
                let parameter = parameters.iter().find(|given| given["name"] == name);
                parameter.unwrap_or_else(|| panic!("{path} takes no {name}"))
            };
            assert_eq!(named("cursor")["in"], "query", "{path}");
            assert!(named("limit")["schema"]["maximum"].is_null(), "{path}");
            lists += 1;
        }
    }
    assert_eq!(lists, 8);
}

fn is_list(operation: &Value) -> bool {
    let schema = operation.pointer("/responses/200/content/application~1json/schema/$ref");
    let schema = schema.and_then(Value::as_str).unwrap_or_default();
    schema.starts_with("#/components/schemas/Page_")
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(
                fields
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            for field in fields.values() {
                collect_references(field, found);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_page_of_the_document_shows_every_operation_and_loads_only_our_styles(db: PgPool) {
    let app = TestApp::new(db);
    let document = crate::api::document(&app.settings);
    let answer = app.browser().ask(Ask::page("/api/docs")).await.expect(200);
    let page = answer.page();
    assert_eq!(page.heading(), "REST API");
    let shown = page.texts(".api-line code");
    let mut documented = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("verbs").keys() {
            let line = format!("{} /api/v1{path}", method.to_uppercase());
            assert!(shown.contains(&line), "{line}");
            documented += 1;
        }
    }
    assert_eq!(shown.len(), documented);
    assert_eq!(page.texts("script"), [""; 0]);
    for attribute in ["src", "href"] {
        for address in page.attributes("link, img, iframe", attribute) {
            assert!(address.starts_with('/'), "{address}");
        }
    }
    assert_eq!(page.link("account").as_deref(), Some("/account"));
}
