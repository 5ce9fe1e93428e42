//! Creating a task, as often as it is asked for and once.

use serde_json::{Value, json};

use super::{
    ground::{Ground, count_completion},
    log,
};
use crate::{
    columns::model::ColumnKind,
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId, TaskId},
    live::{change::NewEvent, model::FieldChange},
    people::access::Access,
    tasks::{
        model::TaskTitle,
        position::{self, Place},
        store::{self, NewTask},
    },
};

/// Creates a task at the end of a column and gives its number. The same creation again gives the same.
///
/// # Errors
/// 409 when the id was used for something else or the board is archived, 404 when there is no such
/// board, a field error when the column is not on it.
pub async fn create_task(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    id: TaskId,
    title: &TaskTitle,
) -> Result<i32> {
    let created_as = json!({ "column": column, "title": title.as_str() });
    match create(access, board, column, id, title, &created_as).await {
        // Its board or column may be gone since: what was created is asked before it is refused.
        Err(refused) if matches!(refused.code, Code::Conflict | Code::Invalid) => {
            match store::created_as(access.db(), access.team(), id).await? {
                Some((number, same)) if same == created_as => Ok(number),
                _ => Err(refused),
            }
        }
        created => created,
    }
}

async fn create(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    id: TaskId,
    title: &TaskTitle,
    created_as: &Value,
) -> Result<i32> {
    let team = access.team();
    let mut ground = Ground::on_board(access, board).await?;
    let column = ground.column(column).await?;
    let connection = ground.change.connection();
    let position = position::find(&mut *connection, team, board, &column, None, Place::End).await?;
    let task = NewTask {
        id,
        board,
        column: column.id,
        kind: column.kind,
        position: &position,
        title: title.as_str(),
        author: access.person().id,
        created_as,
    };
    let Some(number) = store::insert(connection, team, task).await? else {
        return Err(Error::new(
            Code::Conflict,
            "This id belongs to another task.",
        ));
    };
    ground.change.record(NewEvent {
        kind: "task.created",
        board: Some(board),
        task: Some(id),
        changes: vec![
            FieldChange::new("title", None, Some(title.as_str().to_owned())),
            log::column(None, &column),
            log::version(1),
        ],
    });
    ground.change.commit().await?;
    metrics::counter!("tasks_created_total").increment(1);
    count_completion(ColumnKind::Todo, column.kind);
    Ok(number)
}
