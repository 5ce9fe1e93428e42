//! Every door × everybody.

use sqlx::PgPool;

use super::{Action, Actor, Fields, Rule, Verb, Verdict, app, assert_unchanged, contents, table};
use crate::testing::{Answer, Ask, Browser, TestApp, World};

/// The slug of no team, and the token of no link.
const NOWHERE: &str = "there-is-no-such-team";

/// Every verb that may change something.
const CHANGING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

async fn call(browser: &Browser, path: &str, fields: &Fields) -> Answer {
    browser.call(path, &borrowed(fields)).await
}

pub fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_server_function_lets_in_whom_its_rule_names_and_nobody_else(db: PgPool) {
    let app = app(db);
    for action in table::actions() {
        refuses(&app, action).await;
        let mut of_nobody = None;
        for actor in Actor::ALL {
            match action.rule.verdict(actor) {
                Verdict::LetIn => {
                    let status = lets_in(&app, action, actor).await;
                    if actor == Actor::Nobody {
                        of_nobody = Some(status);
                    } else if actor.is_display() && action.rule == Rule::Public {
                        let who = format!("{} by {actor:?}, who is nobody", action.path);
                        assert_eq!(Some(status), of_nobody, "{who}");
                    }
                }
                Verdict::Elsewhere => shows_elsewhere(&app, action, actor).await,
                Verdict::SignIn | Verdict::Forbidden | Verdict::NotFound => {}
            }
        }
    }
}

async fn refuses(app: &TestApp, action: &Action) {
    let world = app.world().await;
    forget_attempts(app).await;
    let before = contents(&app.db).await;
    for actor in Actor::ALL {
        let sample = action.sample_of(&world, actor);
        let verdict = action.rule.verdict(actor);
        let expected = match verdict {
            Verdict::LetIn | Verdict::Elsewhere => continue,
            Verdict::SignIn => 401,
            Verdict::Forbidden => 403,
            Verdict::NotFound => 404,
        };
        let who = format!("{} by {actor:?}", action.path);
        let browser = action.browser(&world, actor);
        let answer = call(&browser, &action.url(), &sample).await;
        assert_eq!(answer.status.as_u16(), expected, "{who}: {}", answer.text());
        if verdict == Verdict::NotFound {
            let elsewhere: Fields = sample
                .iter()
                .map(|(name, value)| (*name, nowhere(value, &world, actor)))
                .collect();
            let nothing = call(&browser, &action.url(), &elsewhere).await;
            assert_eq!(nothing.text(), answer.text(), "{who} tells what exists");
        }
        let page = browser.post(&action.url(), &borrowed(&sample)).await;
        assert_eq!(page.status, 303, "{who} without JavaScript");
        let location = page.location().unwrap_or_default();
        let leads = match verdict {
            Verdict::SignIn => location.starts_with("/sign-in?next="),
            _ => location.contains("refused="),
        };
        assert!(leads, "{who} without JavaScript leads to {location}");
    }
    let what = format!("{}, refused,", action.path);
    assert_unchanged(&before, &contents(&app.db).await, &what);
}

/// Everybody here has one address, which can have so many refused forms kept, and one person can be wrong so often.
pub async fn forget_attempts(app: &TestApp) {
    sqlx::query("DELETE FROM rate_limits")
        .execute(&app.db)
        .await
        .expect("no attempts");
}

/// What leads to the team, leading to none.
fn nowhere(text: &str, world: &World, actor: Actor) -> String {
    text.replace(&world.team.slug, NOWHERE)
        .replace(actor.wall_token(world), NOWHERE)
}

async fn lets_in(app: &TestApp, action: &Action, actor: Actor) -> u16 {
    let world = app.world().await;
    let browser = action.browser(&world, actor);
    let sample = action.sample_of(&world, actor);
    let answer = call(&browser, &action.url(), &sample).await;
    let status = answer.status.as_u16();
    let who = format!("{} by {actor:?}", action.path);
    if actor == action.actor {
        assert!(status < 400, "{who}: {status} {}", answer.text());
    } else if action.own {
        // What is a person's own, and no team's, is not there for others.
        let refusal = if action.rule == Rule::SignedIn {
            404
        } else {
            403
        };
        assert_eq!(status, refusal, "{who}, which is not theirs");
    } else {
        let shut = [401, 403, 404].contains(&status) && action.rule != Rule::Public;
        assert!(!shut && status < 500, "{who}: {status} {}", answer.text());
    }
    status
}

