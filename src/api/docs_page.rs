//! The page that shows the document of the API to people. It needs no script, and loads nothing but our styles.

use axum::response::{Html, IntoResponse};
use http::{StatusCode, header::CACHE_CONTROL};
use leptos::prelude::*;
use serde_json::Value;

use super::{PREFIX, problem::anchor};
use crate::server::{bare_page::bare_page_of, markdown};

/// The statuses of problems, in the order in which they are explained.
const PROBLEMS: [u16; 14] = [
    400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 503,
];

pub fn answer(page: String) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-cache")], Html(page))
}

/// The page of a document.
pub fn page(document: &Value) -> String {
    let description = html(text(&document["info"]["description"]));
    let base = text(&document["servers"][0]["url"]).to_owned();
    let tags: Vec<&Value> = document["tags"].as_array().into_iter().flatten().collect();
    let contents = tags.iter().map(|tag| {
        let name = text(&tag["name"]).to_owned();
        view! { <li><a href=format!("#{name}")>{name.clone()}</a></li> }
    });
    let contents = contents.collect_view();
    let sections = tags.iter().map(|tag| section(document, tag, &base));
    let sections = sections.collect_view();
    let problems = PROBLEMS.map(problem).collect_view();
    bare_page_of("api-docs", "REST API", || {
        view! {
            <h1>"REST API"</h1>
            <div inner_html=description></div>
            <p>
                "Tokens are made on the page of your "<a href="/account">"account"</a>
                ". The same for machines: "<a href="/api/v1/openapi.json">"OpenAPI 3.1"</a>"."
            </p>
            <nav aria-label="Contents">
                <ul>{contents}<li><a href="#problems">"problems"</a></li></ul>
            </nav>
            {sections}
            <section id="problems" aria-labelledby="problems-heading">
                <h2 id="problems-heading">"problems"</h2>
                <dl>{problems}</dl>
            </section>
        }
        .into_any()
    })
}

fn section(document: &Value, tag: &Value, base: &str) -> AnyView {
    let name = text(&tag["name"]).to_owned();
    let about = text(&tag["description"]).to_owned();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag["name"] {
                operations.push(Operation {
                    document,
                    base,
                    path,
                    method,
                    operation,
                });
            }
        }
    }
    // As people read them: what is nearer to the root first, and reading before changing.
    let verbs = ["get", "post", "patch", "delete"];
    operations.sort_by_key(|operation| {
        let verb = verbs.iter().position(|verb| *verb == operation.method);
        (operation.path.to_owned(), verb)
    });
    let heading = format!("{name}-heading");
    view! {
        <section id=name.clone() aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{name.clone()}</h2>
            <p>{about}</p>
            {operations.iter().map(Operation::view).collect_view()}
        </section>
    }
    .into_any()
}

/// One verb of one path.
struct Operation<'a> {
    document: &'a Value,
    base: &'a str,
    path: &'a str,
    method: &'a str,
    operation: &'a Value,
}

impl Operation<'_> {
    fn view(&self) -> AnyView {
        let id = text(&self.operation["operationId"]).to_owned();
        let title = text(&self.operation["summary"]).to_owned();
        let line = format!("{} {PREFIX}{}", self.method.to_uppercase(), self.path);
        let about = html(text(&self.operation["description"]));
        let body = self.body().map(|schema| self.fields(schema));
        let answers = self.operation["responses"]
            .as_object()
            .into_iter()
            .flatten();
        let answers = answers.map(|(status, response)| {
            let description = text(&response["description"]).to_owned();
            view! { <dt>{status.clone()}</dt><dd>{description}</dd> }
        });
        let answers = answers.collect_view();
        let heading = format!("{id}-heading");
        view! {
            <article id=id aria-labelledby=heading.clone()>
                <h3 id=heading.clone()>{title}</h3>
                <p class="api-line"><code>{line}</code></p>
                <div inner_html=about></div>
                {self.parameters()}
                {body.map(|fields| view! { <h4>"Body"</h4><dl>{fields}</dl> })}
                <h4>"Answers"</h4>
                <dl class="api-answers">{answers}</dl>
                <h4>"Example"</h4>
                <pre tabindex="0"><code>{self.curl()}</code></pre>
            </article>
        }
        .into_any()
    }

    fn parameters(&self) -> Option<AnyView> {
        let parameters = self.operation["parameters"].as_array()?;
        let rows = parameters.iter().map(|parameter| {
            let required = parameter["required"].as_bool().unwrap_or_default();
            let place = text(&parameter["in"]).to_owned();
            row(
                self.document,
                &parameter["name"],
                &parameter["schema"],
                &parameter["description"],
                required,
                Some(place),
            )
        });
        let rows = rows.collect_view();
        Some(view! { <h4>"Parameters"</h4><dl>{rows}</dl> }.into_any())
    }

    fn body(&self) -> Option<&Value> {
        let schema = self
            .operation
            .pointer("/requestBody/content/application~1json/schema/$ref")?;
        self.document.pointer(text(schema).trim_start_matches('#'))
    }

    fn fields(&self, schema: &Value) -> AnyView {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let fields = schema["properties"].as_object().into_iter().flatten();
        let rows = fields.map(|(name, field)| {
            let name = Value::from(name.as_str());
            let is_required = required.contains(&name);
            row(
                self.document,
                &name,
                field,
                &field["description"],
                is_required,
                None,
            )
        });
        rows.collect_view().into_any()
    }

    fn curl(&self) -> String {
        let mut path = self.path.to_owned();
        let mut lines = Vec::new();
        for parameter in self.operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let example = text(&parameter["example"]);
            match text(&parameter["in"]) {
                "path" => {
                    path = path.replace(&format!("{{{}}}", text(&parameter["name"])), example);
                }
                "header" => lines.push(format!("-H '{}: {example}'", text(&parameter["name"]))),
                "query" if parameter["required"] == true => {
                    let example: String =
                        url::form_urlencoded::byte_serialize(example.as_bytes()).collect();
                    path = format!("{path}?{}={example}", text(&parameter["name"]));
                }
                _ => {}
            }
        }
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
        if let Some(example) = self.body().map(|schema| &schema["example"]) {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push(format!("-d '{example}'"));
        }
        let verb = match self.method {
            "get" => String::new(),
            verb => format!("-X {} ", verb.to_uppercase()),
        };
        format!(
            "curl {verb}'{}{path}' \\\n  {}",
            self.base,
            lines.join(" \\\n  ")
        )
    }
}

