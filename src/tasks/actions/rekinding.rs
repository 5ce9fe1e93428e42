//! What a column means has changed, and with it the state of its tasks.

use super::log;
use crate::{
    columns::model::ColumnKind,
    error::Result,
    ids::{BoardId, ColumnId},
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    tasks::store,
};

/// What a column's new kind came to for its tasks. To be counted once the change lasts.
#[must_use]
pub struct Rekinded {
    finished: u64,
}

/// Gives the tasks of a column the kind that the column has now, deleted ones too: they come back as
/// what the column says. Each of them has its own event in the change, so that its history tells why it
/// was started or finished and no version goes by unrecorded.
pub async fn rekind_tasks(
    change: &mut Change,
    board: BoardId,
    column: ColumnId,
    kind: ColumnKind,
) -> Result<Rekinded> {
    let team = change.access().team();
    let mut finished = 0;
    for task in store::rekind(change.connection(), team, board, column, kind).await? {
        let word = |kind: ColumnKind| Some(kind.as_str().to_owned());
        change.record(NewEvent {
            kind: "task.rekinded",
            board: Some(board),
            task: Some(task.id),
            changes: vec![
                FieldChange::new("kind", word(task.was), word(kind)),
                log::version(task.version),
            ],
        });
        if kind == ColumnKind::Done && !task.deleted {
            finished += 1;
        }
    }
    Ok(Rekinded { finished })
}

impl Rekinded {
    /// Counts the tasks that were finished by it.
    pub fn count(self) {
        metrics::counter!("tasks_completed_total").increment(self.finished);
    }
}
