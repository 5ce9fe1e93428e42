//! What people say, among the owners' insights.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{hooks::use_query_map, location::Url};

use super::{
    answer_page::Became,
    item::{Said, SaidBy},
    model::{FeedbackItem, FeedbackView, Tag},
    requests::{AddFeedbackTag, RemoveFeedbackTag, load_feedback},
};
use crate::{
    error::Error,
    forms::view::{FormState, PlainForm, TextField},
    ids::FeedbackId,
    people::shell::use_team,
    ui::{
        data::PageData,
        icon::Icon,
        page::{Loaded, answer_with},
    },
};

/// What stands in the address: the tag that is asked for, and after which answer the page begins.
const TAG: &str = "feedback_tag";
const BEFORE: &str = "feedback_before";

/// The section `Feedback` of the insights.
#[component]
pub fn FeedbackSection() -> impl IntoView {
    let slug = use_team().slug;
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let given = |name: &str| query.get(name).filter(|value| !value.is_empty());
            (given(TAG), given(BEFORE))
        })
    });
    let said = PageData::new(
        move || (slug.clone(), asked.get()),
        |(team, (tag, before))| load_feedback(team, tag, before),
    );
    view! {
        <section id="feedback" class="insight feedback-section" aria-labelledby="feedback-heading">
            <h2 id="feedback-heading">"Feedback"</h2>
            <p class="muted">
                "What people say when they press the button, and when they are asked after ten finished tasks or a week."
            </p>
            <Loaded
                data=said
                refused=refused
                view=move |said| {
                    let (tag, before) = asked.get_untracked();
                    view! { <Answers said=said tag=tag is_older=before.is_some() /> }
                }
            />
        </section>
    }
}

/// An address that asks for what there is not.
fn refused(error: Error) -> AnyView {
    answer_with(&error);
    view! {
        <p class="form-error" role="alert">
            {error.message}
        </p>
        <p>
            <a href=address(None, None)>"All feedback"</a>
        </p>
    }
    .into_any()
}

/// The page as it is, but for which answers it shows.
fn address(tag: Option<&str>, before: Option<FeedbackId>) -> String {
    let mut query = use_query_map().get_untracked();
    for own in [TAG, BEFORE, "done", "refused"] {
        query.remove(own);
    }
    if let Some(tag) = tag {
        query.replace(TAG, Url::escape(tag));
    }
    if let Some(before) = before {
        query.replace(BEFORE, before.to_string());
    }
    format!(
        "/teams/{}/insights{}#feedback",
        use_team().slug,
        query.to_query_string()
    )
}

#[component]
fn Answers(said: FeedbackView, tag: Option<String>, is_older: bool) -> impl IntoView {
    let FeedbackView {
        items,
        older,
        tags,
        now,
    } = said;
    let empty = items.is_empty().then(|| {
        let words = match (&tag, is_older) {
            (_, true) => "Nothing older was said.",
            (Some(_), false) => "No feedback has this tag.",
            (None, false) => {
                "Nobody has said anything yet. The button Feedback is at the end of every page."
            }
        };
        view! { <p class="empty">{words}</p> }
    });
    let newest = is_older.then(|| {
        view! {
            <a class="button quiet" href=address(tag.as_deref(), None)>
                "Newest"
            </a>
        }
    });
    let older = older.map(|before| {
        view! {
            <a class="button" href=address(tag.as_deref(), Some(before))>
                "Older"
            </a>
        }
    });
    let pages = (newest.is_some() || older.is_some()).then(|| {
        view! {
            <p class="actions">{newest} {older}</p>
        }
    });
    let rows = items
        .into_iter()
        .map(|item| view! { <Item item=item now=now /> })
        .collect_view();
    view! {
        <Tags tags=tags chosen=tag />
        {empty}
        <ol class="feedback-list">{rows}</ol>
        {pages}
    }
}

/// The tags in use, to choose one of.
#[component]
fn Tags(tags: Vec<(String, i64)>, chosen: Option<String>) -> impl IntoView {
    let any = !tags.is_empty() || chosen.is_some();
    any.then(|| {
        let links = tags
            .into_iter()
            .map(|(tag, count)| {
                let is_chosen = chosen.as_ref() == Some(&tag);
                let href = address(Some(&tag), None);
                view! {
                    <li>
                        <a href=href aria-current=is_chosen.then_some("true")>
                            {tag}
                        </a>
                        " "
                        <span class="count">{count}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav class="feedback-tags" aria-label="Tags">
                <ul>
                    <li>
                        <a href=address(None, None) aria-current=chosen.is_none().then_some("true")>
                            "All feedback"
                        </a>
                    </li>
                    {links}
                </ul>
            </nav>
        }
    })
}

#[component]
fn Item(item: FeedbackItem, now: i64) -> impl IntoView {
    let team = use_team().slug;
    let id = item.id.to_string();
    let anchor = format!("feedback-{id}");
    let task = match item.task.clone() {
        Some(task) => view! { <Became team=team.clone() task=task /> }.into_any(),
        None => {
            let href = format!("/teams/{team}/feedback/{id}");
            view! {
                <a class="button quiet" href=href>
                    "Make a task"
                </a>
            }
            .into_any()
        }
    };
    view! {
        <li id=anchor class="feedback-item">
            <SaidBy item=item.clone() now=now />
            <Said item=item.clone() />
            <div class="feedback-deeds">
                <ItemTags team=team id=id tags=item.tags />
                {task}
            </div>
        </li>
    }
}

/// The tags of one answer, each with a button that takes it away, and the form for another.
#[component]
fn ItemTags(team: String, id: String, tags: Vec<String>) -> impl IntoView {
    let key = ("feedback".to_owned(), id.clone());
    let was_refused = FormState::of(AddFeedbackTag::url(), Some(("feedback", &id)))
        .error
        .with_untracked(Option::is_some);
    let is_full = tags.len() >= Tag::MOST;
    let rows = tags
        .into_iter()
        .map(|tag| {
            let (slug, words) = (team.clone(), tag.clone());
            let label = format!("Remove the tag {tag}");
            view! {
                <li class="badge">
                    {words}
                    <PlainForm action=RemoveFeedbackTag::url() key=key.clone()>
                        <input type="hidden" name="team" value=slug />
                        <input type="hidden" name="tag" value=tag />
                        <button type="submit" class="quiet icon-only" aria-label=label>
                            <Icon name="close" />
                        </button>
                    </PlainForm>
                </li>
            }
        })
        .collect_view();
    let slug = team.clone();
    let add = (!is_full || was_refused).then(|| {
        view! {
            <details class="opens" open=was_refused>
                <summary>"Add a tag"</summary>
                <PlainForm action=AddFeedbackTag::url() key=("feedback".to_owned(), id) class="inline-form">
                    <input type="hidden" name="team" value=slug />
                    <TextField
                        label="Tag"
                        name="tag"
                        required=true
                        maxlength=Tag::MAX as u32
                        autocomplete="off"
                    />
                    <button type="submit">"Add tag"</button>
                </PlainForm>
            </details>
        }
    });
    view! {
        <ul class="item-tags" aria-label="Tags">{rows}</ul>
        {add}
    }
}
