//! What can be asked of the server, with everything that it takes to ask for it later: a deed is kept as
//! it is, and a page that knows nothing else can send it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    comments::requests::add_comment,
    error::{Error, Result},
    forms::given::Given,
    ids::{BoardId, ColumnId, CommentId, PersonId, TaskId},
    tasks::{
        model::Start,
        requests::{claim_task, create_task, edit_task, move_task},
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
    /// The task that it is about.
    pub const fn task(&self) -> TaskId {
        match self {
            Self::Create { id, .. } => *id,
            Self::Move { task, .. }
            | Self::Claim { task }
            | Self::Assign { task, .. }
            | Self::Edit { task, .. }
            | Self::Comment { task, .. } => task.id,
        }
    }

    /// Takes in the number that the server gave to a task.
    pub fn number(&mut self, id: TaskId, number: i32) {
        match self {
            Self::Create { .. } => {}
            Self::Move { task, .. }
            | Self::Claim { task }
            | Self::Assign { task, .. }
            | Self::Edit { task, .. }
            | Self::Comment { task, .. } => {
                if task.id == id {
                    task.number = number;
                }
            }
        }
    }

    /// Asks for it in the name of whoever did it. Gives the number of a new task, otherwise 0.
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
            Self::Assign { task, from, to } => reassign(&team, &task.key()?, from, to, me).await?,
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
                edit_task(
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
                )
                .await?;
            }
            Self::Comment { task, id, body } => {
                add_comment(team, task.key()?, id.to_string(), body, by).await?;
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
