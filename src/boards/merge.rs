//! Edits of boards and columns that started from an older version: what merges and what does not.
//!
//! The log tells what a field was at a version, so a form may send all of its fields: one that still
//! has the value it had then was not touched by this person and is left alone.

use crate::{
    error::{Code, Conflict, ConflictingField, Error, Result},
    ids::{BoardId, ColumnId},
    live::{
        self,
        change::Change,
        model::{EventView, FieldChange},
    },
};

/// The version that the person saw and the one that stands.
#[derive(Clone, Copy, Debug)]
pub struct Versions {
    pub base: i64,
    pub now: i64,
}

/// A field of an edit: the value that is asked for and the one that stands.
#[derive(Debug)]
pub struct Wanted {
    pub field: &'static str,
    pub yours: String,
    pub theirs: String,
}

/// What others did to a board, or to one of its columns, since the version that the person saw.
///
/// # Errors
/// A field error on `version` when there is no such version.
pub async fn meanwhile(
    change: &mut Change,
    board: BoardId,
    column: Option<ColumnId>,
    versions: Versions,
) -> Result<Vec<EventView>> {
    if versions.base < 1 || versions.base > versions.now {
        return Err(Error::field("version", "There is no such version."));
    }
    if versions.base == versions.now {
        return Ok(Vec::new());
    }
    let team = change.access().team();
    live::store::of_board_since(change.connection(), team, board, column, versions.base).await
}

/// The changes that an edit comes to, the new version among them. None when nothing is left to do.
///
/// # Errors
/// 409 with both values of each field that somebody else changed as well.
pub fn settle(
    meanwhile: &[EventView],
    versions: Versions,
    wanted: Vec<Wanted>,
) -> Result<Vec<FieldChange>> {
    let mut changes = Vec::new();
    let mut conflicts = Vec::new();
    for Wanted {
        field,
        yours,
        theirs,
    } in wanted
    {
        let seen = meanwhile
            .iter()
            .flat_map(|event| &event.changes)
            .find(|change| change.field == field)
            .map(FieldChange::value_before);
        match seen {
            _ if yours == theirs => {}
            None => changes.push(FieldChange::new(field, said(theirs), said(yours))),
            Some(seen) if seen == yours => {}
            Some(_) => conflicts.push(ConflictingField {
                field: field.to_owned(),
                yours,
                theirs,
            }),
        }
    }
    if !conflicts.is_empty() {
        return Err(conflict(meanwhile, versions, conflicts));
    }
    if !changes.is_empty() {
        let version = versions.now + 1;
        changes.push(FieldChange::new("version", None, Some(version.to_string())));
    }
    Ok(changes)
}

fn said(value: String) -> Option<String> {
    (!value.is_empty()).then_some(value)
}

fn conflict(meanwhile: &[EventView], versions: Versions, fields: Vec<ConflictingField>) -> Error {
    metrics::counter!("conflicts_total").increment(1);
    let last = meanwhile.iter().rev().find(|event| {
        event
            .changes
            .iter()
            .any(|change| fields.iter().any(|field| field.field == change.field))
    });
    let by = last.map_or_else(|| "Somebody".to_owned(), |event| event.actor.name.clone());
    let message = format!(
        "{by} changed the same while you were editing. Nothing is lost: both versions are below."
    );
    Error {
        conflict: Some(Box::new(Conflict {
            by,
            at: last.map_or(0, |event| event.at),
            version: versions.now,
            fields,
        })),
        ..Error::new(Code::Conflict, message)
    }
}
