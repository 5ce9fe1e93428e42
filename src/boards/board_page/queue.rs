//! What is asked of the server goes out one after another, so that a later deed never overtakes an earlier one: two
//! quick moves of a card end at the second place, and tasks stand in the order in which they were typed.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    pin::Pin,
};

use leptos::task::spawn_local;

type Request = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static WAITING: RefCell<VecDeque<Request>> = const { RefCell::new(VecDeque::new()) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Runs a request when all before it have been answered.
pub fn in_turn(request: impl Future<Output = ()> + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::pin(request)));
    if RUNNING.replace(true) {
        return;
    }
    spawn_local(async {
        while let Some(request) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            request.await;
        }
        RUNNING.set(false);
    });
}
