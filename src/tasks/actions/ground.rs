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
    /// How many tasks it finishes.
    finished: u64,
}

impl Ground {
    /// Begins a change on a board that may be changed.
    ///
    /// # Errors
    /// 404 when there is no such board, 409 when it is archived.
    pub async fn on_board(access: &Access, board: BoardId) -> Result<Self> {
        let mut change = Change::begin(access).await?;
        boards::store::hold_open(change.connection(), access.team(), board).await?;
        Ok(Self::new(change, board))
    }

    fn new(change: Change, board: BoardId) -> Self {
        Self {
            change,
            board,
            finished: 0,
        }
    }

    /// Begins a change on the board that a task's key names.
    ///
    /// # Errors
    /// 404 when there is no such board, 409 when it is archived.
    pub async fn of_task(access: &Access, key: &TaskKey) -> Result<Self> {
        let mut change = Change::begin(access).await?;
        let board =
            boards::store::hold_open_by_key(change.connection(), access.team(), &key.board).await?;
        Ok(Self::new(change, board))
    }

    /// Keeps everybody else off the board, for a deed that learns late which column it needs, or that
    /// takes hold of many tasks.
    pub async fn alone(access: &Access, key: &TaskKey) -> Result<Self> {
        let mut change = Change::begin(access).await?;
        let board = boards::store::by_key(change.connection(), access.team(), &key.board)
            .await?
            .ok_or_else(Error::not_found)?
            .id;
        Self::keep_off(change, board).await
    }

    /// The same, for a board that is known.
    pub async fn alone_on(access: &Access, board: BoardId) -> Result<Self> {
        Self::keep_off(Change::begin(access).await?, board).await
    }

    async fn keep_off(mut change: Change, board: BoardId) -> Result<Self> {
        let team = change.access().team();
        boards::store::hold_alone(change.connection(), team, board)
            .await?
            .open()?;
        Ok(Self::new(change, board))
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
        in_use(self.task_or_deleted(key).await?)
    }

    /// Takes hold of a task, deleted or not.
    ///
    /// # Errors
    /// 404 when there is no such task.
    pub async fn task_or_deleted(&mut self, key: &TaskKey) -> Result<HeldTask> {
        let mut tasks = self.tasks(&[key.number]).await?;
        tasks.pop().ok_or_else(Error::not_found)
    }

    /// Takes hold of tasks of the board, deleted or not. Those that are not there are left out.
    pub async fn tasks(&mut self, numbers: &[i32]) -> Result<Vec<HeldTask>> {
        let team = self.change.access().team();
        store::hold(self.change.connection(), team, self.board, numbers).await
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
        let (connection, board) = (self.change.connection(), self.board);
        let position =
            position::find(connection, team, board, column, Some(task.id), place).await?;
        self.put_at(task, column, &position, raise).await?;
        Ok(true)
    }

    /// Puts a held task at a position in a held column.
    pub async fn put_at(
        &mut self,
        task: &HeldTask,
        column: &ColumnView,
        position: &[u8],
        raise: bool,
    ) -> Result<()> {
        let team = self.change.access().team();
        store::put(
            self.change.connection(),
            team,
            task.id,
            column.id,
            column.kind,
            position,
            raise,
        )
        .await?;
        self.count_completion(task.kind, column.kind);
        Ok(())
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

    /// Counts a task that came into a column, if that finishes it and once the change lasts.
    pub fn count_completion(&mut self, from: ColumnKind, to: ColumnKind) {
        self.finished += u64::from(to == ColumnKind::Done && from != ColumnKind::Done);
    }

    /// Records what was done with a task, and the version that came of it.
    pub fn record(&mut self, kind: &'static str, task: &HeldTask, mut changes: Vec<FieldChange>) {
        changes.push(log::version(task.version + 1));
        self.change.record(NewEvent {
            kind,
            board: Some(self.board),
            task: Some(task.id),
            changes,
        });
    }

    /// Makes what was recorded last.
    pub async fn commit(self) -> Result<ChangeId> {
        let id = self.change.commit().await?;
        if self.finished > 0 {
            metrics::counter!("tasks_completed_total").increment(self.finished);
        }
        Ok(id)
    }

    /// Records what was done with one task and makes it last.
    pub async fn finish(
        mut self,
        kind: &'static str,
        task: &HeldTask,
        changes: Vec<FieldChange>,
    ) -> Result<ChangeId> {
        self.record(kind, task, changes);
        self.commit().await
    }
}

/// Refuses a task that is deleted.
pub fn in_use(task: HeldTask) -> Result<HeldTask> {
    if task.deleted {
        return Err(Error::new(
            Code::Conflict,
            "This task was deleted. Restore it first.",
        ));
    }
    Ok(task)
}
