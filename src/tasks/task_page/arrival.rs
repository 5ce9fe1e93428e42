//! The way from a board to a task and back: which card was opened, and whether to begin with editing.
//!
//! Board and task may be whole pages that never stand at the same time, so this is kept beside them. Only
//! a browser uses it.

use std::cell::Cell;

use crate::ids::TaskId;

thread_local! {
    static OPENED: Cell<Option<TaskId>> = const { Cell::new(None) };
    static STEPPED: Cell<bool> = const { Cell::new(false) };
    static EDIT: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Remembers the card that leads to a task.
pub fn opened(card: TaskId) {
    OPENED.set(Some(card));
    STEPPED.set(true);
}

/// Remembers the card of the task that one came to on another way.
pub fn came_to(card: TaskId) {
    OPENED.set(Some(card));
}

/// The card that was opened last, once.
pub fn take_opened() -> Option<TaskId> {
    OPENED.take()
}

/// Whether the task page was reached by a step from its board, once. Then Back leads to the board again.
pub fn take_stepped() -> bool {
    STEPPED.take()
}

/// Asks the next task page to begin with one of its fields, by its name.
pub fn begin_with(field: &'static str) {
    EDIT.set(Some(field));
}

/// The field that the task page was asked to begin with, once.
pub fn take_begin_with() -> Option<&'static str> {
    EDIT.take()
}
