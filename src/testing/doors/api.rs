//! Every operation of the API × everybody, out of its own document. A row is needed for each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{app, assert_unchanged, compare, contents};
use crate::{
    api,
    people::access::Permission::{self, Govern, Read, Write},
    testing::{Answer, Ask, Program, TestApp, World, seed},
};

/// One verb of one path.
struct Operation {
    method: &'static str,
    /// As the document writes it.
    path: &'static str,
    /// What it needs in the team. Without a team it needs a token.
    needs: Permission,
    task: fn(&World) -> String,
    column: fn(&World) -> Uuid,
    body: Option<fn(&World) -> Value>,
    query: &'static str,
    wants_version: bool,
    /// How a member is answered.
    status: u16,
}

const READS: Operation = Operation {
    method: "GET",
    path: "",
    needs: Read,
    task: |world| world.todo.key.clone(),
    column: |world| world.empty_column.id,
    body: None,
    query: "",
    wants_version: false,
    status: 200,
};

const WRITES: Operation = Operation {
    needs: Write,
    method: "POST",
    ..READS
};

const fn get(path: &'static str) -> Operation {
    Operation { path, ..READS }
}

const BOARD: &str = "/teams/{team}/boards/{key}";
const COLUMNS: &str = "/teams/{team}/boards/{key}/columns";
const COLUMN: &str = "/teams/{team}/boards/{key}/columns/{id}";
const COLUMN_OF_TEAM: &str = "/teams/{team}/columns/{id}";
const TASK: &str = "/teams/{team}/tasks/{task}";

/// Every operation of the document.
const OPERATIONS: &[Operation] = &[
    get("/me"),
    get("/teams/{team}"),
    get("/teams/{team}/members"),
    get("/teams/{team}/now"),
    get("/teams/{team}/boards"),
    Operation {
        path: "/teams/{team}/boards",
        body: Some(|_| json!({ "id": Uuid::now_v7(), "key": "APP", "name": "Mobile app" })),
        status: 201,
        ..WRITES
    },
    get(BOARD),
    Operation {
        method: "PATCH",
        path: BOARD,
        body: Some(|_| json!({ "name": "Website and shop", "archived": false })),
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: BOARD,
        status: 204,
        ..WRITES
    },
    get(COLUMNS),
    Operation {
        path: COLUMNS,
        body: Some(|_| json!({ "id": Uuid::now_v7(), "name": "Review", "kind": "doing" })),
        status: 201,
        ..WRITES
    },
    get(COLUMN),
    Operation {
        method: "PATCH",
        path: COLUMN,
        body: Some(|_| json!({ "name": "Next", "kind": "todo", "wip_limit": 3, "place": 1 })),
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: COLUMN,
        status: 204,
        ..WRITES
    },
    get(COLUMN_OF_TEAM),
    Operation {
        method: "PATCH",
        path: COLUMN_OF_TEAM,
        body: Some(|_| json!({ "name": "Next", "kind": "todo", "wip_limit": 3, "place": 1 })),
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: COLUMN_OF_TEAM,
        status: 204,
        ..WRITES
    },
    get("/teams/{team}/tasks"),
    Operation {
        path: "/teams/{team}/tasks",
        body: Some(|world| {
            json!({
                "id": Uuid::now_v7(), "board": "WEB", "column": world.columns[0].id, "title": "Draw a map",
                "description": "Of the **harbour**.", "assignee": world.people.ben.id, "due_on": "2027-01-31",
                "priority": "high", "labels": ["design"],
            })
        }),
        status: 201,
        ..WRITES
    },
    get(TASK),
    Operation {
        method: "PATCH",
        path: TASK,
        body: Some(|world| {
            json!({
                "title": "Choose two colours", "description": "Not grey.", "assignee": world.people.ben.id,
                "due_on": "2027-01-31", "priority": "urgent", "labels": ["design", "print"],
            })
        }),
        wants_version: true,
        ..WRITES
    },
    Operation {
        method: "DELETE",
        path: TASK,
        wants_version: true,
        status: 204,
        ..WRITES
    },
    Operation {
        path: "/teams/{team}/tasks/{task}/claim",
        ..WRITES
    },
    Operation {
        path: "/teams/{team}/tasks/{task}/move",
        body: Some(|world| json!({ "column": world.columns[1].id, "after": world.doing.key })),
        ..WRITES
    },
    Operation {
        path: "/teams/{team}/tasks/{task}/restore",
        task: |world| world.deleted.key.clone(),
        ..WRITES
    },
    get("/teams/{team}/tasks/{task}/comments"),
    Operation {
        path: "/teams/{team}/tasks/{task}/comments",
        body: Some(|_| json!({ "id": Uuid::now_v7(), "body": "Blue." })),
        status: 201,
        ..WRITES
    },
    get("/teams/{team}/tasks/{task}/history"),
    Operation {
        query: "?title=colours",
        ..get("/teams/{team}/tasks/similar")
    },
    get("/teams/{team}/events"),
    Operation {
        needs: Govern,
        ..get("/teams/{team}/export")
    },
];

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn has_team(&self) -> bool {
        self.path.contains("{team}")
    }

    /// Where it is, in the team of a slug.
    fn address(&self, world: &World, slug: &str) -> String {
        let path = self
            .path
            .replace("{team}", slug)
            .replace("{key}", "WEB")
            .replace("{task}", &(self.task)(world))
            .replace("{id}", &(self.column)(world).to_string());
        format!("{path}{}", self.query)
    }

    fn sample(&self, world: &World) -> Option<Value> {
        self.body.map(|body| body(world))
    }

    fn ask_at(&self, program: &Program, path: &str, body: Option<&Value>) -> Ask {
        let version = self.wants_version.then_some("*");
        let ask = program.request(self.method, path, body);
        ask.header("if-match", version)
    }

    async fn send(&self, program: &Program, world: &World, body: Option<&Value>) -> Answer {
        let path = self.address(world, &world.team.slug);
        program.ask(self.ask_at(program, &path, body)).await
    }
}

