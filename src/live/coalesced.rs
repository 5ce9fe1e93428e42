//! Work that many events ask for is done once at a time, and once more for all that came meanwhile.

use leptos::{prelude::*, task::spawn_local};

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
