use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::{count, sign_in};
use crate::{
    accounts::register_page::Register,
    testing::{Answer, Browser, Form, TestApp, mailbox::Mailbox},
};

const PASSWORD: &str = "correct horse battery";

fn filled(form: Form, name: &str, email: &str) -> Form {
    form.fill("Your name", name)
        .fill("Email", email)
        .fill("Password", PASSWORD)
}

async fn register(browser: &Browser, name: &str, email: &str, team: &str) -> Answer {
    let form = browser.get("/register").await.page().form("Create account");
    let form = filled(form, name, email).fill("Team name", team);
    browser.submit(form).await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_first_account_founds_a_team_with_a_board(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.browser();
    assert_eq!(ana.get("/").await.path, "/register");
    let answer = register(&ana, "Ana Silva", "Ana@Example.org", "Blue Whales").await;
    assert_eq!(answer.expect(200).path, "/teams/blue-whales");
    assert_eq!(ana.get("/").await.path, "/teams/blue-whales");
    let columns: Vec<(String, String)> =
        sqlx::query_as("SELECT name, kind FROM columns ORDER BY position")
            .fetch_all(&app.db)
            .await
            .unwrap();
    let named = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
    assert_eq!(
        columns,
        [
            named("To do", "todo"),
            named("In progress", "doing"),
            named("Done", "done")
        ]
    );
    let role: String = sqlx::query_scalar("SELECT role FROM memberships")
        .fetch_one(&app.db)
        .await
        .unwrap();
    assert_eq!(role, "owner");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_two_first_registrations_at_once_one_wins(db: PgPool) {
    let app = TestApp::new(db);
    let browsers = [app.browser(), app.browser(), app.browser()];
    let [one, two, three] = &browsers;
    let ask = async |browser: &Browser, email: &str| {
        let fields = [
            ("name", "Somebody"),
            ("email", email),
            ("password", PASSWORD),
            ("team_name", "A team"),
        ];
        browser.call(Register::url(), &fields).await.status.as_u16()
    };
    let mut statuses: [u16; 3] = tokio::join!(
        ask(one, "one@example.org"),
        ask(two, "two@example.org"),
        ask(three, "three@example.org"),
    )
    .into();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403, 403]);
    assert_eq!(count(&app.db, "SELECT count(*) FROM people").await, 1);
    assert_eq!(count(&app.db, "SELECT count(*) FROM teams").await, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn later_an_invitation_is_needed(db: PgPool) {
    let app = TestApp::new(db);
    let known = app.person("Ana").await;
    let stranger = app.browser();
    let page = stranger.get("/register").await.expect(200).page();
    assert_eq!(page.heading(), "An invitation is needed");
    for email in [known.email.as_str(), "unknown@example.org"] {
        let fields = [
            ("name", "Eve"),
            ("email", email),
            ("password", PASSWORD),
            ("team_name", "Eve's"),
        ];
        let refused = stranger.call(Register::url(), &fields).await.expect(403);
        assert!(refused.error().unwrap().message.contains("invitation"));
    }
    assert_eq!(count(&app.db, "SELECT count(*) FROM people").await, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_invitation_leads_into_its_team_once(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.browser();
    register(&ana, "Ana", "ana@example.org", "Blue Whales").await;
    let page = ana.get("/teams/blue-whales/people").await.page();
    let page = ana.submit(page.form("Create invitation")).await.page();
    let link = page.value("Invitation link").unwrap();
    let token = link.rsplit('/').next().unwrap();

    let ben = app.browser();
    let answer = ben.get(&format!("/register?invitation={token}")).await;
    assert_eq!(answer.path, "/register");
    let form = answer.page().form("Create account");
    assert!(form.fields.iter().all(|field| field.name != "team_name"));
    let answer = ben.submit(filled(form, "Ben", "ben@example.org")).await;
    assert_eq!(answer.expect(200).path, "/teams/blue-whales");

    let cleo = app.browser();
    let page = cleo
        .get(&format!("/register?invitation={token}"))
        .await
        .page();
    assert_eq!(page.heading(), "An invitation is needed");
    assert_eq!(count(&app.db, "SELECT count(*) FROM memberships").await, 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn where_registration_is_open_everybody_founds_a_team(db: PgPool) {
    let app = TestApp::with(db, |given| given.registration = Some("open".into()));
    app.person("Ana").await;
    let ben = app.browser();
    assert!(
        ben.get("/sign-in")
            .await
            .page()
            .link("Create an account")
            .is_some()
    );
    let answer = register(&ben, "Ben", "ben@example.org", "日本").await;
    assert_eq!(answer.expect(200).path, "/teams/ri-ben");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn with_mail_an_open_registration_confirms_the_address_first(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |given| given.registration = Some("open".into())).await;
    let known = app.person("Ana").await;

    let eve = app.browser();
    let to_known = register(&eve, "Eve", &known.email.to_uppercase(), "Evil").await;
    let mail = mailbox.wait_for(1).await;
    assert!(mail.to.contains(&known.email), "{}", mail.to);
    assert!(mail.text.contains("There is one already"), "{}", mail.text);

    let ben = app.browser();
    let to_unknown = register(&ben, "Ben", "ben@example.org", "Herons").await;
    assert_eq!(to_known.path, to_unknown.path);
    assert_eq!(
        to_known.page().texts("body"),
        to_unknown.page().texts("body")
    );
    let mail = mailbox.wait_for(2).await;
    let link = mail.link("/confirm-email/");
    assert_eq!(count(&app.db, "SELECT count(*) FROM people").await, 1);

    // Another browser than the one that registered, as it happens.
    let phone = app.browser();
    let answer = phone.get(&link).await.expect(200);
    assert_eq!(answer.path, "/confirm-email");
    assert_eq!(count(&app.db, "SELECT count(*) FROM people").await, 1);
    let form = answer.page().form("Confirm address");
    let (first, second) = tokio::join!(phone.submit(form.clone()), phone.submit(form));
    let done = |answer: &Answer| answer.path.contains("done=confirm_email");
    assert!(
        done(&first) != done(&second),
        "{} {}",
        first.path,
        second.path
    );
    assert_eq!(count(&app.db, "SELECT count(*) FROM people").await, 2);

    let answer = sign_in(&ben, "ben@example.org", PASSWORD).await;
    assert_eq!(answer.path, "/teams/herons");
    assert_eq!(phone.get(&link).await.status, 404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_typed_comes_back_without_the_password(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.browser();
    let form = ana.get("/register").await.page().form("Create account");
    let form = form
        .fill("Your name", "Ana")
        .fill("Email", "nowhere")
        .fill("Password", PASSWORD)
        .fill("Team name", "Blue Whales");
    let page = ana.submit(form).await.page();
    let form = page.form("Create account");
    assert_eq!(form.field("Your name").value, "Ana");
    assert_eq!(form.field("Email").value, "nowhere");
    assert!(form.field("Email").problem.is_some());
    assert_eq!(form.field("Password").value, "");
    let kept: String = sqlx::query_scalar("SELECT fields::text FROM refused_forms")
        .fetch_one(&app.db)
        .await
        .unwrap();
    assert!(!kept.contains("horse"), "{kept}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn bad_input_names_its_field(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.browser();
    let (long_name, long_password) = ("x".repeat(81), "x y".repeat(50));
    let long_email = format!("{}@example.org", "x".repeat(300));
    for (field, value) in [
        ("name", ""),
        ("name", "   "),
        ("name", "two\nlines"),
        ("name", long_name.as_str()),
        ("email", ""),
        ("email", "nowhere"),
        ("email", long_email.as_str()),
        ("email", "a\0b@example.org"),
        ("password", ""),
        ("password", "1234567"),
        ("password", "password1"),
        ("password", "Blue Ana"),
        ("password", long_password.as_str()),
        ("team_name", ""),
        ("team_name", "\u{202e}\u{7}"),
    ] {
        let good = [
            ("name", "Blue Ana"),
            ("email", "ana@example.org"),
            ("password", PASSWORD),
            ("team_name", "Blue Whales"),
        ];
        let fields = good.map(|(name, right)| (name, if name == field { value } else { right }));
        let refused = ana.call(Register::url(), &fields).await.expect(422);
        let error = refused.error().unwrap();
        assert!(error.on(field).is_some(), "{field} {value:?}: {error:?}");
    }
    assert_eq!(count(&app.db, "SELECT count(*) FROM people").await, 0);
}
