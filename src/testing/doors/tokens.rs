//! Every door × an API token: it is no session, whether it comes as a bearer token or as the cookie.

use sqlx::PgPool;

use super::{Rule, app, assert_unchanged, contents, matrix::borrowed, table};
use crate::testing::{Ask, Browser, World, browser::encoded};

/// Where a token is put.
#[derive(Clone, Copy, Debug)]
enum Carried {
    Header,
    Cookie,
}

impl Carried {
    fn by(self, world: &World, ask: Ask) -> (Browser, Ask) {
        let browser = world.app.browser();
        let token = &world.token.token;
        match self {
            Self::Header => {
                let bearer = format!("Bearer {token}");
                (browser, ask.header("authorization", Some(&bearer)))
            }
            Self::Cookie => {
                browser.set_cookie("skateboard", token);
                (browser, ask)
            }
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_token_opens_no_door_but_the_api(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let before = contents(&app.db).await;
    for carried in [Carried::Header, Carried::Cookie] {
        for action in table::actions() {
            if matches!(action.rule, Rule::Public | Rule::Wall) {
                continue;
            }
            let sample = (action.sample)(&world);
            let body = encoded(&borrowed(&sample));
            let ask = world.nobody.form(&action.url(), body, "application/json");
            let (browser, ask) = carried.by(&world, ask);
            let answer = browser.ask(ask).await;
            assert_eq!(answer.status, 401, "{} by {carried:?}", action.path);
        }
        for page in table::PAGES {
            if matches!(page.rule, Rule::Public | Rule::Wall) {
                continue;
            }
            let (browser, ask) = carried.by(&world, Ask::page(&(page.path)(&world)));
            let answer = browser.ask(ask).await;
            let location = answer.location().unwrap_or_default();
            let leads = location.starts_with("/sign-in?next=");
            assert!(leads, "{} by {carried:?}: {location}", page.route);
        }
    }
    for stream in table::STREAMS {
        if stream.rule == Rule::Wall {
            continue;
        }
        for carried in [Carried::Header, Carried::Cookie] {
            let (browser, ask) = carried.by(&world, Ask::page(&(stream.path)(&world)));
            let status = browser.open(ask).await.status();
            assert_eq!(status, 401, "{} by {carried:?}", stream.route);
        }
    }
    assert_unchanged(&before, &contents(&app.db).await, "a token");
    let used: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM api_tokens WHERE last_used_at IS NOT NULL)")
            .fetch_one(&app.db)
            .await
            .expect("the tokens");
    assert!(!used, "a token was looked at away from the API");
}
