//! One icon set, as inline SVG symbols that every page carries once.

use leptos::prelude::*;

/// An icon out of the set. Decorative: the element around it carries the name.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("/icons.svg#{name}") />
        </svg>
    }
}
