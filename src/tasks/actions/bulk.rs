//! The same deed on many tasks: all of them or none, in one change.

use std::collections::BTreeMap;

use super::{
    Edit,
    deleting::delete,
    editing::{meanwhile, rewrite},
    ground::{Ground, in_use},
    moving::move_along,
    wanted::Wanted,
};
use crate::{
    columns::model::ColumnView,
    error::{Code, Error, FieldError, Result},
    ids::ChangeId,
    insights::actions::counting_conflicts,
    live::{
        self, merge,
        model::{EventView, FeedEvent, FieldChange},
    },
    people::access::Access,
    tasks::{
        bulk::{BulkDeed, Seen},
        model::{Labels, TaskKey},
        store::HeldTask,
    },
};

/// Does something with tasks of one board, under the id of the change that whoever asks has chosen: the same
/// once more changes nothing. Gives how many tasks are different.
///
/// # Errors
/// Those of the deed on one task, with the key of that task. Nothing is changed then.
pub async fn change_tasks(
    access: &Access,
    change: ChangeId,
    tasks: &[Seen],
    deed: &BulkDeed,
) -> Result<usize> {
    counting_conflicts(access, all_or_none(access, change, tasks, deed)).await
}

async fn all_or_none(
    access: &Access,
    change: ChangeId,
    tasks: &[Seen],
    deed: &BulkDeed,
) -> Result<usize> {
    let Some(first) = tasks.first() else {
        return Ok(0);
    };
    // What cannot be read is refused before anybody waits for it.
    wanted_of(deed, &[]).map_err(in_form)?;
    let mut ground = Ground::alone(access, &first.key)
        .await
        .map_err(|error| match error.code {
            Code::NotFound => blame(&first.key, error),
            _ => error,
        })?;
    ground.change.call(change);
    let numbers: Vec<i32> = tasks.iter().map(|task| task.key.number).collect();
    let held = ground.tasks(&numbers).await?;
    let before = live::store::of_change(ground.change.connection(), access.team(), change).await?;
    if !before.is_empty() {
        return is_the_same(&before, access, &held, deed)
            .then_some(before.len())
            .ok_or_else(other_content);
    }
    let target = match deed {
        BulkDeed::Move(column) => Some(ground.column(*column).await.map_err(in_form)?),
        _ => None,
    };
    let (mut count, mut merged) = (0, Vec::new());
    for seen in tasks {
        let done = match held.iter().find(|task| task.number == seen.key.number) {
            Some(task) => one_of(&mut ground, task, deed, target.as_ref(), seen.version).await,
            None => Err(Error::not_found()),
        };
        if let Some(beside) = done.map_err(|error| in_form(blame(&seen.key, error)))? {
            count += 1;
            merged.push(beside);
        }
    }
    ground.commit().await?;
    for beside in &merged {
        merge::count(beside);
    }
    Ok(count)
}

/// Does it with one of the tasks and records it. Gives what others did beside it, or nothing when the task
/// was so before.
async fn one_of(
    ground: &mut Ground,
    task: &HeldTask,
    deed: &BulkDeed,
    target: Option<&ColumnView>,
    version: i64,
) -> Result<Option<Vec<EventView>>> {
    let mut beside = Vec::new();
    let done = match (deed, target) {
        (BulkDeed::Delete, _) => delete(ground, task).await?,
        (_, Some(column)) => {
            let task = in_use(task.clone())?;
            move_along(ground, &task, column, version).await?
        }
        _ => {
            let task = in_use(task.clone())?;
            // What one did oneself since then is no surprise.
            let me = ground.change.access().person().id;
            beside = meanwhile(ground, &task, version).await?;
            beside.retain(|event| event.actor.id != me);
            edit(ground, &task, deed, &beside).await?
        }
    };
    let Some(changes) = done else {
        return Ok(None);
    };
    ground.record(kind_of(deed), task, changes);
    Ok(Some(beside))
}

