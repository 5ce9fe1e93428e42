//! The search field in the header of every page.

use leptos::{html::Input, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::ui::icon::Icon;

/// It keeps what was searched for.
#[component]
pub fn Search(
    /// Of the team that is searched: `/teams/lantern-works`
    home: String,
) -> impl IntoView {
    let query = use_query_map();
    let searched = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let field = NodeRef::<Input>::new();
    // A filter that is clicked changes what is searched for without loading the page again.
    Effect::watch(
        move || searched.get(),
        move |searched, _, _| {
            if let Some(field) = field.get_untracked() {
                field.set_value(searched);
            }
        },
        false,
    );
    view! {
        <form
            role="search"
            class="search"
            class:searched=move || searched.with(|searched| !searched.is_empty())
            method="get"
            action=format!("{home}/search")
        >
            <Icon name="search" />
            <input
                node_ref=field
                type="search"
                name="q"
                aria-label="Search"
                title="Search (/)"
                placeholder="Search"
                maxlength="200"
                value=searched.get_untracked()
            />
        </form>
    }
}
