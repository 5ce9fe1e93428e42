//! What can be done with a task besides editing it.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_navigate;

use super::{keys::focus_field, panel::use_panel, state::TaskState};
use crate::{
    columns::model::ColumnKind,
    forms::view::{FormState, Offered},
    tasks::requests::{ClaimTask, DeleteTask, UnwatchTask, WatchTask},
    ui::focus::FocusBefore,
};

/// The buttons in the line of the task's key.
#[component]
pub fn Deeds(state: TaskState) -> impl IntoView {
    let (navigate, panel) = (use_navigate(), use_panel());
    let (team, key) = (state.team.get_value(), state.key.get_value());
    let free = Memo::new(move |_| {
        state
            .page
            .with(|page| page.task.assignee.is_none() && page.task.kind != ColumnKind::Done)
    });
    let claim_fields = (team.clone(), key.clone());
    view! {
        <div class="task-deeds">
            <Show when=move || free.get()>
                <form
                    method="post"
                    action=ClaimTask::url()
                    on:submit=move |event| {
                        event.prevent_default();
                        state.claim();
                        focus_assignee(state);
                    }
                >
                    <input type="hidden" name="team" value=claim_fields.0.clone() />
                    <input type="hidden" name="task" value=claim_fields.1.clone() />
                    <button type="submit" class="primary" title="Take this task (i)">
                        "Claim"
                    </button>
                </form>
            </Show>
            <form
                method="post"
                action=DeleteTask::url()
                on:submit=move |event| {
                    event.prevent_default();
                    let navigate = navigate.clone();
                    state.delete(move |board| {
                        if panel.close() == Some(false) {
                            navigate(board, Default::default());
                        }
                    });
                }
            >
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="task" value=key />
                <input type="hidden" name="back" value="board" />
                <button type="submit" class="quiet danger">
                    "Delete"
                </button>
            </form>
        </div>
    }
}

/// The button is gone when the task has somebody, and the focus should not be gone with it.
fn focus_assignee(state: TaskState) {
    FocusBefore::now().lead_on(move || focus_field(state, "assignee"));
}

/// Why one of them was refused, when the page was loaded again for it.
#[component]
pub fn DeedRefusals(state: TaskState) -> impl IntoView {
    let key = state.key.get_value();
    let deeds = [
        ClaimTask::url(),
        DeleteTask::url(),
        WatchTask::url(),
        UnwatchTask::url(),
    ];
    deeds
        .into_iter()
        .filter_map(|action| {
            FormState::of(action, Some(("task", &key)))
                .error
                .get_untracked()
        })
        .map(|error| {
            view! {
                <p class="form-error" role="alert">
                    {error.message}
                    <Offered team=state.team.get_value() offer=error.offer />
                </p>
            }
        })
        .collect_view()
}
