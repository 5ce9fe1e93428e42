//! Every door × requests that other sites make.

use leptos::server_fn::ServerFn;
use serde_json::json;
use sqlx::PgPool;

use super::{app, assert_unchanged, contents, matrix::borrowed, table};
use crate::{
    tasks::requests::EditTask,
    testing::{Program, browser::encoded},
};

const FOREIGN: &[(&str, Option<&str>, Option<&str>)] = &[
    (
        "another site",
        Some("https://evil.example"),
        Some("cross-site"),
    ),
    (
        "another site in an old browser",
        Some("https://evil.example"),
        None,
    ),
    ("a sandboxed frame", Some("null"), Some("cross-site")),
    ("no origin in an old browser", Some("null"), None),
    (
        "another site that hides its origin",
        None,
        Some("cross-site"),
    ),
    ("a neighbour under the same domain", None, Some("same-site")),
];

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_server_function_refuses_what_another_site_sends(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let before = contents(&app.db).await;
    for action in table::actions() {
        let browser = world.ana.clone();
        let body = encoded(&borrowed(&(action.sample)(&world)));
        for (what, origin, fetch_site) in FOREIGN {
            for accept in ["text/html", "application/json"] {
                let ask = browser
                    .form(&action.url(), body.clone(), accept)
                    .header("origin", *origin)
                    .header("sec-fetch-site", *fetch_site)
                    .header("referer", None);
                let answer = browser.ask(ask).await;
                assert_eq!(answer.status, 403, "{} from {what}", action.path);
            }
        }
    }
    assert_unchanged(&before, &contents(&app.db).await, "another site");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_program_with_a_cookie_is_no_other_site(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &world.todo.key),
        ("version", "1"),
        ("title", "Choose two colours"),
    ];
    let edit = world
        .ben
        .form(EditTask::url(), encoded(&fields), "application/json")
        .header("origin", None)
        .header("sec-fetch-site", None)
        .header("referer", None);
    world.ben.ask(edit).await.expect(200);

    let program = Program::of(&app, &world.people.ben).await;
    let task = world.team.path(&format!("/tasks/{}", world.todo.key));
    let said = json!({ "body": "Blue and red." });
    let mut comment = program.request("POST", &format!("{task}/comments"), Some(&said));
    let session = world.ben.cookie("skateboard").expect("a session");
    comment
        .headers
        .push(("cookie", format!("skateboard={session}")));
    program.ask(comment.clone()).await.expect(201);
    for site in ["same-site", "cross-site"] {
        let comment = comment.clone().header("sec-fetch-site", Some(site));
        program.ask(comment).await.expect(403);
    }
}
