//! The search page.

use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};

use super::model::{FoundTask, MOST_FOUND, SearchView};
use crate::{
    error::Result,
    people::{model::TeamView, shell::use_team},
    ui::page::Loaded,
};

#[component]
pub fn SearchPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let search = Resource::new_blocking(
        move || (slug.clone(), asked.get()),
        |(team, query)| load_search(team, query),
    );
    view! {
        <Loaded
            data=search
            view=move |search| view! { <Results team=team.clone() search=search /> }
        />
    }
}

#[component]
fn Results(team: TeamView, search: SearchView) -> impl IntoView {
    let SearchView {
        query,
        found,
        has_more,
    } = search;
    let title = if query.is_empty() {
        format!("Search · {}", team.name)
    } else {
        format!("{query} · Search · {}", team.name)
    };
    let results = if query.is_empty() {
        EitherOf3::A(view! {
            <p>
                "Type the key of a task, such as WEB-12, or words of its title or description. The beginning of a word is enough."
            </p>
        })
    } else if found.is_empty() {
        EitherOf3::B(view! {
            <p>
                "No task has " <strong>{query}</strong>
                " as its key, in its title or in its description. Try fewer words."
            </p>
        })
    } else {
        let count = match found.len() {
            _ if has_more => {
                format!(
                    "The first {MOST_FOUND} tasks; there are more. Add a word to narrow it down."
                )
            }
            1 => "1 task".to_owned(),
            count => format!("{count} tasks"),
        };
        let slug = team.slug;
        EitherOf3::C(view! {
            <p class="muted">{count}</p>
            <ul class="search-results">
                {found
                    .into_iter()
                    .map(|task| view! { <Found slug=slug.clone() task=task /> })
                    .collect_view()}
            </ul>
        })
    };
    view! {
        <Title text=title />
        <div class="search-page">
            <h1>"Search"</h1>
            {results}
        </div>
    }
}

#[component]
fn Found(slug: String, task: FoundTask) -> impl IntoView {
    let archived = if task.board_is_archived {
        " (archived)"
    } else {
        ""
    };
    let holder = task.assignee.unwrap_or_else(|| "nobody".to_owned());
    view! {
        <li class="search-result">
            <span class="task-key">{task.key.clone()}</span>
            " "
            <A href=format!("/teams/{slug}/tasks/{}", task.key)>{task.title}</A>
            " "
            <span class="muted">
                {task.board} {archived} " · " {task.column} " · held by " {holder}
            </span>
        </li>
    }
}

/// The tasks that a query finds. An empty query finds none.
#[server]
pub async fn load_search(team: String, query: String) -> Result<SearchView> {
    use super::{model::clean, store};
    use crate::{people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    let query = clean(&query);
    if query.is_empty() {
        return Ok(SearchView::default());
    }
    store::find(access.db(), access.team(), &query).await
}
