//! What the palette offers for the task that is open.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use send_wrapper::SendWrapper;

use super::{
    data::TaskPageData, description::focus_description, keys::focus_field, panel::use_panel,
    state::TaskState,
};
use crate::{
    palette::{Visit, use_palette, visited},
    people::{model::PersonName, shell::use_team},
    tasks::{
        model::{Labels, Priority, stored},
        offered::{self, Doing, Facts, copy_link},
    },
};

/// Offers it as long as the page stands, and remembers that one was here.
pub fn offer(state: TaskState) {
    let (me, palette, panel) = (use_team().me, use_palette(), use_panel());
    let navigate = use_navigate();
    Effect::new(move |_| {
        let (me, navigate) = (me.clone(), SendWrapper::new(navigate.clone()));
        let does = move |doing| {
            let navigate = navigate.clone();
            let leave = move |board: &str| {
                if panel.close() == Some(false) {
                    navigate(board, Default::default());
                }
            };
            act(state, doing, leave);
        };
        palette.offer(move || {
            let facts = state
                .page
                .try_with_untracked(|page| facts(state, page, me.clone()))?;
            Some(offered::offer(&facts, false, does.clone()))
        });
    });
    visited(move || {
        let team = state.team.get_value();
        state.page.with(|page| Visit {
            href: format!("/teams/{team}/tasks/{}", page.task.key),
            words: page.task.title.clone(),
            beside: page.task.key.clone(),
        })
    });
}

/// The task as it will be when what is on the way has arrived; labels are added to those in the field.
fn facts(state: TaskState, page: &TaskPageData, me: PersonName) -> Facts {
    let task = &page.task;
    let (holder, due_on) = (state.coming("assignee"), state.coming("due_on"));
    let (column, priority) = (state.coming("column"), state.coming("priority"));
    let labels = state
        .typed("labels")
        .unwrap_or_else(|| state.coming("labels"));
    Facts {
        key: task.key.clone(),
        column: column.parse().ok(),
        columns: page.columns.clone(),
        holder: page
            .people
            .iter()
            .chain(&task.assignee)
            .find(|person| person.id.to_string() == holder)
            .cloned(),
        people: page.people.clone(),
        me,
        due_on: Some(due_on).filter(|date| !date.is_empty()),
        today: page.today.clone(),
        priority: Priority::ALL
            .into_iter()
            .find(|one| one.as_str() == priority)
            .unwrap_or_default(),
        labels: Labels::split(&stored("labels", &labels)),
        known_labels: Vec::new(),
        may_write: page.may_write && task.deleted_at.is_none(),
        watched: Some(page.watched),
    }
}

fn act(state: TaskState, doing: Doing, leave: impl Fn(&str) + 'static) {
    // The palette may stay open longer than the page.
    if state.page.is_disposed() {
        return;
    }
    match doing {
        Doing::Open => {}
        Doing::Claim => state.claim(),
        Doing::Assign(person) => {
            let person = person.map(|person| person.id.to_string());
            state.change("assignee", &person.unwrap_or_default());
        }
        Doing::Move(column) => state.change("column", &column.to_string()),
        Doing::Change(field, value) => state.change(field, &value),
        Doing::Edit("description") => focus_description(state),
        Doing::Edit(field) => focus_field(state, field),
        Doing::Watch(wanted) => state.watch(wanted),
        Doing::CopyLink => copy_link(
            state.announcer,
            &state.team.get_value(),
            &state.key.get_value(),
        ),
        Doing::Delete => state.delete(leave),
    }
}
