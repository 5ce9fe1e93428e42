//! Work that many events ask for is done once at a time, and once more for all that came meanwhile.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{
    listener::{Told, follow},
    model::FeedEvent,
};

/// Does a piece of work whenever something happens after an event that concerns the component, for as long
/// as it stands.
pub fn at_events<F>(
    since: i64,
    concerns: impl Fn(&FeedEvent) -> bool + Clone + 'static,
    work: impl Fn() -> F + Clone + 'static,
) where
    F: Future<Output = ()> + 'static,
{
    let running = Coalesced::default();
    Effect::new(move |_| {
        let (concerns, work) = (concerns.clone(), work.clone());
        follow(since, move |told| {
            if !matches!(told, Told::Event(event) if !concerns(event)) {
                running.run(work.clone());
            }
        });
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
    F: Future<Output = ()> + 'static,
{
    let running = Coalesced::default();
    Effect::new(move |_| {
        let (concerns, at_event) = (concerns.clone(), work.clone());
        follow(since, move |told| {
            if !matches!(told, Told::Event(event) if !concerns(event)) {
                running.run(at_event.clone());
            }
        });
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
        F: Future<Output = ()> + 'static,
    {
        match self.0.try_get_value() {
            Some(State::Idle) => self.0.set_value(State::Running),
            Some(_) => return self.0.set_value(State::Again),
            None => return,
        }
        spawn_local(async move {
            loop {
                work().await;
                match self.0.try_get_value() {
                    Some(State::Again) => self.0.set_value(State::Running),
                    Some(_) => return self.0.set_value(State::Idle),
                    None => return,
                }
            }
        });
    }
}
