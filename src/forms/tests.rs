#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod unsaid;

use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use uuid::Uuid;

use super::origin::VISITOR;
use crate::{
    accounts::sign_in_page::SignIn,
    boards::requests::CreateBoard,
    comments::requests::AddComment,
    tasks::requests::EditTask,
    testing::{Answer, Ask, Browser, Page, TestApp, World, browser::encoded, seed::PASSWORD},
};

/// Sends the form of a task's page as a browser without JavaScript does, with a title that is encoded already.
async fn edit(browser: &Browser, world: &World, title: &str) -> Answer {
    let task = &world.todo.key;
    browser.stand_on(&world.team.path(&format!("/tasks/{task}")));
    let mut body = encoded(&[
        ("team", &world.team.slug),
        ("task", task),
        ("version", "1"),
        ("description", "Keep me"),
    ]);
    body.extend(format!("&title={title}").into_bytes());
    let ask = browser.form(EditTask::url(), body, "text/html");
    browser.ask(ask).await
}

async fn kept(world: &World) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM refused_forms")
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_text_that_cannot_be_stored_is_named_and_the_others_are_still_there(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (title, reason) in [
        ("a%00b", "NUL"),
        ("%FF%FE", "UTF-8"),
        ("a&title=b", "sent twice"),
    ] {
        let refused = edit(&world.ben, &world, title).await;
        let page = world.ben.follow(refused).await.page();
        assert!(page.shows(reason), "{title}: {:?}", page.alerts());
        assert_eq!(page.value("Description").as_deref(), Some("Keep me"));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_typed_waits_while_its_author_signs_in_again(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let browser = world.app.browser();
    let sent_away = edit(&browser, &world, "Choose+two+colours").await;
    let sign_in = sent_away.location().unwrap().to_owned();
    let page = browser.follow(sent_away).await.page();
    let kept = "What you typed is kept and comes back when you have signed in.";
    assert!(page.shows(kept));
    // The address can get around. What waits there is told to nobody but the browser it was typed in.
    let (unmarked, marked) = (world.app.browser(), world.app.browser());
    edit(&marked, &world, "Of+another").await.expect(303);
    assert!(marked.cookie(VISITOR).is_some());
    for other in [unmarked, marked] {
        let page = other.get(&sign_in).await.expect(200).page();
        assert!(!page.shows(kept));
    }
    let address = format!("/sign-in?next={}", world.team.path("/boards"));
    assert!(!browser.get(&address).await.page().shows(kept));
    let form = page.form("Sign in");
    let form = form
        .fill("Email", &world.people.ben.email)
        .fill("Password", PASSWORD);
    assert_eq!(form.action, SignIn::url());
    let page = browser.submit(form).await.expect(200).page();
    assert_eq!(page.value("Title").as_deref(), Some("Choose two colours"));
    assert_eq!(page.value("Description").as_deref(), Some("Keep me"));
    assert!(page.shows("You were signed out meanwhile."));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_too_long_to_be_read_is_still_in_the_browser(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo.key;
    let path = world.team.path(&format!("/tasks/{task}"));
    world.ben.stand_on(&path);
    let (id, words) = (Uuid::now_v7().to_string(), "words ".repeat(500_000));
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", task),
        ("id", &id),
        ("body", &words),
    ];
    let page = world
        .ben
        .post(AddComment::url(), &fields)
        .await
        .expect(413)
        .error_page();
    assert!(page.shows("This is too long to be sent in one piece."));
    assert!(page.shows("What you typed is still there when you go back in your browser."));
    assert_eq!(page.link("Go back"), Some(path));
    assert_eq!(kept(&world).await, 0);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_reads_what_somebody_else_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let refused = edit(&world.ben, &world, "a%00b").await;
    let back = refused.location().unwrap().to_owned();
    for other in [&world.ana, &world.nobody] {
        assert!(!other.get(&back).await.text().contains("Keep me"));
    }
    assert!(world.ben.get(&back).await.text().contains("Keep me"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_person_has_at_most_twenty_forms_waiting(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for _ in 0..25 {
        edit(&world.ben, &world, "a%00b").await.expect(303);
    }
    assert_eq!(kept(&world).await, 20);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn strangers_cannot_fill_the_disk_with_refused_forms(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut last = None;
    for _ in 0..70 {
        // A new browser each time, as a program is that drops its cookies.
        let browser = world.app.browser();
        last = Some(edit(&browser, &world, "a%00b").await);
    }
    assert_eq!(kept(&world).await, 60);
    let last = last.unwrap().expect(422);
    assert!(last.page().shows("NUL"), "{}", last.text());

    let large = world.app.browser();
    large
        .post(SignIn::url(), &[("email", &"x".repeat(100_000))])
        .await;
    let sizes: i32 = sqlx::query_scalar("SELECT max(length(fields::text)) FROM refused_forms")
        .fetch_one(&world.app.db)
        .await
        .unwrap();
    assert!(sizes < 64 * 1024, "{sizes}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_way_back_from_a_form_stays_on_this_site(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let origin = world.app.settings.base_url().origin().ascii_serialization();
    for referer in ["//evil.example/x", "/\\evil.example", "///evil.example"] {
        let ask = world
            .ben
            .form(EditTask::url(), Vec::new(), "text/html")
            .header("referer", Some(&format!("{origin}{referer}")));
        let answer = world.ben.ask(ask).await.expect(422);
        assert!(answer.location().is_none());
        assert!(!answer.text().contains("evil"), "{}", answer.text());
    }
}

/// Makes an invitation on the page of the team's people, as a browser that has it under this origin.
async fn invite(world: &World, origin: &str) -> Answer {
    let people = world.team.path("/people");
    let page = world.ana.get(&people).await.page();
    let form = page.form("Create invitation");
    let fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str()))
        .collect();
    let ask = world
        .ana
        .form(&form.action, encoded(&fields), "text/html")
        .header("origin", None)
        .header("referer", Some(&format!("{origin}{people}")));
    world.ana.ask(ask).await.expect(303)
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_name_of_ones_own_machine_is_a_way_back_to_what_is_shown_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for origin in [
        "http://127.0.0.1:3000",
        "http://localhost:3000",
        "http://[::1]:3000",
    ] {
        let made = invite(&world, origin).await;
        let page = world.ana.follow(made).await.expect(200).page();
        assert!(page.value("Invitation link").is_some(), "{origin}");
    }
    for origin in [
        "http://localhost:3001",
        "https://localhost:3000",
        "http://localhost.evil.example:3000",
    ] {
        let made = invite(&world, origin).await;
        assert_eq!(made.location(), Some("/"), "{origin}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_shown_once_waits_behind_a_redirect(db: PgPool) {
    let world = TestApp::new(db).world().await;
    invite(&world, "http://127.0.0.1:3000").await;
    let remark = "skateboard-remark";
    world.ana.set_cookie(remark, "Mind%20the%20gap.");
    let leads_on = world.ana.ask(Ask::page("/")).await.expect(302);
    assert_eq!(
        leads_on.location(),
        Some(world.team.path("").as_str()),
        "the way to Now"
    );
    assert!(world.ana.cookie(remark).is_some());

    let people = world.team.path("/people");
    let page = world.ana.get(&people).await.expect(200).page();
    assert!(page.value("Invitation link").is_some());
    assert!(world.ana.cookie(remark).is_none());
    let again = world.ana.get(&people).await.page();
    assert_eq!(again.value("Invitation link"), None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_form_of_a_browser_that_tells_no_page_is_refused_where_it_was_sent(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let body = encoded(&[
        ("team", &world.team.slug),
        ("id", &Uuid::now_v7().to_string()),
        ("name", "Website"),
        ("key", "A key with spaces"),
    ]);
    let ask = world
        .ana
        .form(CreateBoard::url(), body, "text/html")
        .header("referer", None);
    let answer = world.ana.ask(ask).await.expect(422).page();
    assert!(answer.shows("A key is 1 to 10 letters and digits"));
    assert!(answer.shows("What you typed is still there when you go back in your browser."));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_address_that_holds_no_text_leads_nowhere(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for path in ["/teams/%00", "/teams/%FF", "/%00", "/actions/%00"] {
        world.ben.get(path).await.expect(404);
    }
    for rest in ["%00", "/boards/%00", "/boards/WEB%00", "/tasks/WEB-1%00"] {
        let path = world.team.path(rest);
        world.ben.get(&path).await.expect(404);
    }
    for beside in [
        "/teams/%00/live",
        "/teams/%FF/live",
        "/invitations/%00",
        "/reset-password/%00",
        "/confirm-email/%00",
    ] {
        world.ben.get(beside).await.expect(404);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_form_that_no_action_takes_is_not_found(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let nothing = "/actions/skateboard/nothing/here";
    for browser in [&world.ben, &world.nobody] {
        browser.stand_on(&world.team.path("/boards/WEB"));
        let fields = [("team", world.team.slug.as_str()), ("title", "Keep me")];
        let answer = browser.post(nothing, &fields).await.expect(404);
        assert_eq!(answer.location(), None);
        let page = answer.error_page();
        assert_eq!(page.heading(), "Not found");
        assert!(page.shows("What you typed is still there when you go back in your browser."));

        let by_script = browser.call(nothing, &fields).await.expect(404);
        assert_eq!(by_script.location(), None);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_program_is_redirected_as_well_as_a_browser(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ask = Ask::page(&world.team.path("/people")).header("accept", Some("*/*"));
    let answer = world.nobody.ask(ask).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().unwrap().starts_with("/sign-in?next="));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_the_database_gives_up_for_another_is_tried_again(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let fields = |title, version| {
        [
            ("team", world.team.slug.as_str()),
            ("task", world.todo.key.as_str()),
            ("version", version),
            ("title", title),
        ]
    };
    world.give_up_the_first(3).await;
    let second = fields("At the fourth attempt", "1");
    world.ben.call(EditTask::url(), &second).await.expect(200);
    assert_eq!(world.events("task.edited").await.len(), 1);

    world.give_up_the_first(100).await;
    let never = fields("Never", "2");
    let refused = world.ben.call(EditTask::url(), &never).await.expect(503);
    assert_eq!(refused.error().unwrap().code.as_str(), "unavailable");
    assert_eq!(world.events("task.edited").await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_refused_form_begins_with_the_first_field_that_was_refused(db: PgPool) {
    let app = TestApp::new(db);
    let browser = app.browser();
    let page = browser.get("/register").await.page();
    let begins = |page: &Page| page.attributes("[autofocus]", "name");
    assert_eq!(begins(&page), ["name"]);
    let form = page
        .form("Create account")
        .fill("Your name", "Ana")
        .fill("Email", "ana@example.org")
        .fill("Password", "short")
        .fill("Team name", "Blue Whales");
    let page = browser.submit(form).await.page();
    assert_eq!(begins(&page), ["password"]);
}
