//! What the filters mean.

use sqlx::{AssertSqlSafe, PgPool};

use super::{found, search};
use crate::testing::{TestApp, World, seed};

/// Changes rows of tasks behind everybody's back.
async fn set(world: &World, task: &seed::Task, what: &str) {
    let sql = format!("UPDATE tasks SET {what} WHERE team_id = $1 AND id = $2");
    sqlx::query(AssertSqlSafe(sql))
        .bind(world.team.id)
        .bind(task.id)
        .execute(&world.app.db)
        .await
        .expect("a task");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn each_filter_finds_what_it_says(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let late = "due_on = (now() AT TIME ZONE 'UTC')::date - 1, labels = '{Bug}', priority = 'high'";
    set(&world, &world.todo, late).await;
    set(&world, &world.done, late).await;
    set(&world, &world.done, "priority = 'normal'").await;
    let (colour, sign, lantern) = ("Choose a colour", "Draw the sign", "Buy a lantern");
    for (query, expected) in [
        ("assignee:ben", vec![sign]),
        ("assignee:\"Ben\" sign", vec![sign]),
        ("assignee:me", vec![]),
        ("is:mine", vec![]),
        ("is:unassigned", vec![colour, lantern]),
        ("-assignee:ben", vec![colour, lantern]),
        ("board:web is:open", vec![sign, colour]),
        ("board:Website is:todo", vec![colour]),
        ("-board:web", vec![]),
        ("is:doing", vec![sign]),
        ("is:done", vec![lantern]),
        ("-is:done -is:doing", vec![colour]),
        ("is:late", vec![colour]),
        ("due:late", vec![colour]),
        ("due:none", vec![sign]),
        ("due:>2026-01-01", vec![colour, lantern]),
        ("due:<2026-01-01", vec![]),
        ("-due:none is:done", vec![lantern]),
        ("label:bug", vec![colour, lantern]),
        ("-label:BUG", vec![sign]),
        ("priority:high", vec![colour]),
        ("-priority:high buy", vec![lantern]),
        ("is:watched", vec![]),
        ("WEB-1 is:done", vec![]),
        ("WEB-1 is:open", vec![colour]),
        ("blue is:todo", vec![colour]),
        ("blue is:done", vec![]),
        ("\"is:open\"", vec![]),
    ] {
        let mut titles = found(&world, query).await;
        let mut expected = expected;
        titles.sort_unstable();
        expected.sort_unstable();
        assert_eq!(titles, expected, "{query}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn due_within_a_week_is_within_seven_days_with_today(db: PgPool) {
    let world = TestApp::new(db).world().await;
    // The team's own week ends today, if tomorrow is the only day on which it works.
    sqlx::query(
        "UPDATE teams SET working_days = ARRAY[1 + extract(isodow FROM now() AT TIME ZONE 'UTC')::smallint % 7]::smallint[] WHERE team_id = $1",
    )
    .bind(world.team.id)
    .execute(&world.app.db)
    .await
    .expect("working days");
    let (db, team) = (&world.app.db, world.team.id);
    seed::due(db, team, &world.todo, Some(0)).await;
    seed::due(db, team, &world.doing, Some(6)).await;
    seed::due(db, team, &world.done, Some(7)).await;
    let (colour, sign) = ("Choose a colour", "Draw the sign");
    let mut titles = found(&world, "due:week").await;
    titles.sort_unstable();
    assert_eq!(titles, [colour, sign]);
    let board = world.team.path("/boards/WEB?due=week");
    let board = world.ben.get(&board).await.expect(200).page();
    assert_eq!(board.texts(".card-title"), [colour, sign]);
    assert_eq!(found(&world, "due:today").await, [colour]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_one_watches_is_found_by_oneself_alone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", world.todo.key.as_str()),
    ];
    let url = "/actions/skateboard/tasks/requests/watch_task";
    world.vera.call(url, &fields).await.expect(200);
    assert_eq!(found(&world, "is:watched").await, ["Choose a colour"]);
    let path = world.team.path("/search?q=is:watched");
    let bens = world.ben.get(&path).await.expect(200).page();
    assert!(bens.shows("Nothing found"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_nobody_here_knows_is_said(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (query, said) in [
        ("assignee:otto", "Nobody here is called “otto”."),
        ("board:shop", "No board here is called “shop”."),
        ("is:lost", "Nothing is “lost”"),
        ("due:soon", "“soon” is no due date"),
    ] {
        let page = search(&world, query).await;
        assert!(page.texts(".notice").concat().contains(said), "{query}");
        assert!(page.texts(".search-result").is_empty(), "{query}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_filter_that_is_clicked_is_a_link_to_the_query_that_has_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = search(&world, "sign assignee:none").await;
    let filters = page.texts(".search-filters summary");
    assert_eq!(filters[0], "Assignee: Nobody");
    let other = search(&world, "-assignee:\"be\" is:open").await;
    let filters = other.texts(".search-filters summary");
    assert_eq!(filters[0], "Assignee: not be");
    let bens = page.link("Ben").expect("a choice");
    assert!(bens.ends_with("/search?q=sign+assignee%3ABen"), "{bens}");
    let page = world.vera.get(&bens).await.expect(200).page();
    assert_eq!(page.texts(".search-result a"), ["Draw the sign"]);
    let all = page.link("Clear filters").expect("a way back");
    assert!(all.ends_with("/search?q=sign"), "{all}");
    let any = page.link("Any").expect("a choice");
    assert!(any.ends_with("/search?q=sign"), "{any}");
}