async fn shows_elsewhere(app: &TestApp, action: &Action, actor: Actor) {
    let world = app.world().await;
    let browser = action.browser(&world, actor);
    let sample = action.sample_of(&world, actor);
    let answer = call(&browser, &action.url(), &sample).await;
    let who = format!("{} by {actor:?}", action.path);
    assert_eq!(answer.status, 200, "{who}: {}", answer.text());
    tells_nothing_of(&world, &answer.text(), &who);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_server_function_is_no_link(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let before = contents(&app.db).await;
    for action in table::actions() {
        let query = super::super::browser::encoded(&borrowed(&(action.sample)(&world)));
        let path = format!(
            "{}?{}",
            action.url(),
            String::from_utf8(query).expect("a query is text")
        );
        let browser = action.browser(&world, action.actor);
        let answer = browser.ask(Ask::page(&path)).await;
        assert_eq!(answer.status, 405, "GET {}", action.path);
    }
    assert_unchanged(&before, &contents(&app.db).await, "a GET");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_is_seen_by_whom_its_rule_names_and_changes_nothing(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let before = contents(&app.db).await;
    // A one-time link leaves a cookie for the page after it.
    let browsers = Actor::ALL.map(|actor| (actor, actor.browser(&world)));
    for page in table::PAGES {
        for (actor, browser) in &browsers {
            let actor = *actor;
            let path = page.path_of(&world, actor);
            let answer = browser.ask(Ask::page(&path)).await;
            let status = answer.status.as_u16();
            let location = answer.location().unwrap_or_default();
            let who = format!("{path} by {actor:?}: {status} {location}");
            match page.rule.verdict(actor) {
                Verdict::LetIn => {
                    assert_eq!(status == 404, !page.found, "{who}");
                    let refused = status >= 400 && status != 404;
                    assert!(!refused && !location.starts_with("/sign-in?"), "{who}");
                }
                Verdict::Elsewhere => {
                    assert_eq!(status, 200, "{who}");
                    tells_nothing_of(&world, &answer.text(), &who);
                }
                Verdict::SignIn => {
                    assert!(answer.status.is_redirection(), "{who}");
                    assert!(location.starts_with("/sign-in?next="), "{who}");
                }
                Verdict::Forbidden => assert_eq!(status, 403, "{who}"),
                Verdict::NotFound => {
                    assert_eq!(status, 404, "{who}");
                    let elsewhere = nowhere(&path, &world, actor);
                    let nothing = browser.ask(Ask::page(&elsewhere)).await;
                    let answer = nowhere(&comparable(&answer), &world, actor);
                    assert_eq!(
                        shown(&comparable(&nothing)),
                        shown(&answer),
                        "{who} tells what exists"
                    );
                    tells_nothing_of(&world, &answer, &who);
                }
            }
        }
    }
    assert_unchanged(&before, &contents(&app.db).await, "opening pages");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_stream_is_opened_to_whom_its_rule_names(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    for stream in table::STREAMS {
        for actor in Actor::ALL {
            let browser = actor.browser(&world);
            let path = stream.path_of(&world, actor);
            let who = format!("{path} by {actor:?}");
            let (status, is_open) = match stream.rule.verdict(actor) {
                Verdict::LetIn | Verdict::Elsewhere => (200, true),
                Verdict::SignIn => (401, false),
                Verdict::Forbidden => (403, false),
                Verdict::NotFound => (404, false),
            };
            let response = browser.open(Ask::page(&path)).await;
            assert_eq!(response.status(), status, "{who}");
            let kind = &response.headers()["content-type"];
            assert_eq!(kind == "text/event-stream", is_open, "{who}");
            if status == 404 {
                let answer = browser.ask(Ask::page(&path)).await;
                let elsewhere = Ask::page(&nowhere(&path, &world, actor));
                let nothing = browser.ask(elsewhere).await;
                assert_eq!(nothing.text(), answer.text(), "{who} tells what exists");
            }
        }
    }
}

/// The routes of pages, streams and services, each with an address there.
fn routes(world: &World) -> impl Iterator<Item = (&'static str, String)> {
    let pages = table::PAGES.iter().chain(table::STREAMS);
    let pages = pages.map(move |page| (page.route, page.path_of(world, Actor::Owner)));
    let services = table::SERVICES.iter();
    pages.chain(services.map(|service| (service.route, service.path.to_owned())))
}

/// A form without fields, sent by another verb than forms have.
fn empty_form(browser: &Browser, method: &'static str, path: &str) -> Ask {
    Ask {
        method,
        ..browser.form(path, Vec::new(), "text/html")
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_and_a_service_take_no_verb_that_has_no_rule(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let before = contents(&app.db).await;
    for (route, path) in routes(&world) {
        for method in CHANGING {
            let is_ruled = |verb: &Verb| verb.method == method && verb.route == route;
            if table::VERBS.iter().any(is_ruled) {
                continue;
            }
            let nothing = table::NOTHING.contains(&route);
            let expected: u16 = if nothing { 404 } else { 405 };
            let answer = world.ana.ask(empty_form(&world.ana, method, &path)).await;
            assert_eq!(
                answer.status, expected,
                "{method} {path} has no rule: add it to VERBS in src/testing/doors/table.rs, with whom it lets in"
            );
        }
    }
    assert_unchanged(&before, &contents(&app.db).await, "a verb without a rule");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn another_verb_than_get_lets_in_whom_its_rule_names(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    let before = contents(&app.db).await;
    for verb in table::VERBS {
        let (method, route) = (verb.method, verb.route);
        assert!(
            routes(&world).any(|(known, _)| known == route),
            "VERBS in src/testing/doors/table.rs has a row for {route}, which is gone: take it out"
        );
        for actor in Actor::ALL {
            let browser = actor.browser(&world);
            let path = (verb.path)(&world);
            let answer = browser.ask(empty_form(&browser, method, &path)).await;
            let location = answer.location().unwrap_or_default();
            let who = format!("{method} {path} by {actor:?}: {location}");
            match verb.rule.verdict(actor) {
                Verdict::LetIn | Verdict::Elsewhere => {
                    assert_eq!(answer.status, verb.status, "{who}");
                }
                Verdict::SignIn => assert!(location.starts_with("/sign-in?next="), "{who}"),
                Verdict::Forbidden | Verdict::NotFound => {
                    assert!(location.contains("refused="), "{who}");
                }
            }
        }
    }
    assert_unchanged(&before, &contents(&app.db).await, "an empty form");
}

/// The document without the hydration data behind it, whose resources are numbered as they happen to
/// be made.
fn shown(text: &str) -> &str {
    text.split_once("</html>")
        .map_or(text, |(document, _)| document)
}

/// A page without what differs between two requests: its number and its nonce.
fn comparable(answer: &Answer) -> String {
    let mut text = answer.text();
    let page = answer.page();
    let nonces = page.attributes("script[nonce], link[nonce]", "nonce");
    let number = answer
        .headers
        .get("x-request-id")
        .and_then(|id| id.to_str().ok().map(str::to_owned));
    for unlike in nonces.into_iter().chain(number) {
        text = text.replace(&unlike, "");
    }
    text
}

fn tells_nothing_of(world: &World, text: &str, who: &str) {
    for theirs in [
        &world.team.name,
        &world.people.ben.name,
        &world.people.ana.email,
        "Choose a colour",
        "Website",
    ] {
        assert!(!text.contains(theirs), "{who} tells {theirs:?}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_service_route_answers_everybody_alike(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    for service in table::SERVICES {
        for actor in Actor::ALL {
            let answer = actor.browser(&world).ask(Ask::page(service.path)).await;
            assert_eq!(
                answer.status, service.status,
                "{} by {actor:?}",
                service.path
            );
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(
                !text.contains(&world.team.slug),
                "{} tells of teams",
                service.path
            );
        }
    }
}
