//! Work that many events ask for is done once at a time, and once more for all that came meanwhile.

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
