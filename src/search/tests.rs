//! Search, driven from outside.

use sqlx::PgPool;

use crate::testing::{TestApp, World, seed};

async fn found(world: &World, query: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let path = world.team.path(&format!("/search?q={query}"));
    let page = world.vera.get(&path).await.expect(200).page();
    page.texts(".search-result a")
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
    assert_eq!(page.heading(), "Search");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn more_than_a_page_of_results_is_said(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, ..] = &world.columns;
    for number in 0..51 {
        let title = format!("Paint plank {number}");
        seed::task(
            &world.app.db,
            world.team.id,
            &world.people.ana,
            first,
            &title,
        )
        .await;
    }
    let page = world
        .ben
        .get(&world.team.path("/search?q=plank"))
        .await
        .expect(200)
        .page();
    assert_eq!(page.texts(".search-result").len(), 50);
    assert!(page.shows("There are more"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_query_that_cannot_be_asked_is_refused_and_says_why(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (query, reason) in [("%00x".to_owned(), "NUL"), ("x".repeat(201), "201")] {
        let path = world.team.path(&format!("/search?q={query}"));
        let page = world.vera.get(&path).await.expect(422).page();
        assert!(page.shows(reason), "{query}");
    }
}
