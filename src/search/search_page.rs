//! The search page.

use std::time::Duration;

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};

use super::model::{FacetView, FoundTask, MOST_FOUND, SearchView};
use crate::{
    error::Result,
    live::{
        coalesced::{at_events, pause},
        model::FeedEvent,
    },
    people::{model::TeamView, shell::use_team},
    tasks::{due, model::Priority},
    ui::{avatar::Avatar, data::PageData, page::Loaded, words::counted},
};

/// The pause between two searches that nobody has asked for.
const BETWEEN: Duration = Duration::from_secs(2);

/// What can be typed, and what it finds.
const SYNTAX: [(&str, &str); 8] = [
    ("WEB-12", "the task of this key"),
    (
        "login page",
        "words, or beginnings of words, of a title, a description or a comment",
    ),
    ("assignee:ana", "by name; also me and none"),
    ("board:web", "by key or name"),
    (
        "is:open",
        "also todo, doing, done, late, unassigned, mine, watched",
    ),
    ("label:bug", "with this label"),
    (
        "due:week",
        "in the next seven days with today; also today, late, none, 2026-12-01, <2026-12-01, >2026-12-01",
    ),
    ("priority:high", "also low, normal, urgent"),
];

#[component]
pub fn SearchPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| (query.get("q").unwrap_or_default(), query.get("cursor")))
    });
    let search = PageData::new(
        move || (slug.clone(), asked.get()),
        |(team, (query, cursor))| load_search(team, query, cursor),
    );
    let results = move |search| {
        let cursor = asked.with_untracked(|(_, cursor)| cursor.clone());
        view! { <Results team=team.clone() search=search cursor=cursor /> }
    };
    view! { <Loaded data=search view=results /> }
}

#[component]
fn Results(team: TeamView, search: SearchView, cursor: Option<String>) -> impl IntoView {
    let heading = if search.query.is_empty() {
        "Search".to_owned()
    } else {
        format!("Search results for “{}”", search.query)
    };
    let title = format!("{heading} · {}", team.name);
    let address = format!("/teams/{}/search?q=", team.slug);
    let here = format!("{address}{}", search.here);
    let clear = search.unfiltered.clone().map(|query| {
        let href = format!("{address}{query}");
        view! { <A href=href>"Clear filters"</A> }
    });
    let facets = search
        .facets
        .clone()
        .into_iter()
        .map(|facet| view! { <Facet address=&address facet=facet /> })
        .collect_view();
    let notes = search
        .notes
        .clone()
        .into_iter()
        .map(|note| view! { <p class="notice">{note}</p> })
        .collect_view();
    let results = if search.query.is_empty() {
        Either::Left(view! { <Syntax /> })
    } else {
        Either::Right(view! { <Hits team=team search=search cursor=cursor here=here /> })
    };
    view! {
        <Title text=title />
        <div class="search-page">
            <h1>{heading}</h1>
            <nav class="search-filters" aria-label="Filters">
                {facets}
                {clear}
            </nav>
            {notes}
            {results}
        </div>
    }
}

/// What is found, also when it changes.
#[component]
fn Hits(team: TeamView, search: SearchView, cursor: Option<String>, here: String) -> impl IntoView {
    let (slug, words, today) = (
        team.slug.clone(),
        search.words.clone(),
        search.today.clone(),
    );
    let query = search.query.clone();
    let first = search.is_older.then(|| {
        let href = here.clone();
        view! { <A href=href>"Back to the first"</A> }
    });
    let search = RwSignal::new(search);
    follow_feed(&team, search, cursor);
    let count = Memo::new(move |_| {
        search.with(|search| match search.found.len() {
            0 => None,
            _ if search.is_older => Some("Older results".to_owned()),
            _ if search.older.is_some() => Some(format!(
                "The first {MOST_FOUND} tasks, what changed last first"
            )),
            count => Some(counted(count, "task", "tasks")),
        })
    });
    let nothing = move || {
        view! {
            <p class="empty">
                <span>
                    "Nothing found for " <strong>{format!("“{query}”")}</strong>
                    ". Try fewer words, or the beginning of a word."
                </span>
            </p>
        }
    };
    let comments = move || {
        let is_cut = search.with(|search| search.has_more_comments);
        is_cut.then(|| {
            view! { <p class="muted">"Only the latest 1,000 comments with these words were looked at."</p> }
        })
    };
    let older = move || {
        let cursor = search.with(|search| search.older.clone());
        cursor.map(|cursor| {
            let href = format!("{here}&cursor={cursor}");
            view! { <A href=href attr:class="button">"Older results"</A> }
        })
    };
    view! {
        <Show when=move || count.with(Option::is_some) fallback=nothing>
            <p class="muted">{count}</p>
        </Show>
        {comments}
        <ul class="search-results">
            <For each=move || search.with(|search| search.found.clone()) key=FoundTask::clone let:task>
                <Found slug=&slug words=&words today=&today task=task />
            </For>
        </ul>
        <p class="search-pages">{first} {older}</p>
    }
}

