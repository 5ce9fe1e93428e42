//! What is asked of tasks.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    super::{
        input::{date, given, moment},
        page,
        shapes::{Kind, Priority},
    },
    find,
};
use crate::{
    columns::model::ColumnKind,
    error::{Code, Error, Result},
    ids::{ColumnId, PersonId, TaskId},
    people::access::Access,
    search::{actions::Asked, query::Due, store::Condition},
    tasks::{
        actions::{self, Edit},
        model::{Labels, TaskKey, TaskTitle},
        position::Place,
    },
    ui::text,
};

/// Which tasks are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    /// The key of their board.
    #[param(example = "WEB")]
    board: Option<String>,
    /// The id of their column.
    #[param(value_type = Option<Uuid>)]
    column: Option<String>,
    /// What being in their column means.
    #[param(value_type = Option<Kind>)]
    kind: Option<String>,
    /// The id of whoever has them; `me` for those of whoever asks, `none` for those that nobody has.
    #[param(pattern = "^(me|none|[0-9a-fA-F-]{36})$")]
    assignee: Option<String>,
    /// A label of theirs.
    #[param(min_length = 1)]
    label: Option<String>,
    /// Due before this date.
    #[param(format = Date)]
    due_before: Option<String>,
    /// Words in them or in a comment, as they would be typed into the search. With a query there may be 120
    /// requests a minute.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Changed then or later.
    #[param(format = DateTime)]
    updated_since: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many there are on a page at most. Without it 50; more than 200 counts as 200.
    #[param(value_type = Option<i64>, minimum = 1)]
    limit: Option<String>,
}

impl Filters {
    /// # Errors
    /// A field error on the filter that cannot be read.
    pub fn read(self, me: PersonId) -> Result<Asked> {
        let mut conditions = Vec::new();
        if let Some(key) = self.board {
            conditions.push(Condition::OnBoardOfKey(key.to_ascii_uppercase()));
        }
        if let Some(id) = self.column {
            conditions.push(Condition::InColumn(ColumnId::parse("column", &id)?));
        }
        if let Some(kind) = self.kind {
            conditions.push(Condition::Kind(ColumnKind::parse(&kind)?));
        }
        if let Some(who) = self.assignee {
            conditions.push(match who.as_str() {
                "none" => Condition::Unassigned,
                "me" => Condition::HeldBy(vec![me]),
                id => Condition::HeldBy(vec![PersonId::parse("assignee", id)?]),
            });
        }
        if let Some(label) = self.label {
            let label = text::line("label", &label, Labels::MAX_LENGTH)?;
            conditions.push(Condition::Labelled(label));
        }
        if let Some(day) = self.due_before {
            let day = date("due_before", &day)?;
            conditions.push(Condition::Due(Due::Before(day)));
        }
        if let Some(since) = self.updated_since {
            let since = moment("updated_since", &since)?;
            conditions.push(Condition::ChangedSince(since));
        }
        Ok(Asked {
            query: self.q,
            conditions,
            cursor: self.cursor,
            most: page::limit(self.limit.as_deref())?,
        })
    }
}

/// A task to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"board": "WEB", "title": "Choose a colour", "priority": "high", "labels": ["design"]}))]
pub struct NewTask {
    /// Chosen by whoever creates it, so that the same request again makes no second one: best a UUIDv7.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    id: Option<String>,
    /// The key of the board.
    #[schema(example = "WEB")]
    board: String,
    /// The id of a column of the board. Without it the first of kind `todo`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    column: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, max_length = 50_000)]
    description: Option<String>,
    /// The id of an owner or member.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<String>,
    #[serde(default)]
    #[schema(format = Date)]
    due_on: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Priority)]
    priority: Option<String>,
    /// Up to 20, of up to 40 characters each, without commas.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, max_items = 20)]
    labels: Option<Vec<String>>,
}

