//! A link or a secret that was just made. It is shown this once, with the focus on it.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    forms::model::FormOutcome,
    ui::{announce::use_announcer, clipboard, icon::Icon},
};

/// The link in a field that can only be read and copied.
#[component]
pub fn ShownOnce(
    /// What such a link holds and no other does, such as `/invitations/`.
    kind: &'static str,
    label: &'static str,
    /// What whoever holds the link can do.
    note: &'static str,
    /// The words on the button that copies it, and what is said then.
    #[prop(default = "Copy link")]
    copy: &'static str,
    #[prop(default = "Link copied.")] copied: &'static str,
) -> impl IntoView {
    use_context::<FormOutcome>()
        .and_then(|outcome| outcome.shown_once)
        .filter(|shown| shown.contains(kind))
        .map(|link| {
            let field = NodeRef::<leptos::html::Input>::new();
            Effect::new(move || {
                if let Some(field) = field.get() {
                    field.select();
                }
            });
            let announcer = use_announcer();
            let text = link.clone();
            let copy_it = move |_| {
                let text = text.clone();
                spawn_local(async move {
                    if clipboard::copy(&text).await {
                        announcer.success(copied);
                    } else {
                        announcer.failure(
                            "The browser did not copy it. Select it in the field and copy it there.",
                        );
                    }
                });
            };
            view! {
                <div class="field shown-once">
                    <label for="shown-once">{label}</label>
                    <div class="copied-field">
                        <input
                            id="shown-once"
                            type="text"
                            readonly=true
                            autofocus=true
                            node_ref=field
                            value=link
                            aria-describedby="shown-once-note"
                        />
                        <button type="button" class="primary only-scripts" on:click=copy_it>
                            <Icon name="copy" />
                            {copy}
                        </button>
                    </div>
                    <p id="shown-once-note" class="field-note">
                        {note}
                    </p>
                </div>
            }
        })
}
