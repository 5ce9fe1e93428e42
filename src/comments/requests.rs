//! What pages ask of comments: thin entrances to the same door.

use leptos::prelude::*;

use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{actions, model::CommentBody};
#[cfg(feature = "ssr")]
use crate::{
    ids::CommentId,
    people::access::Permission,
    server::request::{access, access_for},
};

/// Says something about a task. `by` is whoever wrote it, where that may have been some time ago.
#[server]
pub async fn add_comment(
    team: String,
    task: String,
    id: String,
    body: String,
    by: Option<String>,
) -> Result<()> {
    let access = access_for(&team, Permission::Write, by.as_deref()).await?;
    let id = CommentId::parse("id", &id)?;
    actions::add_comment(&access, &task.parse()?, id, &CommentBody::parse(&body)?).await
}

/// Gives one's own comment another text.
#[server]
pub async fn edit_comment(team: String, task: String, comment: String, body: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let id = CommentId::parse("comment", &comment)?;
    actions::edit_comment(&access, &task.parse()?, id, &CommentBody::parse(&body)?).await
}

/// Deletes one's own comment.
#[server]
pub async fn delete_comment(team: String, task: String, comment: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let id = CommentId::parse("comment", &comment)?;
    actions::delete_comment(&access, &task.parse()?, id).await
}

/// Brings one's own deleted comment back.
#[server]
pub async fn restore_comment(team: String, task: String, comment: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let id = CommentId::parse("comment", &comment)?;
    actions::restore_comment(&access, &task.parse()?, id).await
}
