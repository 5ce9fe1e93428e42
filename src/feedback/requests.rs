//! What pages ask of feedback: thin entrances to the same door. Everybody in the team gives it, the owners read it.

use leptos::prelude::*;

use super::model::{AnswerView, FeedbackView, FormView, Occasion};
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions,
    model::{Answers, PagePath, PageVersion, Tag},
};
#[cfg(feature = "ssr")]
use crate::{
    forms::origin,
    ids::{BoardId, FeedbackId},
    people::access::{Access, Permission},
    server::request::{self, access, access_in_passing},
    tasks::model::{Description, TaskTitle},
};

/// What the form of its own page begins with.
#[server]
pub async fn load_feedback_form(team: String) -> Result<FormView> {
    access(&team, Permission::Read).await?;
    Ok(FormView {
        id: FeedbackId::new(),
    })
}

/// Gives feedback: answers to three questions, of which one is enough, on a page of a version. Whoever gave it on
/// the page of its own is led `back` to where they were.
#[server]
pub async fn give_feedback(
    team: String,
    id: String,
    occasion: String,
    most_useful: String,
    in_the_way: String,
    missing: String,
    page: String,
    version: String,
    back: Option<String>,
) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    let page = PagePath::parse(&page, access.slug())?;
    actions::give(
        &access,
        FeedbackId::parse("id", &id)?,
        occasion.parse()?,
        &Answers::parse(&most_useful, &in_the_way, &missing)?,
        &page,
        &PageVersion::parse(&version)?,
    )
    .await?;
    if back.is_some() {
        request::redirect(page.as_str());
    }
    Ok(())
}

/// Asks whether this is a moment to ask whoever is signed in. It counts as asked when it is one.
#[server]
pub async fn ask_for_feedback(team: String) -> Result<Option<Occasion>> {
    actions::ask(&access_in_passing(&team, Permission::Read).await?).await
}

/// Asks whoever is signed in at this moment no more.
#[server]
pub async fn dismiss_feedback(team: String, occasion: String) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    actions::dismiss(&access, occasion.parse()?).await
}

/// A page of what was said, newest first: what has a tag, if one is given, and is older than the answer `before`.
#[server]
pub async fn load_feedback(
    team: String,
    tag: Option<String>,
    before: Option<String>,
) -> Result<FeedbackView> {
    let access = access(&team, Permission::Govern).await?;
    let tag = tag.map(|tag| Tag::parse(&tag)).transpose()?;
    let before = before
        .map(|id| FeedbackId::parse("before", &id))
        .transpose()?;
    actions::page(&access, tag.as_ref(), before).await
}

/// Adds a tag to an answer.
#[server]
pub async fn add_feedback_tag(team: String, feedback: String, tag: String) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let id = FeedbackId::parse("feedback", &feedback)?;
    actions::add_tag(&access, id, &Tag::parse(&tag)?).await?;
    back_to(&access, id, "add_feedback_tag");
    Ok(())
}

/// Takes a tag away from an answer.
#[server]
pub async fn remove_feedback_tag(team: String, feedback: String, tag: String) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let id = FeedbackId::parse("feedback", &feedback)?;
    actions::remove_tag(&access, id, &Tag::parse(&tag)?).await?;
    back_to(&access, id, "remove_feedback_tag");
    Ok(())
}

/// One answer, and the task that could be made of it.
#[server]
pub async fn load_answer(team: String, feedback: String) -> Result<AnswerView> {
    let access = access(&team, Permission::Govern).await?;
    actions::answer(&access, FeedbackId::parse("feedback", &feedback)?).await
}

/// Makes a task of an answer.
#[server]
pub async fn make_feedback_task(
    team: String,
    feedback: String,
    board: String,
    title: String,
    description: String,
) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    actions::make_task(
        &access,
        FeedbackId::parse("feedback", &feedback)?,
        BoardId::parse("board", &board)?,
        &TaskTitle::parse(&title)?,
        &Description::parse(&description)?,
    )
    .await
}

/// Leads back to the answer on the page that a form was sent from, or on the newest if the browser keeps that to itself.
#[cfg(feature = "ssr")]
fn back_to(access: &Access, id: FeedbackId, done: &str) {
    let page = origin::page(&request::state().settings, &request::parts().headers);
    let page = page.unwrap_or_else(|| format!("/teams/{}/insights", access.slug()));
    let page = origin::with_query(&page, &format!("done={done}"));
    request::redirect(&format!("{page}#feedback-{id}"));
}
