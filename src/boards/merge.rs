//! Edits of boards and columns that started from an older version.

use crate::{
    error::{ConflictingField, Result},
    ids::{BoardId, ColumnId},
    live::{
        self,
        change::Change,
        merge::{self, Versions, Wanted},
        model::{EventView, FieldChange},
    },
};

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
    if !versions.is_behind()? {
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
    let settled = merge::settle(meanwhile, wanted);
    if !settled.conflicts.is_empty() {
        let fields = settled.conflicts.into_iter().map(|both| ConflictingField {
            field: both.field.to_owned(),
            yours: both.yours,
            theirs: both.theirs,
            theirs_id: None,
        });
        return Err(merge::conflict(meanwhile, versions.now, fields.collect()));
    }
    let said = |value: String| (!value.is_empty()).then_some(value);
    let mut changes: Vec<_> = settled
        .changes
        .into_iter()
        .map(|change| FieldChange::new(change.field, said(change.theirs), said(change.yours)))
        .collect();
    if !changes.is_empty() {
        let version = versions.now + 1;
        changes.push(FieldChange::new("version", None, Some(version.to_string())));
    }
    Ok(changes)
}
