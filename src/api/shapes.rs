//! What the answers are made of, and how it is written.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    columns::model::ColumnKind,
    live::told::moment,
    people::model::{PersonName, Role as TeamRole},
    tasks::model::Priority as TaskPriority,
};

/// A moment of seconds since 1970, in UTC, as RFC 3339 writes it.
pub fn moment_of(seconds: i64) -> String {
    moment(OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

/// Somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    pub id: Uuid,
    #[schema(example = "Ana Silva")]
    pub name: String,
}

impl From<PersonName> for Person {
    fn from(person: PersonName) -> Self {
        Self {
            id: person.id.into(),
            name: person.name,
        }
    }
}

/// What being in a column means.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Todo,
    Doing,
    Done,
}

impl From<ColumnKind> for Kind {
    fn from(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Todo => Self::Todo,
            ColumnKind::Doing => Self::Doing,
            ColumnKind::Done => Self::Done,
        }
    }
}

/// How urgent a task is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    Low,
    Normal,
    High,
    Urgent,
}

impl From<TaskPriority> for Priority {
    fn from(priority: TaskPriority) -> Self {
        match priority {
            TaskPriority::Low => Self::Low,
            TaskPriority::Normal => Self::Normal,
            TaskPriority::High => Self::High,
            TaskPriority::Urgent => Self::Urgent,
        }
    }
}

/// What somebody may do in a team.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Member,
    Viewer,
}

impl From<TeamRole> for Role {
    fn from(role: TeamRole) -> Self {
        match role {
            TeamRole::Owner => Self::Owner,
            TeamRole::Member => Self::Member,
            TeamRole::Viewer => Self::Viewer,
        }
    }
}
