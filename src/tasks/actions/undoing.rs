//! Taking a change back, as far as nobody has built on it. What was changed again since is left alone.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Edit,
    bulk::other_content,
    deleting::restore,
    editing::rewrite,
    ground::Ground,
    log,
    wanted::{Wanted, value},
};
use crate::{
    columns::model::{ColumnKind, ColumnView},
    error::{Code, Error, Result},
    ids::{ChangeId, ColumnId},
    live::{
        self,
        model::{FeedEvent, FieldChange},
    },
    people::access::Access,
    tasks::{
        bulk::Undone,
        model::{FIELDS, Labels},
        position::Place,
        store::{self, HeldTask},
    },
};

/// What can be taken back. Everything else has a way back of its own, or none.
const KINDS: [&str; 4] = ["task.claimed", "task.deleted", "task.edited", "task.moved"];

/// Takes back what one change of tasks did, under the id that whoever asks has chosen: the same once more
/// changes nothing, and neither does the undo of a change that left nothing in the log.
///
/// # Errors
/// 403 when it is somebody else's, 409 when it cannot be taken back.
pub async fn undo_change(access: &Access, change: ChangeId, id: ChangeId) -> Result<Undone> {
    let (db, team) = (access.db(), access.team());
    let events = live::store::of_change(db, team, change).await?;
    let mut undone = Undone { count: 0, left: 0 };
    let Some(first) = events.first() else {
        return Ok(undone);
    };
    if first.actor.id != access.person().id {
        return Err(Error::forbidden("Only whoever did this can undo it."));
    }
    let undoable = |event: &FeedEvent| {
        KINDS.contains(&&*event.kind) && event.board == first.board && event.board.is_some()
    };
    let (Some(board), true) = (first.board, events.iter().all(undoable)) else {
        return Err(Error::new(Code::Conflict, "This cannot be undone."));
    };
    let mut ground = Ground::alone_on(access, board).await?;
    ground.change.call(id);
    let before = live::store::of_change(ground.change.connection(), team, id).await?;
    if !before.is_empty() {
        return the_same(&before, &events, access);
    }
    let ids: Vec<_> = events
        .iter()
        .filter_map(|event| Some(event.task?.0))
        .collect();
    let numbers = store::numbers(ground.change.connection(), team, board, &ids).await?;
    let held = ground.tasks(&numbers).await?;
    for event in &events {
        let task = held.iter().find(|task| Some(task.id) == event.task);
        match take_back(&mut ground, task, event).await? {
            Back::Was => {}
            Back::Left => undone.left += 1,
            Back::Is => undone.count += 1,
        }
    }
    ground.commit().await?;
    Ok(undone)
}

/// What became of one task.
enum Back {
    /// It was so already.
    Was,
    /// It was changed since, and is left alone.
    Left,
    Is,
}

async fn take_back(
    ground: &mut Ground,
    task: Option<&HeldTask>,
    event: &FeedEvent,
) -> Result<Back> {
    let Some(task) = task else {
        return Ok(Back::Left);
    };
    if event.kind == "task.deleted" {
        return bring_back(ground, task, event).await;
    }
    if task.deleted {
        return Ok(Back::Left);
    }
    let Some(fields) = fields_before(task, event) else {
        return Ok(Back::Left);
    };
    if fields.is_empty() {
        return Ok(Back::Was);
    }
    match put_back(ground, task, event, fields).await {
        // Its column is gone, or the person who had it; or it has got too many labels.
        Err(error) if !error.fields.is_empty() => Ok(Back::Left),
        outcome => outcome.map(|()| Back::Is),
    }
}

async fn bring_back(ground: &mut Ground, task: &HeldTask, event: &FeedEvent) -> Result<Back> {
    let made = event
        .changes
        .iter()
        .find(|change| change.field == "version");
    let is_still = made.is_some_and(|made| made.value_after() == task.version.to_string());
    if task.deleted && !is_still {
        return Ok(Back::Left);
    }
    let Some(changes) = restore(ground, task).await? else {
        return Ok(Back::Was);
    };
    ground.record("task.restored", task, changes);
    Ok(Back::Is)
}

/// What the fields have to become, those that are so already left out. Nothing at all when one of them was
/// changed since: a task is taken back as a whole or not.
fn fields_before(task: &HeldTask, event: &FeedEvent) -> Option<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    let changes = event.changes.iter();
    for change in changes.filter(|change| FIELDS.contains(&&*change.field)) {
        let (now, before) = (value(task, &change.field), change.value_before());
        // Labels that others put there since then stay.
        let before = match &*change.field {
            "labels" => labels_before(&task.labels, change),
            _ => before,
        };
        if now == before {
            continue;
        }
        if change.field != "labels" && now != change.value_after() {
            return None;
        }
        fields.insert(change.field.clone(), before);
    }
    Some(fields)
}

fn labels_before(now: &[String], change: &FieldChange) -> String {
    let before = Labels::split(&change.value_before());
    let after = Labels::split(&change.value_after());
    let stays = |label: &&String| before.contains(label) || !after.contains(label);
    let mut labels: Vec<_> = now.iter().filter(stays).collect();
    let back = before.iter().filter(|label| !after.contains(label));
    for label in back {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let labels: Vec<&str> = labels.into_iter().map(String::as_str).collect();
    labels.join(", ")
}

/// Gives a task the values that it had, and the place.
async fn put_back(
    ground: &mut Ground,
    task: &HeldTask,
    event: &FeedEvent,
    mut fields: BTreeMap<String, String>,
) -> Result<()> {
    let home = match fields.remove("column") {
        Some(column) => Some(ground.column(ColumnId::parse("column", &column)?).await?),
        None => None,
    };
    let mut changes = Vec::new();
    if !fields.is_empty() {
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)));
        let edit: Edit = serde_json::from_value(Value::Object(fields.collect()))
            .map_err(|_| Error::internal())?;
        let (wanted, begun) = (Wanted::parse(&edit)?, BTreeMap::new());
        let edited = rewrite(ground, task, (&wanted, &begun), None, &[]).await?;
        changes.extend(edited.into_iter().flatten());
    }
    let kind = match changes.is_empty() {
        true => "task.moved",
        false => "task.edited",
    };
    if let Some(home) = &home {
        put_home(ground, task, home, event, changes.is_empty()).await?;
        changes.push(log::column(task.column.as_ref(), home));
        changes.push(log::place(task));
    }
    ground.record(kind, task, changes);
    Ok(())
}

/// Where it stood, if that was written down.
async fn put_home(
    ground: &mut Ground,
    task: &HeldTask,
    home: &ColumnView,
    event: &FeedEvent,
    raise: bool,
) -> Result<()> {
    let place = log::place_before(&event.changes).filter(|_| home.kind != ColumnKind::Done);
    match place {
        Some(position) => ground.put_at(task, home, &position, raise).await,
        None => ground.put(task, home, Place::End, raise).await.map(drop),
    }
}

/// The answer to an undo that is asked for once more.
fn the_same(before: &[FeedEvent], events: &[FeedEvent], access: &Access) -> Result<Undone> {
    let is_of = |event: &FeedEvent| {
        event.actor.id == access.person().id
            && events.iter().any(|undone| undone.task == event.task)
    };
    if !before.iter().all(is_of) {
        return Err(other_content());
    }
    Ok(Undone {
        count: before.len(),
        left: events.len().saturating_sub(before.len()),
    })
}
