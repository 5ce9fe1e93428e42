//! What people can rely on about accounts, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod account;
mod deleting;
mod forgetting;
mod registering;
mod resetting;
mod sessions;
mod signing_in;
mod tokens;

use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::sign_in_page::SignIn;
use crate::testing::{Answer, Browser, Person, TestApp};

/// Fills in the sign-in form and sends it.
async fn sign_in(browser: &Browser, email: &str, password: &str) -> Answer {
    let form = browser.get("/sign-in").await.page().form("Sign in");
    let form = form.fill("Email", email).fill("Password", password);
    browser.submit(form).await
}

/// Whether this is the browser of somebody who is signed in.
async fn is_signed_in(browser: &Browser) -> bool {
    let answer = browser.get("/account").await;
    match answer.path.as_str() {
        "/account" => true,
        "/sign-in?next=%2Faccount" => false,
        other => panic!("/account leads to {other}: {}", answer.status),
    }
}

/// Whether somebody can sign in with a password.
async fn knows_password(browser: &Browser, email: &str, password: &str) -> bool {
    let answer = browser
        .call(
            SignIn::url(),
            &[("email", email), ("password", password), ("next", "/")],
        )
        .await;
    match answer.status.as_u16() {
        200 => true,
        403 => false,
        other => panic!("signing in answers {other}: {}", answer.text()),
    }
}

/// The number that a query gives.
async fn count(db: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(db).await.unwrap()
}

/// Two browsers of the same person.
async fn two_browsers(app: &TestApp, person: &Person) -> (Browser, Browser) {
    (app.signed_in(person).await, app.signed_in(person).await)
}

const NEW_PASSWORD: &str = "another lantern, quite far away";

/// One field of a query.
fn query(name: &str, value: &str) -> String {
    String::from_utf8(crate::testing::browser::encoded(&[(name, value)])).unwrap()
}
