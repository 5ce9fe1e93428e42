//! A change of team data is one transaction: guard, change, event, notify.

use sqlx::PgConnection;

use super::{model::FieldChange, store};
use crate::{
    error::Result,
    ids::{BoardId, ChangeId, TaskId},
    notifications,
    people::{self, access::Access},
    server::database::Transaction,
};

/// A change under way. It is undone when dropped, and lasts after [`Change::commit`].
pub struct Change {
    transaction: Transaction,
    access: Access,
    id: ChangeId,
    events: Vec<NewEvent>,
    /// Boards that got tasks from elsewhere, each with the number above which they are.
    filled: Vec<(BoardId, i32)>,
}

/// Something that happened, before it has its number.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What happened, such as `task.moved`.
    pub kind: &'static str,
    pub board: Option<BoardId>,
    pub task: Option<TaskId>,
    pub changes: Vec<FieldChange>,
}

impl NewEvent {
    /// Something that happened to the team, its people or what belongs to no board.
    pub const fn of_team(kind: &'static str, changes: Vec<FieldChange>) -> Self {
        Self {
            kind,
            board: None,
            task: None,
            changes,
        }
    }

    /// Something that happened to a board itself, or to its columns.
    pub fn of_board(kind: &'static str, board: BoardId, changes: Vec<FieldChange>) -> Self {
        Self {
            board: Some(board),
            ..Self::of_team(kind, changes)
        }
    }
}

impl Change {
    /// Begins a change and holds the actor's membership still until it ends, so that a removal or
    /// demotion either comes before it and is obeyed, or waits for it.
    pub async fn begin(access: &Access) -> Result<Self> {
        let mut transaction = Transaction::begin(access.db()).await?;
        let role = people::store::hold_membership(
            transaction.connection(),
            access.team(),
            access.person().id,
        )
        .await?;
        access.check(role)?;
        Ok(Self {
            transaction,
            access: access.clone(),
            id: ChangeId::new(),
            events: Vec::new(),
            filled: Vec::new(),
        })
    }

    /// Goes on with a transaction that has just proved the access by itself: it founded the team,
    /// made the actor a member, or holds the roles still that it is about to change.
    pub(crate) fn proved(transaction: Transaction, access: Access) -> Self {
        Self {
            transaction,
            access,
            id: ChangeId::new(),
            events: Vec::new(),
            filled: Vec::new(),
        }
    }

    /// Gives the change an id that whoever asks for it has chosen, so that asking again can be told.
    pub fn call(&mut self, id: ChangeId) {
        self.id = id;
    }

    pub fn access(&self) -> &Access {
        &self.access
    }

    /// What everything recorded in this change shares.
    pub fn id(&self) -> ChangeId {
        self.id
    }

    pub fn connection(&mut self) -> &mut PgConnection {
        self.transaction.connection()
    }

    /// Adds what happened to the log. Everything recorded in one change shares its id.
    pub fn record(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Adds the creation of every task of a board above a number to the log.
    pub fn record_filled(&mut self, board: BoardId, above: i32) {
        self.filled.push((board, above));
    }

    /// Lasts without telling anybody by the bell: what comes from elsewhere is old, and too much at once.
    pub async fn commit_quietly(mut self) -> Result<ChangeId> {
        let written = self.write().await?;
        self.transaction.commit().await?;
        written.count();
        Ok(self.id)
    }

    /// Writes what was recorded and gives the transaction back, for a deed in several teams that lasts as one. The
    /// bell says nothing of it.
    pub(crate) async fn hand_back(mut self) -> Result<(Transaction, Written)> {
        let written = self.write().await?;
        Ok((self.transaction, written))
    }

    /// Tells whom the events concern, writes them under the team's next numbers, wakes the listeners and
    /// commits.
    ///
    /// The counter row is taken here, as late as possible, because all writers of a team queue on it.
    pub async fn commit(mut self) -> Result<ChangeId> {
        let mut told = Vec::new();
        if !self.events.is_empty() {
            let connection = self.transaction.connection();
            told = notifications::actions::tell(connection, &self.access, self.id, &self.events)
                .await?;
        }
        let id = self.commit_quietly().await?;
        notifications::actions::count(&told);
        Ok(id)
    }

    async fn write(&mut self) -> Result<Written> {
        let (team, actor) = (self.access.team(), self.access.person().id);
        let connection = self.transaction.connection();
        let mut written = Written::default();
        if !self.events.is_empty() {
            store::append(&mut *connection, team, actor, self.id, &self.events).await?;
            let kinds = self.events.iter().map(|event| (event.kind, 1));
            written.0.extend(kinds);
        }
        for (board, above) in &self.filled {
            let created =
                store::append_created(&mut *connection, team, actor, self.id, *board, *above)
                    .await?;
            written.0.push(("task.created", created));
        }
        Ok(written)
    }
}

/// How many events of which kinds were written. They are counted when they last, which nobody knows before the
/// commit.
#[must_use = "what lasts is counted"]
#[derive(Debug, Default)]
pub struct Written(Vec<(&'static str, u64)>);

impl Written {
    /// What another change of the same transaction has written lasts with it.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Counts what was written. The transaction was committed.
    pub fn count(self) {
        for (kind, count) in self.0 {
            metrics::counter!("events_total", "kind" => kind).increment(count);
        }
    }
}