async fn edit(
    ground: &mut Ground,
    task: &HeldTask,
    deed: &BulkDeed,
    meanwhile: &[EventView],
) -> Result<Option<Vec<FieldChange>>> {
    let wanted = wanted_of(deed, &task.labels)?;
    // A label is put beside those that stand, whoever put them there.
    let meanwhile = match deed {
        BulkDeed::AddLabel(_) | BulkDeed::RemoveLabel(_) => &[],
        _ => meanwhile,
    };
    let before = BTreeMap::new();
    rewrite(ground, task, (&wanted, &before), None, meanwhile)
        .await
        .map_err(|error| match &error.conflict {
            Some(conflict) => Error {
                message: format!("{} has changed the same meanwhile.", conflict.by),
                ..error
            },
            None => error,
        })
}

/// What a deed wants of the fields of a task with these labels.
fn wanted_of(deed: &BulkDeed, labels: &[String]) -> Result<Wanted> {
    let mut edit = Edit::default();
    match deed {
        BulkDeed::Assign(person) => {
            edit.assignee = Some(person.map(|person| person.to_string()).unwrap_or_default());
        }
        BulkDeed::Due(date) => edit.due_on = Some(date.clone().unwrap_or_default()),
        BulkDeed::AddLabel(_) | BulkDeed::RemoveLabel(_) => {
            edit.labels = Some(deed.labels(labels).join(", "));
        }
        BulkDeed::Move(_) | BulkDeed::Delete => {}
    }
    Wanted::parse(&edit)
}

const fn kind_of(deed: &BulkDeed) -> &'static str {
    match deed {
        BulkDeed::Move(_) => "task.moved",
        BulkDeed::Delete => "task.deleted",
        _ => "task.edited",
    }
}

/// Whether a change that is in the log is the one that is asked for.
fn is_the_same(events: &[FeedEvent], access: &Access, held: &[HeldTask], deed: &BulkDeed) -> bool {
    let me = access.person().id;
    let says = |event: &FeedEvent, field: &str, value: &str| {
        let mut changes = event.changes.iter();
        changes.any(|change| change.field == field && change.value_after() == value)
    };
    let (_, value) = deed.fields();
    events.iter().all(|event| {
        let is_so = match deed {
            BulkDeed::Move(_) => says(event, "column", &value),
            BulkDeed::Assign(_) => says(event, "assignee", &value),
            BulkDeed::Due(_) => says(event, "due_on", &value),
            BulkDeed::AddLabel(_) | BulkDeed::RemoveLabel(_) => {
                event.changes.iter().any(|change| {
                    let labels = Labels::split(&change.value_after());
                    change.field == "labels" && deed.labels(&labels) == labels
                })
            }
            BulkDeed::Delete => true,
        };
        let is_known = held.iter().any(|task| Some(task.id) == event.task);
        event.actor.id == me && event.kind == kind_of(deed) && is_known && is_so
    })
}

pub(super) fn other_content() -> Error {
    Error::new(
        Code::Conflict,
        "This id belongs to another change. Nothing was changed.",
    )
}

/// Says which task is in the way of all, where it is one.
fn blame(key: &TaskKey, error: Error) -> Error {
    let is_about_one = matches!(error.code, Code::NotFound | Code::Conflict)
        || error.on("version").is_some()
        || error.on("labels").is_some();
    if !is_about_one {
        return error;
    }
    let message = format!("Nothing was changed. {key}: {}", error.message);
    Error {
        fields: error
            .fields
            .into_iter()
            .map(|field| FieldError {
                message: message.clone(),
                ..field
            })
            .collect(),
        message,
        ..error
    }
}

/// Names the fields as the form for many tasks does.
fn in_form(mut error: Error) -> Error {
    for field in &mut error.fields {
        field.field = match &*field.field {
            "version" => "tasks",
            _ => "value",
        }
        .to_owned();
    }
    error
}
