//! The wall: a link that shows the Now page to whoever holds it, and nothing else.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures_util::StreamExt;
use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use tokio::time::timeout;

use crate::{
    people::requests::{CreateWallLink, RevokeWallLink},
    tasks::requests::ClaimTask,
    testing::{Answer, Ask, TestApp, World},
};

/// Far beyond everything that is promised.
const LONG: Duration = Duration::from_secs(20);
/// What ends has to end within this.
const PROMPT: Duration = Duration::from_secs(5);

fn wall(world: &World) -> String {
    format!("/wall/{}", world.wall_link.token)
}

async fn revoke(world: &World) {
    let link = world.wall_link.id.to_string();
    let fields = [("team", world.team.slug.as_str()), ("wall_link", &link)];
    world
        .ana
        .call(RevokeWallLink::url(), &fields)
        .await
        .expect(200);
}

/// What can be read, without what differs between two requests.
fn document(answer: &Answer) -> String {
    let page = answer.page();
    page.texts("main")
        .concat()
        .split("Request ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_holds_the_link_sees_who_is_on_what_and_nothing_of_the_team_besides(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let answer = world.nobody.get(&wall(&world)).await.expect(200);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let page = answer.page();
    assert_eq!(page.heading(), "Blue Lantern");
    for words in ["Ben", "Draw the sign", "Nothing in progress", "Updated "] {
        assert!(page.shows(words), "{words}");
    }
    let leads = page.attributes("main a, main form, main button", "href");
    assert_eq!(leads, [""; 0], "it leads nowhere");
    let text = answer.text();
    for secret in ["@example.test", &world.team.slug, &world.wall_link.token] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_link_opens_nothing_else(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let display = world.app.browser();
    display.get(&wall(&world)).await.expect(200);
    for page in [
        "",
        "/boards",
        "/people",
        "/settings",
        "/search?q=sign",
        "/live",
    ] {
        let answer = display.ask(Ask::page(&world.team.path(page))).await;
        assert!(!answer.status.is_success(), "{page}");
    }
    // Nor as the secret of somebody who is signed in, or as the name of a team.
    let token = &world.wall_link.token;
    display.set_cookie("skateboard", token);
    let answer = display.ask(Ask::page(&world.team.path(""))).await;
    assert!(answer.status.is_redirection(), "{}", answer.status);
    let named = world.ana.get(&format!("/teams/{token}")).await;
    named.expect(404);
    for rest in ["/boards", "/people", "/settings"] {
        display
            .get(&format!("{}{rest}", wall(&world)))
            .await
            .expect(404);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_owner_makes_it_sees_it_once_and_revokes_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let settings = world.team.path("/settings");
    let page = world.ana.get(&settings).await.expect(200).page();
    assert!(page.texts(".wall-links").concat().contains("never opened"));
    let form = page.form("Create wall link");
    let page = world.ana.submit(form.clone()).await.expect(200).page();
    let link = page.value("Wall link").expect("the link");
    let path = &link[link.find("/wall/").expect("a wall link")..];
    world.nobody.get(path).await.expect(200);

    let page = world.ana.get(&settings).await.expect(200).page();
    assert_eq!(page.value("Wall link"), None, "it is shown once");
    assert!(
        page.texts(".wall-links")
            .concat()
            .contains("last opened just now")
    );
    let stored: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT token_hash FROM wall_links WHERE team_id = $1")
            .bind(world.team.id)
            .fetch_all(&world.app.db)
            .await
            .expect("the links");
    let token = path.trim_start_matches("/wall/").as_bytes();
    assert!(
        stored.iter().all(|hash| hash != token),
        "only its hash is stored"
    );

    for form in page.forms("Revoke") {
        world.ana.submit(form).await.expect(200);
    }
    world.nobody.get(path).await.expect(404);
    let page = world.ana.get(&settings).await.expect(200).page();
    assert!(!page.has_button("Revoke"));
    let again = world.ana.submit(form).await.page();
    assert!(
        again.shows("This form was used already"),
        "a revoked link does not come back"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_request_again_gives_one_link_whose_last_token_holds(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = crate::ids::WallLinkId::new().to_string();
    let fields = [("team", world.team.slug.as_str()), ("id", &id)];
    world
        .ana
        .call(CreateWallLink::url(), &fields)
        .await
        .expect(200);
    world
        .ana
        .call(CreateWallLink::url(), &fields)
        .await
        .expect(200);
    let page = world.ana.get(&world.team.path("/settings")).await.page();
    let link = page.value("Wall link").expect("the link");
    let path = &link[link.find("/wall/").expect("a wall link")..];
    world.nobody.get(path).await.expect(200);
    assert_eq!(page.forms("Revoke").len(), 2, "with the world's own");
    assert_eq!(world.events("wall_link.created").await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_unknown_and_a_revoked_link_look_alike(db: PgPool) {
    let world = TestApp::new(db).world().await;
    revoke(&world).await;
    let revoked = world.nobody.get(&wall(&world)).await.expect(404);
    let unknown = world
        .nobody
        .get("/wall/there-is-no-such-token")
        .await
        .expect(404);
    assert_eq!(document(&revoked), document(&unknown));
    assert!(!revoked.text().contains("Blue Lantern"));
    let stream = Ask::page(&format!("{}/live", wall(&world)));
    assert_eq!(world.nobody.ask(stream).await.status, 404);
}

/// The blocks of a stream until one of them holds some words; none when it ends before.
async fn until(stream: &mut BodyDataStream, words: &str) -> Option<String> {
    let mut heard = String::new();
    while let Some(bytes) = timeout(LONG, stream.next()).await.expect("no beat") {
        heard.push_str(std::str::from_utf8(&bytes.expect("bytes")).expect("text"));
        if heard.contains(words) {
            return Some(heard);
        }
    }
    None
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn its_feed_says_that_something_happened_and_not_what_and_ends_with_the_link(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = format!("{}/live", wall(&world));
    let response = world.nobody.open(Ask::page(&path)).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let claim = [
        ("team", world.team.slug.as_str()),
        ("task", &world.todo.key),
    ];
    world.ben.call(ClaimTask::url(), &claim).await.expect(200);
    let heard = until(&mut stream, "id: 1\n").await.expect("the event");
    assert!(heard.contains("id: 1\ndata: {}\n\n"), "{heard}");
    for content in ["Ben", "claimed", "Choose a colour"] {
        assert!(!heard.contains(content), "{heard}");
    }
    // From the log it is told alike.
    let replayed = world
        .nobody
        .open(Ask::page(&format!("{path}?after=0")))
        .await;
    let mut replayed = replayed.into_body().into_data_stream();
    let heard = until(&mut replayed, "id: 1\n").await.expect("the event");
    assert!(heard.contains("id: 1\ndata: {}\n\n"), "{heard}");

    revoke(&world).await;
    let ended = timeout(PROMPT, until(&mut stream, "nothing says this")).await;
    assert_eq!(ended.expect("the stream goes on"), None);
}
