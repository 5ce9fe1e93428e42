//! Both versions of what two people changed, side by side.

use leptos::prelude::*;

use super::view::FormState;

/// Shows, inside a form that was refused for it, what is typed and what somebody else stored
/// meanwhile. `words` names a field and says one of its values in words.
#[component]
pub fn BothVersions(
    words: fn(field: &str, value: &str) -> (&'static str, String),
) -> impl IntoView {
    let state = expect_context::<FormState>();
    move || {
        let conflict = state.error.get().and_then(|error| error.conflict)?;
        let by = conflict.by;
        let fields = conflict
            .fields
            .into_iter()
            .map(|field| {
                let (name, yours) = words(&field.field, &field.yours);
                let (_, theirs) = words(&field.field, &field.theirs);
                view! { <Versions name=name yours=yours by=by.clone() theirs=theirs /> }
            })
            .collect_view();
        Some(view! {
            <div class="conflict" role="alert">
                {fields}
                <p>"Send the form again to keep yours."</p>
            </div>
        })
    }
}

/// One field as both people have it.
#[component]
pub fn Versions(
    #[prop(into)] name: String,
    yours: String,
    /// The other person.
    by: String,
    theirs: String,
) -> impl IntoView {
    view! {
        <p class="conflict-field">{name}</p>
        <dl class="both-versions">
            <div>
                <dt>"Your version"</dt>
                <dd>{yours}</dd>
            </div>
            <div>
                <dt>{version_of(&by)}</dt>
                <dd>{theirs}</dd>
            </div>
        </dl>
    }
}

/// What somebody wrote, by their name: `Ben’s version`.
pub fn version_of(name: &str) -> String {
    let s = if name.ends_with('s') { "" } else { "s" };
    format!("{name}’{s} version")
}
