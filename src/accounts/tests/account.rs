use std::time::Duration;

use sqlx::PgPool;

use super::{NEW_PASSWORD, is_signed_in, knows_password, two_browsers};
use crate::testing::{Form, TestApp, in_one_window, mailbox::Mailbox, seed::PASSWORD};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_name_is_changed_as_it_was_typed(db: PgPool) {
    let app = TestApp::new(db);
    let browser = app.signed_in(&app.person("Ana").await).await;
    let name = "Ána <b>Silva</b> 🛹 & co";
    let form = browser.get("/account").await.page().form("Save name");
    assert_eq!(form.field("Your name").value, "Ana");
    let page = browser.submit(form.fill("Your name", name)).await.page();
    assert_eq!(page.statuses(), ["Name changed."]);
    assert_eq!(page.form("Save name").field("Your name").value, name);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_changed_password_needs_the_current_one_and_ends_other_sessions(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let (here, elsewhere) = two_browsers(&app, &ana).await;
    let filled = |form: Form, current: &str, new: &str| {
        form.fill("Current password", current)
            .fill("New password", new)
    };
    let form = here.get("/account").await.page().form("Change password");
    let wrong = here
        .submit(filled(form.clone(), "wrong", NEW_PASSWORD))
        .await;
    let shown = wrong.page().form("Change password");
    assert!(shown.field("Current password").problem.is_some());
    assert_eq!(shown.field("Current password").value, "");
    let common = here
        .submit(filled(form.clone(), PASSWORD, "iloveyou1"))
        .await;
    let shown = common.page().form("Change password");
    assert!(shown.field("New password").problem.is_some());
    assert!(is_signed_in(&elsewhere).await);

    let page = here
        .submit(filled(form, PASSWORD, NEW_PASSWORD))
        .await
        .page();
    assert_eq!(
        page.statuses(),
        ["Password changed. Every other session and API token has ended."]
    );
    assert!(is_signed_in(&here).await);
    assert!(!is_signed_in(&elsewhere).await);
    assert!(knows_password(&elsewhere, &ana.email, NEW_PASSWORD).await);
    assert!(!knows_password(&elsewhere, &ana.email, PASSWORD).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn guessing_the_current_password_is_limited(db: PgPool) {
    in_one_window(Duration::from_secs(900)).await;
    let app = TestApp::new(db);
    let browser = app.signed_in(&app.person("Ana").await).await;
    let form = browser.get("/account").await.page().form("Change password");
    let form = form
        .fill("Current password", "a guess")
        .fill("New password", NEW_PASSWORD);
    for _ in 0..10 {
        browser.submit(form.clone()).await;
    }
    let page = browser
        .submit(form.fill("Current password", PASSWORD))
        .await
        .page();
    assert!(
        page.alerts().concat().contains("Too many attempts"),
        "{:?}",
        page.alerts()
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_mail_a_new_address_counts_at_once(db: PgPool) {
    let app = TestApp::new(db);
    let (ana, ben) = (app.person("Ana").await, app.person("Ben").await);
    let browser = app.signed_in(&ana).await;
    let form = browser.get("/account").await.page().form("Change address");
    assert_eq!(form.field("Email").value, ana.email);
    let wrong = form.clone().fill("Email", "new@example.org");
    let page = browser
        .submit(wrong.fill("Current password", "x"))
        .await
        .page();
    let shown = page.form("Change address");
    assert!(shown.field("Current password").problem.is_some());
    let taken = form.clone().fill("Email", &ben.email.to_uppercase());
    let page = browser
        .submit(taken.fill("Current password", PASSWORD))
        .await
        .page();
    assert!(page.form("Change address").field("Email").problem.is_some());

    let right = form.fill("Email", "new@example.org");
    let page = browser
        .submit(right.fill("Current password", PASSWORD))
        .await
        .page();
    assert_eq!(page.statuses(), ["Email address changed."]);
    let other = app.browser();
    assert!(knows_password(&other, "new@example.org", PASSWORD).await);
    assert!(!knows_password(&other, &ana.email, PASSWORD).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn with_mail_a_new_address_is_confirmed_first(db: PgPool) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let (ana, ben) = (app.person("Ana").await, app.person("Ben").await);
    let browser = app.signed_in(&ana).await;
    let form = browser.get("/account").await.page().form("Change address");
    let form = form.fill("Current password", PASSWORD);

    let taken = browser.submit(form.clone().fill("Email", &ben.email)).await;
    let mail = mailbox.wait_for(1).await;
    assert!(mail.to.contains(&ben.email) && mail.text.contains("There is one already"));
    let free = browser.submit(form.fill("Email", "new@example.org")).await;
    assert_eq!(taken.path, free.path);
    assert_eq!(taken.page().statuses(), free.page().statuses());

    let link = mailbox.wait_for(2).await.link("/confirm-email/");
    let other = app.browser();
    assert!(knows_password(&other, &ana.email, PASSWORD).await);
    let page = browser.get(&link).await.page();
    assert!(page.shows("new@example.org"));
    let answer = browser.submit(page.form("Confirm address")).await;
    assert_eq!(answer.path, "/account?done=confirm_email");
    assert!(knows_password(&other, "new@example.org", PASSWORD).await);
    assert!(!knows_password(&other, &ana.email, PASSWORD).await);
    let told = mailbox.wait_for(3).await;
    assert!(told.to.contains(&ana.email), "{}", told.to);
    assert_eq!(browser.get(&link).await.status, 404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn open_sessions_are_listed_and_can_be_ended(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let (here, elsewhere) = two_browsers(&app, &ana).await;
    let stranger = app.signed_in(&app.person("Ben").await).await;
    sqlx::query("UPDATE sessions SET user_agent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0'")
        .execute(&app.db)
        .await
        .unwrap();
    let page = here.get("/account").await.page();
    let listed = page.texts(".session");
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert!(listed.iter().all(|line| line.contains("Firefox on Linux")));
    assert_eq!(
        listed
            .iter()
            .filter(|line| line.contains("this one"))
            .count(),
        1
    );
    let page = here
        .submit(page.form("Sign out everywhere else"))
        .await
        .page();
    assert_eq!(page.texts(".session").len(), 1);
    assert!(is_signed_in(&here).await);
    assert!(!is_signed_in(&elsewhere).await);
    assert!(is_signed_in(&stranger).await);
}
