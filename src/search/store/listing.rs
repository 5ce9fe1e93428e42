//! What was found as other programs read it: whole tasks, in the same order and by the same ways.

use sqlx::{FromRow as _, PgExecutor, Row as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Search, Wanted};
use crate::{
    error::Result, people::access::TeamId, search::cursor::Cursor, tasks::store::WholeTask,
};

/// One page of tasks.
#[derive(Debug)]
pub struct Listed {
    pub tasks: Vec<WholeTask>,
    /// The last of them, when there are more.
    pub last: Option<Cursor>,
}

/// Finds as [`super::find`] does.
pub async fn list(db: impl PgExecutor<'_>, team: TeamId, wanted: &Wanted) -> Result<Listed> {
    let mut sql = Search { team, wanted }.found();
    sql.push(
        r#"
        SELECT found.named, found.open, tasks.id, boards.key || '-' || tasks.number AS key, boards.key AS board,
               tasks.column_id, tasks.kind, tasks.title, tasks.description, tasks.assignee_id,
               assignee.name AS assignee_name, tasks.due_on, tasks.priority, tasks.labels, tasks.version,
               tasks.created_at, tasks.created_by AS author_id, author.name AS author_name, tasks.started_at,
               tasks.completed_at, found.updated_at, false AS is_deleted
        FROM found
        JOIN tasks ON tasks.id = found.id AND tasks.team_id = "#,
    )
    .push_bind(team)
    .push(
        r#"
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        JOIN people AS author ON author.id = tasks.created_by
        LEFT JOIN people AS assignee ON assignee.id = tasks.assignee_id
        ORDER BY found.named DESC, found.open DESC, found.updated_at DESC, found.id DESC"#,
    );
    let mut rows = sql.build().persistent(false).fetch_all(db).await?;
    let has_more = rows.len() > wanted.most;
    rows.truncate(wanted.most);
    let last = match rows.last().filter(|_| has_more) {
        // It stands before all others, wherever its own place is.
        Some(row) if row.try_get("named")? => Some(beginning()),
        Some(row) => Some(Cursor {
            open: row.try_get("open")?,
            changed_at: row.try_get("updated_at")?,
            task: row.try_get("id")?,
        }),
        None => None,
    };
    let tasks: Result<Vec<_>, _> = rows.iter().map(WholeTask::from_row).collect();
    Ok(Listed {
        tasks: tasks?,
        last,
    })
}

/// The place before every task.
fn beginning() -> Cursor {
    Cursor {
        open: 1,
        changed_at: OffsetDateTime::new_utc(time::Date::MAX, time::Time::MIDNIGHT),
        task: Uuid::max(),
    }
}
