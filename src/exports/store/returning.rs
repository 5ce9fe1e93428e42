//! Brings the rows of a team's export back. It alone writes what is not its own: a team comes back as it was, with
//! its numbers, versions and moments, which no deed of a slice could make.

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Whether an address is taken.
pub async fn is_taken(db: impl PgExecutor<'_>, slug: &str) -> crate::error::Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM teams WHERE slug = $1) AS "taken!""#,
        slug,
    )
    .fetch_one(db)
    .await?)
}

/// Who signs in with an Email.
pub async fn person_of(db: impl PgExecutor<'_>, email: &str) -> crate::error::Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!(
        "SELECT id FROM people WHERE lower(email) = lower($1)",
        email,
    )
    .fetch_optional(db)
    .await?)
}

/// Whether somebody has this id.
pub async fn is_person(db: impl PgExecutor<'_>, id: Uuid) -> crate::error::Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM people WHERE id = $1) AS "is_there!""#,
        id,
    )
    .fetch_one(db)
    .await?)
}

/// For each part of the document a statement that stores its rows.
macro_rules! parts {
    ($($part:literal: $sql:literal;)*) => {
        /// The parts that have rows of tables, in their order.
        pub const PARTS: &[&str] = &[$($part),*];

        /// Stores rows of a part.
        ///
        /// # Errors
        /// What Postgres says against them.
        pub async fn store(connection: &mut PgConnection, part: &str, rows: &Value) -> Result<(), sqlx::Error> {
            match part {
                $($part => { sqlx::query!($sql, rows).execute(connection).await?; })*
                _ => {}
            }
            Ok(())
        }
    };
}

