//! The page in the browser: its keys, where the focus begins, and the question
//! before unsaved text is left.

use std::collections::BTreeMap;

use leptos::{ev, prelude::*};

use super::{arrival, closed::is_editable, description::focus_description, state::TaskState};
use crate::{
    people::shell::keys::{
        SecondKey, listen_on_page,
        table::{ON_TASK, OnTask},
    },
    tasks::outbox,
    ui::dom::focus,
};

/// Listens as long as the page is open.
pub fn attend(state: TaskState) {
    let second = expect_context::<SecondKey>();
    Effect::new(move |_| {
        // The fields are only there for whoever may write, or might when the page was made.
        listen_on_page(
            second,
            ON_TASK,
            || true,
            move |action, _| act(state, action),
        );
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            if state.changed.with_untracked(|fields| !fields.is_empty()) {
                event.prevent_default();
            }
        });
        on_cleanup(move || leaving.remove());
        let task = state.page.with_untracked(|page| page.task.id);
        outbox::attend(task, move |sent, answer| state.saved(&sent, answer));
        request_animation_frame(move || {
            if state.page.is_disposed() {
                return;
            }
            state.take_up_draft();
            match arrival::take_begin_with() {
                Some("description") => focus_description(state),
                Some(field) => focus_field(state, field),
                None => {}
            }
        });
    });
    Effect::new(move |before: Option<BTreeMap<String, String>>| {
        state.show_what_is_on_the_way(&before.unwrap_or_default())
    });
}

fn act(state: TaskState, action: OnTask) -> bool {
    if !state.page.with_untracked(is_editable) {
        return false;
    }
    match action {
        OnTask::Edit => focus_description(state),
        OnTask::Move => focus_field(state, "column"),
        OnTask::Assign => focus_field(state, "assignee"),
        OnTask::Claim => state.claim(),
        // The panel's own, also for who may only read.
        OnTask::Back => return false,
    }
    true
}

/// Gives the focus to a field of the form.
pub fn focus_field(state: TaskState, name: &str) {
    if let Some(field) = state.control(name) {
        focus(&field);
    }
}
