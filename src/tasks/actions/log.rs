//! What the log says about tasks: names for people, with the ids behind them for whoever compares.

use crate::{
    columns::model::ColumnView,
    live::model::FieldChange,
    people::model::PersonName,
    server::hex::hex,
    tasks::store::{ColumnName, HeldTask},
};

const PLACE: &str = "place";

/// The version that a change made, recorded with it: it tells which changes came after a version.
pub fn version(version: i64) -> FieldChange {
    FieldChange::new("version", None, Some(version.to_string()))
}

/// A task came into a column.
pub fn column(from: Option<&ColumnName>, to: &ColumnView) -> FieldChange {
    FieldChange {
        from_id: from.map(|column| column.id.to_string()),
        to_id: Some(to.id.to_string()),
        ..FieldChange::new(
            "column",
            from.map(|column| column.name.clone()),
            Some(to.name.clone()),
        )
    }
}

/// Where a task stood in the column that it leaves: only undoing the move asks for it.
pub fn place(task: &HeldTask) -> FieldChange {
    FieldChange::new(PLACE, Some(hex(&task.position)), None)
}

/// The position that [`place`] has written down, if it was there.
pub fn place_before(changes: &[FieldChange]) -> Option<Vec<u8>> {
    let place = changes.iter().find(|change| change.field == PLACE)?;
    let digits = place.from.as_deref()?;
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// A task that nobody had was taken.
pub fn taken_by(person: &PersonName) -> FieldChange {
    FieldChange {
        to_id: Some(person.id.to_string()),
        ..FieldChange::new("assignee", None, Some(person.name.clone()))
    }
}
