//! What the log says about tasks: names for people, with the ids behind them for whoever compares.

use crate::{
    columns::model::ColumnView, live::model::FieldChange, people::model::PersonName,
    tasks::store::ColumnName,
};

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

/// A task that nobody had was taken.
pub fn taken_by(person: &PersonName) -> FieldChange {
    FieldChange {
        to_id: Some(person.id.to_string()),
        ..FieldChange::new("assignee", None, Some(person.name.clone()))
    }
}
