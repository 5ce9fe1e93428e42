//! What no form of the page says of a refusal, because the form is gone: its column was removed, its task deleted, its
//! board archived. The page says it then, with what was typed.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    model::{FormOutcome, RefusedForm},
    view::{Offered, text_of_textarea},
};
use crate::{
    error::Error,
    feedback::words::{IN_THE_WAY, MISSING, MOST_USEFUL},
};

/// The fields that people type into, and what they are called. Only these are shown: no ids, no versions, and no choices,
/// which are made again as quickly. Passwords do not get as far as this.
pub const TYPED: &[(&str, &str)] = &[
    ("title", "Title"),
    ("description", "Description"),
    ("body", "Comment"),
    ("labels", "Labels"),
    ("due_on", "Due date"),
    ("name", "Name"),
    ("key", "Key"),
    ("team_name", "Team name"),
    ("email", "Email"),
    ("wip_limit", "WIP limit"),
    ("url", "Address"),
    ("if_we", "If we"),
    ("then_it", "Then"),
    ("because", "Because"),
    ("target", "Target"),
    ("starts_on", "First day"),
    ("ends_on", "Last day"),
    ("sample", "Observations needed"),
    ("reason", "Reason"),
    ("share", "Share in percent"),
    ("time_zone", "Time zone"),
    ("in_progress_limit", "In progress per person"),
    ("stale_after_days", "Days without a change"),
    ("most_useful", MOST_USEFUL),
    ("in_the_way", IN_THE_WAY),
    ("missing", MISSING),
    ("tag", "Tag"),
];

/// A refusal that nothing on the page says. It stands above the page that was loaded with it until one leaves that page:
/// whoever comes back has read it.
#[component]
pub fn UnsaidRefusal() -> impl IntoView {
    let here = use_location();
    let path = here.pathname;
    let loaded = path.get_untracked();
    let dismissed = here
        .search
        .with_untracked(|query| without_refusal(&loaded, query));
    let is_left = Memo::new(move |left: Option<&bool>| {
        left == Some(&true) || path.with(|path| *path != loaded)
    });
    use_context::<FormOutcome>()
        .and_then(FormOutcome::unsaid)
        .map(|refused| {
            let typed = typed(&refused);
            let words = words(&refused.error, &typed);
            let team = refused.fields.get("team").cloned().unwrap_or_default();
            let typed = (!typed.is_empty()).then(|| view! { <WhatWasTyped fields=typed /> });
            view! {
                <section class="refusal" aria-label="What was refused" hidden=move || is_left.get()>
                    <div class="refusal-reason">
                        <p class="form-error" role="alert">
                            {words}
                            <Offered team=team offer=refused.error.offer />
                        </p>
                        <a class="button quiet" href=dismissed rel="external">
                            "Dismiss"
                        </a>
                    </div>
                    {typed}
                </section>
            }
        })
}

/// The address of a page without the refusal that it was loaded with.
fn without_refusal(path: &str, query: &str) -> String {
    let others: Vec<&str> = query
        .trim_start_matches('?')
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("refused="))
        .collect();
    if others.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", others.join("&"))
    }
}

/// Whether there is anything that somebody typed.
pub fn is_typed(refused: &RefusedForm) -> bool {
    !typed(refused).is_empty()
}

/// A text that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Tells it from the others on the page.
    pub name: String,
    pub label: String,
    pub text: String,
}

/// What a field is called, if it is one that people type into.
pub fn label_of(field: &str) -> Option<&'static str> {
    let mut known = TYPED.iter().filter(|(name, _)| *name == field);
    known.next().map(|(_, label)| *label)
}

fn typed(refused: &RefusedForm) -> Vec<Typed> {
    TYPED
        .iter()
        .filter_map(|(name, label)| {
            let text = refused.fields.get(*name)?;
            (!text.trim().is_empty()).then(|| Typed {
                name: (*name).to_owned(),
                label: (*label).to_owned(),
                text: text.clone(),
            })
        })
        .collect()
}

/// Why it was refused, with what is wrong with the fields that are gone. One whose text is not shown below is named.
fn words(error: &Error, typed: &[Typed]) -> String {
    let mut words = Vec::new();
    if !typed.is_empty() && !error.may_have_arrived() {
        words.push("This was not saved.".to_owned());
    }
    let faults = &error.fields;
    if faults.iter().all(|fault| fault.message != error.message) {
        words.push(error.message.clone());
    }
    words.extend(faults.iter().map(|fault| {
        let is_shown = typed.iter().any(|typed| typed.name == fault.field);
        match label_of(&fault.field).filter(|_| !is_shown) {
            Some(label) => format!("{label}: {}", fault.message),
            None => fault.message.clone(),
        }
    }));
    words.join(" ")
}

/// Texts that stand in no form any more, to be copied.
#[component]
pub fn WhatWasTyped(
    fields: Vec<Typed>,
    /// What becomes of them.
    #[prop(default = "Copy it before you leave this page.")]
    hint: &'static str,
    /// Tells them from other such texts on the page.
    #[prop(default = "What you typed")]
    label: &'static str,
) -> impl IntoView {
    let fields = fields
        .into_iter()
        .map(|Typed { name, label, text }| {
            let id = format!("typed-{name}");
            let rows = if text.contains('\n') || text.len() > 80 {
                "4"
            } else {
                "1"
            };
            view! {
                <div class="field">
                    <label for=id.clone()>{label}</label>
                    <textarea id=id rows=rows readonly=true inner_html=text_of_textarea(&text)></textarea>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="what-was-typed" role="group" aria-label=label>
            <p>
                <strong>{label}</strong>
                " "
                <span class="muted">{hint}</span>
            </p>
            {fields}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_unless_its_text_is_shown() {
        let missing = Error::field("title", "This field is missing.");
        assert_eq!(words(&missing, &[]), "Title: This field is missing.");
        let shown = Typed {
            name: "title".to_owned(),
            label: "Title".to_owned(),
            text: "Blue".to_owned(),
        };
        assert_eq!(
            words(&missing, &[shown]),
            "This was not saved. This field is missing."
        );
        let gone = Error::field("column", "This column is gone.");
        assert_eq!(words(&gone, &[]), "This column is gone.");
        let whole = Error {
            message: "The task was not changed.".to_owned(),
            ..Error::field("due_on", "This is no date.")
        };
        assert_eq!(
            words(&whole, &[]),
            "The task was not changed. Due date: This is no date."
        );
    }
}
