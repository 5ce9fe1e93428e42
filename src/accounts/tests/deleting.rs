//! An account that is deleted is gone, and what its team did is there.

mod quirin;
mod references;
mod teams;

use std::time::Duration;

use futures_util::StreamExt;
use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};
use tokio::time::timeout;

use self::quirin::{edit, leave_traces, quirin};
use super::{count, is_signed_in, knows_password, two_browsers};
use crate::{
    accounts::{
        account_page::deleting::DeleteAccount,
        actions::deleting::{Comments, delete},
        operator,
    },
    people::model::Role,
    testing::{Answer, Ask, Browser, Program, TestApp, in_one_window, mailbox::Mailbox, seed},
};

const PASSWORD: &str = seed::PASSWORD;

async fn delete_own(browser: &Browser, password: &str, comments: bool) -> Answer {
    let mut fields = vec![("current_password", password)];
    if comments {
        fields.push(("comments", "on"));
    }
    browser.call(DeleteAccount::url(), &fields).await
}

/// The tables in which a text stands, in whatever column.
async fn tables_with(db: &PgPool, text: &str) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        r#"
        SELECT table_name::text FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1
        "#,
    )
    .fetch_all(db)
    .await
    .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let query = format!(
            "SELECT EXISTS (SELECT FROM {table} AS t WHERE strpos(lower(to_jsonb(t)::text), lower($1)) > 0)"
        );
        let stands: bool = sqlx::query_scalar(AssertSqlSafe(query))
            .bind(text)
            .fetch_one(db)
            .await
            .unwrap();
        if stands {
            found.push(table);
        }
    }
    found
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nothing_that_says_who_it_was_is_left_in_any_table(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let quirin = quirin(&world, Role::Member).await;
    leave_traces(&world, &quirin).await;
    let before = tables_with(&app.db, "quirin").await;
    for table in [
        "account_links",
        "api_tokens",
        "comments",
        "events",
        "people",
        "refused_forms",
        "sessions",
        "tasks",
        "webhook_deliveries",
    ] {
        assert!(
            before.iter().any(|found| found == table),
            "{table}: {before:?}"
        );
    }
    let others = "SELECT count(*) FROM people WHERE forgotten_at IS NULL";
    let people = count(&app.db, others).await;

    let page = quirin.browser.get("/account").await.page();
    let form = page.form("Delete account");
    let form = form.fill("Current password", PASSWORD);
    let answer = quirin.browser.submit(form).await;
    assert_eq!(answer.path, "/sign-in?done=delete_account");
    assert_eq!(answer.page().statuses(), ["Your account is deleted."]);

    for text in ["quirin", "zebrowski", &quirin.person.email, "took back"] {
        assert_eq!(tables_with(&app.db, text).await, [""; 0], "{text}");
    }
    // What is theirs alone is gone, also where it says no name.
    let id = quirin.person.id.to_string();
    let left = tables_with(&app.db, &id).await;
    for gone in [
        "account_links",
        "api_tokens",
        "feedback_prompts",
        "notification_settings",
        "sessions",
        "usage",
        "watchers",
    ] {
        assert!(!left.iter().any(|found| found == gone), "{gone}");
    }
    assert_eq!(count(&app.db, others).await, people - 1);
    assert!(
        !tables_with(&app.db, &world.people.ben.email)
            .await
            .is_empty()
    );
    for text in ["A word of mine", "A wish of mine"] {
        assert!(!tables_with(&app.db, text).await.is_empty(), "{text}");
    }
    assert!(is_signed_in(&world.ben).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_team_reads_a_deleted_account_wherever_somebody_was(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let quirin = quirin(&world, Role::Member).await;
    leave_traces(&world, &quirin).await;
    let before: i64 = sqlx::query_scalar("SELECT last_seq FROM event_counters WHERE team_id = $1")
        .bind(world.team.id)
        .fetch_one(&app.db)
        .await
        .unwrap();
    delete_own(&quirin.browser, PASSWORD, false)
        .await
        .expect(200);

    let team = &world.team;
    let task = team.path(&format!("/tasks/{}", world.todo.key));
    let task = world.ben.get(&task).await.expect(200).page();
    for words in [
        "A word of mine",
        "Deleted account (former member)",
        "set Assignee to Deleted account",
        "@Deleted account, have a look; @Ana too",
    ] {
        assert!(task.shows(words), "{words}");
    }
    for (path, words) in [
        ("", "Deleted account"),
        ("/people", "Deleted account"),
        ("/boards/WEB", "Deleted account"),
        ("/search?q=colour", "Deleted account"),
        ("/export?format=csv", "Deleted account"),
        ("/export", "\"email\": null"),
    ] {
        let text = world
            .ana
            .ask(Ask::page(&team.path(path)))
            .await
            .expect(200)
            .text();
        assert!(text.contains(words), "{path}");
        assert!(!text.to_lowercase().contains("quirin"), "{path}");
    }

    let ana = Program::of(&app, &world.people.ana).await;
    let path = format!("/teams/{}/events?after={before}", team.slug);
    let told: Value = ana.get(&path).await.expect(200).json();
    assert_eq!(told["items"][0]["kind"], "member.left");
    assert_eq!(told["items"][0]["actor"]["name"], "Deleted account");
    assert_eq!(told["items"].as_array().map(Vec::len), Some(1));
    for path in ["events?after=0", "members", "now", "tasks"] {
        let text = ana
            .get(&format!("/teams/{}/{path}", team.slug))
            .await
            .expect(200)
            .text();
        assert!(!text.to_lowercase().contains("quirin"), "{path}");
    }
    // Whoever had read the task before merges with what stands there now.
    let seen = [("version", "2"), ("title", "Choose two colours")];
    edit(&world.ben, &world, &world.todo.key, &seen).await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_way_in_is_shut_and_the_address_is_free(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let world = app.world().await;
    let quirin = quirin(&world, Role::Viewer).await;
    let (here, elsewhere) = two_browsers(&app, &quirin.person).await;
    let reset = seed::link(&app.db, &quirin.person, "reset_password", None).await;
    let stream = elsewhere.open(Ask::page(&world.team.path("/live"))).await;
    let mut stream = stream.into_body().into_data_stream();
    quirin.program.get("/me").await.expect(200);

    delete_own(&here, PASSWORD, false).await.expect(200);
    let ended = async { while stream.next().await.is_some() {} };
    timeout(Duration::from_secs(5), ended)
        .await
        .expect("an end of the stream");
    assert!(!is_signed_in(&here).await && !is_signed_in(&elsewhere).await);
    quirin.program.get("/me").await.expect(401);
    let browser = app.browser();
    assert!(!knows_password(&browser, &quirin.person.email, PASSWORD).await);
    let link = browser.get(&format!("/reset-password/{reset}")).await;
    assert_eq!(link.page().heading(), "This link cannot be used");
    let mail = mailbox.wait_for(1).await;
    assert!(mail.to.contains(&quirin.person.email) && mail.text.contains("was deleted just now"));

    // Asked again it is nobody's any more, and the address belongs to whoever comes next.
    delete_own(&here, PASSWORD, false).await.expect(401);
    let again = delete(
        &app.db,
        &app.settings,
        quirin.person.id.into(),
        Comments::Stay,
    )
    .await;
    assert_eq!(again.unwrap_err().code.status(), 404);
    let email = quirin.person.email.to_uppercase();
    operator::create_user(&app.db, &app.settings, &email, "Quirin again", None)
        .await
        .expect("a free address");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn comments_go_with_their_author_who_wants_it_and_nobody_elses(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let quirin = quirin(&world, Role::Member).await;
    leave_traces(&world, &quirin).await;
    delete_own(&quirin.browser, PASSWORD, true)
        .await
        .expect(200);
    for text in ["A word of mine", "A wish of mine"] {
        assert_eq!(tables_with(&app.db, text).await, [""; 0], "{text}");
    }
    assert!(!tables_with(&app.db, "have a look").await.is_empty());
    assert!(!tables_with(&app.db, "Blue, I think.").await.is_empty());
    let task = world.team.path(&format!("/tasks/{}", world.todo.key));
    world.ben.get(&task).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_takes_the_password_and_guessing_it_is_limited(db: PgPool) {
    in_one_window(Duration::from_secs(900)).await;
    let app = TestApp::new(db);
    let world = app.world().await;
    let form = world
        .ben
        .get("/account")
        .await
        .page()
        .form("Delete account");
    let wrong = world
        .ben
        .submit(form.clone().fill("Current password", "wrong"))
        .await;
    let shown = wrong.page().form("Delete account");
    assert!(shown.field("Current password").problem.is_some());
    for _ in 0..9 {
        delete_own(&world.ben, "wrong", false).await.expect(403);
    }
    delete_own(&world.ben, "wrong", false).await.expect(429);
    delete_own(&world.ben, PASSWORD, false).await.expect(429);
    assert!(is_signed_in(&world.ben).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_operator_deletes_an_account_by_its_address(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let world = app.world().await;
    let (ana, ben) = (&world.people.ana.email, &world.people.ben.email);
    let words = operator::about_to_delete(&app.db, &ben.to_uppercase())
        .await
        .unwrap();
    assert!(words.contains(ben), "{words}");
    let words = operator::about_to_delete(&app.db, &world.people.otto.email)
        .await
        .unwrap();
    assert!(words.contains("Red Kite"), "{words}");
    let deleted = async |email: &str| {
        operator::delete_user(&app.db, &app.settings, email, Comments::Stay).await
    };
    deleted(ben).await.unwrap();
    assert!(!is_signed_in(&world.ben).await);
    assert!(mailbox.wait_for(1).await.to.contains(ben));
    assert_eq!(deleted(ben).await.unwrap_err().code.status(), 404);
    // Vera is still in Ana's team.
    assert_eq!(deleted(ana).await.unwrap_err().code.status(), 409);
}
