//! Who can say something, from where, and what becomes of it.

use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use uuid::Uuid;

use super::{give, view};
use crate::{
    feedback::{
        model::{LONGEST_ANSWER, Occasion, VERSION},
        requests::{DismissFeedback, GiveFeedback},
        store,
    },
    ids::PersonId,
    testing::{TestApp, World},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_button_is_on_every_page_of_somebody_in_a_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for page in [
        "",
        "/boards",
        "/boards/WEB",
        "/people",
        "/feedback",
        "/none",
    ] {
        let path = world.team.path(page);
        for browser in [&world.ana, &world.vera] {
            let form = browser.get(&path).await.page().form("Feedback");
            assert_eq!(form.action, world.team.path("/feedback"));
            assert_eq!(form.field("page").value, path);
        }
    }
    for path in ["/account", "/teams/new"] {
        let form = world.ben.get(path).await.page().form("Feedback");
        assert_eq!(form.action, world.team.path("/feedback"));
        assert_eq!(form.field("page").value, path);
    }
    let nina = world.app.person("Nina").await;
    let nina = world.app.signed_in(&nina).await;
    for path in ["/account", "/teams/new"] {
        assert!(
            !nina.get(path).await.page().has_button("Feedback"),
            "{path}"
        );
    }
    let wall = format!("/wall/{}", world.wall_link.token);
    for path in ["/sign-in", "/forgot-password", &wall] {
        let page = world.nobody.get(path).await.page();
        assert!(!page.has_button("Feedback"), "{path}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_has_no_scripts_says_it_on_a_page_and_is_led_back(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let board = world.team.path("/boards/WEB");
    let from = format!("/feedback?page={board}%3Flabel=secret");
    let page = world.vera.get(&world.team.path(&from)).await.page();
    assert_eq!(page.heading(), "Feedback");
    let form = page
        .form("Send feedback")
        .fill("What is missing?", "A calendar.\nWith weeks.");
    let shown = world.vera.submit(form).await.expect(200);
    assert_eq!(shown.path, format!("{board}?done=give_feedback"));
    assert!(shown.page().statuses().concat().contains("Thank you."));
    let said = view(&world, &[]).await.items.remove(0);
    assert_eq!(said.missing, "A calendar.\nWith weeks.");
    assert_eq!(
        (said.most_useful.as_str(), said.in_the_way.as_str()),
        ("", "")
    );
    assert_eq!((said.page, said.version.as_str()), (board, VERSION));
    assert_eq!(
        (said.by.name.as_str(), said.occasion),
        ("Vera", Occasion::Button)
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_cannot_be_taken_comes_back_as_it_was_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.ben.get(&world.team.path("/feedback")).await.page();
    let long = "Slow. ".repeat(LONGEST_ANSWER);
    let form = page
        .form("Send feedback")
        .fill("What was most useful?", "The board")
        .fill("What got in the way?", &long);
    let again = world.ben.submit(form).await.expect(200).page();
    let form = again.form("Send feedback");
    assert_eq!(form.field("What was most useful?").value, "The board");
    let problem = form.field("What got in the way?").problem.clone();
    assert!(problem.unwrap_or_default().contains("2000 are possible"));
    let form = page.form("Send feedback");
    let again = world.ben.submit(form).await.expect(200).page();
    let problem = again
        .form("Send feedback")
        .field("What was most useful?")
        .problem
        .clone();
    assert_eq!(
        problem.as_deref(),
        Some("Answer at least one of the three questions.")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_again_is_the_same_and_no_other_words(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7().to_string();
    for _ in 0..2 {
        give(&world.ben, &world, &[("id", &*id)]).await.expect(200);
    }
    let other = [("id", &*id), ("missing", "A calendar.")];
    give(&world.ben, &world, &other).await.expect(409);
    give(&world.vera, &world, &[("id", &*id)]).await.expect(409);
    // Beside it there is what Vera said before.
    assert_eq!(view(&world, &[]).await.items.len(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_what_a_page_can_be_is_taken_for_one(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let theirs = world.other_team.path("");
    let bad = [
        ("page", "https://elsewhere.example/"),
        ("page", "/invitations/secret"),
        ("page", &*theirs),
        ("version", "<b>"),
        ("occasion", "always"),
        ("occasion", "tenth_task"),
        ("in_the_way", " "),
        ("id", "1"),
    ];
    for (field, value) in bad {
        let answer = give(&world.ben, &world, &[(field, value)]).await;
        assert_eq!(answer.status, 422, "{field}={value}");
        let named = if field == "in_the_way" {
            "most_useful"
        } else {
            field
        };
        let error = answer.error().expect("a reason");
        assert!(error.on(named).is_some(), "{field}={value}: {error:?}");
    }
    let own = [("page", "/account?refused=1#tokens")];
    give(&world.ben, &world, &own).await.expect(200);
    assert_eq!(view(&world, &[]).await.items[0].page, "/account");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_said_is_told_to_nobody_but_the_owners(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let events = "SELECT count(*) FROM events WHERE team_id = $1";
    let count = async || {
        let count = sqlx::query_scalar::<_, i64>(events).bind(world.team.id);
        count.fetch_one(&world.app.db).await.expect("a number")
    };
    let before = count().await;
    give(&world.ben, &world, &[]).await.expect(200);
    assert_eq!(count().await, before);
    for browser in [&world.ben, &world.vera, &world.otto] {
        let page = browser.get(&world.team.path("/insights")).await;
        assert!(!page.text().contains("Too many clicks."));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn another_team_is_told_nothing_and_a_stranger_says_nothing(db: PgPool) {
    let world = TestApp::new(db).world().await;
    give(&world.otto, &world, &[]).await.expect(404);
    give(&world.nobody, &world, &[]).await.expect(401);
    let theirs = World {
        team: world.other_team.clone(),
        ..world.clone()
    };
    let home = theirs.team.path("");
    give(&world.otto, &theirs, &[("page", &*home)])
        .await
        .expect(200);
    assert_eq!(view(&world, &[]).await.items.len(), 1, "Vera's alone");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_lasts_when_its_author_is_gone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE person_id = $1")
        .bind(world.people.vera.id)
        .execute(&world.app.db)
        .await
        .expect("a removal");
    sqlx::query("UPDATE people SET name = 'Deleted account', disabled_at = now() WHERE id = $1")
        .bind(world.people.vera.id)
        .execute(&world.app.db)
        .await
        .expect("a deletion");
    let page = world
        .ana
        .get(&world.team.path("/insights"))
        .await
        .expect(200);
    assert!(page.page().shows("Deleted account (former member)"));
    assert!(page.page().shows("The board is slow on my phone."));
    give(&world.vera, &world, &[]).await.expect(401);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_is_forgotten_was_never_asked_and_may_take_their_words_along(db: PgPool) {
    let world = TestApp::new(db).world().await;
    give(&world.ben, &world, &[]).await.expect(200);
    let count = async |table: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE person_id = $1");
        sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql))
            .bind(world.people.ben.id)
            .fetch_one(&world.app.db)
            .await
            .expect("a number")
    };
    let dismissed = [("team", &*world.team.slug), ("occasion", "first_week")];
    let answer = world.ben.call(DismissFeedback::url(), &dismissed).await;
    answer.expect(200);
    let teams = [world.team.id];
    for (words_go, left) in [(false, 1), (true, 0)] {
        let mut connection = world.app.db.acquire().await.expect("a connection");
        let ben = PersonId(world.people.ben.id);
        store::forget_person(&mut connection, &teams, ben, words_go)
            .await
            .expect("a forgotten person");
        drop(connection);
        assert_eq!(count("feedback_prompts").await, 0);
        assert_eq!(count("feedback").await, left);
    }
    assert_eq!(view(&world, &[]).await.items.len(), 1, "Vera's alone");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_form_of_a_page_that_was_not_this_team_leads_nowhere_else(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7().to_string();
    let fields = [
        ("team", &*world.team.slug),
        ("id", &*id),
        ("occasion", "button"),
        ("most_useful", "Yes"),
        ("in_the_way", ""),
        ("missing", ""),
        ("page", "//elsewhere.example/"),
        ("version", "1"),
        ("back", "1"),
    ];
    let answer = world
        .ben
        .post(GiveFeedback::url(), &fields)
        .await
        .expect(303);
    let location = answer.location().unwrap_or_default();
    assert!(
        location.starts_with('/') && location.contains("refused="),
        "{location}"
    );
}
