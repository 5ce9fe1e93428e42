//! What the page of my tasks reads. It has no table of its own.

use sqlx::PgExecutor;

use super::model::{MOST, MineTask, MineView, Section};
use crate::{
    error::Result,
    ids::PersonId,
    people::{access::TeamId, model::WorkingDays, week},
};

/// What a person has to do and what they watch, by the team's calendar. What lies on a board that is put
/// away is left out.
pub async fn mine(db: impl PgExecutor<'_>, team: TeamId, me: PersonId) -> Result<MineView> {
    let rows = sqlx::query!(
        r#"
        WITH found AS (
            (SELECT tasks.id, true AS is_mine
             FROM tasks
             JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
             WHERE tasks.team_id = $1 AND tasks.assignee_id = $2
               AND tasks.deleted_at IS NULL AND tasks.kind <> 'done' AND boards.archived_at IS NULL
             ORDER BY tasks.due_on, tasks.id LIMIT $3)
            UNION ALL
            (SELECT tasks.id, false
             FROM watchers
             JOIN tasks ON tasks.team_id = watchers.team_id AND tasks.id = watchers.task_id
             JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
             WHERE watchers.team_id = $1 AND watchers.person_id = $2
               AND tasks.assignee_id IS DISTINCT FROM $2
               AND tasks.deleted_at IS NULL AND tasks.kind <> 'done' AND boards.archived_at IS NULL
             ORDER BY tasks.due_on, tasks.id LIMIT $3)
        ),
        line AS (
            SELECT found.is_mine, boards.key || '-' || tasks.number AS key, tasks.title,
                   boards.name AS board_name, columns.name AS column_name, people.name AS holder,
                   to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority,
                   COALESCE(GREATEST(tasks.started_at, tasks.assigned_at), tasks.created_at) AS since
            FROM found
            JOIN tasks ON tasks.team_id = $1 AND tasks.id = found.id
            JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
            JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                        AND columns.id = tasks.column_id
            LEFT JOIN people ON people.id = tasks.assignee_id
        )
        SELECT now() AS "now!", (now() AT TIME ZONE teams.time_zone)::date AS "today!",
               teams.working_days, event_counters.last_seq,
               line.is_mine AS "is_mine?", line.key AS "key?", line.title AS "title?",
               line.board_name AS "board_name?", line.column_name AS "column_name?",
               line.holder AS "holder?", line.due_on AS "due_on?", line.priority AS "priority?",
               line.since AS "since?"
        FROM teams
        JOIN event_counters ON event_counters.team_id = teams.team_id
        LEFT JOIN line ON true
        WHERE teams.team_id = $1
        ORDER BY line.due_on,
                 array_position(ARRAY['urgent', 'high', 'normal', 'low'], line.priority),
                 line.since, line.key
        "#,
        team as _,
        me as _,
        i64::try_from(MOST)
            .unwrap_or(i64::MAX)
            .saturating_add(1),
    )
    .fetch_all(db)
    .await?;
    let mut view = MineView::default();
    let mut own = Vec::new();
    let mut week_ends = String::new();
    for row in rows {
        let working_days = WorkingDays::from_numbers(&row.working_days);
        view.now = row.now.unix_timestamp();
        view.today = row.today.to_string();
        view.seq = row.last_seq;
        week_ends = week::week_ends(row.today, working_days).to_string();
        let (Some(is_mine), Some(key), Some(title), Some(priority), Some(since)) =
            (row.is_mine, row.key, row.title, row.priority, row.since)
        else {
            continue;
        };
        let list = if is_mine { &mut own } else { &mut view.watched };
        list.push(MineTask {
            key,
            title,
            board: row.board_name.unwrap_or_default(),
            column: row.column_name.unwrap_or_default(),
            holder: row.holder.filter(|_| !is_mine),
            is_mine,
            due_on: row.due_on,
            priority: priority.parse()?,
            since: since.unix_timestamp(),
        });
    }
    view.has_more = (own.len() > MOST, view.watched.len() > MOST);
    own.truncate(MOST);
    view.watched.truncate(MOST);
    for task in own {
        let section = Section::of(task.due_on.as_deref(), &view.today, &week_ends);
        match view.sections.last_mut() {
            Some((last, tasks)) if *last == section => tasks.push(task),
            _ => view.sections.push((section, vec![task])),
        }
    }
    Ok(view)
}
