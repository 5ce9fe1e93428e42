//! The fields of a task, to edit or only to read.

use leptos::{
    context::Provider,
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    server_fn::ServerFn,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::{
    closed::{WhyClosed, is_editable},
    conflict::BothVersions,
    ctrl_enter_sends,
    data::TaskPageData,
    description::Description,
    state::{TaskState, values},
};
use crate::{
    forms::view::{FormError, FormState, SelectField, TextAreaField, TextField},
    live::{
        listener::use_live,
        looking::{Editing, edit},
    },
    people::shell::keys::table::{Typing, WHILE_TYPING},
    tasks::{
        due,
        model::{FIELDS, Priority},
        requests::EditTask,
        similar::SimilarTasks,
    },
    ui::{
        dom::{closest, target_of},
        keys::pressed,
        time,
    },
};

/// The form of a task. Saving keeps the page; without JavaScript it posts.
#[component]
pub fn TaskForm(state: TaskState, form: FormState) -> impl IntoView {
    let page = state.page.get_untracked();
    let task = page.task;
    let value = values(&task);
    let id = task.id;
    let key = task.key.clone();
    let form = FormState {
        error: state.error.into(),
        ..form
    };
    let mut people = vec![(String::new(), "Nobody".to_owned())];
    people.extend(
        page.people
            .iter()
            .map(|p| (p.id.to_string(), p.name.clone())),
    );
    if let Some(holder) = &task.assignee
        && !page.people.contains(holder)
    {
        people.push((holder.id.to_string(), holder.as_holder(task.assignee_left)));
    }
    let columns = page
        .columns
        .iter()
        .map(|c| (c.id.to_string(), c.name.clone()))
        .collect::<Vec<_>>();
    let priorities = Priority::ALL
        .map(|p| (p.as_str().to_owned(), p.label().to_owned()))
        .to_vec();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        state.save();
    };
    let problem = move || {
        state
            .error
            .with(|error| error.as_ref().is_some_and(|error| error.conflict.is_some()))
    };
    let unsaved = move || state.changed.with(|fields| !fields.is_empty());
    let live = use_live();
    let said = move || match (state.saving.get(), unsaved()) {
        (true, _) if live.is_waiting() => Some("Not sent yet"),
        (true, _) => Some("Saving…"),
        (false, true) if !state.page.with(is_editable) => Some("Cannot be saved now"),
        (false, true) => Some("Unsaved changes"),
        (false, false) => None,
    };
    view! {
        <Provider value=form>
            <form
                class="task-form"
                method="post"
                action=EditTask::url()
                autocomplete="off"
                node_ref=state.form
                on:submit=save
                on:keydown=ctrl_enter_sends
                on:focusin=move |event| edit(field_of(&event))
                on:focusout=move |_| edit(None)
                on:input=move |_| state.look_for_changes()
                on:change=move |_| state.look_for_changes()
            >
                <input type="hidden" name="team" value=state.team.get_value() />
                <input type="hidden" name="task" value=key />
                <input type="hidden" name="version" value=move || state.version.get() />
                <div class="task-said">
                    <Show when=problem fallback=FormError>
                        <BothVersions state=state />
                    </Show>
                </div>
                <div class="task-text">
                    <div
                        class="task-title"
                        on:keydown=move |event| {
                            if !state.similar.on_key(&event) {
                                enter_sends(event);
                            }
                        }
                        on:input=move |event| {
                            keep_one_line(event);
                            state.title_typed();
                        }
                    >
                        <TextAreaField
                            label="Title"
                            name="title"
                            value=value["title"].clone()
                            rows=1
                            required=true
                        />
                        <Editing task=id field="title" words="title" />
                        <SimilarTasks similar=state.similar id="similar" />
                    </div>
                    <WhyClosed state=state field=".task-description textarea" />
                    <Description state=state value=value["description"].clone() />
                </div>
                <div class="task-facts">
                    <SelectField label="Assignee" name="assignee" value=value["assignee"].clone() options=people />
                    <SelectField label="Column" name="column" value=value["column"].clone() options=columns />
                    <TextField label="Due date" name="due_on" kind="date" value=value["due_on"].clone() />
                    <DueWarning state=state />
                    <SelectField label="Priority" name="priority" value=value["priority"].clone() options=priorities />
                    <TextField
                        label="Labels"
                        name="labels"
                        value=value["labels"].clone()
                        placeholder="None"
                        hint="Separated by commas"
                    />
                    <p class="task-save" class:unsaved=unsaved>
                        <button
                            type="submit"
                            class="primary"
                            title="Ctrl+Enter"
                            aria-keyshortcuts="Control+Enter"
                        >
                            "Save"
                        </button>
                        <span class="muted" aria-live="polite">
                            {said}
                        </span>
                    </p>
                </div>
            </form>
        </Provider>
    }
}

