//! No work is written down twice: what may be the same work is found while a title is typed.

use super::*;
use crate::{
    people::{
        access::{Access, Permission},
        model::{PersonName, Role},
    },
    server::database::MIGRATOR,
    tasks::{model::SimilarTask, requests::SimilarTasks, store},
    testing::{TestApp, explain, seed},
};

async fn similar(browser: &Browser, world: &World, title: &str, except: &str) -> Vec<SimilarTask> {
    let fields = [
        ("team", world.team.slug.as_str()),
        ("title", title),
        ("except", except),
    ];
    browser
        .call(SimilarTasks::url(), &fields)
        .await
        .expect(200)
        .value()
}

async fn titles(world: &World, title: &str) -> Vec<String> {
    let found = similar(&world.vera, world, title, "").await;
    found.into_iter().map(|task| task.title).collect()
}

async fn add(world: &World, column: usize, title: &str) -> Task {
    let (team, ana) = (world.team.id, &world.people.ana);
    seed::task(&world.app.db, team, ana, &world.columns[column], title).await
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn the_same_in_other_words_is_found_with_its_column_and_who_has_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = add(
        &world,
        1,
        "App crashes when opening the settings on Android",
    )
    .await;
    seed::assign(&world.app.db, world.team.id, &task, &world.people.ben).await;
    for typed in [
        "Settings: crash on Android",
        "android SETTINGS crashing",
        "Opening séttings crashes",
        "Crash in setti",
    ] {
        let found = similar(&world.vera, &world, typed, "").await;
        let first = found
            .first()
            .unwrap_or_else(|| panic!("{typed} finds nothing"));
        assert_eq!(first.key, task.key, "{typed}");
        assert_eq!(first.column, "In progress");
        assert_eq!(
            first.assignee.as_ref().map(|person| &*person.name),
            Some("Ben")
        );
    }
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn what_is_rare_in_the_team_says_more_than_what_is_everywhere(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for page in [
        "pricing", "contact", "jobs", "press", "terms", "imprint", "team",
    ] {
        add(&world, 0, &format!("Fix the layout of the {page} page")).await;
    }
    add(&world, 0, "Leap years break the calendar").await;
    let found = titles(&world, "Fix the page that fails in leap years").await;
    assert_eq!(found[0], "Leap years break the calendar");
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn what_was_finished_long_ago_or_deleted_or_put_away_is_not_similar(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    let (team, ana) = (world.team.id, &world.people.ana);
    let title = "Translate newsletter";
    let recent = add(&world, 2, title).await;
    let old = add(&world, 2, title).await;
    for (task, days) in [(&recent, 59), (&old, 62)] {
        sqlx::query(
            "UPDATE tasks SET completed_at = now() - make_interval(days => $2) WHERE id = $1",
        )
        .bind(task.id)
        .bind(days)
        .execute(&db)
        .await
        .unwrap();
    }
    let deleted = add(&world, 0, title).await;
    seed::delete(&db, team, ana, &deleted).await;
    let (board, columns) = seed::board(&db, team, ana, "AWAY", "Away").await;
    seed::task(&db, team, ana, &columns[0], title).await;
    seed::archive(&db, team, board).await;
    let found = similar(&world.vera, &world, title, "").await;
    let keys: Vec<&str> = found.iter().map(|task| task.key.as_str()).collect();
    assert_eq!(keys, [recent.key.as_str()]);
    for key in [&old.key, &deleted.key, &"AWAY-1".to_owned()] {
        assert!(
            titles(&world, &format!("See {key}")).await.is_empty(),
            "{key}"
        );
    }
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn every_board_of_the_team_is_looked_at_and_no_other_team(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    let (team, ana) = (world.team.id, &world.people.ana);
    let (_, columns) = seed::board(&db, team, ana, "OPS", "Operations").await;
    seed::task(&db, team, ana, &columns[0], "Rotate the certificates").await;
    seed::member(&db, world.other_team.id, ana, Role::Member).await;
    let (_, theirs) = seed::board(&db, world.other_team.id, ana, "OPS", "Theirs").await;
    seed::task(
        &db,
        world.other_team.id,
        ana,
        &theirs[0],
        "Rotate our secret certificates",
    )
    .await;
    let found = titles(&world, "Rotate certificates").await;
    assert_eq!(found, ["Rotate the certificates"]);
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_task_is_named_by_its_key_and_not_compared_with_itself(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let todo = &world.todo;
    let named = format!("Same as {}", todo.key.to_lowercase());
    assert_eq!(titles(&world, &named).await, ["Choose a colour"]);
    assert_eq!(
        titles(&world, "Choose the colours").await[0],
        "Choose a colour"
    );
    let renaming = similar(&world.ben, &world, "Choose the colours", &todo.key).await;
    assert!(renaming.iter().all(|task| task.key != todo.key));
    let renaming = similar(&world.ben, &world, &named, &todo.key).await;
    assert!(renaming.iter().all(|task| task.key != todo.key));
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn fewer_than_three_letters_are_similar_to_nothing_and_five_are_shown(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for number in 0..7 {
        add(&world, 0, &format!("Colour number {number}")).await;
    }
    for short in ["", " ", "co", "c-o", "??"] {
        assert!(titles(&world, short).await.is_empty(), "{short}");
    }
    assert_eq!(titles(&world, "col").await.len(), 5);
    for odd in [
        "%%%",
        "a'b\"c",
        "((((x y z",
        "🛹🛹🛹",
        "\\d+ .*",
        "日本語の設定",
    ] {
        titles(&world, odd).await;
    }
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn titles_without_spaces_between_words_are_compared_sign_by_sign(db: PgPool) {
    let world = TestApp::new(db).world().await;
    add(&world, 0, "設定画面が開かない").await;
    assert_eq!(titles(&world, "設定の画面").await, ["設定画面が開かない"]);
    add(&world, 0, "Fix useEffect in the log in form").await;
    assert_eq!(titles(&world, "effect of login").await.len(), 1);
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_word_that_no_title_has_any_more_goes_with_the_purge(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    let words = async || -> Vec<String> {
        sqlx::query_scalar(
            "SELECT word FROM title_words WHERE team_id = $1 AND word IN ('kite', 'lantern')",
        )
        .bind(world.team.id)
        .fetch_all(&db)
        .await
        .unwrap()
    };
    assert_eq!(words().await.len(), 2);
    sqlx::query(
        "UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE deleted_at IS NOT NULL",
    )
    .execute(&db)
    .await
    .unwrap();
    crate::tasks::purge::purge(&db).await.unwrap();
    assert_eq!(words().await, ["lantern"]);
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_large_team_is_not_read_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    explain::enlarge(&world).await;
    let ben = PersonName {
        id: world.people.ben.id.into(),
        name: "Ben".to_owned(),
    };
    let access = Access::enter(&world.app.db, &ben, &world.team.slug, Permission::Read);
    let team = access.await.unwrap().team();
    for title in [
        "Fix the login of the map",
        "Explain",
        "Write 3fa2b1 and the header",
        "fix the",
    ] {
        let scanned = explain::scanned(&world.app.db, async |connection| {
            store::similar(connection, team, title, None)
                .await
                .map(drop)
        });
        assert_eq!(scanned.await, [""; 0], "{title}");
    }
    let scanned = explain::scanned(&world.app.db, async |connection| {
        let free = store::first_free(connection, team, world.board.into(), None).await;
        free.map(drop)
    });
    assert_eq!(scanned.await, [""; 0], "another task to claim");
}
