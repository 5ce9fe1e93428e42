//! Edits that started from an older version: what merges with what others did meanwhile, and what does not.
//!
//! The log tells what a field was at a version, so a form may send all of its fields: one that still has
//! the value it had then was not touched by this person and is left alone.

use super::{
    metrics,
    model::{EventView, FieldChange},
};
use crate::error::{Code, Conflict, ConflictingField, Error, Result};

/// The version that the person saw and the one that stands.
#[derive(Clone, Copy, Debug)]
pub struct Versions {
    pub base: i64,
    pub now: i64,
}

impl Versions {
    /// Whether others changed something since.
    ///
    /// # Errors
    /// A field error on `version` when there is no such version.
    pub fn is_behind(self) -> Result<bool> {
        if self.base < 1 || self.base > self.now {
            return Err(Error::field("version", "There is no such version."));
        }
        Ok(self.base < self.now)
    }
}

/// A field of an edit: the value that is asked for and the one that stands, as text that can be compared.
#[derive(Debug)]
pub struct Wanted {
    pub field: &'static str,
    pub yours: String,
    pub theirs: String,
    /// What the field was when this person began, where their page says so. It may be newer than the
    /// version that they saw: what they asked for themselves just before.
    pub before: Option<String>,
}

/// What an edit comes to.
#[derive(Debug, Default)]
pub struct Settled {
    /// The fields that this person touched, and nobody else.
    pub changes: Vec<Wanted>,
    /// Those that somebody else has changed as well.
    pub conflicts: Vec<Wanted>,
}

/// Tells what an edit touches, on the ground of what others did since the version that the person saw.
pub fn settle(meanwhile: &[EventView], wanted: impl IntoIterator<Item = Wanted>) -> Settled {
    let mut settled = Settled::default();
    for wanted in wanted {
        // The first change since then says what the field was before it.
        let seen = meanwhile
            .iter()
            .flat_map(|event| &event.changes)
            .find(|change| change.field == wanted.field)
            .map_or_else(|| wanted.theirs.clone(), FieldChange::value_before);
        let before = wanted.before.as_ref().unwrap_or(&seen);
        if wanted.yours == wanted.theirs || wanted.yours == *before {
            continue;
        }
        let list = if seen == wanted.theirs || *before == wanted.theirs {
            &mut settled.changes
        } else {
            &mut settled.conflicts
        };
        list.push(wanted);
    }
    settled
}

/// Counts an edit that lasts beside what others had changed meanwhile.
pub fn count(meanwhile: &[EventView]) {
    if !meanwhile.is_empty() {
        metrics::merged();
    }
}

/// The refusal of an edit: who changed the same fields last, when, and both values.
pub fn conflict(meanwhile: &[EventView], version: i64, fields: Vec<ConflictingField>) -> Error {
    metrics::conflict_refused();
    let last = meanwhile.iter().rev().find(|event| {
        event
            .changes
            .iter()
            .any(|change| fields.iter().any(|field| field.field == change.field))
    });
    let by = last.map_or_else(|| "Somebody".to_owned(), |event| event.actor.name.clone());
    Error::conflict(Conflict {
        by,
        by_id: last.map(|event| event.actor.id),
        at: last.map_or(0, |event| event.at),
        version,
        fields,
    })
}

/// The refusal of a deed that wanted nothing to have changed: who changed it last, and when.
pub fn changed(last: &EventView, version: i64) -> Error {
    metrics::conflict_refused();
    Error {
        conflict: Some(Box::new(Conflict {
            by: last.actor.name.clone(),
            by_id: Some(last.actor.id),
            at: last.at,
            version,
            fields: Vec::new(),
        })),
        ..Error::new(
            Code::Conflict,
            format!(
                "{} changed it meanwhile. Read it again first.",
                last.actor.name
            ),
        )
    }
}
