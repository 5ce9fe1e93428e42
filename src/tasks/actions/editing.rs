//! Editing: what merges with what others did meanwhile, and what does not.

use std::collections::BTreeMap;

use super::{
    ground::{Ground, count_completion},
    wanted::{Edit, Wanted, value},
};
use crate::{
    columns::model::ColumnView,
    error::{Code, Conflict, ConflictingField, Error, Result},
    ids::ChangeId,
    live::{
        self,
        model::{EventView, FieldChange},
    },
    people::{self, access::Access},
    tasks::{
        model::TaskKey,
        position::Place,
        store::{self, HeldTask},
    },
};

/// Changes fields of a task, on the ground of the version that the person saw.
///
/// A field that still has the value it had at that version was not touched by this person and is left
/// alone, so a form may send all of its fields. Fields that others changed meanwhile merge with this
/// edit when it does not touch them.
///
/// # Errors
/// 409 with both values when a field of this edit was changed by somebody else since `base`.
pub async fn edit_task(
    access: &Access,
    key: &TaskKey,
    base: i64,
    edit: Edit,
) -> Result<Option<ChangeId>> {
    let wanted = Wanted::parse(&edit)?;
    let mut ground = Ground::of_task(access, key).await?;
    let target = match wanted.column {
        Some(column) => Some(ground.column(column).await?),
        None => None,
    };
    let task = ground.task(key).await?;
    let meanwhile = meanwhile(&mut ground, &task, base).await?;
    let Settled { changes, conflicts } = settle(&wanted, &task, &meanwhile);
    let asked: Vec<_> = changes.iter().chain(&conflicts).collect();
    let names = names(&mut ground, &task, target.as_ref(), &wanted, &asked).await?;
    if !conflicts.is_empty() {
        metrics::counter!("conflicts_total").increment(1);
        return Err(conflict(&task, &meanwhile, &conflicts, &names));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    if !meanwhile.is_empty() {
        metrics::counter!("merges_total").increment(1);
    }

    let touched = |name: &str| changes.iter().any(|change| change.field == name);
    let content = wanted.onto(&task, &touched);
    let fields: Vec<String> = changes
        .iter()
        .filter(|change| change.field != "column")
        .map(|change| change.field.to_owned())
        .collect();
    store::rewrite(
        ground.change.connection(),
        access.team(),
        task.id,
        &content,
        &fields,
    )
    .await?;
    let moved = target.filter(|_| touched("column"));
    if let Some(column) = &moved {
        ground.put(&task, column, Place::End, false).await?;
    }
    let recorded = changes
        .iter()
        .map(|change| names.describe(change))
        .collect();
    let id = ground.finish("task.edited", &task, recorded).await?;
    if let Some(column) = moved {
        count_completion(task.kind, column.kind);
    }
    Ok(Some(id))
}

/// What others did to a task since the version that the person saw.
///
/// # Errors
/// A field error on `version` when there is no such version.
async fn meanwhile(ground: &mut Ground, task: &HeldTask, base: i64) -> Result<Vec<EventView>> {
    if base > task.version || base < 1 {
        return Err(Error::field("version", "The task has no such version."));
    }
    if base == task.version {
        return Ok(Vec::new());
    }
    let team = ground.change.access().team();
    live::store::of_task_since(ground.change.connection(), team, task.id, base).await
}

/// A field that this person touched: the value that stands and the one that is asked for.
struct Touched {
    field: &'static str,
    theirs: String,
    yours: String,
}

/// What an edit comes to.
struct Settled {
    changes: Vec<Touched>,
    /// What somebody else has changed as well.
    conflicts: Vec<Touched>,
}

fn settle(wanted: &Wanted, task: &HeldTask, meanwhile: &[EventView]) -> Settled {
    let mut settled = Settled {
        changes: Vec::new(),
        conflicts: Vec::new(),
    };
    for (field, yours) in wanted.values() {
        let theirs = value(task, field);
        let seen = seen(meanwhile, field).unwrap_or_else(|| theirs.clone());
        if yours == theirs || yours == seen {
            continue;
        }
        let list = if seen == theirs {
            &mut settled.changes
        } else {
            &mut settled.conflicts
        };
        list.push(Touched {
            field,
            theirs,
            yours,
        });
    }
    settled
}

/// The value that a field had at the version that the person saw, if it was changed since.
fn seen(meanwhile: &[EventView], field: &str) -> Option<String> {
    meanwhile
        .iter()
        // They say which task it was, and leave its title alone.
        .filter(|event| {
            field != "title" || !matches!(&*event.kind, "task.deleted" | "task.restored")
        })
        .flat_map(|event| &event.changes)
        .find(|change| change.field == field)
        .map(FieldChange::value_before)
}

/// The names behind the ids that an edit deals with.
struct Names(BTreeMap<String, String>);

impl Names {
    /// What a person reads for a value. Nothing for an empty one.
    fn words(&self, field: &str, value: &str) -> Option<String> {
        if value.is_empty() {
            return None;
        }
        let name = is_id(field).then(|| self.0.get(value)).flatten();
        Some(name.map_or_else(|| value.to_owned(), String::clone))
    }

    /// A change for the log: in words for people, and with the ids behind them.
    fn describe(&self, change: &Touched) -> FieldChange {
        let Touched {
            field,
            theirs,
            yours,
        } = change;
        let id = |value: &String| (is_id(field) && !value.is_empty()).then(|| value.clone());
        FieldChange {
            from_id: id(theirs),
            to_id: id(yours),
            ..FieldChange::new(field, self.words(field, theirs), self.words(field, yours))
        }
    }
}

fn is_id(field: &str) -> bool {
    matches!(field, "assignee" | "column")
}

/// Collects the names, and makes sure that a person who is asked for can hold the task: also before a
/// conflict says their name, which could be a stranger's.
async fn names(
    ground: &mut Ground,
    task: &HeldTask,
    target: Option<&ColumnView>,
    wanted: &Wanted,
    asked: &[&Touched],
) -> Result<Names> {
    let team = ground.change.access().team();
    let mut names = BTreeMap::new();
    if let Some(column) = &task.column {
        names.insert(column.id.to_string(), column.name.clone());
    }
    if let Some(column) = target {
        names.insert(column.id.to_string(), column.name.clone());
    }
    if let Some(holder) = &task.assignee {
        names.insert(holder.id.to_string(), holder.name.clone());
    }
    if let Some(Some(person)) = wanted.assignee
        && asked.iter().any(|touched| touched.field == "assignee")
    {
        people::store::hold_assignable(ground.change.connection(), team, person).await?;
        let name = people::store::person_name(ground.change.connection(), person).await?;
        names.insert(person.to_string(), name);
    }
    Ok(Names(names))
}

/// The refusal of an edit: who changed the same fields, when, and both values in words.
fn conflict(
    task: &HeldTask,
    meanwhile: &[EventView],
    conflicts: &[Touched],
    names: &Names,
) -> Error {
    let last = meanwhile.iter().rev().find(|event| {
        event
            .changes
            .iter()
            .any(|change| conflicts.iter().any(|both| both.field == change.field))
    });
    let words = |field, value| names.words(field, value).unwrap_or_default();
    let fields = conflicts
        .iter()
        .map(|both| ConflictingField {
            field: both.field.to_owned(),
            yours: words(both.field, &both.yours),
            theirs: words(both.field, &both.theirs),
        })
        .collect();
    let by = last.map_or_else(|| "Somebody".to_owned(), |event| event.actor.name.clone());
    let message = format!(
        "{by} changed the same while you were editing. Nothing is lost: both versions are below."
    );
    Error {
        conflict: Some(Box::new(Conflict {
            by,
            at: last.map_or(0, |event| event.at),
            version: task.version,
            fields,
        })),
        ..Error::new(Code::Conflict, message)
    }
}
