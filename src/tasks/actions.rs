//! What can be done with a task. Each deed: allowed? valid? then store, record, commit.
//!
//! Locks are taken in one order, so that nobody waits in a circle: board, column, task, log.

use serde_json::json;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use super::{
    model::{Description, Labels, Priority, TaskKey, TaskTitle},
    position::{self, Place},
    store::{self, Content, HeldTask, NewTask},
};
use crate::{
    boards, columns,
    columns::model::ColumnKind,
    error::{Code, Conflict, ConflictingField, Error, Result},
    ids::{BoardId, ChangeId, ColumnId, PersonId, TaskId},
    live::{
        self,
        change::{Change, NewEvent},
        model::{EventView, FieldChange},
    },
    people::{self, access::Access, model::PersonName},
    ui,
};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Creates a task at the end of a column and gives its number. The same creation again gives the same.
///
/// # Errors
/// 409 when the id was used for something else, 404 when the column is not on the board.
pub async fn create_task(
    access: &Access,
    board: BoardId,
    column: ColumnId,
    id: TaskId,
    title: &TaskTitle,
) -> Result<i32> {
    let created_as = json!({ "column": column, "title": title.as_str() });
    let mut change = Change::begin(access).await?;
    let team = access.team();
    boards::store::hold_open(change.connection(), team, board).await?;
    let kind = columns::store::hold(change.connection(), team, board, column).await?;
    let position =
        position::find(change.connection(), team, board, column, None, Place::End).await?;
    let task = NewTask {
        id,
        board,
        column,
        kind,
        position: &position,
        title: title.as_str(),
        author: access.person().id,
        created_as: &created_as,
    };
    let Some(number) = store::insert(change.connection(), team, task).await? else {
        return match store::created_as(change.connection(), team, id).await? {
            Some((number, same)) if same == created_as => Ok(number),
            _ => Err(Error::new(
                Code::Conflict,
                "This id belongs to another task.",
            )),
        };
    };
    let changes = vec![
        FieldChange::new("title", None, Some(title.as_str().to_owned())),
        column_change(&mut change, board, None, column).await?,
        version(1),
    ];
    change.record(NewEvent {
        kind: "task.created",
        board: Some(board),
        task: Some(id),
        changes,
    });
    change.commit().await?;
    metrics::counter!("tasks_created_total").increment(1);
    if kind == ColumnKind::Done {
        metrics::counter!("tasks_completed_total").increment(1);
    }
    Ok(number)
}

/// What an edit asks for, as it was typed. A field that is `None` is left alone.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub title: Option<String>,
    pub description: Option<String>,
    /// A person's id, or empty for nobody.
    pub assignee: Option<String>,
    /// A column's id.
    pub column: Option<String>,
    /// `YYYY-MM-DD`, or empty for none.
    pub due_on: Option<String>,
    pub priority: Option<String>,
    /// Separated by commas.
    pub labels: Option<String>,
}

