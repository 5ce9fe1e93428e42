//! Page after page.

use std::collections::BTreeSet;

use sqlx::PgPool;

use crate::{
    search::model::MOST_COMMENTS,
    testing::{TestApp, World, seed},
};

const PLANKS: usize = 120;

async fn lay_planks(world: &World) {
    let [first, _, last] = &world.columns;
    let (db, team, ana) = (&world.app.db, world.team.id, &world.people.ana);
    for number in 0..PLANKS {
        let column = if number % 3 == 0 { last } else { first };
        seed::task(db, team, ana, column, &format!("Paint plank {number}")).await;
    }
}

async fn walk(world: &World, query: &str, between: impl AsyncFn()) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(world.team.path(&format!("/search?q={query}")));
    while let Some(path) = next {
        let page = world.ben.get(&path).await.expect(200).page();
        pages.push(page.texts(".search-result a"));
        next = page.link("Older results");
        between().await;
    }
    pages
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_task_is_on_one_page_with_what_is_open_first(db: PgPool) {
    let world = TestApp::new(db).world().await;
    lay_planks(&world).await;
    for query in ["plank", "board:web+plank", "-is:doing+is:unassigned"] {
        let pages = walk(&world, query, async || {}).await;
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        let all = pages.concat();
        let once: BTreeSet<&String> = all.iter().collect();
        assert_eq!(all.len(), once.len(), "{query}");
        if query.ends_with("plank") {
            assert_eq!(sizes, [50, 50, 20], "{query}");
        }
    }
    let first = world.ben.get(&world.team.path("/search?q=plank")).await;
    let page = first.expect(200).page();
    assert!(page.shows("The first 50 tasks"));
    let done = page.texts(".search-result.done");
    assert!(done.is_empty(), "80 are open: {done:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_changes_meanwhile_makes_nothing_else_come_twice_or_not_at_all(db: PgPool) {
    let world = TestApp::new(db).world().await;
    lay_planks(&world).await;
    let touch = async || {
        sqlx::query(
            "UPDATE tasks SET updated_at = now() WHERE team_id = $1 AND title IN ('Paint plank 1', 'Paint plank 118')",
        )
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .expect("a change");
    };
    let all = walk(&world, "plank", touch).await.concat();
    let once: BTreeSet<&String> = all.iter().collect();
    assert_eq!(all.len(), once.len(), "none twice");
    let missed: Vec<usize> = (0..PLANKS)
        .filter(|number| !once.contains(&format!("Paint plank {number}")))
        .collect();
    assert_eq!(
        missed,
        [1],
        "it moved to the front behind the reader's back"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_task_of_the_key_is_first_and_only_there(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (db, team, ana) = (&world.app.db, world.team.id, &world.people.ana);
    let key = world.done.key.clone();
    for number in 0..60 {
        let title = format!("After {key}, part {number}");
        seed::task(db, team, ana, &world.columns[0], &title).await;
    }
    let pages = walk(&world, &key, async || {}).await;
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [50, 11]);
    assert_eq!(pages[0][0], "Buy a lantern");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_that_is_no_page_is_refused(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/search?q=plank&cursor=everything");
    let page = world.ben.get(&path).await.expect(422).page();
    assert!(page.shows("Begin again with the search"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_page_says_when_it_did_not_look_at_every_comment(db: PgPool) {
    const SENTENCE: &str = "Only the latest 1,000 comments with these words were looked at.";
    let world = TestApp::new(db).world().await;
    let (db, team, ben) = (&world.app.db, world.team.id, &world.people.ben);
    let says = async |query: &str| {
        let path = world.team.path(&format!("/search?q={query}"));
        world
            .vera
            .get(&path)
            .await
            .expect(200)
            .page()
            .shows(SENTENCE)
    };
    for _ in 0..MOST_COMMENTS {
        seed::comment(db, team, ben, &world.todo, "Plywood, again.").await;
    }
    assert!(!says("plywood").await, "it looked at every one of them");
    seed::comment(db, team, ben, &world.doing, "Plywood, once more.").await;
    assert!(says("plywood").await);
    assert!(says("plywood+assignee:vera").await, "also with no result");
    assert!(!says("think").await, "other words");
    assert!(!says("is:open").await, "no words at all");
}
