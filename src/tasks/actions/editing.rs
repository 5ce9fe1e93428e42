//! Editing: what merges with what others did meanwhile, and what does not.

use std::collections::BTreeMap;

use super::{
    ground::Ground,
    wanted::{Edit, Wanted, value},
};
use crate::{
    columns::model::ColumnView,
    error::{ConflictingField, Result},
    ids::ChangeId,
    insights::actions::counting_conflicts,
    live::{
        self,
        merge::{self, Settled, Versions},
        model::{EventView, FieldChange},
    },
    people::{self, access::Access},
    tasks::{
        model::TaskKey,
        position::Place,
        store::{self, HeldTask},
    },
};

/// What an edit started from.
pub enum Base<'a> {
    /// A page that shows a version and sends all of its fields: one that still has the value it had then
    /// was not touched and is left alone. `before` says of some fields what they were when the person
    /// began: an edit that follows another of the same page builds on that one's values.
    Page { version: i64, before: &'a Edit },
    /// A program that sends only what it asks for, on the ground of a version, or of whatever stands.
    Program { version: Option<i64> },
}

/// No field holds it. Where it is said to have been there before, every field that is sent counts.
const NOTHING: &str = "\0";

/// Changes fields of a task, on the ground of what the person saw. Fields that others changed meanwhile
/// merge with this edit when it does not touch them.
///
/// # Errors
/// 409 with both values when a field of this edit was changed by somebody else since.
pub async fn edit_task(
    access: &Access,
    key: &TaskKey,
    base: Base<'_>,
    edit: Edit,
) -> Result<Option<ChangeId>> {
    counting_conflicts(access, settle(access, key, base, edit)).await
}

async fn settle(
    access: &Access,
    key: &TaskKey,
    base: Base<'_>,
    edit: Edit,
) -> Result<Option<ChangeId>> {
    let mut wanted = Wanted::parse(&edit)?;
    let mut ground = Ground::of_task(access, key).await?;
    let target = match wanted.column {
        Some(column) => Some(ground.column(column).await?),
        None => None,
    };
    let task = ground.task(key).await?;
    let version = match base {
        Base::Page { version, .. } => version,
        Base::Program { version } => version.unwrap_or(task.version),
    };
    let meanwhile = meanwhile(&mut ground, &task, version).await?;
    let before: BTreeMap<_, _> = match base {
        Base::Page { before, .. } => {
            let stored = descriptions(&task, &meanwhile);
            wanted.recognise(&stored);
            // What cannot be read was never stored, so nothing builds on it.
            let before = Wanted::parse(before).map(|mut before| {
                before.recognise(&stored);
                before.values().into_iter().collect()
            });
            before.unwrap_or_default()
        }
        Base::Program { .. } => {
            let asked = wanted.values().into_iter();
            asked
                .map(|(field, _)| (field, NOTHING.to_owned()))
                .collect()
        }
    };
    let (wanted, target) = (&wanted, target.as_ref());
    let edited = rewrite(&mut ground, &task, (wanted, &before), target, &meanwhile).await?;
    let Some(changes) = edited else {
        return Ok(None);
    };
    let id = ground.finish("task.edited", &task, changes).await?;
    merge::count(&meanwhile);
    Ok(Some(id))
}

/// The description that stands, and those that stood before others changed it.
fn descriptions(task: &HeldTask, meanwhile: &[EventView]) -> Vec<String> {
    let changes = meanwhile.iter().flat_map(|event| &event.changes);
    let before = changes
        .filter(|change| change.field == "description")
        .map(FieldChange::value_before);
    std::iter::once(task.description.clone())
        .chain(before)
        .collect()
}

/// Puts onto a held task what is wanted of it, and what was there when the person began. Gives what is to be
/// recorded, or nothing when nothing changes.
pub(super) async fn rewrite(
    ground: &mut Ground,
    task: &HeldTask,
    (wanted, before): (&Wanted, &BTreeMap<&str, String>),
    target: Option<&ColumnView>,
    meanwhile: &[EventView],
) -> Result<Option<Vec<FieldChange>>> {
    let fields = wanted
        .values()
        .into_iter()
        .map(|(field, yours)| merge::Wanted {
            field,
            yours,
            theirs: value(task, field),
            before: before.get(field).cloned(),
        });
    let Settled { changes, conflicts } = merge::settle(meanwhile, fields);
    let asked: Vec<_> = changes.iter().chain(&conflicts).collect();
    let names = names(ground, task, target, wanted, &asked).await?;
    if !conflicts.is_empty() {
        let fields = conflicts.iter().map(|both| names.conflict(both)).collect();
        return Err(merge::conflict(meanwhile, task.version, fields));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    let touched = |name: &str| changes.iter().any(|change| change.field == name);
    let content = wanted.onto(task, &touched);
    let fields: Vec<String> = changes
        .iter()
        .filter(|change| change.field != "column")
        .map(|change| change.field.to_owned())
        .collect();
    let team = ground.change.access().team();
    store::rewrite(ground.change.connection(), team, task.id, &content, &fields).await?;
    if let Some(column) = target.filter(|_| touched("column")) {
        ground.put(task, column, Place::End, false).await?;
    }
    let described = changes.iter().map(|change| names.describe(change));
    Ok(Some(described.collect()))
}

/// What others did to a task since the version that the person saw.
///
/// # Errors
/// A field error on `version` when there is no such version.
pub(super) async fn meanwhile(
    ground: &mut Ground,
    task: &HeldTask,
    base: i64,
) -> Result<Vec<EventView>> {
    let versions = Versions {
        base,
        now: task.version,
    };
    if !versions.is_behind()? {
        return Ok(Vec::new());
    }
    let team = ground.change.access().team();
    let mut events =
        live::store::of_task_since(ground.change.connection(), team, task.id, base).await?;
    for event in &mut events {
        // They say which task it was, and leave its title alone.
        if matches!(&*event.kind, "task.deleted" | "task.restored") {
            event.changes.retain(|change| change.field != "title");
        }
    }
    Ok(events)
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

    /// Both values of a field, in words.
    fn conflict(&self, both: &merge::Wanted) -> ConflictingField {
        let words = |value| self.words(both.field, value).unwrap_or_default();
        ConflictingField {
            field: both.field.to_owned(),
            yours: words(&both.yours),
            theirs: words(&both.theirs),
            theirs_id: is_id(both.field).then(|| both.theirs.clone()),
        }
    }

    /// A change for the log: in words for people, and with the ids behind them.
    fn describe(&self, change: &merge::Wanted) -> FieldChange {
        let merge::Wanted {
            field,
            theirs,
            yours,
            ..
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
    asked: &[&merge::Wanted],
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