/// Changes fields of a task, on the ground of the version that the person saw.
///
/// A field that still has the value it had at that version was not touched by this person and is left
/// alone, so a form may send all of its fields. Fields that others changed meanwhile merge with this
/// edit when it does not touch them.
///
/// # Errors
/// 409 with both values when a field of this edit was changed by somebody else since `base`.
pub async fn edit_task(
    access: &Access,
    key: &TaskKey,
    base: i64,
    edit: Edit,
) -> Result<Option<ChangeId>> {
    let team = access.team();
    let wanted = Wanted::parse(&edit)?;
    let mut change = Change::begin(access).await?;
    let board = store::board_of(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    boards::store::hold_open(change.connection(), team, board).await?;
    let target = match wanted.column {
        Some(column) => Some((
            column,
            columns::store::hold(change.connection(), team, board, column).await?,
        )),
        None => None,
    };
    let task = hold(&mut change, key).await?;
    if base > task.version || base < 1 {
        return Err(Error::field("version", "The task has no such version."));
    }
    let meanwhile = if base < task.version {
        live::store::of_task_since(change.connection(), team, task.id, base).await?
    } else {
        Vec::new()
    };

    let mut changes = Vec::new();
    let mut conflicts = Vec::new();
    for (field, yours) in wanted.values() {
        let theirs = value(&task, field);
        let seen = meanwhile
            .iter()
            .flat_map(|event| &event.changes)
            .find(|change| change.field == field)
            .map(FieldChange::value_before);
        match seen {
            _ if yours == theirs => {}
            None => changes.push((field, theirs, yours)),
            Some(seen) if seen == yours => {}
            Some(_) => conflicts.push(ConflictingField {
                field: field.to_owned(),
                yours,
                theirs,
            }),
        }
    }
    if !conflicts.is_empty() {
        metrics::counter!("conflicts_total").increment(1);
        return Err(conflict(&mut change, &task, &meanwhile, conflicts).await?);
    }
    if changes.is_empty() {
        return Ok(None);
    }
    if !meanwhile.is_empty() {
        metrics::counter!("merges_total").increment(1);
    }

    let touched = |name: &str| changes.iter().any(|(field, ..)| *field == name);
    let content = wanted.onto(&task, &touched);
    if touched("assignee")
        && let Some(assignee) = content.assignee
    {
        people::store::hold_assignable(change.connection(), team, assignee).await?;
    }
    let names: Vec<String> = changes
        .iter()
        .filter(|(field, ..)| *field != "column")
        .map(|(field, ..)| (*field).to_owned())
        .collect();
    store::rewrite(change.connection(), team, task.id, &content, &names).await?;
    let mut recorded = Vec::new();
    for (field, from, to) in &changes {
        recorded.push(describe(&mut change, board, field, from, to).await?);
    }
    let moved = target.filter(|_| touched("column"));
    if let Some((column, kind)) = moved {
        let position = position::find(
            change.connection(),
            team,
            board,
            column,
            Some(task.id),
            Place::End,
        )
        .await?;
        store::put(
            change.connection(),
            team,
            task.id,
            column,
            kind,
            &position,
            false,
        )
        .await?;
    }
    recorded.push(version(task.version + 1));
    change.record(NewEvent {
        kind: "task.edited",
        board: Some(board),
        task: Some(task.id),
        changes: recorded,
    });
    let id = change.commit().await?;
    if let Some((_, kind)) = moved {
        count_completion(task.kind, kind);
    }
    Ok(Some(id))
}

/// Moves a task to a place in a column of its board.
pub async fn move_task(
    access: &Access,
    key: &TaskKey,
    column: ColumnId,
    place: Place,
) -> Result<()> {
    let team = access.team();
    let mut change = Change::begin(access).await?;
    let board = store::board_of(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    boards::store::hold_open(change.connection(), team, board).await?;
    let kind = columns::store::hold(change.connection(), team, board, column).await?;
    let task = hold(&mut change, key).await?;
    let position = position::find(
        change.connection(),
        team,
        board,
        column,
        Some(task.id),
        place,
    )
    .await?;
    store::put(
        change.connection(),
        team,
        task.id,
        column,
        kind,
        &position,
        true,
    )
    .await?;
    let mut changes = Vec::new();
    if task.column != Some(column) {
        changes.push(column_change(&mut change, board, task.column, column).await?);
    }
    changes.push(version(task.version + 1));
    change.record(NewEvent {
        kind: "task.moved",
        board: Some(board),
        task: Some(task.id),
        changes,
    });
    change.commit().await?;
    count_completion(task.kind, kind);
    Ok(())
}

/// Takes an unassigned task and starts it, in one step. Claiming one's own task again changes nothing.
///
/// # Errors
/// 409 with who has it and since when, or when the task is done.
pub async fn claim_task(access: &Access, key: &TaskKey) -> Result<()> {
    let team = access.team();
    let me = access.person();
    let mut change = Change::begin(access).await?;
    let board = store::board_of(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    boards::store::hold_open(change.connection(), team, board).await?;
    let doing =
        columns::store::hold_first(change.connection(), team, board, Some(ColumnKind::Doing))
            .await?;
    let task = hold(&mut change, key).await?;
    match &task.assignee {
        Some(holder) if holder.id == me.id => return Ok(()),
        Some(holder) => {
            metrics::counter!("claims_refused_total").increment(1);
            return Err(taken(&mut change, &task, holder).await?);
        }
        None if task.kind == ColumnKind::Done => {
            return Err(Error::new(
                Code::Conflict,
                "This task is done already; there is nothing left to claim.",
            ));
        }
        None => {}
    }
    store::assign(change.connection(), team, task.id, me.id).await?;
    let mut changes = vec![describe(&mut change, board, "assignee", "", &me.id.to_string()).await?];
    if task.kind == ColumnKind::Todo
        && let Some((column, _)) = doing
    {
        let position = position::find(
            change.connection(),
            team,
            board,
            column,
            Some(task.id),
            Place::End,
        )
        .await?;
        store::put(
            change.connection(),
            team,
            task.id,
            column,
            ColumnKind::Doing,
            &position,
            false,
        )
        .await?;
        changes.push(column_change(&mut change, board, task.column, column).await?);
    }
    changes.push(version(task.version + 1));
    change.record(NewEvent {
        kind: "task.claimed",
        board: Some(board),
        task: Some(task.id),
        changes,
    });
    change.commit().await?;
    metrics::counter!("tasks_claimed_total").increment(1);
    Ok(())
}

/// Deletes a task. It can be restored for 30 days.
pub async fn delete_task(access: &Access, key: &TaskKey) -> Result<()> {
    let team = access.team();
    let mut change = Change::begin(access).await?;
    let board = store::board_of(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    boards::store::hold_open(change.connection(), team, board).await?;
    let task = store::hold(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    if task.deleted {
        return Ok(());
    }
    store::set_deleted(change.connection(), team, task.id, Some(access.person().id)).await?;
    change.record(NewEvent {
        kind: "task.deleted",
        board: Some(board),
        task: Some(task.id),
        changes: vec![
            FieldChange::new("title", Some(task.title), None),
            version(task.version + 1),
        ],
    });
    change.commit().await?;
    Ok(())
}

/// Brings a deleted task back, into the first column of its kind when its own is gone.
pub async fn restore_task(access: &Access, key: &TaskKey) -> Result<()> {
    let team = access.team();
    let mut change = Change::begin(access).await?;
    let board = store::board_of(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    boards::store::hold_open(change.connection(), team, board).await?;
    let task = store::hold(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    if !task.deleted {
        return Ok(());
    }
    if task.column.is_none() {
        let connection = change.connection();
        let same_kind =
            columns::store::hold_first(&mut *connection, team, board, Some(task.kind)).await?;
        let home = match same_kind {
            Some(home) => Some(home),
            None => columns::store::hold_first(&mut *connection, team, board, None).await?,
        };
        let (column, kind) = home.ok_or_else(Error::not_found)?;
        let position =
            position::find(connection, team, board, column, Some(task.id), Place::End).await?;
        store::put(connection, team, task.id, column, kind, &position, false).await?;
    }
    store::set_deleted(change.connection(), team, task.id, None).await?;
    change.record(NewEvent {
        kind: "task.restored",
        board: Some(board),
        task: Some(task.id),
        changes: vec![
            FieldChange::new("title", None, Some(task.title)),
            version(task.version + 1),
        ],
    });
    change.commit().await?;
    Ok(())
}

async fn hold(change: &mut Change, key: &TaskKey) -> Result<HeldTask> {
    let team = change.access().team();
    let task = store::hold(change.connection(), team, key)
        .await?
        .ok_or_else(Error::not_found)?;
    if task.deleted {
        return Err(Error::new(
            Code::Conflict,
            "This task was deleted. Restore it first.",
        ));
    }
    Ok(task)
}

/// The fields of an edit, read.
struct Wanted {
    title: Option<TaskTitle>,
    description: Option<Description>,
    assignee: Option<Option<PersonId>>,
    column: Option<ColumnId>,
    due_on: Option<Option<Date>>,
    priority: Option<Priority>,
    labels: Option<Labels>,
}

impl Wanted {
    fn parse(edit: &Edit) -> Result<Self> {
        let optional = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(Self {
            title: edit.title.as_deref().map(TaskTitle::parse).transpose()?,
            description: edit
                .description
                .as_deref()
                .map(Description::parse)
                .transpose()?,
            assignee: edit
                .assignee
                .as_deref()
                .map(|text| {
                    optional(text)
                        .map(|id| PersonId::parse("assignee", &id))
                        .transpose()
                })
                .transpose()?,
            column: edit
                .column
                .as_deref()
                .map(|id| ColumnId::parse("column", id))
                .transpose()?,
            due_on: edit
                .due_on
                .as_deref()
                .map(|text| optional(text).map(|date| due_date(&date)).transpose())
                .transpose()?,
            priority: edit.priority.as_deref().map(str::parse).transpose()?,
            labels: edit.labels.as_deref().map(Labels::parse).transpose()?,
        })
    }

    /// Each field of the edit and its value as text that can be compared.
    fn values(&self) -> Vec<(&'static str, String)> {
        let text = |id: Option<String>| id.unwrap_or_default();
        [
            (
                "title",
                self.title.as_ref().map(|title| title.as_str().to_owned()),
            ),
            (
                "description",
                self.description
                    .as_ref()
                    .map(|text| text.as_str().to_owned()),
            ),
            (
                "assignee",
                self.assignee.map(|id| text(id.map(|id| id.to_string()))),
            ),
            ("column", self.column.map(|id| id.to_string())),
            (
                "due_on",
                self.due_on
                    .map(|date| text(date.map(|date| date.to_string()))),
            ),
            (
                "priority",
                self.priority.map(|priority| priority.as_str().to_owned()),
            ),
            (
                "labels",
                self.labels
                    .as_ref()
                    .map(|labels| labels.as_slice().join(", ")),
            ),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }

    /// The content of the task with the touched fields replaced.
    fn onto(&self, task: &HeldTask, touched: &impl Fn(&str) -> bool) -> Content {
        let mut content = Content {
            title: task.title.clone(),
            description: task.description.clone(),
            assignee: task.assignee.as_ref().map(|person| person.id),
            due_on: task.due_on,
            priority: task.priority,
            labels: task.labels.clone(),
        };
        if touched("title")
            && let Some(title) = &self.title
        {
            title.as_str().clone_into(&mut content.title);
        }
        if touched("description")
            && let Some(description) = &self.description
        {
            description.as_str().clone_into(&mut content.description);
        }
        if touched("assignee")
            && let Some(assignee) = self.assignee
        {
            content.assignee = assignee;
        }
        if touched("due_on")
            && let Some(due_on) = self.due_on
        {
            content.due_on = due_on;
        }
        if touched("priority")
            && let Some(priority) = self.priority
        {
            content.priority = priority;
        }
        if touched("labels")
            && let Some(labels) = &self.labels
        {
            content.labels = labels.as_slice().to_vec();
        }
        content
    }
}

fn due_date(text: &str) -> Result<Date> {
    Date::parse(text, DATE)
        .ok()
        .filter(|date| (2000..2200).contains(&date.year()))
        .ok_or_else(|| {
            Error::field(
                "due_on",
                "Write the date as YYYY-MM-DD, between 2000 and 2199.",
            )
        })
}

/// The value that stands, as text that can be compared.
fn value(task: &HeldTask, field: &str) -> String {
    match field {
        "title" => task.title.clone(),
        "description" => task.description.clone(),
        "assignee" => task
            .assignee
            .as_ref()
            .map(|person| person.id.to_string())
            .unwrap_or_default(),
        "column" => task
            .column
            .map(|column| column.to_string())
            .unwrap_or_default(),
        "due_on" => task.due_on.map(|date| date.to_string()).unwrap_or_default(),
        "priority" => task.priority.as_str().to_owned(),
        _ => task.labels.join(", "),
    }
}

/// A change of a field, in words for people and with the ids behind them.
async fn describe(
    change: &mut Change,
    board: BoardId,
    field: &str,
    from: &str,
    to: &str,
) -> Result<FieldChange> {
    let (from_words, to_words) = (
        words(change, board, field, from).await?,
        words(change, board, field, to).await?,
    );
    let id = |text: &str| {
        (matches!(field, "assignee" | "column") && !text.is_empty()).then(|| text.to_owned())
    };
    Ok(FieldChange {
        from_id: id(from),
        to_id: id(to),
        ..FieldChange::new(field, from_words, to_words)
    })
}

/// What a person reads for a value: names for ids. Nothing for an empty value.
async fn words(
    change: &mut Change,
    board: BoardId,
    field: &str,
    value: &str,
) -> Result<Option<String>> {
    if value.is_empty() {
        return Ok(None);
    }
    let team = change.access().team();
    Ok(match field {
        "assignee" => Some(
            people::store::person_name(change.connection(), PersonId::parse(field, value)?).await?,
        ),
        "column" => {
            let column = ColumnId::parse(field, value)?;
            Some(columns::store::name(change.connection(), team, board, column).await?)
        }
        _ => Some(value.to_owned()),
    })
}

async fn column_change(
    change: &mut Change,
    board: BoardId,
    from: Option<ColumnId>,
    to: ColumnId,
) -> Result<FieldChange> {
    let from = from.map(|column| column.to_string()).unwrap_or_default();
    describe(change, board, "column", &from, &to.to_string()).await
}

/// The refusal of an edit: who changed the same fields, when, and both values in words.
async fn conflict(
    change: &mut Change,
    task: &HeldTask,
    meanwhile: &[EventView],
    fields: Vec<ConflictingField>,
) -> Result<Error> {
    let last = meanwhile.iter().rev().find(|event| {
        event
            .changes
            .iter()
            .any(|change| fields.iter().any(|field| field.field == change.field))
    });
    let mut both = Vec::with_capacity(fields.len());
    for field in fields {
        both.push(ConflictingField {
            yours: words(change, task.board, &field.field, &field.yours)
                .await?
                .unwrap_or_default(),
            theirs: words(change, task.board, &field.field, &field.theirs)
                .await?
                .unwrap_or_default(),
            field: field.field,
        });
    }
    let by = last.map_or_else(|| "Somebody".to_owned(), |event| event.actor.name.clone());
    Ok(Error {
        conflict: Some(Box::new(Conflict {
            at: last.map_or(0, |event| event.at),
            version: task.version,
            fields: both,
            by: by.clone(),
        })),
        ..Error::new(
            Code::Conflict,
            format!(
                "{by} changed the same while you were editing. Nothing is lost: both versions are below."
            ),
        )
    })
}

/// The refusal of a claim: who has the task and since when.
async fn taken(change: &mut Change, task: &HeldTask, holder: &PersonName) -> Result<Error> {
    let team = change.access().team();
    let (now, _) = store::clock(change.connection(), team).await?;
    let since = task
        .assigned_at
        .map_or(now, time::OffsetDateTime::unix_timestamp);
    Ok(Error {
        conflict: Some(Box::new(Conflict {
            by: holder.name.clone(),
            at: since,
            version: task.version,
            fields: Vec::new(),
        })),
        ..Error::new(
            Code::Conflict,
            format!(
                "{} has this task, since {}.",
                holder.name,
                ui::time::ago(since, now)
            ),
        )
    })
}

/// The version that a change made, recorded with it: it tells which changes came after a version.
fn version(version: i64) -> FieldChange {
    FieldChange::new("version", None, Some(version.to_string()))
}

fn count_completion(from: ColumnKind, to: ColumnKind) {
    if to == ColumnKind::Done && from != ColumnKind::Done {
        metrics::counter!("tasks_completed_total").increment(1);
    }
}
