//! The way from a board to a task and back: which card was opened, whether to begin with editing, and
//! the board that shows a card again when its task was restored.
//!
//! Both pages never stand at the same time, so this is kept beside them. Only a browser uses it.

use std::cell::{Cell, RefCell};

use crate::ids::TaskId;

type Refresh = Box<dyn Fn(&str)>;

thread_local! {
    static OPENED: Cell<Option<TaskId>> = const { Cell::new(None) };
    static EDIT: Cell<bool> = const { Cell::new(false) };
    static BOARD: RefCell<Option<Refresh>> = const { RefCell::new(None) };
}

/// Remembers the card that leads to a task.
pub fn opened(card: TaskId) {
    OPENED.set(Some(card));
}

/// The card that was opened last, once.
pub fn take_opened() -> Option<TaskId> {
    OPENED.take()
}

/// Asks the next task page to begin with its title.
pub fn begin_with_title() {
    EDIT.set(true);
}

/// Whether the task page was asked to begin with its title, once.
pub fn take_begin_with_title() -> bool {
    EDIT.take()
}

/// Names what reads one card of the open board again, by its key, or nothing when the board is left.
pub fn board_is(refresh: Option<Refresh>) {
    BOARD.replace(refresh);
}

/// Shows a task on the open board as it is now.
pub fn refresh_card(key: &str) {
    BOARD.with_borrow(|refresh| {
        if let Some(refresh) = refresh {
            refresh(key);
        }
    });
}
