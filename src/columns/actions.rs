//! What can be done with the columns of a board. Each deed: allowed? valid? then store, record, commit.
//!
//! Every one of them holds the board alone, so that no task moves while the columns do, and two people
//! who reorder at once do it one after the other.

use super::{
    model::{ColumnKind, ColumnName, ColumnView, WipLimit},
    store::{self, NewColumn, Ordered},
};
use crate::{
    boards::{
        self,
        merge::{meanwhile, settle},
    },
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId},
    insights::actions::counting_conflicts,
    live::{
        change::{Change, NewEvent},
        merge::{self, Versions, Wanted},
        model::FieldChange,
    },
    people::access::Access,
    tasks,
    ui::words::counted,
};

/// More columns than this are no board any more.
const MOST: usize = 50;

/// Adds a column behind the others, but before those where work ends: the first `done` column and what
/// follows it. One that is `done` itself comes last. The same creation again gives the same column.
///
/// # Errors
/// 409 when the id was used for something else, when another column of the board has the name, or when
/// the board is archived or full.
pub async fn add_column(
    access: &Access,
    board: BoardId,
    id: ColumnId,
    name: &ColumnName,
    kind: ColumnKind,
) -> Result<()> {
    let mut change = begin(access, board).await?;
    let team = access.team();
    let column = NewColumn {
        id,
        name: name.as_str(),
        kind,
    };
    let (mut order, behind) = store::in_order(change.connection(), team, board).await?;
    if order.iter().any(|other| other.id == id) {
        return match store::was_created_as(change.connection(), team, board, &column).await? {
            true => Ok(()),
            false => Err(Error::new(
                Code::Conflict,
                "This form was used already. Reload the page to add another column.",
            )),
        };
    }
    if order.len() >= MOST {
        return Err(Error::new(
            Code::Conflict,
            format!("A board has up to {MOST} columns. Remove one first."),
        ));
    }
    store::insert(change.connection(), team, board, &column, &behind).await?;
    let end = order
        .iter()
        .position(|other| other.kind == ColumnKind::Done);
    if let Some(end) = end.filter(|_| kind != ColumnKind::Done) {
        order.insert(end, Ordered { id, kind });
        store::put_in_order(change.connection(), team, board, &order).await?;
    }
    change.record(created(board, &column));
    change.commit().await.map(drop)
}

/// What an edit of a column asks for. A field that is `None` is left alone.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub name: Option<ColumnName>,
    pub kind: Option<ColumnKind>,
    pub wip_limit: Option<WipLimit>,
    /// Counted from 1 at the left. A place behind the last is the last.
    pub place: Option<usize>,
}

/// Changes what a column says and where it stands, on the ground of the version that the person saw, or of
/// whatever stands. Fields that others
/// changed meanwhile merge with this edit when it does not touch them. With its kind a column changes
/// that of its tasks.
///
/// # Errors
/// 409 with both values when a field of this edit was changed by somebody else since `base`.
pub async fn edit_column(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    base: Option<i64>,
    edit: Edit,
) -> Result<()> {
    counting_conflicts(access, settle_edit(access, board, column, base, edit)).await
}

async fn settle_edit(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    base: Option<i64>,
    edit: Edit,
) -> Result<()> {
    let mut change = begin(access, board).await?;
    let team = access.team();
    let held = store::hold_itself(change.connection(), team, board, column).await?;
    let versions = Versions {
        base: base.unwrap_or(held.version),
        now: held.version,
    };
    let meanwhile = meanwhile(&mut change, board, Some(column), versions).await?;
    let changes = settle(&meanwhile, versions, wanted(&edit, &held))?;
    let mut after = held.clone();
    let mut rekinded = None;
    let is_merged = !changes.is_empty();
    if is_merged {
        after = put_onto(&held, &edit, &changes);
        rekinded = rewrite(&mut change, board, &held, &after, changes).await?;
    }
    if let Some(place) = edit.place {
        shift(&mut change, board, &after, place).await?;
    }
    change.commit().await?;
    if is_merged {
        merge::count(&meanwhile);
    }
    if let Some(rekinded) = rekinded {
        rekinded.count();
    }
    Ok(())
}

/// The column with the changes of an edit.
fn put_onto(held: &ColumnView, edit: &Edit, changes: &[FieldChange]) -> ColumnView {
    let touched = |field: &str| changes.iter().any(|change| change.field == field);
    let mut after = held.clone();
    if let Some(name) = edit.name.as_ref().filter(|_| touched("name")) {
        name.as_str().clone_into(&mut after.name);
    }
    if let Some(kind) = edit.kind.filter(|_| touched("kind")) {
        after.kind = kind;
    }
    if let Some(limit) = edit.wip_limit.filter(|_| touched("wip_limit")) {
        after.wip_limit = limit.get();
    }
    after
}

