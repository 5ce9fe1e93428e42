//! The jobs of the slices, and how often each is done.

use std::time::Duration;

use skateboard::{
    accounts::{actions::deleting, tokens},
    answers::counting,
    imports, insights, notifications,
    server::{
        jobs::{Jobs, Work},
        state::State,
    },
    tasks,
    webhooks::{self, delivery::Deliverer},
};

/// What this instance does by itself, as does every other.
pub(super) fn start_jobs(state: &State) -> Jobs {
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(60 * 60);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let mut jobs = Jobs::default();
    let mut start = |name, every, work: fn(State) -> Work| {
        let state = state.clone();
        jobs.start(name, every, state.shutdown.clone(), move || {
            work(state.clone())
        });
    };
    start("purge_tasks", DAY, |state| {
        Box::pin(async move { tasks::purge::purge(&state.db).await })
    });
    start("purge_tokens", DAY, |state| {
        Box::pin(async move { tokens::purge(&state.db).await })
    });
    start("forget_sessions", HOUR, |state| {
        Box::pin(async move { deleting::forget_old(&state.db).await })
    });
    start("purge_usage", DAY, |state| {
        Box::pin(async move { insights::actions::forget_old(&state.db).await })
    });
    start("note_risks", HOUR, |state| {
        Box::pin(async move { insights::actions::note_risks(&state.db).await })
    });
    start("count_answers", counting::EVERY, |state| {
        Box::pin(async move { state.answers.write(&state.db).await.map(|()| 0) })
    });
    start("purge_answers", DAY, |state| {
        Box::pin(async move { counting::forget_old(&state.db).await })
    });
    start("purge_notifications", DAY, |state| {
        Box::pin(async move { notifications::actions::purge(&state.db).await })
    });
    start("forget_uploads", 5 * MINUTE, |_| {
        Box::pin(async { Ok(imports::uploads::forget_old()) })
    });
    start("send_digests", MINUTE, |state| {
        Box::pin(async move {
            notifications::digest::send_due(&state.db, &state.settings, &state.shutdown).await
        })
    });
    start("purge_webhooks", DAY, |state| {
        Box::pin(async move { webhooks::actions::purge(&state.db).await })
    });
    start("tell_due", 10 * MINUTE, |state| {
        Box::pin(async move { notifications::actions::tell_due(&state.db).await })
    });
    let recorded = state.feed.recorded();
    let deliverer = Deliverer::new(state, recorded.clone());
    jobs.start_woken(
        "deliver_webhooks",
        webhooks::delivery::HEARTBEAT,
        recorded,
        state.shutdown.clone(),
        move || {
            let deliverer = deliverer.clone();
            Box::pin(async move { deliverer.deliver_due().await })
        },
    );
    jobs
}
