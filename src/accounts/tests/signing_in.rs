use std::time::{Duration, Instant};

use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::{count, is_signed_in, knows_password, sign_in};
use crate::{
    accounts::{model::sign_in_address, sign_in_page::SignIn},
    server::database::Transaction,
    testing::{Answer, Ask, Browser, TestApp, browser::encoded, in_one_window, seed::PASSWORD},
};

/// Signs in from a network address, by a proxy that is trusted.
async fn sign_in_from(browser: &Browser, address: &str, email: &str, password: &str) -> Answer {
    let fields = [("email", email), ("password", password)];
    let ask: Ask = browser
        .form(SignIn::url(), encoded(&fields), "application/json")
        .header("x-forwarded-for", Some(address));
    browser.ask(ask).await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_password_lets_in_and_signing_out_ends_it(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.browser();
    assert!(!is_signed_in(&browser).await);
    let answer = sign_in(&browser, &ana.email.to_uppercase(), PASSWORD).await;
    assert_eq!(answer.path, "/teams/new");
    assert!(is_signed_in(&browser).await);

    let stolen = browser.cookie("skateboard").unwrap();
    let form = browser.get("/account").await.page().form("Sign out");
    assert_eq!(browser.submit(form).await.path, "/sign-in?done=sign_out");
    assert!(browser.cookie("skateboard").is_none());
    let thief = app.browser();
    thief.set_cookie("skateboard", &stolen);
    assert!(!is_signed_in(&thief).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn wrong_unknown_and_disabled_are_answered_alike(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let off = app.person("Off").await;
    sqlx::query("UPDATE people SET disabled_at = now() WHERE id = $1")
        .bind(off.id)
        .execute(&app.db)
        .await
        .unwrap();
    let browser = app.browser();
    let mut answers = Vec::new();
    for (email, password) in [
        (ana.email.as_str(), "not the password"),
        ("nobody@example.org", "not the password"),
        (off.email.as_str(), PASSWORD),
        ("nowhere", ""),
    ] {
        let fields = [("email", email), ("password", password)];
        let answer = browser.call(SignIn::url(), &fields).await.expect(403);
        answers.push(answer.text());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let page = sign_in(&browser, &ana.email, "not the password")
        .await
        .page();
    assert_eq!(page.alerts(), ["The email or the password is wrong."]);
    assert_eq!(page.form("Sign in").field("Email").value, ana.email);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_gets_in_by_a_password_that_changes_meanwhile(db: PgPool) {
    let app = TestApp::new(db);
    for (name, meanwhile) in [
        (
            "Ana",
            "UPDATE people SET password_hash = 'another' WHERE id = $1",
        ),
        ("Ben", "UPDATE people SET disabled_at = now() WHERE id = $1"),
    ] {
        let person = app.person(name).await;
        let mut change = Transaction::begin(&app.db).await.unwrap();
        sqlx::query(meanwhile)
            .bind(person.id)
            .execute(change.connection())
            .await
            .unwrap();
        let (browser, email) = (app.browser(), person.email.clone());
        let signing_in =
            tokio::spawn(async move { knows_password(&browser, &email, PASSWORD).await });
        // The password is right until the change is committed, and the session waits for that.
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while !signing_in.is_finished() && count(&app.db, waiting).await == 0 {
            tokio::task::yield_now().await;
        }
        change.commit().await.unwrap();
        assert!(!signing_in.await.unwrap(), "{meanwhile}");
        assert_eq!(count(&app.db, "SELECT count(*) FROM sessions").await, 0);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_unknown_address_takes_as_long_as_a_known_one(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.browser();
    let time = async |email: &str| {
        let mut times = Vec::new();
        for _ in 0..4 {
            let begun = Instant::now();
            let fields = [("email", email), ("password", "not the password")];
            browser.call(SignIn::url(), &fields).await.expect(403);
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        times[0]
    };
    time("warm@example.org").await;
    // A machine that is busy with something else may spoil a round; without the hash every round differs.
    let mut seen = Vec::new();
    for round in 0..2 {
        let unknown = time(&format!("nobody{round}@example.org")).await;
        let known = time(&ana.email).await;
        if unknown * 2 > known && known * 2 > unknown {
            return;
        }
        seen.push((known, unknown));
    }
    panic!("known and unknown took {seen:?}");
}

#[test]
fn the_way_back_is_kept_with_what_it_asks_for() {
    let back = "/teams/a/boards/WEB?assignee=me&label=über alles+1";
    let address = sign_in_address(back);
    let query = address.strip_prefix("/sign-in?").unwrap_or_default();
    let read = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    let read: Vec<(String, String)> = read.collect();
    assert_eq!(read, [("next".to_owned(), back.to_owned())]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_comes_back_to_where_one_was_but_not_to_another_site(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    for (next, leads_to) in [
        ("/account", "/account"),
        ("/teams/new?x=1", "/teams/new?x=1"),
        ("/teams/grüße?x=%C3%BC", "/teams/gr%C3%BC%C3%9Fe?x=%C3%BC"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ] {
        let browser = app.browser();
        let query = super::query("next", next);
        let page = browser.get(&format!("/sign-in?{query}")).await.page();
        let form = page.form("Sign in");
        let form = form.fill("Email", &ana.email).fill("Password", PASSWORD);
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.value.as_str()))
            .collect();
        let answer = browser.post(&form.action, &fields).await.expect(303);
        assert_eq!(answer.location(), Some(leads_to), "{next:?}");
        let by_hand = [
            ("email", ana.email.as_str()),
            ("password", PASSWORD),
            ("next", next),
        ];
        let answer = browser.post(&form.action, &by_hand).await.expect(303);
        assert_eq!(answer.location(), Some(leads_to), "{next:?}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn guessing_is_limited_without_locking_the_owner_out(db: PgPool) {
    in_one_window(Duration::from_secs(900)).await;
    let app = TestApp::with(db, |given| given.trusted_proxies = Some("127.0.0.1".into()));
    let ana = app.person("Ana").await;
    let browser = app.browser();
    for _ in 0..10 {
        sign_in_from(&browser, "198.51.100.7", &ana.email, "a guess")
            .await
            .expect(403);
    }
    let answer = sign_in_from(&browser, "198.51.100.7", &ana.email, PASSWORD)
        .await
        .expect(429);
    let seconds: u32 = answer
        .header(axum::http::header::RETRY_AFTER)
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=15 * 60).contains(&seconds));
    // The owner sits somewhere else.
    sign_in_from(&browser, "203.0.113.9", &ana.email, PASSWORD)
        .await
        .expect(200);
    // A header of one's own is no way around it where no proxy is trusted.
    let direct = TestApp::new(app.db.clone());
    let browser = direct.browser();
    for guess in 0..11 {
        let address = format!("198.51.100.{guess}");
        let expected = if guess < 10 { 403 } else { 429 };
        sign_in_from(&browser, &address, &ana.email, "a guess")
            .await
            .expect(expected);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn two_instances_count_guesses_together(db: PgPool) {
    in_one_window(Duration::from_secs(900)).await;
    let (one, other) = (TestApp::new(db.clone()), TestApp::new(db));
    let ana = one.person("Ana").await;
    for guess in 0..12 {
        let instance = if guess % 2 == 0 { &one } else { &other };
        let fields = [("email", ana.email.as_str()), ("password", "a guess")];
        let answer = instance.browser().call(SignIn::url(), &fields).await;
        answer.expect(if guess < 10 { 403 } else { 429 });
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_address_cannot_try_many_accounts(db: PgPool) {
    in_one_window(Duration::from_secs(900)).await;
    let app = TestApp::with(db, |given| given.trusted_proxies = Some("127.0.0.1".into()));
    sqlx::query("INSERT INTO rate_limits (bucket, window_start, attempts) SELECT $1, date_bin('15 minutes', now(), 'epoch'), 100")
        .bind(crate::accounts::limits::Limit::new("sign_ins_per_client", 100, Duration::from_secs(900)).bucket("198.51.100.7"))
        .execute(&app.db)
        .await
        .unwrap();
    let browser = app.browser();
    sign_in_from(&browser, "198.51.100.7", "somebody@example.org", "a guess")
        .await
        .expect(429);
    sign_in_from(&browser, "198.51.100.8", "somebody@example.org", "a guess")
        .await
        .expect(403);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn many_guesses_at_once_are_no_way_around_the_limit(db: PgPool) {
    in_one_window(Duration::from_secs(900)).await;
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let guesses: Vec<_> = (0..30)
        .map(|_| {
            let (browser, email) = (app.browser(), ana.email.clone());
            tokio::spawn(async move {
                let fields = [("email", email.as_str()), ("password", "a guess")];
                browser.call(SignIn::url(), &fields).await.status.as_u16()
            })
        })
        .collect();
    let mut looked_at = 0;
    for guess in guesses {
        looked_at += u32::from(guess.await.unwrap() == 403);
    }
    assert_eq!(looked_at, 10);
}