/// Searches again when what was found changes, or something else may be found. One searches only so often
/// in a minute, so that a busy team is looked at every few seconds at the most.
fn follow_feed(team: &TeamView, search: RwSignal<SearchView>, cursor: Option<String>) {
    let slug = team.slug.clone();
    let read = move || {
        let query = search.with_untracked(|search| search.query.clone());
        let request = load_search(slug.clone(), query, cursor.clone());
        async move {
            let fresh = request.await?;
            if !search.is_disposed() {
                search.set(fresh);
            }
            pause(BETWEEN).await;
            Ok(())
        }
    };
    let concerns = |event: &FeedEvent| !event.kind.starts_with("invitation.");
    at_events(team.seq, concerns, read);
}

/// A filter: its choices are links to the query with each of them.
#[component]
fn Facet<'a>(address: &'a str, facet: FacetView) -> impl IntoView + use<> {
    let is_chosen = facet.chosen.is_some();
    let words = match facet.chosen {
        Some(chosen) => format!("{}: {chosen}", facet.name),
        None => facet.name,
    };
    let choices = facet
        .choices
        .into_iter()
        .map(|choice| {
            let href = format!("{address}{}", choice.query);
            view! {
                <li>
                    <A href=href>{choice.words}</A>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="menu" class:chosen=is_chosen>
            <summary>{words}</summary>
            <ul class="menu-list">{choices}</ul>
        </details>
    }
}

#[component]
fn Syntax() -> impl IntoView {
    view! {
        <p class="muted">
            "Type the key of a task, or words of its title, its description or its comments. Filters stand among the words; a value with spaces stands in quotes, and a minus in front turns a filter round."
        </p>
        <dl class="search-syntax">
            {SYNTAX
                .into_iter()
                .map(|(typed, found)| {
                    view! {
                        <div>
                            <dt>
                                <code>{typed}</code>
                            </dt>
                            <dd>{found}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
}

#[component]
fn Found<'a>(
    slug: &'a str,
    words: &'a str,
    today: &'a str,
    task: FoundTask,
) -> impl IntoView + use<> {
    let archived = if task.board_is_archived {
        " (archived)"
    } else {
        ""
    };
    let due = task.due_on.filter(|_| !task.is_done).map(|date| {
        let class = due::Nearness::of(&date, today).class();
        view! { <span class=class>{due::words(&date, today)}</span> }
    });
    let priority = (task.priority != Priority::Normal && !task.is_done).then(|| {
        let class = format!("priority {}", task.priority.as_str());
        view! { <span class=class>{task.priority.label()}</span> }
    });
    let holder = task.assignee.map(|name| {
        view! {
            <span class="assignee">
                <Avatar name=name.clone() />
                {name}
            </span>
        }
    });
    let comment = task.comment.map(|said| {
        view! {
            <p class="search-comment muted">
                "In a comment: “" {highlighted(&said, words)} "”"
            </p>
        }
    });
    let href = format!("/teams/{slug}/tasks/{}", task.key);
    let title = highlighted(&task.title, words);
    view! {
        <li class="search-result" class:done=task.is_done>
            <span class="task-key">{task.key}</span>
            " "
            <A href=href>{title}</A>
            " "
            <span class="muted">{task.board} {archived} " · " {task.column}</span>
            {priority}
            {due}
            {holder}
            {comment}
        </li>
    }
}

/// A text in which what was searched for is marked.
fn highlighted(text: &str, words: &str) -> impl IntoView + use<> {
    marked(text, words)
        .into_iter()
        .map(|(part, hit)| {
            if hit {
                Either::Left(view! { <mark>{part}</mark> })
            } else {
                Either::Right(part)
            }
        })
        .collect_view()
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

/// The tasks that a query finds, from the first on or after those of a page before. An empty query finds
/// none.
#[server]
pub async fn load_search(
    team: String,
    query: String,
    cursor: Option<String>,
) -> Result<SearchView> {
    use super::actions;
    use crate::{people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    let is_counted = request::is_made_again();
    actions::search(&access, &query, cursor.as_deref(), is_counted).await
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
