//! Where a task stands in its column: a fractional index, so that a move writes one row.

use fractional_index::FractionalIndex;
use sqlx::PgConnection;

use super::store;
use crate::{
    columns::model::{ColumnKind, ColumnView},
    error::{Error, Result},
    ids::{BoardId, ColumnId, TaskId},
    people::access::TeamId,
};

/// Inserting into one spot makes an index longer by about a byte in eight inserts. When it gets longer
/// than this the column is numbered anew.
const LONGEST: usize = 48;

/// A place in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Start,
    End,
    /// One further up or down than now.
    Up,
    Down,
    After(TaskId),
}

impl Place {
    /// Reads `start`, `end` (also when nothing is said), `up`, `down`, or the id of the task before it.
    pub fn parse(text: Option<&str>) -> Result<Self> {
        Ok(match text.unwrap_or_default() {
            "" | "end" => Self::End,
            "start" => Self::Start,
            "up" => Self::Up,
            "down" => Self::Down,
            id => Self::After(TaskId::parse("place", id)?),
        })
    }
}

/// The position of a place in a column whose row the transaction holds. What is done is shown by when
/// it was finished, so all places of a `done` column are the same.
///
/// # Errors
/// A field error on `place` when the task to stand behind is not in the column.
pub async fn find(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: &ColumnView,
    moving: Option<TaskId>,
    place: Place,
) -> Result<Vec<u8>> {
    if column.kind == ColumnKind::Done {
        return Ok(of_done());
    }
    let column = column.id;
    if let Place::End | Place::After(_) = place {
        let after = match place {
            Place::After(task) => Some(task),
            _ => None,
        };
        let (before, next) = store::around(connection, team, board, column, moving, after).await?;
        if after.is_some() && before.is_none() {
            return Err(Error::field(
                "place",
                "The task to put this after is not in the column any more.",
            ));
        }
        if let Some(position) = between(before.as_deref(), next.as_deref()) {
            return Ok(position);
        }
    }
    among_all(connection, team, board, column, moving, place).await
}

/// The position of a place when the whole column has to be looked at, and numbered anew if it is full there.
async fn among_all(
    connection: &mut PgConnection,
    team: TeamId,
    board: BoardId,
    column: ColumnId,
    moving: Option<TaskId>,
    place: Place,
) -> Result<Vec<u8>> {
    let mut tasks = store::in_order(connection, team, board, column).await?;
    let now_at = tasks.iter().position(|(task, _)| Some(*task) == moving);
    if let Some(index) = now_at {
        tasks.remove(index);
    }
    let index = match place {
        Place::Start => 0,
        Place::End => tasks.len(),
        Place::Up => now_at.unwrap_or(tasks.len()).saturating_sub(1),
        Place::Down => now_at
            .map_or(tasks.len(), |index| index + 1)
            .min(tasks.len()),
        Place::After(after) => tasks
            .iter()
            .position(|(task, _)| *task == after)
            .map_or(tasks.len(), |index| index + 1),
    };
    let before = index.checked_sub(1).map(|index| tasks[index].1.as_slice());
    let next = tasks.get(index).map(|(_, position)| position.as_slice());
    if let Some(position) = between(before, next) {
        return Ok(position);
    }
    let mut fresh = evenly(tasks.len() + 1);
    let own = fresh.remove(index);
    let ids: Vec<_> = tasks.iter().map(|(task, _)| task.0).collect();
    store::reposition(connection, team, &ids, &fresh).await?;
    Ok(own)
}

/// An index between two, or `None` when the column has to be numbered anew first.
fn between(before: Option<&[u8]>, next: Option<&[u8]>) -> Option<Vec<u8>> {
    let read = |bytes: &[u8]| FractionalIndex::from_bytes(bytes.to_vec()).ok();
    let index = match (before, next) {
        (None, None) => FractionalIndex::default(),
        (Some(before), None) => FractionalIndex::new_after(&read(before)?),
        (None, Some(next)) => FractionalIndex::new_before(&read(next)?),
        (Some(before), Some(next)) => FractionalIndex::new_between(&read(before)?, &read(next)?)?,
    };
    let bytes = index.as_bytes().to_vec();
    (bytes.len() <= LONGEST).then_some(bytes)
}

/// `count` indexes in order, short and with room between them.
pub fn evenly(count: usize) -> Vec<Vec<u8>> {
    behind(None, count)
}

/// The same behind a position that is there already.
pub fn behind(last: Option<&[u8]>, count: usize) -> Vec<Vec<u8>> {
    let last = last.and_then(|last| FractionalIndex::from_bytes(last.to_vec()).ok());
    let mut indexes = Vec::with_capacity(count);
    fill(&mut indexes, count, last.as_ref(), None);
    indexes
}

/// The one position of everything that is done.
pub fn of_done() -> Vec<u8> {
    FractionalIndex::default().as_bytes().to_vec()
}

fn fill(
    indexes: &mut Vec<Vec<u8>>,
    count: usize,
    low: Option<&FractionalIndex>,
    high: Option<&FractionalIndex>,
) {
    if count == 0 {
        return;
    }
    let Some(middle) = FractionalIndex::new(low, high) else {
        return;
    };
    let left = (count - 1) / 2;
    fill(indexes, left, low, Some(&middle));
    indexes.push(middle.as_bytes().to_vec());
    fill(indexes, count - 1 - left, Some(&middle), high);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenly_spread_indexes_are_in_order_and_short() {
        let indexes = evenly(10_000);
        assert_eq!(indexes.len(), 10_000);
        assert!(indexes.is_sorted());
        assert!(indexes.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(indexes.iter().all(|index| index.len() < LONGEST / 2));
    }
}