parts! {
    "team": r#"
        INSERT INTO teams (team_id, slug, name, time_zone, working_days, created_at, in_progress_limit, stale_after_days)
        SELECT team_id, slug, name, time_zone, working_days, created_at, in_progress_limit, stale_after_days
        FROM jsonb_populate_recordset(NULL::teams, $1)"#;
    "memberships": r#"
        INSERT INTO memberships (team_id, person_id, role, joined_at, removed_at)
        SELECT team_id, person_id, role, joined_at, removed_at
        FROM jsonb_populate_recordset(NULL::memberships, $1)"#;
    "boards": r#"
        INSERT INTO boards (team_id, id, key, name, version, created_as, created_by, created_at, archived_at)
        SELECT team_id, id, key, name, version, created_as, created_by, created_at, archived_at
        FROM jsonb_populate_recordset(NULL::boards, $1)"#;
    "columns": r#"
        INSERT INTO columns (team_id, board_id, id, name, kind, position, wip_limit, version, created_as, created_at)
        SELECT team_id, board_id, id, name, kind, position, wip_limit, version, created_as, created_at
        FROM jsonb_populate_recordset(NULL::columns, $1)"#;
    "task_numbers": r#"
        INSERT INTO task_numbers (team_id, board_id, last_number)
        SELECT team_id, board_id, last_number FROM jsonb_populate_recordset(NULL::task_numbers, $1)"#;
    "tasks": r#"
        INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, description, assignee_id,
                           assigned_at, due_on, priority, labels, version, field_versions, created_as, created_by,
                           created_at, started_at, completed_at, updated_at, deleted_at, deleted_by)
        SELECT team_id, id, board_id, number, column_id, kind, position, title, description, assignee_id,
               assigned_at, due_on, priority, labels, version, field_versions, created_as, created_by,
               created_at, started_at, completed_at, updated_at, deleted_at, deleted_by
        FROM jsonb_populate_recordset(NULL::tasks, $1)"#;
    "comments": r#"
        INSERT INTO comments (team_id, task_id, id, author_id, body, created_as, created_at, edited_at, deleted_at)
        SELECT team_id, task_id, id, author_id, body, created_as, created_at, edited_at, deleted_at
        FROM jsonb_populate_recordset(NULL::comments, $1)"#;
    "watchers": r#"
        INSERT INTO watchers (team_id, task_id, person_id, at)
        SELECT team_id, task_id, person_id, at FROM jsonb_populate_recordset(NULL::watchers, $1)"#;
    "event_counters": r#"
        INSERT INTO event_counters (team_id, last_seq)
        SELECT team_id, last_seq FROM jsonb_populate_recordset(NULL::event_counters, $1)"#;
    "events": r#"
        INSERT INTO events (team_id, seq, change_id, kind, at, actor_id, board_id, task_id, changes)
        SELECT team_id, seq, change_id, kind, at, actor_id, board_id, task_id, changes
        FROM jsonb_populate_recordset(NULL::events, $1)"#;
    "notification_counters": r#"
        INSERT INTO notification_counters (team_id, last_number)
        SELECT team_id, last_number FROM jsonb_populate_recordset(NULL::notification_counters, $1)"#;
    "notification_settings": r#"
        INSERT INTO notification_settings (team_id, person_id, muted, digest)
        SELECT team_id, person_id, muted, digest FROM jsonb_populate_recordset(NULL::notification_settings, $1)"#;
    "notifications": r#"
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, further_tasks, actor_id, change_id,
                                   comment_id, due_on, created_at, read_at)
        SELECT team_id, id, number, person_id, kind, task_id, further_tasks, actor_id, change_id,
               comment_id, due_on, created_at, read_at
        FROM jsonb_populate_recordset(NULL::notifications, $1)"#;
    "imports": r#"
        INSERT INTO imports (team_id, id, source, source_id, file_hash, board_id, tasks, comments, created_by, created_at)
        SELECT team_id, id, source, source_id, file_hash, board_id, tasks, comments, created_by, created_at
        FROM jsonb_populate_recordset(NULL::imports, $1)"#;
    "hypotheses": r#"
        INSERT INTO hypotheses (team_id, id, if_we, then_it, because, metric, target, starts_on, ends_on, toggle, sample,
                                created_by, created_at, withdrawn_by, withdrawn_at)
        SELECT team_id, id, if_we, then_it, because, metric, target, starts_on, ends_on, toggle, sample,
               created_by, created_at, withdrawn_by, withdrawn_at
        FROM jsonb_populate_recordset(NULL::hypotheses, $1)"#;
    "decisions": r#"
        INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by, decided_at)
        SELECT team_id, hypothesis_id, verdict, reason, evidence, decided_by, decided_at
        FROM jsonb_populate_recordset(NULL::decisions, $1)"#;
    "toggles": r#"
        INSERT INTO toggles (team_id, name, mode, share, changed_by, changed_at)
        SELECT team_id, name, mode, share, changed_by, changed_at FROM jsonb_populate_recordset(NULL::toggles, $1)"#;
    "toggle_people": r#"
        INSERT INTO toggle_people (team_id, name, person_id)
        SELECT team_id, name, person_id FROM jsonb_populate_recordset(NULL::toggle_people, $1)"#;
    "toggle_arms": r#"
        INSERT INTO toggle_arms (team_id, name, person_id, is_on, since, until)
        SELECT team_id, name, person_id, is_on, since, until FROM jsonb_populate_recordset(NULL::toggle_arms, $1)"#;
    "usage": r#"
        INSERT INTO usage (team_id, id, kind, person_id, at, detail)
        SELECT team_id, id, kind, person_id, at, detail FROM jsonb_populate_recordset(NULL::usage, $1)"#;
    "risks": r#"
        INSERT INTO risks (team_id, task_id, due_on, reason, first_at)
        SELECT team_id, task_id, due_on, reason, first_at FROM jsonb_populate_recordset(NULL::risks, $1)"#;
    "feedback": r#"
        INSERT INTO feedback (team_id, id, person_id, occasion, most_useful, in_the_way, missing, page, version, tags,
                              task_id, created_at)
        SELECT team_id, id, person_id, occasion, most_useful, in_the_way, missing, page, version, tags,
               task_id, created_at
        FROM jsonb_populate_recordset(NULL::feedback, $1)"#;
    "feedback_prompts": r#"
        INSERT INTO feedback_prompts (team_id, person_id, occasion, shown_at, dismissed_at, answered_at)
        SELECT team_id, person_id, occasion, shown_at, dismissed_at, answered_at
        FROM jsonb_populate_recordset(NULL::feedback_prompts, $1)"#;
}
