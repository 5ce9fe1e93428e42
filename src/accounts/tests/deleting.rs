//! An account that is deleted is gone, and what its team did is there.

use std::time::Duration;

use futures_util::StreamExt;
use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};
use tokio::time::timeout;
use uuid::Uuid;

use super::{count, is_signed_in, knows_password, two_browsers};
use crate::{
    accounts::{
        account_page::deleting::DeleteAccount,
        actions::deleting::{Comments, delete, forget_old},
        operator,
    },
    comments::requests::{AddComment, DeleteComment},
    people::model::Role,
    tasks::requests::EditTask,
    testing::{
        Answer, Ask, Browser, Person, Program, TestApp, World, in_one_window, mailbox::Mailbox,
        seed,
    },
};

const PASSWORD: &str = seed::PASSWORD;
const NAME: &str = "Quirin Zebrowski";
const ACTION_OF_NAME: &str = "/actions/skateboard/accounts/account_page/change_name";

/// Somebody with a name that nothing else has, in the world's team and once in the other one.
struct Quirin {
    person: Person,
    browser: Browser,
    program: Program,
}

async fn quirin(world: &World, role: Role) -> Quirin {
    let app = &world.app;
    let person = app.person(NAME).await;
    seed::member(&app.db, world.team.id, &person, role).await;
    seed::member(&app.db, world.other_team.id, &person, Role::Member).await;
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id = $2")
        .bind(world.other_team.id)
        .bind(person.id)
        .execute(&app.db)
        .await
        .unwrap();
    Quirin {
        browser: app.signed_in(&person).await,
        program: Program::of(app, &person).await,
        person,
    }
}

async fn edit(browser: &Browser, world: &World, task: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("team", world.team.slug.as_str()), ("task", task)];
    all.extend_from_slice(fields);
    browser.call(EditTask::url(), &all).await.expect(200)
}

async fn say(browser: &Browser, world: &World, body: &str) -> Uuid {
    let id = Uuid::now_v7();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &world.todo.key),
        ("id", &id.to_string()),
        ("body", body),
    ];
    browser.call(AddComment::url(), &fields).await.expect(200);
    id
}

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

