//! The search page.

use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};

use super::model::{FoundTask, MOST_FOUND, SearchView};
use crate::{
    error::Result,
    people::{model::TeamView, shell::use_team},
    ui::{avatar::Avatar, page::Loaded},
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
    let heading = if query.is_empty() {
        "Search".to_owned()
    } else {
        format!("Search results for “{query}”")
    };
    let title = format!("{heading} · {}", team.name);
    let results = if query.is_empty() {
        EitherOf3::A(view! {
            <p class="muted">
                "Type the key of a task, such as WEB-12, or words of its title or description. The beginning of a word is enough."
            </p>
        })
    } else if found.is_empty() {
        EitherOf3::B(view! {
            <p class="empty">
                <span>
                    "Nothing found for " <strong>{format!("“{query}”")}</strong>
                    ". Try fewer words, or the beginning of a word."
                </span>
            </p>
        })
    } else {
        let count = match found.len() {
            _ if has_more => {
                format!(
                    "The first {MOST_FOUND} tasks. There are more: add a word to narrow it down."
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
                    .map(|task| view! { <Found slug=slug.clone() query=query.clone() task=task /> })
                    .collect_view()}
            </ul>
        })
    };
    view! {
        <Title text=title />
        <div class="search-page">
            <h1>{heading}</h1>
            {results}
        </div>
    }
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
