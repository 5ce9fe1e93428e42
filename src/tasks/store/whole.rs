//! A task as other programs read it.

use sqlx::PgExecutor;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::named;
use crate::{
    error::Result,
    ids::{PersonId, TaskId},
    people::{access::TeamId, model::PersonName},
    tasks::model::TaskKey,
};

/// Everything that a task holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WholeTask {
    pub id: TaskId,
    /// Such as `WEB-12`.
    pub key: String,
    /// The key of its board.
    pub board: String,
    pub column_id: Option<Uuid>,
    pub kind: String,
    pub title: String,
    pub description: String,
    pub assignee_id: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub due_on: Option<Date>,
    pub priority: String,
    pub labels: Vec<String>,
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub author_id: PersonId,
    pub author_name: String,
    pub started_at: Option<OffsetDateTime>,
    pub completed_at: Option<OffsetDateTime>,
    pub updated_at: OffsetDateTime,
    pub is_deleted: bool,
}

impl WholeTask {
    pub fn assignee(&self) -> Option<PersonName> {
        named(self.assignee_id, self.assignee_name.clone())
    }

    pub fn author(&self) -> PersonName {
        PersonName {
            id: self.author_id,
            name: self.author_name.clone(),
        }
    }
}

/// One task, deleted or not.
pub async fn whole(
    db: impl PgExecutor<'_>,
    team: TeamId,
    key: &TaskKey,
) -> Result<Option<WholeTask>> {
    Ok(sqlx::query_as!(
        WholeTask,
        r#"
        SELECT tasks.id, boards.key || '-' || tasks.number AS "key!", boards.key AS board, tasks.column_id,
               tasks.kind, tasks.title, tasks.description, tasks.assignee_id,
               assignee.name AS "assignee_name?", tasks.due_on, tasks.priority, tasks.labels, tasks.version,
               tasks.created_at, tasks.created_by AS author_id, author.name AS author_name, tasks.started_at,
               tasks.completed_at, tasks.updated_at, tasks.deleted_at IS NOT NULL AS "is_deleted!"
        FROM tasks
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        JOIN people AS author ON author.id = tasks.created_by
        LEFT JOIN people AS assignee ON assignee.id = tasks.assignee_id
        WHERE tasks.team_id = $1 AND boards.key = $2 AND tasks.number = $3
        "#,
        team as _,
        key.board,
        key.number,
    )
    .fetch_optional(db)
    .await?)
}
