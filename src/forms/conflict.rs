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
        Some(
            conflict
                .fields
                .into_iter()
                .map(|field| {
                    let (name, yours) = words(&field.field, &field.yours);
                    let (_, theirs) = words(&field.field, &field.theirs);
                    view! {
                        <div class="conflict" role="alert">
                            <p>{name}</p>
                            <dl>
                                <div>
                                    <dt>"Your version"</dt>
                                    <dd>{yours}</dd>
                                </div>
                                <div>
                                    <dt>{format!("{by}’s version")}</dt>
                                    <dd>{theirs}</dd>
                                </div>
                            </dl>
                            <p>"Send the form again to keep yours."</p>
                        </div>
                    }
                })
                .collect_view(),
        )
    }
}
