//! The import itself: everything that a file brings, in one change.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    coming::{Batch, Gathering},
    store::{self, Origin},
    trello::PlannedColumn,
};
use crate::{
    boards::{
        self,
        model::{BoardKey, BoardName},
    },
    columns::{self, model::ColumnKind, store::NewColumn},
    comments,
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId},
    live::{
        self,
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::access::Access,
    tasks,
};

/// Where it goes.
pub enum Onto {
    New {
        key: BoardKey,
        name: BoardName,
        columns: Vec<PlannedColumn>,
    },
    /// The board of this key.
    Existing(String),
}

/// A column that the tasks go into, and the position of the last task that is in it already.
pub struct Standing {
    pub id: ColumnId,
    pub name: String,
    pub kind: ColumnKind,
    pub last: Option<Vec<u8>>,
}

/// What the tasks come to: the board's columns, and the last number that was given.
pub struct Ground {
    pub columns: Vec<Standing>,
    pub last_number: i32,
}

/// How far an import is.
#[derive(Debug, Default)]
pub struct Progress(AtomicU64);

impl Progress {
    /// The tasks that are made so far.
    pub fn made(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What came in.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The key of the board.
    pub key: String,
    pub tasks: u64,
    pub comments: u64,
}

/// Imports a file. `make` reads it on a thread of its own, and hands on what it brings.
///
/// # Errors
/// Those of `make`; 409 when the file was imported already, or the key is taken; 404 and 409 when the board cannot be
/// changed.
pub async fn import<M>(
    access: &Access,
    origin: &Origin,
    onto: Onto,
    progress: Arc<Progress>,
    make: M,
) -> Result<Imported>
where
    M: FnOnce(&Ground, &mut Gathering) -> Result<()> + Send + 'static,
{
    let (team, by) = (access.team(), access.person().id);
    let mut change = Change::begin(access).await?;
    live::store::take_time(change.connection()).await?;
    let (board, key, ground) = prepare(&mut change, onto, origin).await?;
    let id = Uuid::now_v7();
    store::insert(change.connection(), team, id, origin, board, by).await?;

    let above = ground.last_number;
    let (sender, mut coming) = mpsc::channel(2);
    let making = tokio::task::spawn_blocking(move || make(&ground, &mut Gathering::new(sender)));
    let (mut task_count, mut comment_count, mut last) = (0, 0, above);
    while let Some(batch) = coming.recv().await {
        match batch {
            Batch::Tasks(tasks) => {
                tasks::store::import(change.connection(), team, board, by, &tasks).await?;
                task_count += tasks.len() as u64;
                last = tasks
                    .iter()
                    .map(|task| task.number)
                    .max()
                    .unwrap_or(last)
                    .max(last);
                progress.0.store(task_count, Ordering::Relaxed);
            }
            Batch::Comments(comments) => {
                comments::store::import(change.connection(), team, &comments).await?;
                comment_count += comments.len() as u64;
            }
        }
    }
    making.await.map_err(|_| Error::internal())??;

    let connection = change.connection();
    tasks::store::set_last_number(&mut *connection, team, board, last).await?;
    let count = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
    store::conclude(
        connection,
        team,
        id,
        count(task_count),
        count(comment_count),
    )
    .await?;
    change.record_filled(board, above);
    change.commit_quietly().await?;
    metrics::counter!("tasks_created_total").increment(task_count);
    metrics::counter!("imports_total", "source" => origin.source).increment(1);
    Ok(Imported {
        key,
        tasks: task_count,
        comments: comment_count,
    })
}

/// Makes the board, or takes hold of the one that is there.
async fn prepare(
    change: &mut Change,
    onto: Onto,
    origin: &Origin,
) -> Result<(BoardId, String, Ground)> {
    match onto {
        Onto::New { key, name, columns } => {
            let board = create(change, &key, &name, &columns, origin).await?;
            let standing = columns.into_iter().map(|column| Standing {
                id: column.id,
                name: column.name,
                kind: column.kind,
                last: None,
            });
            let ground = Ground {
                columns: standing.collect(),
                last_number: 0,
            };
            Ok((board, key.to_string(), ground))
        }
        Onto::Existing(key) => {
            let (board, ground) = hold(change, &key).await?;
            Ok((board, key, ground))
        }
    }
}

async fn create(
    change: &mut Change,
    key: &BoardKey,
    name: &BoardName,
    columns: &[PlannedColumn],
    origin: &Origin,
) -> Result<BoardId> {
    let team = change.access().team();
    let by = change.access().person().id;
    let board = BoardId::new();
    boards::store::insert(change.connection(), team, board, key, name, by).await?;
    let new: Vec<_> = columns
        .iter()
        .map(|column| NewColumn {
            id: column.id,
            name: &column.name,
            kind: column.kind,
        })
        .collect();
    columns::store::start(change.connection(), team, board, &new).await?;
    let from = Some(origin.source.to_owned());
    let changes = vec![
        FieldChange::new("key", None, Some(key.as_str().to_owned())),
        FieldChange::new("name", None, Some(name.as_str().to_owned())),
        FieldChange::new("imported", None, from),
    ];
    change.record(NewEvent::of_board("board.created", board, changes));
    for column in &new {
        change.record(columns::actions::created(board, column));
    }
    Ok(board)
}

async fn hold(change: &mut Change, key: &str) -> Result<(BoardId, Ground)> {
    let team = change.access().team();
    let board = boards::store::by_key(change.connection(), team, key)
        .await?
        .ok_or_else(|| Error::field("board", "There is no such board."))?
        .id;
    boards::store::hold_alone(change.connection(), team, board)
        .await?
        .open()?;
    let mut standing = Vec::new();
    for column in columns::store::of_board(change.connection(), team, board).await? {
        let last = tasks::store::last_position(change.connection(), team, board, column.id).await?;
        standing.push(Standing {
            id: column.id,
            name: column.name,
            kind: column.kind,
            last,
        });
    }
    let ground = Ground {
        last_number: tasks::store::last_number(change.connection(), team, board).await?,
        columns: standing,
    };
    Ok((board, ground))
}

/// Refuses a file that was imported into the team before.
pub fn was_imported(key: &str) -> Error {
    Error::new(
        Code::Conflict,
        format!("This file was imported already: its tasks are on the board {key}."),
    )
}
