//! Form and field components. They show what was refused where it was typed.

use std::collections::BTreeMap;

use leptos::{context::Provider, prelude::*};

use super::model::{FormOutcome, RefusedForm};
use crate::{
    error::{Error, FieldError, Offer},
    live::{connection::stop_without_connection, listener::Live},
    ui::announce::use_announcer,
};

/// What the fields of one form know about its last submission.
#[derive(Clone)]
pub struct FormState {
    /// Why the last submission was refused.
    pub error: Signal<Option<Error>>,
    /// What was typed, when the page was loaded again after a refusal.
    pub typed: StoredValue<BTreeMap<String, String>>,
    /// Makes the ids of this form's elements its own.
    pub prefix: StoredValue<String>,
}

impl FormState {
    /// Reads what the page was told about the last submission of this form. `key` tells forms of the
    /// same action apart: it is compared with the hidden field of that name and value.
    pub fn of(action: &str, key: Option<(&str, &str)>) -> Self {
        let refused = use_context::<FormOutcome>().and_then(|outcome| {
            outcome.taken(|refused| {
                let is_of = |(field, value): (&str, &str)| {
                    let typed = refused.fields.get(field);
                    typed.is_some_and(|typed| typed == value)
                };
                refused.action == action && key.is_none_or(is_of)
            })
        });
        Self::new(action, key, refused)
    }

    /// The state of a form that is not on the page yet, and perhaps never will be: if it was refused, it is not
    /// there to say so.
    pub fn absent(action: &str, key: Option<(&str, &str)>) -> Self {
        Self::new(action, key, None)
    }

    fn new(action: &str, key: Option<(&str, &str)>, refused: Option<RefusedForm>) -> Self {
        let verb = action.rsplit('/').next().unwrap_or_default();
        let prefix = match key {
            Some((_, value)) => format!("{verb}-{value}"),
            None => verb.to_owned(),
        };
        let (error, typed) = match refused {
            Some(refused) => (Some(refused.error), refused.fields),
            None => (None, BTreeMap::new()),
        };
        Self {
            error: Signal::stored(error),
            typed: StoredValue::new(typed),
            prefix: StoredValue::new(prefix),
        }
    }

    /// What was typed into a field, otherwise its value.
    pub fn value(&self, field: &str, otherwise: &str) -> String {
        self.typed
            .with_value(|typed| typed.get(field).cloned())
            .unwrap_or_else(|| otherwise.to_owned())
    }

    fn are_fields_refused(&self) -> bool {
        self.error.with_untracked(|error| {
            let error = error.as_ref();
            error.is_some_and(|error| !error.fields.is_empty())
        })
    }

    fn id(&self, field: &str) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}-{field}"))
    }

    /// The id of what is said of a field.
    fn note_id(&self, field: &str) -> String {
        format!("{}-note", self.id(field))
    }
}

/// What can be taken instead of what was refused.
#[component]
pub fn Offered(team: String, offer: Option<Box<Offer>>) -> impl IntoView {
    offer.map(|offer| {
        let href = format!("/teams/{team}/tasks/{}", offer.key);
        view! {
            " Nobody has "
            <a href=href>{offer.key} " " {offer.title}</a>
            "."
        }
    })
}

/// The fields of a form that say their own faults. A form that the page sends itself provides it to its children.
#[derive(Clone, Copy)]
pub struct ShownFields(StoredValue<Vec<String>>);

impl ShownFields {
    /// Of a form whose fields come behind it.
    pub fn begin() -> Self {
        Self(StoredValue::new(Vec::new()))
    }
}

/// A form that the browser posts by itself, with and without JavaScript. Its state is provided to its
/// children alone: a component has no owner of its own, so a form beside it would find this one's.
#[component]
pub fn PlainForm(
    /// The address of the action: `SignIn::url()`.
    #[prop(into)]
    action: String,
    /// A hidden field and its value that tell forms of the same action apart on one page.
    #[prop(optional, into)]
    key: Option<(String, String)>,
    #[prop(optional, into)] class: String,
    /// The accessible name of the form.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    let state = FormState::of(
        &action,
        key.as_ref()
            .map(|(field, value)| (field.as_str(), value.as_str())),
    );
    let shown = ShownFields::begin();
    let (live, announcer) = (use_context::<Live>(), use_announcer());
    let data_key = key.as_ref().map(|(_, value)| value.clone());
    let submit = move |event| {
        stop_without_connection(&event, live, announcer);
    };
    view! {
        <Provider value=state>
            <Provider value=shown>
                <form
                    method="post"
                    action=action
                    class=class
                    aria-label=label
                    data-key=data_key
                    on:submit=submit
                >
                    {key
                        .map(|(field, value)| view! { <input type="hidden" name=field value=value /> })}
                    <FormError />
                    {children()}
                </form>
            </Provider>
        </Provider>
    }
}

/// What was wrong with the form as a whole. Where each fault stands at its field it is for the ears
/// alone, so that nobody reads it twice.
#[component]
pub fn FormError() -> impl IntoView {
    let state = expect_context::<FormState>();
    let shown = use_context::<ShownFields>();
    move || {
        state.error.get().map(|error| {
            let at_fields = !error.fields.is_empty()
                && shown.is_some_and(|shown| {
                    let is_shown = |fault: &FieldError| {
                        shown
                            .0
                            .with_value(|shown| shown.iter().any(|name| is_of(fault, name)))
                    };
                    error.fields.iter().all(is_shown)
                });
            view! {
                <p class="form-error" class:visually-hidden=at_fields role="alert">
                    {error.message}
                </p>
            }
        })
    }
}

