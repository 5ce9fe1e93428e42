//! What can be asked of the server, with everything that it takes to ask for it later: a deed is kept as
//! it is, and a page that knows nothing else can send it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::remark;
use crate::{
    comments::requests::add_comment,
    error::{Error, Result},
    forms::given::Given,
    ids::{BoardId, ChangeId, ColumnId, CommentId, PersonId, TaskId},
    tasks::{
        bulk::BulkDeed,
        model::Start,
        requests::{change_tasks, claim_task, create_task, edit_task, move_task, undo_change},
        task_page::reassign,
    },
};

/// What each field was, and what was typed.
pub type Fields = BTreeMap<String, (String, String)>;

/// Something that is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    Create {
        board: BoardId,
        column: ColumnId,
        id: TaskId,
        title: String,
    },
    Move {
        task: TaskRef,
        column: ColumnId,
        /// `start`, `end`, or the card to stand behind.
        place: Option<String>,
        #[serde(default)]
        start: Option<Start>,
    },
    Claim {
        task: TaskRef,
    },
    Assign {
        task: TaskRef,
        from: Option<PersonId>,
        to: Option<PersonId>,
    },
    Edit {
        task: TaskRef,
        version: i64,
        fields: Fields,
    },
    Comment {
        task: TaskRef,
        id: CommentId,
        body: String,
    },
    /// One deed on many tasks, each with the version that was seen.
    Many {
        tasks: Vec<(TaskRef, i64)>,
        change: ChangeId,
        deed: BulkDeed,
    },
    /// What a deed on many tasks did, taken back.
    Undo {
        tasks: Vec<TaskRef>,
        change: ChangeId,
        id: ChangeId,
    },
}

/// A task that may not have its number yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRef {
    pub id: TaskId,
    /// The key of its board.
    pub board: String,
    /// 0 until the server gave one.
    pub number: i32,
}

impl TaskRef {
    /// The task's key, such as `WEB-12`.
    ///
    /// # Errors
    /// 404 when it has none, because it could not be added.
    pub fn key(&self) -> Result<String> {
        match self.number {
            0 => Err(Error::not_found()),
            number => Ok(format!("{}-{number}", self.board)),
        }
    }
}

impl Deed {
    /// Whether it is about a task.
    pub fn concerns(&self, id: TaskId) -> bool {
        match self {
            Self::Create { id: own, .. } => *own == id,
            Self::Move { task, .. }
            | Self::Claim { task }
            | Self::Assign { task, .. }
            | Self::Edit { task, .. }
            | Self::Comment { task, .. } => task.id == id,
            Self::Many { tasks, .. } => tasks.iter().any(|(task, _)| task.id == id),
            Self::Undo { tasks, .. } => tasks.iter().any(|task| task.id == id),
        }
    }

    /// Takes in the number that the server gave to a task.
    pub fn number(&mut self, id: TaskId, number: i32) {
        let tasks: Vec<&mut TaskRef> = match self {
            Self::Create { .. } => Vec::new(),
            Self::Move { task, .. }
            | Self::Claim { task }
            | Self::Assign { task, .. }
            | Self::Edit { task, .. }
            | Self::Comment { task, .. } => vec![task],
            Self::Many { tasks, .. } => tasks.iter_mut().map(|(task, _)| task).collect(),
            Self::Undo { tasks, .. } => tasks.iter_mut().collect(),
        };
        for task in tasks {
            if task.id == id {
                task.number = number;
            }
        }
    }

    /// Asks for it in the name of whoever did it. Gives the number of a new task; of many tasks how many are
    /// different now, and of an undo how many were left as they are; otherwise 0.
    pub async fn perform(&self, team: &str, me: PersonId) -> Result<i32> {
        let (team, by) = (team.to_owned(), Some(me.to_string()));
        match self.clone() {
            Self::Create {
                board,
                column,
                id,
                title,
            } => {
                let (board, column) = (board.to_string(), column.to_string());
                return create_task(team, board, column, id.to_string(), title, by).await;
            }
            Self::Move {
                task,
                column,
                place,
                start,
            } => {
                let from = start.map(|start| start.column.to_string());
                let version = start.map(|start| start.version.to_string());
                let column = column.to_string();
                move_task(team, task.key()?, column, place, from, version, by).await?;
            }
            Self::Claim { task } => claim_task(team, task.key()?, by).await?,
            Self::Assign { task, from, to } => {
                remark(reassign(&team, &task.key()?, from, to, me).await?);
            }
            Self::Edit {
                task,
                version,
                fields,
            } => {
                let field = |name: &str| Given(fields.get(name).map(|(_, typed)| typed.clone()));
                let before: BTreeMap<_, _> = fields
                    .iter()
                    .map(|(name, (before, _))| (name, before))
                    .collect();
                let saved = edit_task(
                    team,
                    task.key()?,
                    version.to_string(),
                    field("title"),
                    field("description"),
                    field("assignee"),
                    field("column"),
                    field("due_on"),
                    field("priority"),
                    field("labels"),
                    serde_json::to_string(&before).ok(),
                    by,
                );
                remark(saved.await?);
            }
            Self::Comment { task, id, body } => {
                add_comment(team, task.key()?, id.to_string(), body, by).await?;
            }
            Self::Many {
                tasks,
                change,
                deed,
            } => {
                let named: Result<Vec<_>> = tasks
                    .iter()
                    .map(|(task, version)| Ok(format!("{}:{version}", task.key()?)))
                    .collect();
                let (tasks, change) = (named?.join(","), change.to_string());
                let (deed, value) = deed.fields();
                let value = Given(Some(value));
                let changed = change_tasks(team, tasks, change, deed.to_owned(), value, by).await?;
                remark(changed.remark);
                return Ok(changed.count.try_into().unwrap_or_default());
            }
            Self::Undo { change, id, .. } => {
                let undone = undo_change(team, change.to_string(), id.to_string(), by).await?;
                return Ok(undone.left.try_into().unwrap_or_default());
            }
        }
        Ok(0)
    }