/// The text that has the focus, which others had better not edit at the same time.
fn field_of(event: &web_sys::FocusEvent) -> Option<&'static str> {
    let field = target_of::<HtmlTextAreaElement>(event)?;
    FIELDS.into_iter().find(|name| *name == field.name())
}

/// What the date says of itself only to whoever reckons.
#[component]
fn DueWarning(state: TaskState) -> impl IntoView {
    move || {
        state.page.with(|page| {
            let due = page.task.due_on.as_deref()?;
            let words = due::warning(due, &page.today)?;
            let class = due::Nearness::of(due, &page.today).class();
            let open = page.task.completed_at.is_none();
            open.then(|| view! { <p class=class>{words}</p> })
        })
    }
}

/// What is pasted into the title loses its line ends.
fn keep_one_line(event: web_sys::Event) {
    if let Some(field) = target_of::<HtmlTextAreaElement>(&event) {
        let typed = field.value();
        if typed.contains('\n') {
            field.set_value(&typed.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// The title is one line that is shown on as many as it needs, so Enter saves.
fn enter_sends(event: KeyboardEvent) {
    if pressed(WHILE_TYPING, &event) != Some(Typing::SendLine) {
        return;
    }
    let Some(field) = target_of::<HtmlTextAreaElement>(&event) else {
        return;
    };
    event.prevent_default();
    event.stop_propagation();
    let form =
        closest(&field, "form").and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    if let Some(form) = form {
        // A form that its browser finds incomplete is not sent, and says so itself.
        let _ = form.request_submit();
    }
}

/// The fields for whoever may only read.
#[component]
pub fn Facts(state: TaskState) -> impl IntoView {
    let html = Memo::new(move |_| state.page.with(|page| page.task.description_html.clone()));
    let described = Memo::new(move |_| html.with(|html| !html.is_empty()));
    let facts = [
        ("Assignee", holder as fn(&TaskPageData) -> Option<String>),
        ("Column", column),
        ("Due date", due_date),
        ("Priority", priority),
        ("Labels", labels),
    ];
    view! {
        <div class="task-text">
            {move || described.get().then(|| view! { <h2 class="visually-hidden">"Description"</h2> })}
            <div class="prose" inner_html=move || html.get()></div>
        </div>
        <dl class="task-facts">
            {facts
                .into_iter()
                .map(|(name, value)| {
                    let nothing = if name == "Assignee" { "Nobody" } else { "None" };
                    let value = move || state.page.with(value).unwrap_or_else(|| nothing.to_owned());
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

fn holder(page: &TaskPageData) -> Option<String> {
    let holder = page.task.assignee.as_ref()?;
    Some(holder.as_holder(page.task.assignee_left))
}

fn column(page: &TaskPageData) -> Option<String> {
    let columns = &mut page.columns.iter();
    let column = columns.find(|column| Some(column.id) == page.task.column)?;
    Some(column.name.clone())
}

fn due_date(page: &TaskPageData) -> Option<String> {
    let date = page.task.due_on.as_ref()?;
    Some(time::day(date, &page.today))
}

fn priority(page: &TaskPageData) -> Option<String> {
    Some(page.task.priority.label().to_owned())
}

fn labels(page: &TaskPageData) -> Option<String> {
    (!page.task.labels.is_empty()).then(|| page.task.labels.join(", "))
}
