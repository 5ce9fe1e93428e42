//! The document of the API: what the handlers say, and what holds for all of them.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{PREFIX, problem};
use crate::server::settings::Settings;

/// What no handler says.
#[derive(OpenApi)]
#[openapi(components(schemas(problem::Body)))]
pub struct Head;

/// What a part of a path stands for: its name, what it is, its schema, and an example.
const PARTS: &[(&str, &str, &str, &str)] = &[
    (
        "team",
        "The address of the team: its `slug`.",
        r#"{"type": "string", "minLength": 1}"#,
        "blue-lantern",
    ),
    (
        "key",
        "The key of the board.",
        r#"{"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]{0,9}$"}"#,
        "WEB",
    ),
    (
        "task",
        "The key of the task: that of its board, and its number.",
        r#"{"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]{0,9}-[1-9][0-9]{0,8}$"}"#,
        "WEB-12",
    ),
    (
        "id",
        "The id.",
        r#"{"type": "string", "format": "uuid"}"#,
        "0193a1f0-0000-7000-8000-000000000001",
    ),
];

/// What has a version, and so an `ETag`.
const VERSIONED: [&str; 3] = ["Board", "Column", "Task"];

/// The document with what holds for all of it.
pub fn complete(document: utoipa::openapi::OpenApi, settings: &Settings) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["info"] = json!({
        "title": "Skateboard",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "The task board of small teams, for scripts",
        "description": DESCRIPTION,
        "contact": { "name": "Whoever runs this server", "url": settings.origin() },
        "license": { "name": "Apache License 2.0", "identifier": "Apache-2.0" },
    });
    document["servers"] =
        json!([{ "url": format!("{}{PREFIX}", settings.origin()), "description": "This server" }]);
    document["security"] = json!([{ "token": [] }]);
    document["tags"] = json!([
        { "name": "account", "description": "Whose token it is." },
        { "name": "teams", "description": "A team, who is in it, and who is on what." },
        { "name": "boards", "description": "Boards are archived, not deleted." },
        { "name": "columns", "description": "The ordered columns of a board. Their kinds decide what is in progress." },
        { "name": "tasks", "description": "What the team works on." },
        { "name": "comments", "description": "What is said about a task." },
        { "name": "events", "description": "Everything that was changed, numbered without gaps." },
    ]);
    document["components"]["securitySchemes"] = json!({ "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token from the page of your account. It acts as you: it reads, or changes things too.",
    }});
    let schemas = document["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.into_iter().flatten() {
        // The shape of what is on a page has a name of its own.
        if let Some(of) = name.strip_prefix("Page_") {
            let reference = format!("#/components/schemas/{of}");
            schema["properties"]["items"]["items"] = json!({ "$ref": reference });
        }
    }
    let paths = document["paths"].as_object_mut();
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete_operation(path, method, operation);
        }
    }
    document
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let mut parameters: Vec<Value> = PARTS
        .iter()
        .filter(|(name, ..)| path.contains(&format!("{{{name}}}")))
        .map(|(name, description, schema, example)| {
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": description,
                "schema": serde_json::from_str::<Value>(schema).unwrap_or_default(),
                "example": example,
            })
        })
        .collect();
    let has_query = operation["parameters"].is_array();
    parameters.extend(
        operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .cloned(),
    );
    let statuses = operation["responses"].as_object();
    let has = |status| statuses.is_some_and(|statuses| statuses.contains_key(status));
    let wants_version = has("428");
    if has("412") {
        parameters.push(json!({
            "name": "If-Match",
            "in": "header",
            "required": wants_version,
            "description": "The `ETag` of what this starts from, or `*` for whatever stands.",
            "schema": { "type": "string", "pattern": r#"^(\*|(W/)?"[1-9][0-9]{0,17}")$"# },
            "example": "\"7\"",
        }));
    }
    let mut common = vec![
        ("401", "There is no token, or none that is valid"),
        (
            "429",
            "Too many requests: 6,000 a minute for one person, and fewer of what costs much",
        ),
        ("503", "The database is away for a moment"),
    ];
    if path.contains("{team}") {
        common.push(("404", "There is nothing here, or it is not yours to see"));
    }
    if has_query {
        common.push(("422", "A parameter cannot be taken as it is"));
    }
    if method != "get" {
        common.extend([
            ("400", "The body or a header cannot be read"),
            ("403", "The token only reads, or the role does not allow it"),
            ("413", "The body is too long"),
            (
                "422",
                "A field is unknown, missing, or cannot be taken as it is",
            ),
        ]);
    }
    if operation["requestBody"].is_object() {
        common.push(("415", "The body is not JSON"));
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    for (status, description) in common {
        let response = responses.entry(status);
        response.or_insert_with(|| json!({ "description": description }));
    }
    for (status, response) in responses {
        complete_response(status, response);
    }
}

fn complete_response(status: &str, response: &mut Value) {
    let mut headers = Map::new();
    let mut header = |name: &str, description: &str, kind: &str| {
        let header = json!({ "description": description, "schema": { "type": kind } });
        headers.insert(name.to_owned(), header);
    };
    header(
        "X-Request-Id",
        "The number of the request in the log of the server",
        "string",
    );
    if status.starts_with('2') {
        let schema = response.pointer("/content/application~1json/schema/$ref");
        let schema = schema.and_then(Value::as_str);
        let shape = schema.and_then(|schema| schema.rsplit('/').next());
        if shape.is_some_and(|shape| VERSIONED.contains(&shape)) {
            header("ETag", "The version, for `If-Match`", "string");
            if status == "201" {
                header("Location", "Where it is", "string");
            }
        }
    } else {
        response["content"] = json!({
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
        });
        match status {
            "401" => header("WWW-Authenticate", "How to show who one is", "string"),
            "429" | "503" => header(
                "Retry-After",
                "Seconds after which asking again makes sense",
                "integer",
            ),
            _ => {}
        }
    }
    response["headers"] = headers.into();
}

const DESCRIPTION: &str = "\
Everything that people do on the pages, for programs. The rules are the same, because the code is.

**Who asks.** Send a token from the page of your account: `Authorization: Bearer …`. It acts as you, in every \
team that you are in, unless it is limited to one.

**Lists** answer `items` and `next_cursor`. Give that as `cursor` for the next page; it is null after the last.

**Versions.** What is read has an `ETag`. Send it back in `If-Match` to change what you have seen. What others \
have changed meanwhile is merged; where it is the same field, the answer is 412 with both values.

**Once.** What creates something takes an `id` that you choose. The same request again makes no second one.

**Problems** are `application/problem+json`. `field` names what is wrong, `request_id` finds it in the log. A 404 \
has that number in the header `X-Request-Id` alone, so that its body is the same whatever is not there.";
