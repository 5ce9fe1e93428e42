//! Dates back what the demo did, in the tables of the slices it was done through. Nothing else may.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    error::Result,
    ids::{CommentId, FeedbackId, HypothesisId},
    people::access::TeamId,
};

/// Dates events by their number, and by them the tasks, the boards that were put away and what was told, which is
/// read but for the last two days.
pub async fn date_events(
    connection: &mut PgConnection,
    team: TeamId,
    events: &[(i64, OffsetDateTime)],
) -> Result<()> {
    let (seqs, times): (Vec<i64>, Vec<OffsetDateTime>) = events.iter().copied().unzip();
    sqlx::query!(
        r#"
        UPDATE events SET at = dated.at
        FROM unnest($2::bigint[], $3::timestamptz[]) AS dated (seq, at)
        WHERE events.team_id = $1 AND events.seq = dated.seq
        "#,
        team as _,
        &seqs,
        &times,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        UPDATE tasks
        SET created_at = dated.created, updated_at = dated.updated,
            started_at = CASE WHEN started_at IS NOT NULL THEN dated.started END,
            completed_at = CASE WHEN completed_at IS NOT NULL THEN dated.moved END,
            assigned_at = CASE WHEN assigned_at IS NOT NULL THEN coalesce(dated.claimed, dated.edited) END,
            deleted_at = CASE WHEN deleted_at IS NOT NULL THEN dated.deleted END
        FROM (
            SELECT task_id, min(at) AS created, max(at) AS updated,
                   min(at) FILTER (WHERE kind IN ('task.claimed', 'task.moved')) AS started,
                   max(at) FILTER (WHERE kind = 'task.moved') AS moved,
                   max(at) FILTER (WHERE kind = 'task.claimed') AS claimed,
                   max(at) FILTER (WHERE kind = 'task.edited') AS edited,
                   max(at) FILTER (WHERE kind = 'task.deleted') AS deleted
            FROM events WHERE team_id = $1 AND task_id IS NOT NULL GROUP BY task_id
        ) AS dated
        WHERE tasks.team_id = $1 AND tasks.id = dated.task_id
        "#,
        team as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        UPDATE boards
        SET archived_at = dated.at
        FROM (
            SELECT board_id, max(at) AS at FROM events
            WHERE team_id = $1 AND kind = 'board.archived' GROUP BY board_id
        ) AS dated
        WHERE boards.team_id = $1 AND boards.id = dated.board_id AND archived_at IS NOT NULL
        "#,
        team as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        UPDATE notifications
        SET created_at = dated.at, read_at = CASE WHEN dated.at < now() - interval '2 days' THEN dated.at END
        FROM (SELECT change_id, min(at) AS at FROM events WHERE team_id = $1 GROUP BY change_id) AS dated
        WHERE notifications.team_id = $1 AND notifications.change_id = dated.change_id
        "#,
        team as _,
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Dates comments.
pub async fn date_comments(
    connection: &mut PgConnection,
    team: TeamId,
    comments: &[(CommentId, OffsetDateTime)],
) -> Result<()> {
    let (ids, times): (Vec<Uuid>, Vec<OffsetDateTime>) =
        comments.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        r#"
        UPDATE comments SET created_at = dated.at
        FROM unnest($2::uuid[], $3::timestamptz[]) AS dated (id, at)
        WHERE comments.team_id = $1 AND comments.id = dated.id
        "#,
        team as _,
        &ids,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Dates what was said about the product.
pub async fn date_feedback(
    connection: &mut PgConnection,
    team: TeamId,
    feedback: &[(FeedbackId, OffsetDateTime)],
) -> Result<()> {
    let (ids, times): (Vec<Uuid>, Vec<OffsetDateTime>) =
        feedback.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        r#"
        UPDATE feedback SET created_at = dated.at
        FROM unnest($2::uuid[], $3::timestamptz[]) AS dated (id, at)
        WHERE feedback.team_id = $1 AND feedback.id = dated.id
        "#,
        team as _,
        &ids,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Dates hypotheses. Their periods go back with them.
pub async fn date_hypotheses(
    connection: &mut PgConnection,
    team: TeamId,
    hypotheses: &[(HypothesisId, OffsetDateTime)],
) -> Result<()> {
    let (ids, times): (Vec<Uuid>, Vec<OffsetDateTime>) =
        hypotheses.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        r#"
        UPDATE hypotheses
        SET created_at = dated.at, starts_on = starts_on - dated.days, ends_on = ends_on - dated.days
        FROM (
            SELECT hypotheses.id, given.at,
                   (created_at AT TIME ZONE 'UTC')::date - (given.at AT TIME ZONE 'UTC')::date AS days
            FROM unnest($2::uuid[], $3::timestamptz[]) AS given (id, at) JOIN hypotheses USING (id)
            WHERE team_id = $1
        ) AS dated
        WHERE hypotheses.team_id = $1 AND hypotheses.id = dated.id
        "#,
        team as _,
        &ids,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Dates what was decided about hypotheses.
pub async fn date_decisions(
    connection: &mut PgConnection,
    team: TeamId,
    decisions: &[(HypothesisId, OffsetDateTime)],
) -> Result<()> {
    let (ids, times): (Vec<Uuid>, Vec<OffsetDateTime>) =
        decisions.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        r#"
        UPDATE decisions SET decided_at = dated.at
        FROM unnest($2::uuid[], $3::timestamptz[]) AS dated (id, at)
        WHERE decisions.team_id = $1 AND decisions.hypothesis_id = dated.id
        "#,
        team as _,
        &ids,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Dates the team, its members and its boards.
pub async fn date_team(
    connection: &mut PgConnection,
    team: TeamId,
    start: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        WITH dated_team AS (UPDATE teams SET created_at = $2 WHERE team_id = $1),
             dated_members AS (UPDATE memberships SET joined_at = $2 WHERE team_id = $1),
             dated_boards AS (UPDATE boards SET created_at = $2 WHERE team_id = $1)
        UPDATE columns SET created_at = $2 WHERE team_id = $1
        "#,
        team as _,
        start,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts what would have been counted meanwhile: the Now page opened by whoever did something that day, some
/// claims that came second, warnings and conflicts.
pub async fn count_usage(connection: &mut PgConnection, team: TeamId) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO usage (team_id, id, kind, at)
        SELECT team_id, gen_random_uuid(), 'now.opened', min(at)
        FROM events WHERE team_id = $1 AND task_id IS NOT NULL
        GROUP BY team_id, actor_id, at::date, seq % 2
        "#,
        team as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO usage (team_id, id, kind, person_id, at, detail)
        SELECT team_id, gen_random_uuid(), happened.kind, actor_id, at + interval '5 minutes', detail
        FROM (
            SELECT team_id, kind, actor_id, at, row_number() OVER (PARTITION BY kind ORDER BY seq) AS place
            FROM events WHERE team_id = $1 AND task_id IS NOT NULL
        ) AS event
        JOIN (VALUES
            ('task.claimed', 11, 'claim.refused', '{}'::jsonb),
            ('task.created', 6, 'similar.shown', '{"tasks": 2, "typed_at": "new_task"}'),
            ('task.created', 12, 'similar.ignored', '{"tasks": 2, "typed_at": "new_task"}'),
            ('task.created', 18, 'similar.taken', '{"tasks": 2, "typed_at": "new_task"}'),
            ('task.edited', 25, 'conflict.caught', '{}')
        ) AS happened (beside, every, kind, detail) ON event.kind = beside AND place % every = 0
        "#,
        team as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down which tasks were not started in the morning of the day before they were due.
pub async fn note_risks(connection: &mut PgConnection, team: TeamId) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO risks (team_id, task_id, due_on, reason, first_at)
        SELECT team_id, id, due_on, 'due tomorrow, not started', morning
        FROM tasks CROSS JOIN LATERAL (SELECT (due_on - 1 + time '09:00') AT TIME ZONE 'UTC' AS morning) AS seen
        WHERE team_id = $1 AND due_on IS NOT NULL AND created_at < morning AND morning < now()
          AND (started_at IS NULL OR started_at > morning)
        "#,
        team as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
