//! Says that the server was updated since the page was loaded.
//!
//! The page has the mark of the browser's part that it was sent with, and every beat of the feed has the one that the
//! server sends now. A server that has become another breaks the feed, so the first beat after it tells.

use leptos::prelude::*;

use super::listener::use_live;

/// The attribute of the document that holds the page's mark.
pub const BUILD: &str = "data-build";

/// Stands below the header as soon as the server is another one. It never loads the page by itself.
#[component]
pub fn UpdatedBanner() -> impl IntoView {
    let live = use_live();
    let reload = move |_| {
        // Where the browser refuses, the page stays as it is.
        let _ = window().location().reload();
    };
    view! {
        <div class="updated" aria-live="polite">
            {move || {
                live.is_outdated
                    .get()
                    .then(|| {
                        view! {
                            <p>
                                "Skateboard was updated. "
                                <button type="button" on:click=reload>
                                    "Reload"
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Whether a beat comes from a server that sends another browser's part than this page has.
pub(super) fn is_from_another(beat: &str) -> bool {
    let theirs = beat
        .strip_prefix(r#"{"build":""#)
        .and_then(|rest| rest.split('"').next());
    let own = document()
        .document_element()
        .and_then(|html| html.get_attribute(BUILD));
    theirs.is_some() && own.is_some() && theirs != own.as_deref()
}