async fn rewrite(
    change: &mut Change,
    board: BoardId,
    held: &ColumnView,
    after: &ColumnView,
    mut changes: Vec<FieldChange>,
) -> Result<Option<tasks::actions::Rekinded>> {
    let team = change.access().team();
    store::rewrite(change.connection(), team, board, held.id, after).await?;
    let names = (Some(held.name.clone()), Some(after.name.clone()));
    changes.insert(0, which(held.id, names.0, names.1));
    change.record(NewEvent::of_board("column.changed", board, changes));
    if after.kind == held.kind {
        return Ok(None);
    }
    let rekinded = tasks::actions::rekind_tasks(change, board, held.id, after.kind).await?;
    Ok(Some(rekinded))
}

fn wanted(edit: &Edit, held: &ColumnView) -> Vec<Wanted> {
    let number = |limit: Option<i32>| limit.map(|limit| limit.to_string()).unwrap_or_default();
    let fields = [
        (
            "name",
            edit.name.as_ref().map(|name| name.as_str().to_owned()),
            held.name.clone(),
        ),
        (
            "kind",
            edit.kind.map(|kind| kind.as_str().to_owned()),
            held.kind.as_str().to_owned(),
        ),
        (
            "wip_limit",
            edit.wip_limit.map(|limit| number(limit.get())),
            number(held.wip_limit),
        ),
    ];
    fields
        .into_iter()
        .filter_map(|(field, yours, theirs)| {
            yours.map(|yours| Wanted {
                field,
                yours,
                theirs,
                before: None,
            })
        })
        .collect()
}

/// Puts a column at a place, counted from 1 at the left. A place behind the last is the last.
pub async fn move_column(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    place: usize,
) -> Result<()> {
    let mut change = begin(access, board).await?;
    let team = access.team();
    let held = store::hold_itself(change.connection(), team, board, column).await?;
    shift(&mut change, board, &held, place).await?;
    change.commit().await.map(drop)
}

/// Puts a held column at a place, and records it if it was elsewhere.
async fn shift(
    change: &mut Change,
    board: BoardId,
    column: &ColumnView,
    place: usize,
) -> Result<()> {
    let team = change.access().team();
    let (mut order, _) = store::in_order(change.connection(), team, board).await?;
    let from = order
        .iter()
        .position(|other| other.id == column.id)
        .ok_or_else(Error::not_found)?;
    let to = place.saturating_sub(1).min(order.len() - 1);
    if from == to {
        return Ok(());
    }
    let moved = order.remove(from);
    order.insert(to, moved);
    store::put_in_order(change.connection(), team, board, &order).await?;
    let place = |index: usize| Some((index + 1).to_string());
    let name = Some(column.name.clone());
    let changes = vec![
        which(column.id, name.clone(), name),
        FieldChange::new("place", place(from), place(to)),
    ];
    change.record(NewEvent::of_board("column.moved", board, changes));
    Ok(())
}

/// Removes a column in which no task lies. Deleted tasks that lay in it come back elsewhere.
///
/// # Errors
/// 409 when tasks lie in it, or when it is the last one of its board.
pub async fn remove_column(access: &Access, board: BoardId, column: ColumnId) -> Result<()> {
    let mut change = begin(access, board).await?;
    let team = access.team();
    let held = store::hold_itself(change.connection(), team, board, column).await?;
    let tasks = store::tasks_in(change.connection(), team, board, column).await?;
    if tasks > 0 {
        let (are, them) = match tasks {
            1 => ("is", "it"),
            _ => ("are", "them"),
        };
        let tasks = counted(tasks, "task", "tasks");
        return Err(Error::new(
            Code::Conflict,
            format!("There {are} {tasks} in this column. Move or delete {them} first."),
        ));
    }
    let (all, _) = store::in_order(change.connection(), team, board).await?;
    if all.len() == 1 {
        return Err(Error::new(
            Code::Conflict,
            "This is the last column of the board. Add another one first.",
        ));
    }
    tasks::store::forget_column(change.connection(), team, board, column).await?;
    store::remove(change.connection(), team, board, column).await?;
    let changes = vec![which(column, Some(held.name), None)];
    change.record(NewEvent::of_board("column.removed", board, changes));
    change.commit().await.map(drop)
}

/// Begins a change of a board's columns with the open board held alone.
async fn begin(access: &Access, board: BoardId) -> Result<Change> {
    let mut change = Change::begin(access).await?;
    boards::store::hold_alone(change.connection(), access.team(), board)
        .await?
        .open()?;
    Ok(change)
}

/// What the log says about a new column.
pub fn created(board: BoardId, column: &NewColumn<'_>) -> NewEvent {
    let changes = vec![
        which(column.id, None, Some(column.name.to_owned())),
        FieldChange::new("kind", None, Some(column.kind.as_str().to_owned())),
    ];
    NewEvent::of_board("column.created", board, changes)
}

/// Which column an event is about: its name before and after, and its id.
fn which(column: ColumnId, from: Option<String>, to: Option<String>) -> FieldChange {
    let id = |name: &Option<String>| name.as_ref().map(|_| column.to_string());
    FieldChange {
        from_id: id(&from),
        to_id: id(&to),
        ..FieldChange::new("column", from, to)
    }
}
