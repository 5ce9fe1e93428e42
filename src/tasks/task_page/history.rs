//! The history of a task in words, with its comments in one stream.

use leptos::prelude::*;

use super::{comment::CommentItem, data::HISTORY, state::TaskState};
use crate::{
    columns::model::ColumnKind,
    comments::model::CommentView,
    live::model::{EventView, FieldChange},
    tasks::model::Priority,
    ui::time::{self, Ago},
};

/// What happened to the task and what was said about it, oldest first.
#[component]
pub fn HistoryRegion(state: TaskState) -> impl IntoView {
    let page = state.page;
    let cut = page.with_untracked(|page| page.history.len() as i64 >= HISTORY);
    view! {
        <section class="history" aria-labelledby="history-heading">
            <h2 id="history-heading">"History"</h2>
            {cut
                .then(|| {
                    view! { <p class="muted">"The latest " {HISTORY} " changes are shown."</p> }
                })}
            <ol class="stream">
                <For each=move || page.with(stream) key=Entry::key let:entry>
                    {match entry {
                        Entry::Event(event) => {
                            let (now, today) = page
                                .with_untracked(|page| (page.now, page.today.clone()));
                            view! { <EventItem event=event now=now today=today /> }.into_any()
                        }
                        Entry::Comment(comment) => {
                            view! { <CommentItem comment=comment state=state /> }.into_any()
                        }
                    }}
                </For>
            </ol>
        </section>
    }
}

/// One entry of the stream.
#[derive(Clone)]
enum Entry {
    Event(EventView),
    Comment(CommentView),
}

impl Entry {
    fn at(&self) -> i64 {
        match self {
            Self::Event(event) => event.at,
            Self::Comment(comment) => comment.created_at,
        }
    }

    /// An edited comment is another entry, so that its new text is shown.
    fn key(&self) -> String {
        match self {
            Self::Event(event) => event.seq.to_string(),
            Self::Comment(comment) => format!("{}{}", comment.id, comment.html),
        }
    }
}

fn stream(page: &super::data::TaskPageData) -> Vec<Entry> {
    let events = page.history.iter().rev().cloned().map(Entry::Event);
    let comments = page.comments.iter().cloned().map(Entry::Comment);
    let mut entries: Vec<_> = events.chain(comments).collect();
    entries.sort_by_key(Entry::at);
    entries
}

#[component]
fn EventItem(event: EventView, now: i64, today: String) -> impl IntoView {
    let clauses = clauses(&event, &today);
    view! {
        <li class="event">
            <span class="person">{event.actor.name.clone()}</span>
            " "
            {clauses.join("; ")}
            " · "
            <Ago at=event.at now=now />
            {event
                .changes
                .iter()
                .filter(|change| change.field == "description" && event.kind == "task.edited")
                .map(|change| view! { <BothTexts change=change.clone() /> })
                .collect_view()}
        </li>
    }
}

/// A long text before and after, for whoever wants to see it.
#[component]
fn BothTexts(change: FieldChange) -> impl IntoView {
    let text = |text: Option<String>| match text {
        Some(text) => view! { <pre class="text-version">{text}</pre> }.into_any(),
        None => view! { <p class="muted">"Nothing"</p> }.into_any(),
    };
    view! {
        <details class="both-texts">
            <summary>"Show both"</summary>
            <p>"Before"</p>
            {text(change.from)}
            <p>"After"</p>
            {text(change.to)}
        </details>
    }
}

/// What somebody did, in words that go on from their name.
fn clauses(event: &EventView, today: &str) -> Vec<String> {
    let column = event.changes.iter().find(|change| change.field == "column");
    match event.kind.as_str() {
        "task.created" => vec![match column.and_then(|change| change.to.as_deref()) {
            Some(column) => format!("created this in {column}"),
            None => "created this".to_owned(),
        }],
        "task.claimed" => {
            let mut clauses = vec!["claimed this".to_owned()];
            clauses.extend(column.map(|change| clause(change, today)));
            clauses
        }
        "task.moved" if column.is_none() => vec!["moved this inside its column".to_owned()],
        "task.deleted" => vec!["deleted this".to_owned()],
        "task.restored" => vec!["restored this".to_owned()],
        "comment.deleted" => vec!["deleted a comment".to_owned()],
        "comment.restored" => vec!["restored a comment".to_owned()],
        _ if event.changes.is_empty() => vec!["changed this".to_owned()],
        _ => event
            .changes
            .iter()
            .map(|change| clause(change, today))
            .collect(),
    }
}

fn clause(change: &FieldChange, today: &str) -> String {
    let field = change.field.as_str();
    let said = |value: &String| match field {
        "title" => format!("“{value}”"),
        field => words(field, value, today),
    };
    let (from, to) = (change.from.as_ref().map(said), change.to.as_ref().map(said));
    let label = label(field);
    match (field, from, to) {
        ("description", ..) => "changed the description".to_owned(),
        ("column", Some(from), Some(to)) => format!("moved this from {from} to {to}"),
        (_, Some(from), Some(to)) => format!("changed {label} from {from} to {to}"),
        (_, None, Some(to)) => format!("set {label} to {to}"),
        (_, Some(from), None) => format!("cleared {label}, which was {from}"),
        (_, None, None) => format!("changed {label}"),
    }
}

/// The name of a field on the screen.
pub fn label(field: &str) -> &str {
    match field {
        "title" => "Title",
        "description" => "Description",
        "assignee" => "Assignee",
        "column" => "Column",
        "due_on" => "Due date",
        "priority" => "Priority",
        "labels" => "Labels",
        "kind" => "Kind of column",
        other => other,
    }
}

/// A field's value as people read it.
pub fn words(field: &str, value: &str, today: &str) -> String {
    match field {
        "priority" => value.parse().map_or_else(
            |_| value.to_owned(),
            |priority: Priority| priority.label().to_owned(),
        ),
        "kind" => value.parse().map_or_else(
            |_| value.to_owned(),
            |kind: ColumnKind| kind.label().to_owned(),
        ),
        "due_on" => time::day(value, today),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str, from: Option<&str>, to: Option<&str>) -> String {
        clause(
            &FieldChange::new(field, from.map(str::to_owned), to.map(str::to_owned)),
            "2026-11-21",
        )
    }

    #[test]
    fn a_change_says_from_what_to_what() {
        assert_eq!(
            change("priority", Some("normal"), Some("high")),
            "changed Priority from Normal to High"
        );
        assert_eq!(
            change("due_on", None, Some("2026-12-03")),
            "set Due date to 3 Dec"
        );
        assert_eq!(
            change("title", Some("Paint"), Some("Paint it")),
            "changed Title from “Paint” to “Paint it”"
        );
        assert_eq!(
            change("assignee", Some("Ana"), None),
            "cleared Assignee, which was Ana"
        );
        assert_eq!(
            change("column", Some("To do"), Some("Done")),
            "moved this from To do to Done"
        );
    }
}
