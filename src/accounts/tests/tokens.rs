use futures_util::future::join_all;
use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use uuid::Uuid;

use super::{NEW_PASSWORD, count, is_signed_in};
use crate::{
    accounts::{
        account_page::tokens::{CreateToken, RevokeToken},
        model::tokens::{MOST, PREFIX, Scope, TokenLifetime, TokenName},
        operator,
        tokens::{self, NewToken, TokenHolder, authenticate},
    },
    error::{Code, Result},
    ids::{SessionId, TokenId},
    people::model::Role,
    testing::{
        Answer, Browser, Form, Page, TestApp, World,
        seed::{self, PASSWORD},
    },
};

/// The form on the page of whoever is signed in, filled in.
async fn form(browser: &Browser, name: &str) -> Form {
    let form = browser.get("/account").await.page().form("Create token");
    form.fill("Token name", name)
}

/// The token that a page shows.
fn shown(page: &Page) -> String {
    page.value("Token").expect("a page that shows a token")
}

/// Makes a token by the form.
async fn create(browser: &Browser, name: &str) -> String {
    shown(&browser.submit(form(browser, name).await).await.page())
}

async fn post(browser: &Browser, id: Uuid, change: &[(&str, &str)]) -> Answer {
    let id = id.to_string();
    let mut fields = vec![
        ("id", id.as_str()),
        ("name", "Export"),
        ("scope", "read"),
        ("team", ""),
        ("expires", "90"),
    ];
    for (name, value) in change {
        fields.retain(|(other, _)| other != name);
        fields.push((name, value));
    }
    browser.call(CreateToken::url(), &fields).await
}

