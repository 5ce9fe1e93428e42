//! The harness of the tests: a running app, named people, and a browser that drives the router.
//!
//! ```ignore
//! #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
//! async fn a_member_claims_a_task(db: PgPool) {
//!     let app = TestApp::new(db);
//!     let World { ben, team, todo, .. } = app.world().await;
//!     let page = ben.get(&team.path("/boards/WEB")).await.page();
//!     ben.submit(page.form("Claim")).await;
//! }
//! ```
//!
//! Tests of one slice stand in that slice; here are those of the foundation.

pub mod browser;
pub mod explain;
pub mod log;
pub mod mailbox;
pub mod page;
pub mod program;
pub mod seed;
pub mod world;

mod architecture;
mod doors;
mod privacy;
mod schema_tests;
mod upgrade_tests;

use std::{
    future::pending,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::Router;
use leptos::config::LeptosOptions;
use sqlx::PgPool;
use tokio::time::timeout;

use crate::answers::counting::Answers;
use crate::api::counting::Requests;
use crate::live::feed::Feed;
use crate::server::{
    router::router,
    serve::Shutdown,
    settings::{Given, Settings},
    state::State,
};

pub use browser::{Answer, Ask, Browser};
pub use page::{Form, Page};
pub use program::Program;
pub use seed::Person;
pub use world::{Team, World};

/// Lets what a test counts fall into one window of a limit, all of which begin together by the clock: when this one is
/// nearly over it waits for the next.
pub async fn in_one_window(window: Duration) {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let left = window.as_secs() - since.as_secs() % window.as_secs();
    let margin = (window.as_secs() / 12).min(20);
    if left <= margin {
        // The thing that is waited for is the clock's.
        let _ = timeout(Duration::from_secs(left), pending::<()>()).await;
    }
}

/// A whole application on a database of its own, without a socket.
#[derive(Clone)]
pub struct TestApp {
    pub db: PgPool,
    pub settings: Arc<Settings>,
    pub router: Router,
    /// Ends the event streams when it begins.
    pub shutdown: Shutdown,
    /// What was counted and is not in the table yet.
    pub answers: Answers,
    /// How often each person has asked the API.
    pub requests: Requests,
}

impl TestApp {
    /// The app as it is without settings: on this machine, by plain http, registration by invitation.
    pub fn new(db: PgPool) -> Self {
        Self::with(db, |_| {})
    }

    /// The app with settings of one's own: `TestApp::with(db, |given| given.registration = Some("open".into()))`.
    pub fn with(db: PgPool, change: impl FnOnce(&mut Given)) -> Self {
        let mut given = Given {
            // Not connected to: the pool is given. Settings only want one to be named.
            database_url: Some("postgres://localhost/given-by-the-test".into()),
            ..Given::default()
        };
        change(&mut given);
        let settings = Arc::new(Settings::understand(given).expect("the settings of a test"));
        let shutdown = Shutdown::default();
        let (answers, requests) = (Answers::default(), Requests::default());
        let state = State {
            db: db.clone(),
            settings: settings.clone(),
            leptos: LeptosOptions::builder().output_name("skateboard").build(),
            feed: Feed::new(db.clone(), shutdown.clone()),
            shutdown: shutdown.clone(),
            answers: answers.clone(),
            requests: requests.clone(),
        };
        Self {
            db,
            settings,
            router: router(state),
            shutdown,
            answers,
            requests,
        }
    }

    /// A browser of somebody who is not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.clone())
    }

    /// A browser of a person who has just signed in.
    pub async fn signed_in(&self, person: &Person) -> Browser {
        let browser = self.browser();
        let token = seed::session(&self.db, person).await;
        let prefix = if self.settings.secure_cookies() {
            "__Host-"
        } else {
            ""
        };
        browser.set_cookie(&format!("{prefix}skateboard"), &token);
        browser
    }

    /// A person with an account, in no team.
    pub async fn person(&self, name: &str) -> Person {
        seed::person(&self.db, name).await
    }

    /// Two teams with a cast of named people, and something in each of them.
    pub async fn world(&self) -> World {
        World::new(self).await
    }
}
