use std::time::Duration;

use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::{NEW_PASSWORD, count, is_signed_in, knows_password};
use crate::{
    accounts::{
        forgot_password_page::RequestPasswordReset, operator, reset_password_page::ResetPassword,
    },
    testing::{Answer, Browser, TestApp, in_one_window, mailbox::Mailbox, seed::PASSWORD},
};

async fn ask_for_link(browser: &Browser, email: &str) -> Answer {
    let page = browser.get("/forgot-password").await.page();
    browser
        .submit(page.form("Send link").fill("Email", email))
        .await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_link_sets_a_new_password_once_and_ends_everything_older(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let ana = app.person("Ana").await;
    let signed_in = app.signed_in(&ana).await;
    let browser = app.browser();

    ask_for_link(&browser, &ana.email).await.expect(200);
    let older = mailbox.wait_for(1).await.link("/reset-password/");
    let page = ask_for_link(&browser, &ana.email.to_uppercase())
        .await
        .page();
    assert_eq!(
        page.statuses(),
        ["If there is an account with this address, a link is on its way."]
    );
    let mail = mailbox.wait_for(2).await;
    assert!(mail.to.contains(&ana.email), "{}", mail.to);
    let link = mail.link("/reset-password/");

    let answer = browser.ask(crate::testing::Ask::page(&link)).await;
    assert_eq!(answer.location(), Some("/reset-password"));
    let answer = browser.get(&link).await.expect(200);
    assert_eq!(answer.path, "/reset-password");
    assert!(is_signed_in(&signed_in).await);
    let form = answer.page().form("Change password");
    let form = form.fill("New password", NEW_PASSWORD);
    let (first, second) = tokio::join!(browser.submit(form.clone()), browser.submit(form));
    let done = |answer: &Answer| answer.path == "/sign-in?done=reset_password";
    assert!(
        done(&first) != done(&second),
        "{} {}",
        first.path,
        second.path
    );

    assert!(!is_signed_in(&signed_in).await);
    assert!(!knows_password(&browser, &ana.email, PASSWORD).await);
    assert!(knows_password(&browser, &ana.email, NEW_PASSWORD).await);
    for over in [link, older] {
        let page = app.browser().get(&over).await.page();
        assert_eq!(page.heading(), "This link cannot be used");
    }
    let told = mailbox.wait_for(3).await;
    assert!(told.head.contains("was changed"), "{}", told.head);
    assert!(!told.text.contains(NEW_PASSWORD));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_link_is_over_after_an_hour_and_stored_as_a_hash(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let ana = app.person("Ana").await;
    let browser = app.browser();
    ask_for_link(&browser, &ana.email).await;
    let link = mailbox.wait_for(1).await.link("/reset-password/");
    let token = link.rsplit('/').next().unwrap();
    let row: String = sqlx::query_scalar(
        "SELECT l::text FROM account_links l WHERE expires_at BETWEEN now() + '59 minutes' AND now() + '1 hour'",
    )
    .fetch_one(&app.db)
    .await
    .unwrap();
    assert!(!row.contains(token));
    sqlx::query("UPDATE account_links SET expires_at = now()")
        .execute(&app.db)
        .await
        .unwrap();
    let page = browser.get(&link).await.page();
    assert_eq!(page.heading(), "This link cannot be used");
    let refused = browser
        .call(ResetPassword::url(), &[("password", NEW_PASSWORD)])
        .await;
    refused.expect(404);
    assert!(knows_password(&browser, &ana.email, PASSWORD).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_unknown_address_is_answered_as_a_known_one_is(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let ana = app.person("Ana").await;
    let off = app.person("Off").await;
    operator::disable_user(&app.db, &off.email).await.unwrap();
    let browser = app.browser();
    let mut answers = Vec::new();
    for email in ["nobody@example.org", &off.email, &ana.email] {
        let answer = browser
            .call(RequestPasswordReset::url(), &[("email", email)])
            .await;
        answers.push((answer.status, answer.text()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    mailbox.wait_for(1).await;
    assert_eq!(mailbox.count(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn asking_for_links_is_limited(db: PgPool) {
    in_one_window(Duration::from_secs(3600)).await;
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let ana = app.person("Ana").await;
    let browser = app.browser();
    let mut statuses = Vec::new();
    for _ in 0..21 {
        let fields = [("email", ana.email.as_str())];
        let answer = browser.call(RequestPasswordReset::url(), &fields).await;
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses.pop(), Some(429));
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    mailbox.wait_for(5).await;
    let links = "SELECT count(*) FROM account_links";
    assert_eq!(count(&app.db, links).await, 5);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_mail_the_operator_hands_the_link_over(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.browser();
    let page = browser.get("/forgot-password").await.expect(200).page();
    assert!(page.shows("skateboard user reset-link"));
    let fields = [("email", ana.email.as_str())];
    let refused = browser.call(RequestPasswordReset::url(), &fields).await;
    refused.expect(403);

    let link = operator::reset_link(&app.db, &app.settings, &ana.email)
        .await
        .unwrap();
    let path = link.strip_prefix("http://127.0.0.1:3000").unwrap();
    let form = browser.get(path).await.page().form("Change password");
    let weak = browser.submit(form.clone().fill("New password", "password1"));
    let form = weak.await.page().form("Change password");
    assert!(form.field("New password").problem.is_some());
    browser
        .submit(form.fill("New password", NEW_PASSWORD))
        .await;
    assert!(knows_password(&browser, &ana.email, NEW_PASSWORD).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_operator_makes_and_disables_accounts(db: PgPool) {
    let app = TestApp::new(db);
    let (db, settings) = (&app.db, &app.settings);
    let email = "ana@example.org";
    let link = operator::create_user(db, settings, email, "Ana", Some("Blue Whales"))
        .await
        .unwrap();
    let again = operator::create_user(db, settings, "ANA@example.org", "Ana", None).await;
    assert!(again.unwrap_err().on("email").is_some());

    let browser = app.browser();
    let path = link.strip_prefix("http://127.0.0.1:3000").unwrap();
    let form = browser.get(path).await.page().form("Change password");
    browser
        .submit(form.fill("New password", NEW_PASSWORD))
        .await;
    let answer = super::sign_in(&browser, email, NEW_PASSWORD).await;
    assert_eq!(answer.path, "/teams/blue-whales");

    operator::disable_user(db, "Ana@Example.org").await.unwrap();
    assert!(!is_signed_in(&browser).await);
    assert!(!knows_password(&browser, email, NEW_PASSWORD).await);
    assert!(operator::reset_link(db, settings, email).await.is_err());
    let unknown = operator::disable_user(db, "nobody@example.org").await;
    assert_eq!(unknown.unwrap_err().message, "No account has this address.");
}
