//! Work that many events ask for is done once at a time, and once more for all that came meanwhile. What
//! does not get through is done again: what the events said is known, and nothing would ask for it twice.

use std::time::Duration;

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{
    listener::{Told, follow, is_connected},
    model::FeedEvent,
};
use crate::error::Result;

/// The pause after a failure, twice as long after each further one.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(32);
/// How often it is looked whether the connection is back.
const LOOK: Duration = Duration::from_millis(250);

/// Does a piece of work whenever something happens after an event that concerns the component, for as long
/// as it stands.
pub fn at_events<F>(
    since: i64,
    concerns: impl Fn(&FeedEvent) -> bool + Clone + 'static,
    work: impl Fn() -> F + Clone + 'static,
) where
    F: Future<Output = Result<()>> + 'static,
{
    let running = Coalesced::default();
    Effect::new(move |_| {
        run_at_events(running, since, concerns.clone(), work.clone());
    });
}

/// What was missed may concern the component, too.
fn run_at_events<F>(
    running: Coalesced,
    since: i64,
    concerns: impl Fn(&FeedEvent) -> bool + 'static,
    work: impl Fn() -> F + Clone + 'static,
) where
    F: Future<Output = Result<()>> + 'static,
{
    follow(since, move |told| {
        if !matches!(told, Told::Event(event) if !concerns(event)) {
            running.run(work.clone());
        }
    });
}

/// Does a piece of work whenever something happens that concerns the component, and every so often when
/// nothing does, because days end and times grow all the same; as long as the component stands.
pub fn at_events_and_every<F>(
    since: i64,
    pause: Duration,
    concerns: impl Fn(&FeedEvent) -> bool + Clone + 'static,
    work: impl Fn() -> F + Clone + 'static,
) where
    F: Future<Output = Result<()>> + 'static,
{
    let running = Coalesced::default();
    Effect::new(move |_| {
        run_at_events(running, since, concerns.clone(), work.clone());
        let work = work.clone();
        let again = move || {
            // Nobody looks.
            if !document().hidden() {
                running.run(work.clone());
            }
        };
        if let Ok(clock) = set_interval_with_handle(again, pause) {
            on_cleanup(move || clock.clear());
        }
    });
}

/// Sees to it that a piece of work never runs twice at the same time.
#[derive(Clone, Copy, Default)]
pub struct Coalesced(StoredValue<State>);

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Idle,
    Running,
    /// Running, and asked for again.
    Again,
}

impl Coalesced {
    /// Begins, or lets what is under way begin once more when it is done. Ends with the component.
    pub fn run<F>(self, work: impl Fn() -> F + 'static)
    where
        F: Future<Output = Result<()>> + 'static,
    {
        match self.0.try_get_value() {
            Some(State::Idle) => self.0.set_value(State::Running),
            Some(_) => return self.0.set_value(State::Again),
            None => return,
        }
        spawn_local(async move {
            let mut pause = PAUSE;
            loop {
                // It may have ended before this begins.
                if self.0.is_disposed() {
                    return;
                }
                let has_failed = work().await.is_err_and(|error| error.code.may_pass());
                if has_failed {
                    wait(pause).await;
                    pause = LONGEST.min(pause * 2);
                } else {
                    pause = PAUSE;
                }
                match self.0.try_get_value() {
                    Some(State::Running) if !has_failed => return self.0.set_value(State::Idle),
                    Some(_) => self.0.set_value(State::Running),
                    None => return,
                }
            }
        });
    }
}

/// Waits until the connection is back, or for a while if it is there.
async fn wait(longest: Duration) {
    let mut waited = Duration::ZERO;
    let mut was_lost = !is_connected();
    loop {
        pause(LOOK).await;
        waited += LOOK;
        match is_connected() {
            true if was_lost || waited >= longest => return,
            true => {}
            false => was_lost = true,
        }
    }
}

/// Lets time go by in a browser.
pub async fn pause(duration: Duration) {
    let over = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // It only resolves, which does not fail.
                let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
            },
            duration,
        );
    });
    // It is never rejected.
    let _ = JsFuture::from(over).await;
}
