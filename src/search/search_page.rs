//! The search page.

use std::time::Duration;

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};

use super::model::{FoundTask, MOST_FOUND, SearchView};
use crate::{
    error::Result,
    live::{
        coalesced::{at_events, pause},
        model::FeedEvent,
    },
    people::{model::TeamView, shell::use_team},
    ui::{avatar::Avatar, page::Loaded},
};

/// The pause between two searches that nobody has asked for.
const BETWEEN: Duration = Duration::from_secs(2);

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
    let query = search.query.clone();
    let heading = if query.is_empty() {
        "Search".to_owned()
    } else {
        format!("Search results for “{query}”")
    };
    let title = format!("{heading} · {}", team.name);
    let results = if query.is_empty() {
        Either::Left(view! {
            <p class="muted">
                "Type the key of a task, such as WEB-12, or words of its title or description. The beginning of a word is enough."
            </p>
        })
    } else {
        Either::Right(view! { <Hits team=team search=search /> })
    };
    view! {
        <Title text=title />
        <div class="search-page">
            <h1>{heading}</h1>
            {results}
        </div>
    }
}

/// What is found, also when it changes.
#[component]
fn Hits(team: TeamView, search: SearchView) -> impl IntoView {
    let (slug, query) = (team.slug.clone(), search.query.clone());
    let search = RwSignal::new(search);
    follow_feed(&team, search);
    let count = Memo::new(move |_| {
        search.with(|search| match search.found.len() {
            0 => None,
            _ if search.has_more => Some(format!(
                "The first {MOST_FOUND} tasks. There are more: add a word to narrow it down."
            )),
            1 => Some("1 task".to_owned()),
            count => Some(format!("{count} tasks")),
        })
    });
    let nothing = {
        let query = query.clone();
        move || {
            view! {
                <p class="empty">
                    <span>
                        "Nothing found for " <strong>{format!("“{query}”")}</strong>
                        ". Try fewer words, or the beginning of a word."
                    </span>
                </p>
            }
        }
    };
    view! {
        <Show when=move || count.with(Option::is_some) fallback=nothing>
            <p class="muted">{count}</p>
        </Show>
        <ul class="search-results">
            <For each=move || search.with(|search| search.found.clone()) key=FoundTask::clone let:task>
                <Found slug=slug.clone() query=query.clone() task=task />
            </For>
        </ul>
    }
}

/// Searches again when what was found changes, or something else may be found. One searches only so often
/// in a minute, so that a busy team is looked at every few seconds at the most.
fn follow_feed(team: &TeamView, search: RwSignal<SearchView>) {
    let slug = team.slug.clone();
    let read = move || {
        let query = search.with_untracked(|search| search.query.clone());
        let request = load_search(slug.clone(), query);
        async move {
            let fresh = request.await?;
            if !search.is_disposed() {
                search.set(fresh);
            }
            pause(BETWEEN).await;
            Ok(())
        }
    };
    let concerns =
        |event: &FeedEvent| !matches!(event.kind.split('.').next(), Some("comment" | "invitation"));
    at_events(team.seq, concerns, read);
}

#[component]
fn Found(slug: String, query: String, task: FoundTask) -> impl IntoView {
    let archived = if task.board_is_archived {
        " (archived)"
    } else {
        ""
    };
    let holder = task.assignee.map(|name| {
        view! {
            <span class="assignee">
                <Avatar name=name.clone() />
                {name}
            </span>
        }
    });
    let title = marked(&task.title, &query)
        .into_iter()
        .map(|(part, hit)| {
            if hit {
                Either::Left(view! { <mark>{part}</mark> })
            } else {
                Either::Right(part)
            }
        })
        .collect_view();
    view! {
        <li class="search-result">
            <span class="task-key">{task.key.clone()}</span>
            " "
            <A href=format!("/teams/{slug}/tasks/{}", task.key)>{title}</A>
            " "
            <span class="muted">{task.board} {archived} " · " {task.column}</span>
            {holder}
        </li>
    }
}

/// The parts of a title, and which of them begin a word as the query's words do.
fn marked(title: &str, query: &str) -> Vec<(String, bool)> {
    let separates = |letter: char| !letter.is_alphanumeric();
    let words: Vec<Vec<char>> = query
        .split(separates)
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().collect())
        .collect();
    let same = |a: &char, b: &char| a.to_lowercase().eq(b.to_lowercase());
    let letters: Vec<char> = title.chars().collect();
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut left_to_mark = 0;
    for (index, letter) in letters.iter().enumerate() {
        let begins = index
            .checked_sub(1)
            .and_then(|before| letters.get(before))
            .is_none_or(|before| separates(*before));
        if begins {
            left_to_mark = words
                .iter()
                .filter(|word| {
                    let here = letters.iter().skip(index).take(word.len());
                    here.len() == word.len() && here.zip(*word).all(|(a, b)| same(a, b))
                })
                .map(Vec::len)
                .max()
                .unwrap_or_default();
        }
        let hit = left_to_mark > 0;
        left_to_mark = left_to_mark.saturating_sub(1);
        match parts.last_mut() {
            Some((part, kind)) if *kind == hit => part.push(*letter),
            _ => parts.push((letter.to_string(), hit)),
        }
    }
    parts
}

/// The tasks that a query finds. An empty query finds none.
#[server]
pub async fn load_search(team: String, query: String) -> Result<SearchView> {
    use super::actions;
    use crate::{people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    actions::search(&access, &query).await
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn what_was_searched_for_is_marked_where_a_word_begins() {
        let hits = |title, query| -> Vec<String> {
            marked(title, query)
                .into_iter()
                .filter_map(|(part, hit)| hit.then_some(part))
                .collect()
        };
        assert_eq!(
            hits("Log in by Login, or re-login", "LOGIN"),
            ["Login", "login"]
        );
        assert_eq!(hits("Catalog of logs", "log"), ["log"]);
        assert_eq!(hits("Größe ändern", "grö än"), ["Grö", "än"]);
        assert_eq!(hits("Anything", "WEB-12"), [""; 0]);
    }
}
