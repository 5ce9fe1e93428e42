//! What the Now page reads. It has no table of its own.

use sqlx::PgExecutor;
use uuid::Uuid;

use super::model::{BoardNow, NowView, PersonNow, TaskNow};
use crate::{
    error::Result,
    people::{access::TeamId, model::PersonName},
};

/// A page shows no more tasks than this.
const MOST_TASKS: i64 = 500;

/// Who is on what. Late follows the team's time zone.
pub async fn now(db: impl PgExecutor<'_>, team: TeamId) -> Result<NowView> {
    let rows = sqlx::query!(
        r#"
        WITH clock AS (
            SELECT (now() AT TIME ZONE time_zone)::date AS today FROM teams WHERE team_id = $1
        ),
        member AS (
            SELECT person_id, people.name, role, removed_at IS NOT NULL AS is_former
            FROM memberships JOIN people ON people.id = person_id
            WHERE team_id = $1
        ),
        candidate AS (
            SELECT * FROM tasks
            WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'doing'
            UNION ALL
            SELECT * FROM tasks
            WHERE team_id = $1 AND deleted_at IS NULL AND kind = 'todo'
              AND assignee_id IN (SELECT person_id FROM member WHERE is_former)
        ),
        task AS (
            SELECT candidate.id, candidate.number, candidate.title, candidate.kind,
                   candidate.assignee_id, candidate.due_on,
                   boards.key AS board_key, boards.name AS board_name,
                   COALESCE(GREATEST(candidate.started_at, candidate.assigned_at), candidate.created_at) AS since
            FROM candidate
            JOIN boards ON boards.team_id = candidate.team_id AND boards.id = candidate.board_id
            WHERE boards.archived_at IS NULL
            ORDER BY since, candidate.id
            LIMIT $2
        )
        SELECT member.person_id AS "person_id?", member.name AS "name?", member.role AS "role?",
               member.is_former AS "is_former?",
               task.number AS "number?", task.title AS "title?", task.kind AS "kind?",
               task.board_key AS "board_key?", task.board_name AS "board_name?",
               task.since AS "since?",
               to_char(task.due_on, 'YYYY-MM-DD') AS due_on,
               COALESCE(task.due_on < clock.today, false) AS "is_overdue!",
               event_counters.last_seq AS seq, now() AS "now!", to_char(clock.today, 'YYYY-MM-DD') AS "today!",
               (SELECT array[boards.key, boards.name] FROM boards
                WHERE team_id = $1 AND archived_at IS NULL
                ORDER BY created_at, id LIMIT 1) AS "first_board?",
               EXISTS (SELECT FROM tasks WHERE team_id = $1 AND deleted_at IS NULL) AS "has_tasks!"
        FROM member FULL JOIN task ON task.assignee_id = member.person_id CROSS JOIN clock
        JOIN event_counters ON event_counters.team_id = $1
        WHERE task.id IS NOT NULL OR NOT member.is_former
        ORDER BY lower(member.name), member.person_id, task.since, task.id
        "#,
        team as _,
        MOST_TASKS,
    )
    .fetch_all(db)
    .await?;

    let mut view = NowView::default();
    for row in rows {
        view.now = row.now.unix_timestamp();
        view.today = row.today;
        view.seq = row.seq;
        view.has_tasks = row.has_tasks;
        view.first_board = row
            .first_board
            .and_then(|board| <[String; 2]>::try_from(board).ok())
            .map(|[key, name]| BoardNow { key, name });
        let task = match (
            row.board_key,
            row.number,
            row.title,
            row.board_name,
            row.since,
        ) {
            (Some(key), Some(number), Some(title), Some(board), Some(since)) => Some(TaskNow {
                key: format!("{key}-{number}"),
                title,
                board,
                in_progress: row.kind.as_deref() == Some("doing"),
                since: since.unix_timestamp(),
                due_on: row.due_on,
                is_overdue: row.is_overdue,
            }),
            _ => None,
        };
        match (row.person_id, row.name) {
            (Some(id), Some(name)) if row.is_former == Some(true) => {
                add(&mut view.former, id, name, task);
            }
            (Some(id), Some(name)) => {
                let is_new = view.people.last().is_none_or(|last| last.person.id.0 != id);
                view.team_size += usize::from(is_new);
                add(&mut view.people, id, name, task);
                if row.role.as_deref() == Some("viewer")
                    && view.people.last().is_some_and(|last| last.tasks.is_empty())
                {
                    view.people.pop();
                }
            }
            _ => view.unheld.extend(task),
        }
    }
    Ok(view)
}

/// Adds a task to the row of a person; the rows of one person follow each other.
fn add(rows: &mut Vec<PersonNow>, id: Uuid, name: String, task: Option<TaskNow>) {
    match rows.last_mut() {
        Some(last) if last.person.id.0 == id => last.tasks.extend(task),
        _ => rows.push(PersonNow {
            person: PersonName {
                id: id.into(),
                name,
            },
            tasks: task.into_iter().collect(),
        }),
    }
}