/// Lets everything that keeps a name, an address or something personal keep some of Quirin's.
async fn leave_traces(world: &World, quirin: &Quirin) {
    let Quirin {
        person, browser, ..
    } = quirin;
    let (db, id) = (&world.app.db, person.id.to_string());
    let (todo, doing) = (world.todo.key.as_str(), world.doing.key.as_str());
    // Named as somebody who got a task, and as somebody who had one.
    let give = [
        ("version", "1"),
        ("assignee", id.as_str()),
        ("description", "Ask @Quirin Zebrowski."),
    ];
    edit(&world.ben, world, todo, &give).await;
    edit(
        browser,
        world,
        doing,
        &[("version", "1"), ("assignee", &id)],
    )
    .await;
    let ben = world.people.ben.id.to_string();
    edit(
        &world.ana,
        world,
        doing,
        &[("version", "2"), ("assignee", &ben)],
    )
    .await;
    // Somebody who is at it now.
    seed::assign(db, world.team.id, &world.doing, person).await;
    say(&world.ben, world, "@quirin, have a look; @Ana too").await;
    say(browser, world, "A word of mine").await;
    let taken_back = say(browser, world, "A word that I took back").await;
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", todo),
        ("comment", &taken_back.to_string()),
    ];
    browser
        .call(DeleteComment::url(), &fields)
        .await
        .expect(200);

    seed::link(db, person, "reset_password", None).await;
    seed::link(
        db,
        person,
        "confirm_email",
        Some("elsewhere-of-quirin@example.test"),
    )
    .await;
    for (statement, text) in [
        ("UPDATE sessions SET user_agent = $2 WHERE person_id = $1", "Quirinfox/1.0"),
        ("UPDATE api_tokens SET name = $2 WHERE person_id = $1", "Quirins script"),
        (
            "INSERT INTO notification_settings (team_id, person_id, muted)
             SELECT team_id, person_id, '{late}' FROM memberships WHERE person_id = $1 AND $2 <> ''",
            "x",
        ),
        (
            "INSERT INTO usage (team_id, id, kind, person_id)
             SELECT team_id, gen_random_uuid(), 'similar.shown', person_id FROM memberships
             WHERE person_id = $1 AND $2 <> ''",
            "x",
        ),
        (
            "INSERT INTO feedback_prompts (team_id, person_id, occasion, shown_at)
             SELECT team_id, person_id, 'first_week', now() FROM memberships
             WHERE person_id = $1 AND $2 <> ''",
            "x",
        ),
        (
            "INSERT INTO feedback (team_id, id, person_id, occasion, missing, page, version)
             SELECT team_id, gen_random_uuid(), person_id, 'button', $2, '/', '1' FROM memberships
             WHERE person_id = $1",
            "A wish of mine",
        ),
        (
            "UPDATE webhook_deliveries SET answer = $2 WHERE $1::uuid IS NOT NULL",
            "We got that Quirin Zebrowski did something",
        ),
    ] {
        let done = sqlx::query(statement).bind(person.id).bind(text).execute(db);
        assert!(done.await.unwrap().rows_affected() > 0, "{statement}");
    }
    // A form that was refused, and what was typed into it.
    let refused = [
        ("email", "quirin at home"),
        ("current_password", "no matter"),
    ];
    let change_email = "/actions/skateboard/accounts/account_page/change_email";
    browser.post(change_email, &refused).await.expect(303);
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
async fn the_last_owner_of_a_team_with_others_stays_until_there_is_another(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let refused = delete_own(&world.ana, PASSWORD, false).await.expect(409);
    assert!(refused.error().unwrap().message.contains("Blue Lantern"));
    let page = world.ana.get("/account").await.page();
    assert!(
        !page.has_button("Delete account"),
        "what cannot be done is not offered"
    );
    assert!(page.shows("you are the last owner") && page.link("Blue Lantern").is_some());

    // Of two owners who go at once one stays.
    let oda = app.person("Oda").await;
    seed::member(&app.db, world.team.id, &oda, Role::Owner).await;
    let other = app.signed_in(&oda).await;
    let (first, second) = tokio::join!(
        delete_own(&world.ana, PASSWORD, false),
        delete_own(&other, PASSWORD, false)
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", first.text(), second.text());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_that_nobody_else_is_in_goes_with_everything_in_it(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let (other, beside) = (app.world().await, app.world().await);
    leave_traces(&world, &quirin(&world, Role::Member).await).await;
    let rows = async |team: Uuid| {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT table_name::text FROM information_schema.columns
             WHERE table_schema = 'public' AND column_name = 'team_id' ORDER BY 1",
        )
        .fetch_all(&app.db)
        .await
        .unwrap();
        let mut rows = 0;
        for table in tables {
            let query = format!("SELECT count(*) FROM {table} WHERE team_id = $1");
            let found: i64 = sqlx::query_scalar(AssertSqlSafe(query))
                .bind(team)
                .fetch_one(&app.db)
                .await
                .unwrap();
            rows += found;
        }
        rows
    };
    let (stays, full) = (rows(beside.team.id).await, rows(world.team.id).await);
    assert!(full > 20, "{full}");
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id <> $2")
        .bind(world.team.id)
        .bind(world.people.ana.id)
        .execute(&app.db)
        .await
        .unwrap();

    let page = world.ana.get("/account").await.page();
    assert!(page.shows("Nobody else is in Blue Lantern."));
    delete_own(&world.ana, PASSWORD, false).await.expect(200);
    assert_eq!(rows(world.team.id).await, 0);
    assert_eq!(rows(beside.team.id).await, stays);
    other.ana.get(&other.team.path("")).await.expect(200);
    // Whoever was in it is not hurt.
    assert!(is_signed_in(&world.ben).await);
    world.ben.get("/account").await.expect(200);
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

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_with_a_deleted_account_comes_back_out_of_its_export(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    delete_own(&world.ben, PASSWORD, false).await.expect(200);
    let export = world
        .ana
        .ask(Ask::page(&world.team.path("/export")))
        .await
        .expect(200);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &export.body).unwrap();
    let returned = crate::exports::operator::import_team(&app.db, file.path(), |_| {})
        .await
        .unwrap();
    assert_eq!(returned.new_people, [""; 0]);
    let copy = format!("/teams/{}/boards/WEB", returned.slug);
    assert!(
        world
            .ana
            .get(&copy)
            .await
            .expect(200)
            .page()
            .shows("Deleted account")
    );
}

