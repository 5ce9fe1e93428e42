//! Both versions of what two people changed in a task, and the two ways on.

use leptos::prelude::*;

use super::{
    history::{label, words},
    state::TaskState,
};
use crate::{
    error::Conflict,
    forms::conflict::{Versions, version_of},
    ui::time::Ago,
};

/// Stands above the fields, inside their form, as long as a conflict is open. Keeping one's own is to
/// save once more; taking the other is to read the page again, or with JavaScript to fill the fields.
#[component]
pub fn BothVersions(state: TaskState) -> impl IntoView {
    let here = format!(
        "/teams/{}/tasks/{}",
        state.team.get_value(),
        state.key.get_value()
    );
    let today = state.page.with_untracked(|page| page.today.clone());
    move || {
        let error = state.error.get()?;
        let conflict: Conflict = *error.conflict?;
        let here = here.clone();
        let now = state.page.with_untracked(|page| page.now).max(conflict.at);
        let by = conflict.by;
        let take = format!("Take {}", version_of(&by));
        let fields = conflict
            .fields
            .into_iter()
            .map(|both| {
                let said = |value: &str| in_full(&both.field, value, &today);
                let (yours, theirs) = (said(&both.yours), said(&both.theirs));
                let name = label(&both.field).to_owned();
                view! { <Versions name=name yours=yours by=by.clone() theirs=theirs /> }
            })
            .collect_view();
        Some(view! {
            <div class="conflict" role="alert">
                <h2>{error.message}</h2>
                <p class="muted small">
                    "Theirs was saved " <Ago at=conflict.at now=now />
                    ". Keep one, or write into the field below what it should be, and save."
                </p>
                {fields}
                <p class="actions">
                    <button type="submit" class="primary" on:click=move |_| state.answer_conflict()>
                        "Keep mine"
                    </button>
                    <a
                        class="button"
                        href=here
                        rel="external"
                        on:click=move |event| {
                            event.prevent_default();
                            state.take_theirs();
                        }
                    >
                        {take}
                    </a>
                </p>
            </div>
        })
    }
}

/// A value that stands for itself: nothing has a word.
fn in_full(field: &str, value: &str, today: &str) -> String {
    match value {
        "" => "Nothing".to_owned(),
        value => words(field, value, today),
    }
}