/// Who tries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Nobody,
    Viewer,
    Member,
    Owner,
    /// The owner of another team.
    Stranger,
    /// A member, with a token that only reads.
    Reader,
    /// An owner, with a token that is limited to another team.
    Elsewhere,
    /// An owner whose token was revoked.
    Revoked,
    /// A member who is signed in, and sends the session for a token too.
    SignedIn,
}

const HOLDERS: [Holder; 9] = [
    Holder::Nobody,
    Holder::Viewer,
    Holder::Member,
    Holder::Owner,
    Holder::Stranger,
    Holder::Reader,
    Holder::Elsewhere,
    Holder::Revoked,
    Holder::SignedIn,
];

impl Holder {
    async fn program(self, world: &World) -> Program {
        let (app, people) = (&world.app, &world.people);
        match self {
            Self::Nobody => Program::of_nobody(app),
            Self::Viewer => Program::of(app, &people.vera).await,
            Self::Member => Program::of(app, &people.ben).await,
            Self::Owner => Program::of(app, &people.ana).await,
            Self::Stranger => Program::of(app, &people.otto).await,
            Self::Reader => Program::with(app, &people.ben, "read", None).await,
            Self::Elsewhere => {
                let other = Some(world.other_team.id);
                Program::with(app, &people.ana, "write", other).await
            }
            Self::Revoked => {
                let program = Program::of(app, &people.ana).await;
                sqlx::query("UPDATE api_tokens SET revoked_at = now() WHERE token_hash = $1")
                    .bind(crate::accounts::token::hash(
                        program.token().unwrap_or_default(),
                    ))
                    .execute(&app.db)
                    .await
                    .expect("a revoked token");
                program
            }
            Self::SignedIn => {
                let session = world.ben.cookie("skateboard").expect("a session");
                Program::of_nobody(app).holding(&session)
            }
        }
    }

    /// How this one is refused, if at all.
    fn refused(self, operation: &Operation) -> Option<u16> {
        let reads = operation.method == "GET";
        match self {
            Self::Nobody | Self::Revoked | Self::SignedIn => Some(401),
            Self::Reader if !reads => Some(403),
            _ if !operation.has_team() => None,
            Self::Stranger | Self::Elsewhere => Some(404),
            Self::Viewer if !reads => Some(403),
            Self::Viewer | Self::Member | Self::Reader if operation.needs == Govern => Some(403),
            _ => None,
        }
    }
}

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
        "OPERATIONS in src/testing/doors/api.rs, not",
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

/// A problem without the number of its request.
fn comparable(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem["request_id"] = Value::Null;
    problem
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
