//! What can be done with a comment. Each deed: allowed? valid? then store, record, commit.

use std::time::Duration;

use serde_json::json;

use super::{
    model::{CommentBody, CommentView, excerpt},
    store::{self, HeldComment},
};
use crate::{
    accounts::limits::Limit,
    boards,
    error::{Code, Error, Result},
    ids::{BoardId, CommentId, TaskId},
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::access::Access,
    server::markdown,
    tasks::{self, model::TaskKey},
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
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let (board, task) = hold_task(&mut change, key).await?;
    let new = store::insert(
        change.connection(),
        team,
        task,
        id,
        author,
        body.as_str(),
        &created_as,
    )
    .await?;
    if !new {
        let same =
            store::created_as(change.connection(), team, task, id).await? == Some(created_as);
        return if same {
            Ok(())
        } else {
            Err(Error::new(
                Code::Conflict,
                "This id belongs to another comment.",
            ))
        };
    }
    change.record(NewEvent {
        kind: "comment.added",
        board: Some(board),
        task: Some(task),
        changes: vec![said(id, None, Some(body.excerpt()))],
    });
    change.commit().await?;
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
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let (board, task) = hold_task(&mut change, key).await?;
    let comment = hold_own(&mut change, task, id).await?;
    if comment.deleted {
        return Err(Error::new(
            Code::Conflict,
            "This comment was deleted meanwhile.",
        ));
    }
    if comment.body == body.as_str() {
        return Ok(());
    }
    store::rewrite(change.connection(), team, task, id, body.as_str()).await?;
    change.record(NewEvent {
        kind: "comment.edited",
        board: Some(board),
        task: Some(task),
        changes: vec![said(id, Some(excerpt(&comment.body)), Some(body.excerpt()))],
    });
    change.commit().await?;
    Ok(())
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
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let (board, task) = hold_task(&mut change, key).await?;
    let comment = hold_own(&mut change, task, id).await?;
    if comment.deleted == deleted {
        return Ok(());
    }
    store::set_deleted(change.connection(), team, task, id, deleted).await?;
    let text = Some(excerpt(&comment.body));
    let (kind, changes) = if deleted {
        ("comment.deleted", said(id, text, None))
    } else {
        ("comment.restored", said(id, None, text))
    };
    change.record(NewEvent {
        kind,
        board: Some(board),
        task: Some(task),
        changes: vec![changes],
    });
    change.commit().await?;
    Ok(())
}

/// The comments of a task, rendered, with the typed text of those that the reader may change.
pub async fn of_task(access: &Access, task: TaskId) -> Result<Vec<CommentView>> {
    let mut comments = store::of_task(access.db(), access.team(), task, SHOWN).await?;
    for comment in &mut comments {
        comment.html = markdown::to_html(&comment.body);
        if comment.author.id != access.person().id {
            comment.body.clear();
        }
    }
    Ok(comments)
}

/// Holds board and task still, in the order of all changes of tasks, and makes sure that both are in use.
async fn hold_task(change: &mut Change, key: &TaskKey) -> Result<(BoardId, TaskId)> {
    let team = change.access().team();
    let board = tasks::store::board_of(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    boards::store::hold_open(change.connection(), team, board).await?;
    let task = tasks::store::hold(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    if task.deleted {
        return Err(Error::new(
            Code::Conflict,
            "This task was deleted. Restore it first.",
        ));
    }
    Ok((board, task.id))
}

async fn hold_own(change: &mut Change, task: TaskId, id: CommentId) -> Result<HeldComment> {
    let team = change.access().team();
    let comment = store::hold(change.connection(), team, task, id)
        .await?
        .ok_or_else(Error::not_found)?;
    if comment.author != change.access().person().id {
        return Err(Error::forbidden(
            "A comment is changed and deleted by its author alone.",
        ));
    }
    Ok(comment)
}

/// What the log keeps of a comment: the beginning of its text, and its id beside it.
fn said(id: CommentId, from: Option<String>, to: Option<String>) -> FieldChange {
    FieldChange {
        from_id: from.is_some().then(|| id.to_string()),
        to_id: to.is_some().then(|| id.to_string()),
        ..FieldChange::new("comment", from, to)
    }
}
