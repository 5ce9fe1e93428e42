//! Every door × requests that other sites make.

use sqlx::PgPool;

use super::{app, assert_unchanged, contents, matrix::borrowed, table};
use crate::testing::browser::encoded;

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
    ("a browser whose headers were taken away", None, None),
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
