//! The fields of a task, to edit or only to read.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use super::{
    ctrl_enter_sends,
    history::{label, words},
    state::{TaskState, values},
};
use crate::{
    error::Conflict,
    forms::view::{FormError, FormState, SelectField, TextAreaField, TextField},
    people::model::PersonName,
    tasks::{model::Priority, requests::EditTask},
    ui::time,
};

/// The form of a task. Saving keeps the page; without JavaScript it posts.
#[component]
pub fn TaskForm(state: TaskState, form: FormState) -> impl IntoView {
    let page = state.page.get_untracked();
    let task = page.task;
    let value = values(&task);
    let key = task.key.clone();
    provide_context(FormState {
        error: state.error.into(),
        ..form
    });
    let mut people = vec![(String::new(), "Nobody".to_owned())];
    people.extend(
        page.people
            .iter()
            .map(|p| (p.id.to_string(), p.name.clone())),
    );
    if let Some(holder) = &task.assignee
        && !page.people.contains(holder)
    {
        people.push((
            holder.id.to_string(),
            holder_name(holder, task.assignee_left),
        ));
    }
    let columns = page
        .columns
        .iter()
        .map(|c| (c.id.to_string(), c.name.clone()));
    let priorities = Priority::ALL.map(|p| (p.as_str().to_owned(), p.label().to_owned()));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        state.save();
    };
    let problem = move || {
        state
            .error
            .with(|error| error.as_ref().is_some_and(|error| error.conflict.is_some()))
    };
    view! {
        <form
            class="task-form"
            method="post"
            action=EditTask::url()
            autocomplete="off"
            node_ref=state.form
            on:submit=save
            on:keydown=ctrl_enter_sends
        >
            <input type="hidden" name="team" value=state.team.get_value() />
            <input type="hidden" name="task" value=key />
            <input type="hidden" name="version" value=move || state.version.get() />
            <Show when=problem fallback=FormError>
                <BothVersions state=state />
            </Show>
            <div class="task-text">
                <div class="task-title">
                    <TextField label="Title" name="title" value=value["title"].clone() required=true />
                </div>
                <Rendered state=state />
                <TextAreaField
                    label="Description"
                    name="description"
                    value=value["description"].clone()
                    rows=4
                    placeholder="What should others know? Markdown works here."
                />
            </div>
            <div class="task-facts">
                <SelectField label="Assignee" name="assignee" value=value["assignee"].clone() options=people />
                <SelectField label="Column" name="column" value=value["column"].clone() options=columns.collect() />
                <TextField label="Due date" name="due_on" kind="date" value=value["due_on"].clone() />
                <SelectField label="Priority" name="priority" value=value["priority"].clone() options=priorities.to_vec() />
                <TextField label="Labels" name="labels" value=value["labels"].clone() hint="Separated by commas" />
                <p class="task-save">
                    <button type="submit">"Save"</button>
                    <span class="muted" aria-live="polite">
                        {move || state.saving.get().then_some("Saving…")}
                    </span>
                </p>
            </div>
        </form>
    }
}

/// The description as it reads.
#[component]
fn Rendered(state: TaskState) -> impl IntoView {
    let html = Memo::new(move |_| state.page.with(|page| page.task.description_html.clone()));
    view! { <div class="prose" class:empty=move || html.with(String::is_empty) inner_html=move || html.get()></div> }
}

/// Both versions of what two people changed, and the two ways on.
#[component]
fn BothVersions(state: TaskState) -> impl IntoView {
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
        let today = today.clone();
        let by = conflict.by.clone();
        let theirs_name = if by.ends_with('s') {
            format!("{by}’ version")
        } else {
            format!("{by}’s version")
        };
        let shown = |field: &str, value: &str| {
            if value.is_empty() {
                "Nothing".to_owned()
            } else {
                words(field, value, &today)
            }
        };
        let fields = conflict
            .fields
            .iter()
            .map(|both| {
                view! {
                    <section class="both-versions">
                        <h3>{label(&both.field).to_owned()}</h3>
                        <div>
                            <h4>"Your version"</h4>
                            <pre class="text-version">{shown(&both.field, &both.yours)}</pre>
                        </div>
                        <div>
                            <h4>{theirs_name.clone()}</h4>
                            <pre class="text-version">{shown(&both.field, &both.theirs)}</pre>
                        </div>
                    </section>
                }
            })
            .collect_view();
        Some(view! {
            <div class="conflict" role="alert">
                <h2>{error.message}</h2>
                {fields}
                <p>
                    "Your version is still in the fields: Save again to keep it, or "
                    <a
                        href=here
                        rel="external"
                        on:click=move |event| {
                            event.prevent_default();
                            state.take_theirs();
                        }
                    >
                        {format!("take {theirs_name}")}
                    </a>
                    "."
                </p>
            </div>
        })
    }
}

/// Who holds the task, and whether they have left the team with it.
fn holder_name(holder: &PersonName, left: bool) -> String {
    let former = if left { " (former member)" } else { "" };
    format!("{}{former}", holder.name)
}

/// The fields for whoever may only read.
#[component]
pub fn Facts(state: TaskState) -> impl IntoView {
    let page = state.page.get_untracked();
    let task = page.task;
    let column = page
        .columns
        .iter()
        .find(|column| Some(column.id) == task.column)
        .map(|column| column.name.clone());
    let holder = task
        .assignee
        .map(|person| holder_name(&person, task.assignee_left));
    let due = task.due_on.map(|date| time::day(&date, &page.today));
    let labels = (!task.labels.is_empty()).then(|| task.labels.join(", "));
    let facts = [
        ("Assignee", holder.unwrap_or_else(|| "Nobody".to_owned())),
        ("Column", column.unwrap_or_else(|| "None".to_owned())),
        ("Due date", due.unwrap_or_else(|| "None".to_owned())),
        ("Priority", task.priority.label().to_owned()),
        ("Labels", labels.unwrap_or_else(|| "None".to_owned())),
    ];
    view! {
        <div class="prose" inner_html=task.description_html></div>
        <dl class="task-facts">
            {facts
                .into_iter()
                .map(|(name, value)| {
                    view! {
                        <div>
                            <dt>{name}</dt>
                            <dd>{value}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}
