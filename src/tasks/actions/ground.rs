//! What a deed on a task stands on, held still until its change ends.
//!
//! Locks are taken in one order, so that nobody waits in a circle: board, column, task, log.

use super::log;
use crate::{
    boards,
    columns::{
        self,
        model::{ColumnKind, ColumnView},
    },
    error::{Code, Error, Result},
    ids::{BoardId, ChangeId, ColumnId},
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::access::Access,
    tasks::{
        model::TaskKey,
        position::{self, Place},
        store::{self, HeldTask},
    },
};

/// A change of tasks on one board.
pub struct Ground {
    pub change: Change,
    pub board: BoardId,
}

impl Ground {
    /// Begins a change on a board that may be changed.
    ///
    /// # Errors
    /// 404 when there is no such board, 409 when it is archived.
    pub async fn on_board(access: &Access, board: BoardId) -> Result<Self> {
        let mut change = Change::begin(access).await?;
        boards::store::hold_open(change.connection(), access.team(), board).await?;
        Ok(Self { change, board })
    }

    /// Begins a change on the board that a task's key names.
    ///
    /// # Errors
    /// 404 when there is no such board, 409 when it is archived.
    pub async fn of_task(access: &Access, key: &TaskKey) -> Result<Self> {
        let mut change = Change::begin(access).await?;
        let board =
            boards::store::hold_open_by_key(change.connection(), access.team(), &key.board).await?;
        Ok(Self { change, board })
    }

    /// Keeps everybody else off the board, for a deed that learns late which column it needs.
    pub async fn alone(access: &Access, key: &TaskKey) -> Result<Self> {
        let mut change = Change::begin(access).await?;
        let board = boards::store::by_key(change.connection(), access.team(), &key.board)
            .await?
            .ok_or_else(Error::not_found)?
            .id;
        boards::store::hold_alone(change.connection(), access.team(), board)
            .await?
            .open()?;
        Ok(Self { change, board })
    }

    /// Takes hold of a column that a task is to be put into.
    ///
    /// # Errors
    /// A field error on `column` when the board has no such column.
    pub async fn column(&mut self, column: ColumnId) -> Result<ColumnView> {
        let team = self.change.access().team();
        columns::store::hold(self.change.connection(), team, self.board, column).await
    }

    /// Takes hold of the first column of a kind, or of the first of all when no kind is said.
    pub async fn first_column(&mut self, kind: Option<ColumnKind>) -> Result<Option<ColumnView>> {
        let team = self.change.access().team();
        columns::store::hold_first(self.change.connection(), team, self.board, kind).await
    }

    /// Takes hold of a task that is in use.
    ///
    /// # Errors
    /// 404 when there is no such task, 409 when it is deleted.
    pub async fn task(&mut self, key: &TaskKey) -> Result<HeldTask> {
        let task = self.task_or_deleted(key).await?;
        if task.deleted {
            return Err(Error::new(
                Code::Conflict,
                "This task was deleted. Restore it first.",
            ));
        }
        Ok(task)
    }

    /// Takes hold of a task, deleted or not.
    ///
    /// # Errors
    /// 404 when there is no such task.
    pub async fn task_or_deleted(&mut self, key: &TaskKey) -> Result<HeldTask> {
        let team = self.change.access().team();
        store::hold(self.change.connection(), team, key)
            .await?
            .ok_or_else(Error::not_found)
    }

    /// Puts a held task at a place in a held column, and says whether it was elsewhere. `raise` says
    /// whether this is what raises its version: another statement of the same change may have done it.
    pub async fn put(
        &mut self,
        task: &HeldTask,
        column: &ColumnView,
        place: Place,
        raise: bool,
    ) -> Result<bool> {
        if self.is_at(task, column, place).await? {
            return Ok(false);
        }
        let team = self.change.access().team();
        let connection = self.change.connection();
        let position = position::find(
            &mut *connection,
            team,
            self.board,
            column,
            Some(task.id),
            place,
        )
        .await?;
        store::put(
            connection,
            team,
            task.id,
            column.id,
            column.kind,
            &position,
            raise,
        )
        .await?;
        Ok(true)
    }

    /// Whether a held task is at a place already. What is done has no place but its column.
    async fn is_at(&mut self, task: &HeldTask, column: &ColumnView, place: Place) -> Result<bool> {
        if task.column.as_ref().map(|here| here.id) != Some(column.id) {
            return Ok(false);
        }
        if column.kind == ColumnKind::Done {
            return Ok(true);
        }
        let team = self.change.access().team();
        let connection = self.change.connection();
        let (before, is_last) =
            store::standing(connection, team, self.board, column.id, task.id).await?;
        Ok(match place {
            Place::Start | Place::Up => before.is_none(),
            Place::End | Place::Down => is_last,
            Place::After(other) => before == Some(other),
        })
    }

    /// Records what was done with a task, and the version that came of it, and makes it last.
    pub async fn finish(
        mut self,
        kind: &'static str,
        task: &HeldTask,
        mut changes: Vec<FieldChange>,
    ) -> Result<ChangeId> {
        changes.push(log::version(task.version + 1));
        self.change.record(NewEvent {
            kind,
            board: Some(self.board),
            task: Some(task.id),
            changes,
        });
        self.change.commit().await
    }
}

/// Counts a task that came into a column, if that finished it.
pub fn count_completion(from: ColumnKind, to: ColumnKind) {
    if to == ColumnKind::Done && from != ColumnKind::Done {
        metrics::counter!("tasks_completed_total").increment(1);
    }
}