/// One field or parameter.
fn row(
    document: &Value,
    name: &Value,
    schema: &Value,
    about: &Value,
    required: bool,
    place: Option<String>,
) -> AnyView {
    let mut facts = vec![kind(document, schema)];
    facts.extend(place.map(|place| format!("in the {place}")));
    if required {
        facts.push("required".to_owned());
    }
    let about = html(text(about));
    view! {
        <dt>
            <code>{text(name).to_owned()}</code>
            " "
            <span class="api-facts">{facts.join(", ")}</span>
        </dt>
        <dd inner_html=about></dd>
    }
    .into_any()
}

/// The type of a schema in words.
fn kind(document: &Value, schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document.pointer(reference.trim_start_matches('#'));
        return schema.map_or_else(String::new, |schema| kind(document, schema));
    }
    if let Some(others) = schema["oneOf"].as_array() {
        let kinds: Vec<String> = others.iter().map(|other| kind(document, other)).collect();
        return kinds.join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<&str> = values.iter().map(text).collect();
        return values.join(" or ");
    }
    let of = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        kind => text(kind).to_owned(),
    };
    match (of.as_str(), schema["format"].as_str()) {
        ("array", _) => format!("list of {}", kind(document, &schema["items"])),
        (of, Some(format @ ("uuid" | "date" | "date-time"))) => format!("{of} ({format})"),
        (of, _) => of.to_owned(),
    }
}

fn problem(status: u16) -> AnyView {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    let title = status.canonical_reason().unwrap_or_default();
    let about = match status.as_u16() {
        400 => "The body or a header cannot be read at all.",
        401 => "There is no token, or it is unknown, expired or revoked.",
        403 => "The token only reads, or the role in the team does not allow this.",
        404 => "There is nothing here, or it is not yours to see: which of both is not told.",
        405 => "This cannot be done here. The header Allow says what can.",
        409 => "It cannot be done as things stand: detail says why, and conflict who was first.",
        412 => {
            "Somebody has changed the same since the version in If-Match: conflict holds both values."
        }
        413 => "The body is longer than 1 MB.",
        415 => "The body is not sent as application/json.",
        422 => {
            "A field or parameter is unknown, missing or cannot be taken as it is: field names it."
        }
        428 => "If-Match is missing: say which version this starts from.",
        429 => "Too many requests. Retry-After says how many seconds to wait.",
        500 => "It is our fault. The server has written it down under request_id.",
        _ => "The database is away for a moment. Asking again does no harm.",
    };
    view! {
        <dt id=anchor(status)>{status.as_u16()} " " {title}</dt>
        <dd>{about}</dd>
    }
    .into_any()
}

fn html(text: &str) -> String {
    // It names no tasks.
    let none = markdown::Tasks {
        team: "",
        boards: &[],
    };
    // A line of the source is none of the page.
    let paragraphs: Vec<String> = text
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "))
        .collect();
    markdown::to_html(&paragraphs.join("\n\n"), none)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
