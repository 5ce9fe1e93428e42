//! What can be done with a comment. Each deed: allowed? valid? then store, record, commit.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    model::{CommentBody, CommentView, excerpt},
    store::{self, HeldComment},
};
use crate::{
    accounts::limits::Limit,
    error::{Code, Error, Result},
    ids::{CommentId, TaskId},
    live::{change::NewEvent, model::FieldChange},
    people::access::Access,
    server::markdown,
    tasks::{self, actions::ground::Ground, model::TaskKey},
    ui::text,
};

/// How many comments the page of a task shows: the latest.
pub const SHOWN: i64 = 500;

/// Comments that one person writes.
const COMMENTS: Limit = Limit::new("comments_per_person", 100, Duration::from_secs(60));

/// Says something about a task. The same comment again is the same comment.
///
/// # Errors
/// 409 when the id was used for something else, or when the task is deleted or its board archived; 429
/// after too many.
pub async fn add_comment(
    access: &Access,
    key: &TaskKey,
    id: CommentId,
    body: &CommentBody,
) -> Result<()> {
    let author = access.person().id;
    COMMENTS.count(access.db(), &author.to_string()).await?;
    let created_as = json!({ "author": author, "body": body.as_str() });
    match add(access, key, id, body, &created_as).await {
        // The task may be deleted since: what was said is asked before it is refused.
        Err(refused) if refused.code == Code::Conflict => {
            let said = store::created_as(access.db(), access.team(), key, id).await?;
            if said == Some(created_as) {
                return Ok(());
            }
            Err(refused)
        }
        added => added,
    }
}

async fn add(
    access: &Access,
    key: &TaskKey,
    id: CommentId,
    body: &CommentBody,
    created_as: &Value,
) -> Result<()> {
    let (team, author) = (access.team(), access.person().id);
    let mut ground = Ground::of_task(access, key).await?;
    let task = ground.task(key).await?.id;
    let connection = ground.change.connection();
    if !store::insert(
        connection,
        team,
        task,
        id,
        author,
        body.as_str(),
        created_as,
    )
    .await?
    {
        return Err(Error::new(
            Code::Conflict,
            "This id belongs to another comment.",
        ));
    }
    // Whoever has said something wants to know what comes of it.
    tasks::store::watch(ground.change.connection(), team, task, author).await?;
    let said = said(id, None, Some(body.excerpt()));
    finish(ground, "comment.added", task, said).await?;
    metrics::counter!("comments_total").increment(1);
    Ok(())
}

/// Gives one's own comment another text.
pub async fn edit_comment(
    access: &Access,
    key: &TaskKey,
    id: CommentId,
    body: &CommentBody,
) -> Result<()> {
    let (mut ground, task, comment) = hold_own(access, key, id).await?;
    if comment.deleted {
        return Err(Error::new(
            Code::Conflict,
            "This comment was deleted meanwhile.",
        ));
    }
    // A page gives back what it did not touch with other line ends, where a program wrote it.
    if text::in_field(&comment.body) == text::in_field(body.as_str()) {
        return Ok(());
    }
    let connection = ground.change.connection();
    store::rewrite(connection, access.team(), task, id, body.as_str()).await?;
    let said = said(id, Some(excerpt(&comment.body)), Some(body.excerpt()));
    finish(ground, "comment.edited", task, said).await
}

/// Deletes one's own comment. It can be restored.
pub async fn delete_comment(access: &Access, key: &TaskKey, id: CommentId) -> Result<()> {
    set_deleted(access, key, id, true).await
}

/// Brings one's own deleted comment back.
pub async fn restore_comment(access: &Access, key: &TaskKey, id: CommentId) -> Result<()> {
    set_deleted(access, key, id, false).await
}

async fn set_deleted(access: &Access, key: &TaskKey, id: CommentId, deleted: bool) -> Result<()> {
    let (mut ground, task, comment) = hold_own(access, key, id).await?;
    if comment.deleted == deleted {
        return Ok(());
    }
    let connection = ground.change.connection();
    store::set_deleted(connection, access.team(), task, id, deleted).await?;
    let text = Some(excerpt(&comment.body));
    let (kind, said) = if deleted {
        ("comment.deleted", said(id, text, None))
    } else {
        ("comment.restored", said(id, None, text))
    };
    finish(ground, kind, task, said).await
}

/// The comments of a task, rendered, with the typed text of those that the reader may change. `named` are the
/// tasks that they may name.
pub async fn of_task(
    access: &Access,
    task: TaskId,
    named: markdown::Tasks<'_>,
) -> Result<Vec<CommentView>> {
    let mut comments = store::of_task(access.db(), access.team(), task, SHOWN).await?;
    for comment in &mut comments {
        comment.html = markdown::to_html(&comment.body, named);
        if comment.author.id != access.person().id {
            comment.body.clear();
        }
    }
    Ok(comments)
}

/// Begins a change of one's own comment on a task that is in use.
async fn hold_own(
    access: &Access,
    key: &TaskKey,
    id: CommentId,
) -> Result<(Ground, TaskId, HeldComment)> {
    let mut ground = Ground::of_task(access, key).await?;
    let task = ground.task(key).await?.id;
    let comment = store::hold(ground.change.connection(), access.team(), task, id)
        .await?
        .ok_or_else(Error::not_found)?;
    if comment.author != access.person().id {
        return Err(Error::forbidden(
            "A comment is changed and deleted by its author alone.",
        ));
    }
    Ok((ground, task, comment))
}

/// Records what was said, which leaves the task's version alone, and makes it last.
async fn finish(
    mut ground: Ground,
    kind: &'static str,
    task: TaskId,
    said: FieldChange,
) -> Result<()> {
    ground.change.record(NewEvent {
        kind,
        board: Some(ground.board),
        task: Some(task),
        changes: vec![said],
    });
    ground.change.commit().await.map(drop)
}

/// What the log keeps of a comment: the beginning of its text, and its id beside it.
fn said(id: CommentId, from: Option<String>, to: Option<String>) -> FieldChange {
    FieldChange {
        from_id: from.is_some().then(|| id.to_string()),
        to_id: to.is_some().then(|| id.to_string()),
        ..FieldChange::new("comment", from, to)
    }
}