/// What becomes of every column that names a person when their account is deleted. Tables that are not in the
/// schema yet may stand here.
const NAMES_A_PERSON: &[(&str, &[&str])] = &[
    (
        "deleted with the account",
        &[
            "account_links.person_id",
            "api_tokens.person_id",
            "digest_links.person_id",
            "digests.person_id",
            "feedback_prompts.person_id",
            "notification_settings.person_id",
            "notifications.person_id",
            "sessions.person_id",
            "toggle_people.person_id",
            "watchers.person_id",
        ],
    ),
    ("emptied", &["usage.person_id"]),
    (
        "stays, and means a deleted account: whose work it is, or who held it",
        &[
            "boards.created_by",
            "comments.author_id",
            "decisions.decided_by",
            "events.actor_id",
            "feedback.person_id",
            "hypotheses.created_by",
            "hypotheses.withdrawn_by",
            "imports.created_by",
            "invitations.created_by",
            "invitations.used_by",
            "memberships.person_id",
            "notifications.actor_id",
            "tasks.assignee_id",
            "tasks.created_by",
            "tasks.deleted_by",
            "toggle_arms.person_id",
            "toggles.changed_by",
            "wall_links.created_by",
            "webhooks.created_by",
        ],
    ),
];

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_is_decided_for_every_column_that_names_a_person_what_becomes_of_it(db: PgPool) {
    let columns: Vec<String> = sqlx::query_scalar(
        r#"
        SELECT conrelid::regclass::text || '.' || attname
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[cardinality(conkey)]
        WHERE contype = 'f' AND confrelid IN ('people'::regclass, 'memberships'::regclass)
        ORDER BY 1
        "#,
    )
    .fetch_all(&db)
    .await
    .unwrap();
    assert!(columns.len() > 20, "only {columns:?} were found");
    for column in &columns {
        let decided = NAMES_A_PERSON
            .iter()
            .filter(|(_, decided)| decided.contains(&column.as_str()))
            .count();
        assert_eq!(
            decided, 1,
            "{column} names a person: decide in src/accounts/actions/deleting.rs what becomes of it when their \
             account is deleted, say it in docs/privacy.md, and name it here"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_over_goes_by_itself_also_where_nobody_comes_by(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    world
        .ben
        .post(ACTION_OF_NAME, &[("name", "")])
        .await
        .expect(303);
    assert_eq!(forget_old(&app.db).await.unwrap(), 0, "nothing is over yet");
    let stay = count(&app.db, "SELECT count(*) FROM sessions").await;
    for old in [
        "UPDATE sessions SET last_seen_at = now() - interval '31 days' WHERE id = (SELECT min(id::text)::uuid FROM sessions)",
        "UPDATE account_links SET expires_at = now() - interval '25 hours' WHERE purpose = 'reset_password'",
        "INSERT INTO rate_limits (bucket, window_start) VALUES ('x', now() - interval '49 hours')",
        "UPDATE refused_forms SET created_at = now() - interval '25 hours'",
    ] {
        sqlx::query(old).execute(&app.db).await.unwrap();
    }
    assert_eq!(forget_old(&app.db).await.unwrap(), 4);
    assert_eq!(
        count(&app.db, "SELECT count(*) FROM sessions").await,
        stay - 1
    );
    assert_eq!(
        count(&app.db, "SELECT count(*) FROM account_links").await,
        1
    );
}
