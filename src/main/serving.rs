//! The server from its start to its end.

use std::{sync::Arc, time::Duration};

use leptos::config::LeptosOptions;
use rustix::process::geteuid;
use skateboard::{
    answers::counting::Answers,
    api::counting::Requests,
    live::feed::Feed,
    server::{
        metrics, router,
        serve::{Shutdown, listen, serve},
        settings::Settings,
        state::State,
        static_files,
    },
};

use super::{
    Failure,
    jobs::start_jobs,
    opening::{close_database, keep_running, migrate, open_database},
};

/// How long the end waits for what is still to be written.
const LAST_WORDS: Duration = Duration::from_secs(2);

pub(super) async fn run_server(settings: Settings) -> Result<(), Failure> {
    if geteuid().is_root() && !root_is_fine() {
        return Err(
            "it does not serve as root. Run it as another user; script/server does so by itself"
                .into(),
        );
    }
    let shutdown = Shutdown::on_signals()?;
    metrics::start();
    tokio::spawn(metrics::keep_up());
    if !static_files::is_complete() {
        tracing::warn!(
            "The browser's part is missing: build with script/build, not with cargo build"
        );
    }
    // The port first: if it is taken, nothing has been started in vain.
    let listener = listen(settings.site_addr).await?;
    let settings = settings.listening_on(listener.local_addr()?);

    let (db, private) = match open_database(&settings, &shutdown).await {
        // Told to end before it served anybody: that is an end like any other.
        Err(_) if shutdown.has_begun() => return Ok(()),
        opened => opened?,
    };
    let served = match migrate(&db, &shutdown).await {
        Ok(()) => {
            let state = State {
                db: db.clone(),
                leptos: leptos_options(&settings),
                settings: Arc::new(settings),
                feed: Feed::new(db.clone(), shutdown.clone()),
                shutdown: shutdown.clone(),
                answers: Answers::default(),
                requests: Requests::default(),
            };
            let jobs = start_jobs(&state);
            let service = router::router(state.clone());
            println!("Skateboard is at {}", state.settings.link("/"));
            tokio::join!(
                serve(listener, service, shutdown),
                keep_running(private.as_ref())
            );
            jobs.end().await;
            write_answers(&state).await;
            Ok(())
        }
        Err(failure) => Err(failure),
    };
    close_database(db, private).await?;
    served
}

/// Writes down what was counted since the last time. The end does not wait for a database that is away.
async fn write_answers(state: &State) {
    let written = tokio::time::timeout(LAST_WORDS, state.answers.write(&state.db));
    if !matches!(written.await, Ok(Ok(()))) {
        tracing::warn!("The last answers were not counted: the database is away");
    }
}

/// Only script/dev says so, and only a build for development listens.
fn root_is_fine() -> bool {
    cfg!(debug_assertions) && std::env::var_os("SKATEBOARD_ALLOW_ROOT").is_some()
}

/// Where `cargo leptos watch` says that the page is to be loaded again.
fn reload_port() -> u32 {
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo-leptos says it, and not the operator"
    )]
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok();
    port.and_then(|port| port.parse().ok()).unwrap_or(3001)
}

fn leptos_options(settings: &Settings) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(env!("CARGO_PKG_NAME"))
        .site_root("target/site")
        .site_pkg_dir("pkg")
        .site_addr(settings.site_addr)
        .reload_port(reload_port())
        .build()
}