impl NewTask {
    pub fn id(&self) -> Result<Option<TaskId>> {
        let id = self.id.as_deref();
        id.map(|id| TaskId::parse("id", id)).transpose()
    }

    /// The key of the board, and the task.
    pub fn read(self) -> Result<(String, actions::NewTask)> {
        let column = self.column.as_deref();
        let task = actions::NewTask {
            column: column
                .map(|column| ColumnId::parse("column", column))
                .transpose()?,
            title: TaskTitle::parse(&self.title)?,
            rest: Edit {
                description: self.description,
                assignee: self
                    .assignee
                    .map(|id| filled("assignee", Some(id)))
                    .transpose()?,
                due_on: self
                    .due_on
                    .map(|day| filled("due_on", Some(day)))
                    .transpose()?,
                priority: self.priority,
                labels: self.labels.map(joined).transpose()?,
                ..Edit::default()
            },
        };
        Ok((self.board, task))
    }
}

/// What a task is to be. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Choose two colours", "due_on": "2026-12-01"}))]
pub struct TaskEdit {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    title: Option<String>,
    /// Markdown.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, max_length = 50_000)]
    description: Option<String>,
    /// The id of an owner or member, or null for nobody.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<Option<String>>,
    /// Null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Priority)]
    priority: Option<String>,
    /// All labels that it is to have: up to 20, of up to 40 characters each, without commas.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, max_items = 20)]
    labels: Option<Vec<String>>,
}

impl TaskEdit {
    pub fn read(self) -> Result<Edit> {
        let assignee = self.assignee.map(|given| filled("assignee", given));
        let due_on = self.due_on.map(|given| filled("due_on", given));
        Ok(Edit {
            title: self.title,
            description: self.description,
            assignee: assignee.transpose()?,
            due_on: due_on.transpose()?,
            priority: self.priority,
            labels: self.labels.map(joined).transpose()?,
            column: None,
        })
    }
}

/// A value as a form holds it, where nothing is the empty text. An empty text itself is a mistake here.
fn filled(field: &str, given: Option<String>) -> Result<String> {
    match given {
        Some(text) if text.trim().is_empty() => {
            Err(Error::field(field, "This is empty. Send null for none."))
        }
        given => Ok(given.unwrap_or_default()),
    }
}

/// Labels as a form holds them.
fn joined(labels: Vec<String>) -> Result<String> {
    let wrong = |label: &&String| label.contains(',') || text::is_blank(label);
    match labels.iter().find(wrong) {
        Some(_) => Err(Error::field(
            "labels",
            "A label is not empty, and there is no comma in it.",
        )),
        None => Ok(labels.join(", ")),
    }
}

/// Where a task is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"column": "0193a1f0-0000-7000-8000-000000000001", "after": "WEB-7"}))]
pub struct Move {
    /// The id of a column of its board.
    #[schema(value_type = Uuid)]
    column: String,
    /// The key or the id of the task to stand behind; null for the beginning of the column. Without it the
    /// task comes to the end.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    after: Option<Option<String>>,
}

impl Move {
    pub async fn read(self, access: &Access) -> Result<(ColumnId, Place)> {
        let column = ColumnId::parse("column", &self.column)?;
        let place = match self.after {
            None => Place::End,
            Some(None) => Place::Start,
            Some(Some(after)) => Place::After(task(access, &after).await?),
        };
        Ok((column, place))
    }
}

/// The task of an id or a key.
async fn task(access: &Access, after: &str) -> Result<TaskId> {
    if let Ok(id) = TaskId::parse("after", after) {
        return Ok(id);
    }
    let key: TaskKey = after.parse().map_err(|_| not_there())?;
    match find(access, &key).await {
        Ok(task) => Ok(task.id),
        Err(error) if error.code == Code::NotFound => Err(not_there()),
        Err(error) => Err(error),
    }
}

/// The same words for a task in another column, and for one that there is not.
pub fn not_there() -> Error {
    Error::field("after", "There is no such task in this column.")
}
