use axum::http::header;
use sqlx::PgPool;

use super::{count, is_signed_in, sign_in};
use crate::{
    accounts::token,
    testing::{TestApp, seed::PASSWORD},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_cookie_follows_the_base_url(db: PgPool) {
    let secure = TestApp::with(db.clone(), |given| {
        given.base_url = Some("https://board.example".into());
    });
    let ana = secure.person("Ana").await;
    for (app, name, flags) in [
        (
            secure,
            "__Host-skateboard",
            vec!["HttpOnly", "SameSite=Lax", "Secure", "Path=/"],
        ),
        (
            TestApp::new(db),
            "skateboard",
            vec!["HttpOnly", "SameSite=Lax", "Path=/"],
        ),
    ] {
        let browser = app.browser();
        let form = browser.get("/sign-in").await.page().form("Sign in");
        let form = form.fill("Email", &ana.email).fill("Password", PASSWORD);
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.value.as_str()))
            .collect();
        let answer = browser.post(&form.action, &fields).await.expect(303);
        let line = answer.header(header::SET_COOKIE).unwrap();
        let parts: Vec<&str> = line.split("; ").collect();
        assert!(parts[0].starts_with(&format!("{name}=")), "{line}");
        for flag in flags {
            assert!(parts.contains(&flag), "{flag} is missing in {line}");
        }
        assert!(!line.contains("Domain"), "{line}");
        assert!(is_signed_in(&browser).await);

        // 128 bits are 22 characters of base64, and only the hash is stored.
        let token = browser.cookie(name).unwrap();
        assert!(token.len() >= 22, "{token}");
        let stored: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM sessions WHERE token_hash = $1)")
                .bind(token::hash(&token))
                .fetch_one(&app.db)
                .await
                .unwrap();
        assert!(stored);

        let other = app.browser();
        other.set_cookie("__Secure-skateboard", &token);
        if name == "__Host-skateboard" {
            other.set_cookie("skateboard", &token);
        }
        assert!(!is_signed_in(&other).await);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_sign_in_has_a_new_token_and_ends_the_one_before(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.browser();
    browser.set_cookie("skateboard", "planted-by-somebody-else");
    sign_in(&browser, &ana.email, PASSWORD).await;
    let first = browser.cookie("skateboard").unwrap();
    assert_ne!(first, "planted-by-somebody-else");
    let fields = [("email", ana.email.as_str()), ("password", PASSWORD)];
    let action = <crate::accounts::sign_in_page::SignIn as leptos::server_fn::ServerFn>::url();
    browser.post(action, &fields).await.expect(303);
    assert_ne!(browser.cookie("skateboard").unwrap(), first);
    assert_eq!(count(&app.db, "SELECT count(*) FROM sessions").await, 1);
    let before = app.browser();
    before.set_cookie("skateboard", &first);
    assert!(!is_signed_in(&before).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_session_ends_by_the_clock_of_the_database(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    for over in [
        "UPDATE sessions SET expires_at = now() - interval '1 second'",
        "UPDATE sessions SET last_seen_at = now() - interval '30 days 1 second'",
        "UPDATE people SET disabled_at = now()",
    ] {
        let browser = app.signed_in(&ana).await;
        assert!(is_signed_in(&browser).await);
        sqlx::query(over).execute(&app.db).await.unwrap();
        assert!(!is_signed_in(&browser).await, "{over}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn being_seen_is_written_once_an_hour(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.signed_in(&ana).await;
    let old = "SELECT count(*) FROM sessions WHERE last_seen_at < now() - interval '10 minutes'";
    for (age, stays) in [("50 minutes", 1), ("70 minutes", 0)] {
        sqlx::query("UPDATE sessions SET last_seen_at = now() - $1::text::interval")
            .bind(age)
            .execute(&app.db)
            .await
            .unwrap();
        assert!(is_signed_in(&browser).await);
        assert_eq!(count(&app.db, old).await, stays, "{age}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_the_database_nobody_is_taken_for_signed_out(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.signed_in(&ana).await;
    app.db.close().await;
    let answer = browser.get("/account").await;
    assert_eq!(
        (answer.status.as_u16(), answer.path.as_str()),
        (503, "/account")
    );
    assert!(answer.header(header::RETRY_AFTER).is_some());
    assert_eq!(answer.page().heading(), "The database is away");
    let action = <crate::accounts::sign_out::SignOut as leptos::server_fn::ServerFn>::url();
    let answer = browser.call(action, &[]).await.expect(503);
    assert_eq!(answer.error().unwrap().code.as_str(), "unavailable");
    assert!(browser.cookie("skateboard").is_some());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_start_leads_to_the_team_used_last(db: PgPool) {
    let app = TestApp::new(db);
    app.person("Ana").await;
    assert_eq!(app.browser().get("/").await.path, "/sign-in");
    let world = app.world().await;
    let home = world.team.path("");
    assert_eq!(world.ana.get(&home).await.status.as_u16(), 200);
    assert_eq!(world.ana.get("/").await.path, home);
}
