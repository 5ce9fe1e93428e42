//! Every door × what is written down: no secret of an address, a form or a cookie gets into the log, the
//! metrics, or the `Referer` that another site is told.

use http::header::REFERRER_POLICY;
use sqlx::PgPool;
use tracing::level_filters::LevelFilter;

use super::{Actor, app, matrix::borrowed, table};
use crate::{
    accounts::{model::tokens::PREFIX, tokens},
    testing::{Ask, World, log::Log, seed::PASSWORD},
};

/// What only its holder may know.
fn secrets(world: &World) -> Vec<(&'static str, String)> {
    let session = world.ana.cookie("skateboard").expect("a session");
    vec![
        ("a wall link", world.wall_link.token.clone()),
        ("a revoked wall link", world.revoked_wall_link.token.clone()),
        (
            "another team's wall link",
            world.other_wall_link.token.clone(),
        ),
        ("an API token", world.token.token.clone()),
        ("an invitation", world.invitation.token.clone()),
        ("a link for a new password", world.reset.clone()),
        ("a link for a new address", world.confirmation.clone()),
        ("the secret of a webhook", world.webhook.secret.clone()),
        ("a session", session),
        ("a password", PASSWORD.to_owned()),
    ]
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn no_secret_is_written_down_or_told_to_another_site(db: PgPool) {
    let (log, _listening) = Log::listen(LevelFilter::TRACE);
    let app = app(db);
    let world = app.world().await;
    let secrets = secrets(&world);

    let token = &world.token.token;
    tokens::authenticate(&app.db, token).await.expect("a token");
    let bearer = Ask::page("/account").header("authorization", Some(&format!("Bearer {token}")));
    world.nobody.ask(bearer).await;

    for actor in Actor::ALL {
        let browser = actor.browser(&world);
        for page in table::PAGES.iter().chain(table::STREAMS) {
            let path = page.path_of(&world, actor);
            let response = browser.open(Ask::page(&path)).await;
            let policy = response.headers().get(REFERRER_POLICY);
            let policy = policy.map(|policy| policy.to_str().expect("text"));
            assert_eq!(policy, Some("same-origin"), "{}", page.route);
        }
        for action in table::actions() {
            let browser = action.browser(&world, actor);
            let sample = action.sample_of(&world, actor);
            for accept in ["text/html", "application/json"] {
                let body = super::super::browser::encoded(&borrowed(&sample));
                let ask = browser.form(&action.url(), body, accept);
                browser.ask(ask).await;
            }
        }
    }

    let metrics = world.nobody.get("/metrics").await.expect(200).text();
    let log = log.text();
    for (what, written) in [("the log", &log), ("the metrics", &metrics)] {
        for route in ["/wall/{token}", "/wall/{token}/live", "load_wall"] {
            assert!(written.contains(route), "{what} knows no {route}");
        }
        for (secret, text) in &secrets {
            let line = written.lines().find(|line| line.contains(text));
            assert_eq!(line, None, "{what} tells {secret}");
        }
        let line = written.lines().find(|line| line.contains(PREFIX));
        assert_eq!(line, None, "{what} tells a token that was made meanwhile");
    }
}
