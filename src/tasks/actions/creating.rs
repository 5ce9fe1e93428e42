//! Creating a task, as often as it is asked for and once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Edit, editing::rewrite, ground::Ground, log, wanted::Wanted};
use crate::{
    columns::model::{ColumnKind, ColumnView},
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId, TaskId},
    live::{change::NewEvent, model::FieldChange},
    people::access::Access,
    tasks::{
        model::TaskTitle,
        position::{self, Place},
        store,
    },
};

/// What a new task is asked to be.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// None is the first `todo` column of the board, or its first of all.
    pub column: Option<ColumnId>,
    pub title: TaskTitle,
    /// What else it is to be, but for its title and its column. With it the task begins with its second
    /// version: it is edited at once.
    pub rest: Edit,
}

impl NewTask {
    /// What is compared when the same is asked for again.
    fn created_as(&self) -> Value {
        let mut asked = serde_json::to_value(&self.rest).unwrap_or_default();
        asked["column"] = json!(self.column);
        asked["title"] = json!(self.title.as_str());
        asked
    }
}

/// Creates a task at the end of a column and gives its number. The same creation again gives the same.
///
/// # Errors
/// 409 when the id was used for something else (on another board it always is) or the board is archived, 404 when
/// there is no such board, a field error when the column is not on it.
pub async fn create_task(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    id: TaskId,
    title: &TaskTitle,
) -> Result<i32> {
    let task = NewTask {
        column: Some(column),
        title: title.clone(),
        rest: Edit::default(),
    };
    create_whole_task(access, board, id, &task).await
}

/// The same, with everything that a task can be from its beginning, in one change.
///
/// # Errors
/// Those of [`create_task`], and field errors on the rest.
pub async fn create_whole_task(
    access: &Access,
    board: BoardId,
    id: TaskId,
    task: &NewTask,
) -> Result<i32> {
    let created_as = task.created_as();
    match create(access, board, id, task, &created_as).await {
        // Its board or column may be gone since: what was created is asked before it is refused.
        Err(refused) if matches!(refused.code, Code::Conflict | Code::Invalid) => {
            match store::created_as(access.db(), access.team(), id).await? {
                // Without a column the same words ask for different tasks on different boards.
                Some(first) if first.board != board => Err(taken()),
                Some(first) if first.created_as == created_as => Ok(first.number),
                _ => Err(refused),
            }
        }
        created => created,
    }
}

fn taken() -> Error {
    Error::new(Code::Conflict, "This id belongs to another task.")
}

async fn create(
    access: &Access,
    board: BoardId,
    id: TaskId,
    asked: &NewTask,
    created_as: &Value,
) -> Result<i32> {
    let team = access.team();
    let wanted = Wanted::parse(&asked.rest)?;
    let mut ground = Ground::on_board(access, board).await?;
    let column = match asked.column {
        Some(column) => ground.column(column).await?,
        None => home(&mut ground).await?,
    };
    let title = asked.title.as_str();
    let connection = ground.change.connection();
    let position = position::find(&mut *connection, team, board, &column, None, Place::End).await?;
    let task = store::NewTask {
        id,
        board,
        column: column.id,
        kind: column.kind,
        position: &position,
        title,
        author: access.person().id,
        created_as,
    };
    let Some(number) = store::insert(connection, team, task).await? else {
        return Err(taken());
    };
    ground.change.record(NewEvent {
        kind: "task.created",
        board: Some(board),
        task: Some(id),
        changes: vec![
            FieldChange::new("title", None, Some(title.to_owned())),
            log::column(None, &column),
            log::version(1),
        ],
    });
    ground.count_completion(ColumnKind::Todo, column.kind);
    if asked.rest != Edit::default() {
        let held = ground.tasks(&[number]).await?;
        let held = held.first().ok_or_else(Error::internal)?;
        let before = BTreeMap::new();
        let edited = rewrite(&mut ground, held, (&wanted, &before), None, &[]).await?;
        if let Some(changes) = edited {
            ground.record("task.edited", held, changes);
        }
    }
    ground.commit().await?;
    metrics::counter!("tasks_created_total").increment(1);
    Ok(number)
}

async fn home(ground: &mut Ground) -> Result<ColumnView> {
    let home = match ground.first_column(Some(ColumnKind::Todo)).await? {
        Some(home) => Some(home),
        None => ground.first_column(None).await?,
    };
    home.ok_or_else(Error::not_found)
}