    /// That it was refused, for whoever did it some time ago, and the key of the task.
    pub fn refusal(&self) -> (String, Option<String>) {
        let of = |task: &TaskRef, what: &str| match task.key() {
            Ok(key) => (format!("{key} was not {what}."), Some(key)),
            Err(_) => (format!("A task was not {what}."), None),
        };
        match self {
            Self::Create { title, .. } => (format!("“{title}” was not added."), None),
            Self::Move { task, .. } => of(task, "moved"),
            Self::Claim { task } => of(task, "claimed"),
            Self::Assign { task, .. } => of(task, "given away"),
            Self::Edit { task, .. } => of(task, "saved"),
            Self::Comment { task, .. } => of(task, "commented on"),
            Self::Many { tasks, .. } => match tasks.as_slice() {
                [(task, _)] => of(task, "changed"),
                tasks => (format!("{} tasks were not changed.", tasks.len()), None),
            },
            Self::Undo { .. } => ("A change was not taken back.".to_owned(), None),
        }
    }
}

/// What the fields of a task come to when all edits that are on the way have arrived.
pub fn edited<'a>(
    deeds: impl IntoIterator<Item = &'a Deed>,
    id: TaskId,
) -> BTreeMap<String, String> {
    let edits = deeds.into_iter().filter_map(|deed| match deed {
        Deed::Edit { task, fields, .. } if task.id == id => Some(fields),
        _ => None,
    });
    let typed = edits.flatten();
    typed
        .map(|(name, (_, typed))| (name.clone(), typed.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(task: TaskId, field: &str, before: &str, typed: &str) -> Deed {
        Deed::Edit {
            task: TaskRef {
                id: task,
                board: "WEB".to_owned(),
                number: 0,
            },
            version: 1,
            fields: BTreeMap::from([(field.to_owned(), (before.to_owned(), typed.to_owned()))]),
        }
    }

    #[test]
    fn a_deed_on_a_new_task_is_kept_with_the_number_that_the_task_got() {
        let (new, other) = (TaskId::new(), TaskId::new());
        let mut deeds = [
            edit(new, "title", "", "New"),
            edit(other, "title", "", "Other"),
        ];
        for deed in &mut deeds {
            deed.number(new, 7);
        }
        let kept = serde_json::to_string(&deeds).unwrap();
        let again: Vec<Deed> = serde_json::from_str(&kept).unwrap();
        let keys = again.iter().map(|deed| match deed {
            Deed::Edit { task, .. } => task.key().ok(),
            _ => None,
        });
        assert_eq!(keys.collect::<Vec<_>>(), [Some("WEB-7".to_owned()), None]);
    }

    #[test]
    fn a_deed_on_many_tasks_is_kept_with_the_numbers_that_they_got() {
        let (new, other) = (TaskId::new(), TaskId::new());
        let task = |id| TaskRef {
            id,
            board: "WEB".to_owned(),
            number: 0,
        };
        let mut deed = Deed::Many {
            tasks: vec![(task(new), 1), (task(other), 3)],
            change: ChangeId::new(),
            deed: BulkDeed::Due(None),
        };
        deed.number(new, 7);
        let again: Deed = serde_json::from_str(&serde_json::to_string(&deed).unwrap()).unwrap();
        assert_eq!(again, deed);
        assert!(again.concerns(new) && again.concerns(other));
        assert!(!again.concerns(TaskId::new()));
        let Deed::Many { tasks, .. } = again else {
            panic!("{again:?}");
        };
        assert_eq!(tasks[0].0.key(), Ok("WEB-7".to_owned()));
    }

    #[test]
    fn a_move_that_an_older_release_kept_can_be_read() {
        let (task, column) = (TaskId::new(), ColumnId::new());
        let kept = format!(
            r#"{{"Move":{{"task":{{"id":"{task}","board":"WEB","number":1}},"column":"{column}","place":"up"}}}}"#
        );
        let deed: Deed = serde_json::from_str(&kept).unwrap();
        assert!(matches!(deed, Deed::Move { start: None, .. }));
    }

    #[test]
    fn later_edits_stand_on_the_earlier_ones() {
        let task = TaskId::new();
        let deeds = [
            edit(task, "title", "A", "B"),
            edit(task, "description", "", "Words"),
            edit(TaskId::new(), "title", "A", "Another's"),
            edit(task, "title", "B", "C"),
        ];
        let edited = edited(&deeds, task);
        assert_eq!(edited["title"], "C");
        assert_eq!(edited["description"], "Words");
        assert_eq!(edited.len(), 2);
    }
}
