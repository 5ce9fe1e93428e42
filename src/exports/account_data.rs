//! The part of `/account` by which one takes one's own data along.

use leptos::prelude::*;

/// A link to everything that is kept of whoever is signed in.
#[component]
pub fn AccountData() -> impl IntoView {
    view! {
        <section aria-labelledby="data-heading">
            <h2 id="data-heading">"Your data"</h2>
            <p class="muted">
                "Your account, and what you made and were told in every team, as one JSON file."
            </p>
            <p>
                <a class="button" href="/account/data" rel="external" download="">
                    "Download my data"
                </a>
            </p>
        </section>
    }
}
