//! An event as it is told outside, in the shape that the design promises.

use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::model::FieldChange;
use crate::{ids::ChangeId, people::model::PersonName};

/// One event, with the keys of its board and its task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldEvent {
    pub seq: i64,
    pub change_id: ChangeId,
    /// What happened, such as `task.moved`.
    pub kind: String,
    /// A moment in UTC by RFC 3339.
    pub at: String,
    pub actor: PersonName,
    /// The key of the board, such as `WEB`.
    pub board: Option<String>,
    /// The key of the task, such as `WEB-12`; none when it was not about a task, or the task is gone for good.
    pub task: Option<String>,
    pub changes: Vec<FieldChange>,
}

/// Takes away what nobody is told any more: a deleted comment says nothing.
pub fn without_deleted(kind: &str, changes: &mut Vec<FieldChange>) {
    if matches!(kind, "comment.deleted" | "comment.restored") {
        changes.clear();
    }
}

/// A moment by RFC 3339.
pub fn moment(at: OffsetDateTime) -> String {
    // The years of the database have four digits.
    at.format(&Rfc3339).unwrap_or_default()
}