/// A labelled one-line field with its error below it.
#[component]
pub fn TextField(
    /// The accessible name.
    #[prop(into)]
    label: String,
    #[prop(into)] name: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] minlength: Option<u32>,
    /// Whether the page begins with this field. Where fields were refused it begins with the first of those.
    #[prop(optional)]
    autofocus: bool,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] inputmode: Option<&'static str>,
    /// The least and the greatest value, of a number or a date.
    #[prop(optional)]
    min: Option<&'static str>,
    #[prop(optional)] max: Option<&'static str>,
    /// The id of a `datalist` with suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// A sentence below the field that helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let id = state.id(&name);
    let value = if kind == "password" {
        String::new()
    } else {
        state.value(&name, &value)
    };
    let problem = problem(&state, &name);
    let begins = begins(problem) || autofocus && !state.are_fields_refused();
    let note = state.note_id(&name);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                value=value
                required=required
                autocomplete=autocomplete
                maxlength=maxlength
                minlength=minlength
                autofocus=begins
                placeholder=placeholder
                inputmode=inputmode
                min=min
                max=max
                list=list
                aria-invalid=move || problem.get().map(|_| "true")
                aria-describedby=note.clone()
            />
            <FieldNote id=note problem=problem hint=hint />
        </div>
    }
}

/// A hidden field `time_zone` with the browser's own. Without JavaScript it is sent empty.
#[component]
pub fn OwnTimeZone() -> impl IntoView {
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
        let zone = js_sys::Reflect::get(&options, &"timeZone".into());
        if let (Some(field), Some(zone)) =
            (field.get(), zone.ok().and_then(|zone| zone.as_string()))
        {
            field.set_value(&zone);
        }
    });
    view! { <input type="hidden" name="time_zone" node_ref=field /> }
}

/// A labelled field for text of many lines with its error below it.
#[component]
pub fn TextAreaField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Textarea>,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let id = state.id(&name);
    let value = state.value(&name, &value);
    let problem = problem(&state, &name);
    let note = state.note_id(&name);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                node_ref=node_ref
                id=id
                name=name
                rows=rows
                required=required
                autofocus=begins(problem)
                placeholder=placeholder
                aria-invalid=move || problem.get().map(|_| "true")
                aria-describedby=note.clone()
                inner_html=text_of_textarea(&value)
            ></textarea>
            <FieldNote id=note problem=problem hint=None />
        </div>
    }
}

/// The text as the content of a `textarea`. Leptos does not escape the children of this element, and
/// the HTML parser, but not `innerHTML`, drops a line end at the beginning.
pub(super) fn text_of_textarea(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    if cfg!(feature = "ssr") {
        format!("\n{escaped}")
    } else {
        escaped
    }
}

/// A labelled choice out of a few. Options are value and words.
#[component]
pub fn SelectField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let id = state.id(&name);
    let value = state.value(&name, &value);
    let problem = problem(&state, &name);
    let note = state.note_id(&name);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                name=name
                autofocus=begins(problem)
                aria-invalid=move || problem.get().map(|_| "true")
                aria-describedby=note.clone()
            >
                {options
                    .into_iter()
                    .map(|(option, words)| {
                        let selected = option == value;
                        view! {
                            <option value=option selected=selected>
                                {words}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <FieldNote id=note problem=problem hint=hint />
        </div>
    }
}

/// Checkboxes or radio buttons that are one field: what is wrong with it stands below them all.
#[component]
pub fn Choices(
    /// The accessible name of the group.
    #[prop(into)]
    legend: String,
    /// The field as a fault names it. It has those of its parts as well: `people` those of `people[p1]`.
    #[prop(into)]
    name: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(default = "choices")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let problem = problem(&state, &name);
    let note = state.note_id(&name);
    let described = note.clone();
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>{legend}</legend>
            <div class=class>{children()}</div>
            <FieldNote id=note problem=problem hint=hint />
        </fieldset>
    }
}

/// A checkbox that is a field by itself, with its error below it.
#[component]
pub fn CheckField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let problem = problem(&state, &name);
    let note = state.note_id(&name);
    view! {
        <div class="field">
            <label class="choice">
                <input
                    type="checkbox"
                    name=name
                    value="on"
                    required=required
                    autofocus=begins(problem)
                    aria-invalid=move || problem.get().map(|_| "true")
                    aria-describedby=note.clone()
                />
                <span>{label}</span>
            </label>
            <FieldNote id=note problem=problem hint=None />
        </div>
    }
}

#[component]
fn FieldNote(id: String, problem: Signal<Option<String>>, hint: Option<String>) -> impl IntoView {
    view! {
        <p id=id class="field-note" class:field-error=move || problem.with(Option::is_some)>
            {move || problem.get().or_else(|| hint.clone())}
        </p>
    }
}

fn problem(state: &FormState, name: &str) -> Signal<Option<String>> {
    let error = state.error;
    let name = name.to_owned();
    if let Some(shown) = use_context::<ShownFields>() {
        shown.0.update_value(|shown| shown.push(name.clone()));
    }
    Signal::derive(move || {
        error.with(|error| {
            let mut faults = error.as_ref()?.fields.iter();
            let fault = faults.find(|fault| is_of(fault, &name))?;
            Some(fault.message.clone())
        })
    })
}

/// Whether the page begins with a field because it was refused. Of several the browser takes the first.
fn begins(problem: Signal<Option<String>>) -> bool {
    problem.with_untracked(Option::is_some)
}

/// Whether a fault is that of a field, or of a part of it.
fn is_of(fault: &FieldError, name: &str) -> bool {
    let part = fault.field.strip_prefix(name);
    part.is_some_and(|part| part.is_empty() || part.starts_with('['))
}