fn refused(outcome: Result<TokenHolder>) -> (Code, String) {
    let error = outcome.expect_err("a token that is refused");
    (error.code, error.message)
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_token_is_shown_once_and_only_its_hash_is_stored(db: PgPool) {
    let app = TestApp::new(db);
    let World {
        ana, team, people, ..
    } = app.world().await;
    let name = "Ána's <b>export</b> 🛹";
    let form = form(&ana, name).await;
    assert_eq!(form.field("Scope").value, "read");
    assert_eq!(form.field("Expires").value, "90");
    let form = form.fill("Scope", "write").fill("Team", &team.slug);
    let page = ana.submit(form).await.page();
    assert!(page.statuses().contains(&"Token created.".to_owned()));
    let token = shown(&page);
    // 128 bits are 22 characters of base64.
    let secret = token.strip_prefix(PREFIX).expect("a token");
    assert!(secret.len() >= 22, "{token}");

    let listed = &page.texts(".tokens > li")[0];
    for words in [
        name,
        "Read and write",
        &team.name,
        "expires in 3 months",
        "never used",
    ] {
        assert!(listed.contains(words), "{words} is missing in {listed}");
    }
    assert!(listed.contains(&token[..8]) && !listed.contains(&token[..9]));
    let again = ana.get("/account").await;
    assert!(!again.text().contains(secret));
    let stored: String = sqlx::query_scalar("SELECT jsonb_agg(t)::text FROM api_tokens t")
        .fetch_one(&app.db)
        .await
        .unwrap();
    assert!(!stored.contains(secret), "{stored}");

    let holder = authenticate(&app.db, &token).await.unwrap();
    assert_eq!(holder.person.id.0, people.ana.id);
    assert_eq!(holder.person.name, "Ana");
    assert_eq!((holder.scope, holder.team), (Scope::Write, Some(team.id)));
    let page = ana.get("/account").await.page();
    assert!(page.texts(".tokens > li")[0].contains("last used just now"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_token_is_refused_in_the_same_words_whatever_is_the_matter(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let unknown = authenticate(&app.db, &tokens::random()).await;
    let words = refused(unknown);
    assert_eq!(words.0, Code::Unauthenticated);
    let good = seed::api_token(&app.db, &ana, "read", None).await.token;
    let session = seed::session(&app.db, &ana).await;
    for malformed in [
        "",
        PREFIX,
        &session,
        &good[PREFIX.len()..],
        &good[..good.len() - 1],
        &format!("{good}="),
        &format!(" {good}"),
        &good.to_uppercase(),
        &format!("{PREFIX}{}", "é".repeat(21) + "a"),
        &format!("{PREFIX}{}", "\0".repeat(43)),
    ] {
        let outcome = authenticate(&app.db, malformed).await;
        assert_eq!(refused(outcome), words, "{malformed:?}");
    }
    assert!(authenticate(&app.db, &good).await.is_ok());
    for over in [
        "UPDATE api_tokens SET expires_at = now()",
        "UPDATE api_tokens SET revoked_at = now() + interval '1 day'",
        "UPDATE people SET disabled_at = now()",
    ] {
        let token = seed::api_token(&app.db, &ana, "read", None).await.token;
        assert!(authenticate(&app.db, &token).await.is_ok(), "before {over}");
        sqlx::query(over).execute(&app.db).await.unwrap();
        assert_eq!(
            refused(authenticate(&app.db, &token).await),
            words,
            "{over}"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn being_used_is_written_once_a_minute(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let token = seed::api_token(&app.db, &ana, "read", None).await.token;
    let fresh =
        "SELECT count(*) FROM api_tokens WHERE last_used_at > now() - interval '30 seconds'";
    authenticate(&app.db, &token).await.unwrap();
    assert_eq!(count(&app.db, fresh).await, 1);
    for (age, writes) in [("50 seconds", 0), ("70 seconds", 1)] {
        sqlx::query("UPDATE api_tokens SET last_used_at = now() - $1::text::interval")
            .bind(age)
            .execute(&app.db)
            .await
            .unwrap();
        authenticate(&app.db, &token).await.unwrap();
        assert_eq!(count(&app.db, fresh).await, writes, "{age}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_form_again_makes_the_same_token_anew(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let (ana, ben) = (&world.ana, &world.ben);
    let form = form(ana, "Export").await;
    let first = shown(&ana.submit(form.clone()).await.page());
    let second = shown(&ana.submit(form.clone()).await.page());
    assert_ne!(first, second);
    assert!(authenticate(&app.db, &first).await.is_err());
    assert!(authenticate(&app.db, &second).await.is_ok());
    let of_export = "SELECT count(*) FROM api_tokens WHERE name = 'Export'";
    assert_eq!(count(&app.db, of_export).await, 1);

    // It was used, so somebody has it.
    let page = ana.submit(form).await.page();
    assert!(page.alerts().concat().contains("used already"));
    assert!(authenticate(&app.db, &second).await.is_ok());

    let id = Uuid::now_v7();
    post(ana, id, &[]).await.expect(200);
    let other_team = ("team", world.team.slug.as_str());
    for other in [
        ("name", "Import"),
        ("scope", "write"),
        ("expires", "30"),
        other_team,
    ] {
        post(ana, id, &[other]).await.expect(409);
    }
    post(ben, id, &[]).await.expect(409);
    post(ana, id, &[]).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_has_more_than_20_tokens_at_a_time(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.signed_in(&app.person("Ana").await).await;
    let many = (0..MOST + 3).map(|_| post(&ana, Uuid::now_v7(), &[]));
    let answers = join_all(many).await;
    let made = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(made as i64, MOST);
    let page = ana.submit(form(&ana, "One more").await).await.page();
    assert!(page.alerts().concat().contains("Revoke one first"));
    let revoked = page.forms("Revoke").swap_remove(0);
    let page = ana.submit(revoked).await.page();
    assert_eq!(page.statuses(), ["Token revoked."]);
    create(&ana, "One more").await;
    // One that has run out takes nobody's place.
    sqlx::query("UPDATE api_tokens SET expires_at = now() WHERE name = 'One more'")
        .execute(&app.db)
        .await
        .unwrap();
    create(&ana, "Another").await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_its_person_revokes_a_token(db: PgPool) {
    let app = TestApp::new(db);
    let (ana, ben) = (app.person("Ana").await, app.person("Ben").await);
    let token = seed::api_token(&app.db, &ana, "read", None).await;
    let (ana, ben) = (app.signed_in(&ana).await, app.signed_in(&ben).await);
    let id = token.id.to_string();
    let fields = [("id", id.as_str())];
    let theirs = ben.call(RevokeToken::url(), &fields).await.expect(404);
    let none = Uuid::now_v7().to_string();
    let nothing = ben.call(RevokeToken::url(), &[("id", &none)]).await;
    assert_eq!(theirs.text(), nothing.text());
    assert!(authenticate(&app.db, &token.token).await.is_ok());
    for _ in 0..2 {
        ana.call(RevokeToken::url(), &fields).await.expect(200);
        assert!(authenticate(&app.db, &token.token).await.is_err());
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_new_password_or_a_disabled_account_ends_every_token(db: PgPool) {
    let app = TestApp::new(db);
    let (ana, ben) = (app.person("Ana").await, app.person("Ben").await);
    let of_ben = seed::api_token(&app.db, &ben, "read", None).await.token;
    let of_ana = async || seed::api_token(&app.db, &ana, "read", None).await.token;
    let browser = app.signed_in(&ana).await;

    let token = of_ana().await;
    let page = browser.get("/account").await.page();
    browser.submit(page.form("Sign out everywhere else")).await;
    assert!(
        authenticate(&app.db, &token).await.is_ok(),
        "a token is no browser"
    );
    let form = page.form("Change password");
    let form = form
        .fill("Current password", PASSWORD)
        .fill("New password", NEW_PASSWORD);
    browser.submit(form).await;
    assert!(authenticate(&app.db, &token).await.is_err());

    let token = of_ana().await;
    let link = seed::link(&app.db, &ana, "reset_password", None).await;
    let nobody = app.browser();
    let page = nobody.get(&format!("/reset-password/{link}")).await.page();
    let form = page.form("Change password");
    nobody.submit(form.fill("New password", PASSWORD)).await;
    assert!(authenticate(&app.db, &token).await.is_err());

    let token = of_ana().await;
    operator::disable_user(&app.db, &ana.email).await.unwrap();
    sqlx::query("UPDATE people SET disabled_at = NULL")
        .execute(&app.db)
        .await
        .unwrap();
    assert!(
        authenticate(&app.db, &token).await.is_err(),
        "it is over for good"
    );
    assert!(authenticate(&app.db, &of_ben).await.is_ok());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_session_that_has_ended_meanwhile_makes_no_token(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let new = NewToken {
        id: TokenId::new(),
        name: TokenName::parse("Export").unwrap(),
        scope: Scope::Write,
        team: None,
        lifetime: TokenLifetime::parse("90").unwrap(),
    };
    let make = crate::accounts::actions::tokens::make;
    let ended = Some(SessionId::new());
    let error = make(&app.db, ana.id.into(), ended, &new).await.unwrap_err();
    assert_eq!(error.code, Code::Unauthenticated);
    assert_eq!(count(&app.db, "SELECT count(*) FROM api_tokens").await, 0);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_token_is_limited_to_a_team_of_its_person(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let ben = &world.ben;
    for not_theirs in [world.other_team.slug.as_str(), "nobodys"] {
        let answer = post(ben, Uuid::now_v7(), &[("team", not_theirs)]).await;
        let error = answer.expect(422).error().unwrap();
        assert_eq!(error.on("team"), Some("Choose one of your teams."));
    }
    post(ben, Uuid::now_v7(), &[("team", &world.team.slug)])
        .await
        .expect(200);
    let listed = async || {
        ben.get("/account")
            .await
            .page()
            .texts(".tokens > li")
            .concat()
    };
    assert!(listed().await.contains(&world.team.name));

    // The team may have got another name since, which is nothing to them any more.
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE person_id = $1")
        .bind(world.people.ben.id)
        .execute(&app.db)
        .await
        .unwrap();
    let listed = listed().await;
    assert!(listed.contains("a team that you have left"), "{listed}");
    assert!(!listed.contains(&world.team.name));
    assert!(is_signed_in(ben).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_token_that_is_over_is_listed_for_a_while_and_removed_after_30_days(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let browser = app.signed_in(&ana).await;
    seed::api_token(&app.db, &ana, "read", None).await;
    for (over, stays) in [("29 days", 3), ("31 days", 1)] {
        sqlx::query("DELETE FROM api_tokens WHERE name <> 'Seeded'")
            .execute(&app.db)
            .await
            .unwrap();
        for column in ["expires_at", "revoked_at"] {
            let id = seed::api_token(&app.db, &ana, "read", None).await.id;
            let sql = format!(
                "UPDATE api_tokens SET name = 'Over', {column} = now() - interval '{over}' WHERE id = '{id}'"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&app.db)
                .await
                .unwrap();
        }
        let page = browser.get("/account").await.page();
        let listed = page.texts(".tokens > li");
        assert_eq!(listed.len(), 2, "a revoked token is listed: {listed:?}");
        assert!(listed.concat().contains("expired"), "{listed:?}");
        assert_eq!(
            page.forms("Revoke").len(),
            1,
            "what has expired is not revoked"
        );
        assert_eq!(tokens::purge(&app.db).await.unwrap(), 3 - stays);
        let left = count(&app.db, "SELECT count(*) FROM api_tokens").await;
        assert_eq!(left as u64, stays, "{over}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_operator_makes_a_token_for_somebody(db: PgPool) {
    let app = TestApp::new(db);
    let ana = app.person("Ana").await;
    let team = seed::team(&app.db, "blue-lantern", "Blue Lantern").await;
    seed::team(&app.db, "red-kite", "Red Kite").await;
    seed::member(&app.db, team, &ana, Role::Viewer).await;
    let days = TokenLifetime::parse("365").unwrap();
    let make = async |email: &str, name: &str, team: Option<&str>| {
        operator::make_token(&app.db, email, name, Scope::Read, team, days).await
    };
    let email = ana.email.to_uppercase();
    let token = make(&email, "Backup", Some("blue-lantern")).await.unwrap();
    let holder = authenticate(&app.db, &token).await.unwrap();
    assert_eq!(holder.person.id.0, ana.id);
    assert_eq!((holder.scope, holder.team), (Scope::Read, Some(team)));

    for (email, name, team, code) in [
        ("nobody@example.org", "Backup", None, Code::NotFound),
        (email.as_str(), " ", None, Code::Invalid),
        (email.as_str(), "Backup", Some("red-kite"), Code::NotFound),
    ] {
        let refused = make(email, name, team).await.unwrap_err();
        assert_eq!(refused.code, code, "{}", refused.message);
    }
    operator::disable_user(&app.db, &ana.email).await.unwrap();
    let refused = make(&email, "Backup", None).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
}
