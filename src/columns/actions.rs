//! What can be done with the columns of a board. Each deed: allowed? valid? then store, record, commit.

use super::store::NewColumn;
use crate::{
    ids::BoardId,
    live::{change::NewEvent, model::FieldChange},
};

/// What the log says about a new column.
pub fn created(board: BoardId, column: &NewColumn<'_>) -> NewEvent {
    NewEvent {
        kind: "column.created",
        board: Some(board),
        task: None,
        changes: vec![
            FieldChange {
                to_id: Some(column.id.to_string()),
                ..FieldChange::new("column", None, Some(column.name.to_owned()))
            },
            FieldChange::new("kind", None, Some(column.kind.as_str().to_owned())),
        ],
    }
}
