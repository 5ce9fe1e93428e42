//! Search, driven from outside.

mod filters;
mod large;
mod pages;

use std::time::Duration;

use sqlx::PgPool;

use crate::testing::{Page, TestApp, World, in_one_window, seed};

async fn search(world: &World, query: &str) -> Page {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let path = world.team.path(&format!("/search?q={query}"));
    world.vera.get(&path).await.expect(200).page()
}

async fn found(world: &World, query: &str) -> Vec<String> {
    search(world, query).await.texts(".search-result a")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_found_by_its_key_and_by_the_beginnings_of_its_words(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let key = world.todo.key.to_lowercase();
    assert_eq!(found(&world, &key).await, ["Choose a colour"]);
    assert_eq!(found(&world, "COL cho").await, ["Choose a colour"]);
    assert_eq!(found(&world, "lantern").await, ["Buy a lantern"]);
    assert!(found(&world, "kite").await.is_empty(), "it is deleted");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn signs_between_words_separate_them_and_never_break_the_search(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, ..] = &world.columns;
    let ana = &world.people.ana;
    seed::task(
        &world.app.db,
        world.team.id,
        ana,
        first,
        "Fix login/logout (O'Hara's)",
    )
    .await;
    assert_eq!(found(&world, "logout").await.len(), 1);
    assert_eq!(found(&world, "o'hara").await.len(), 1);
    for query in [
        "'", "''':*", "a & !b", "\\", "%", "((", ":*", "<->", "🛹", "' & '",
    ] {
        found(&world, query).await;
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_empty_query_says_what_can_be_searched(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world
        .vera
        .get(&world.team.path("/search?q=+"))
        .await
        .expect(200)
        .page();
    assert!(page.shows("Type the key of a task"));
    let filters = page.texts(".search-filters summary");
    assert_eq!(filters, ["Assignee", "Board", "State", "Due", "Priority"]);
    assert_eq!(page.heading(), "Search");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_found_by_what_was_said_in_a_comment(db: PgPool) {
    let world = TestApp::new(db).world().await;
    assert_eq!(found(&world, "think").await, ["Choose a colour"]);
    assert!(
        found(&world, "red").await.is_empty(),
        "this comment is deleted"
    );
    assert!(
        found(&world, "think colour").await.is_empty(),
        "all the words stand in one place"
    );
    let page = search(&world, "blue think").await;
    let said = page.texts(".search-comment");
    assert_eq!(said, ["In a comment: “Blue, I think.”"]);
    assert_eq!(page.texts(".search-comment mark"), ["Blue", "think"]);
    let (db, team) = (&world.app.db, world.team.id);
    seed::comment(db, team, &world.people.ana, &world.todo, "What colour?").await;
    let page = search(&world, "colour").await;
    assert_eq!(page.texts(".search-result a").len(), 1);
    assert!(
        page.texts(".search-comment").is_empty(),
        "what the title says needs no comment"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_query_that_cannot_be_asked_is_refused_and_says_why(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (query, reason) in [
        (
            "%00x".to_owned(),
            "The search contains a character that cannot be looked for (NUL).",
        ),
        (
            "x".repeat(201),
            "The search has 201 characters; 200 are possible.",
        ),
    ] {
        let path = world.team.path(&format!("/search?q={query}"));
        let page = world.vera.get(&path).await.expect(422).page();
        assert!(page.shows(reason), "{query}");
        assert_eq!(page.link("Go to the boards"), None, "{query}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_of_results_is_one_search(db: PgPool) {
    in_one_window(Duration::from_secs(60)).await;
    let world = TestApp::new(db).world().await;
    search(&world, "lantern").await;
    sqlx::query("UPDATE rate_limits SET attempts = 119 WHERE bucket LIKE 'searches_per_person:%'")
        .execute(&world.app.db)
        .await
        .unwrap();
    search(&world, "lantern").await;
    let path = world.team.path("/search?q=lantern");
    world.vera.get(&path).await.expect(429);
}
