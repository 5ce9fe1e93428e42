//! The tables `notifications`, `notification_counters` and `notification_settings`, and below it `digests` and `digest_links`.

pub mod digests;

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{
    model::{Kind, NotificationSettings, NotificationView, PAGE},
    rule::{Member, Notice, Said},
};
use crate::{
    error::Result,
    ids::{ChangeId, CommentId, NotificationId, PersonId, TaskId},
    people::{access::TeamId, model::PersonName},
    tasks::model::TaskKey,
};

/// Everybody who is in the team now and can sign in, with what they do not want to be told.
pub async fn members(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<Member>> {
    let rows = sqlx::query!(
        r#"
        SELECT people.id, people.name, coalesce(muted, '{}') AS "muted!"
        FROM memberships JOIN people ON people.id = person_id
        LEFT JOIN notification_settings USING (team_id, person_id)
        WHERE team_id = $1 AND removed_at IS NULL AND disabled_at IS NULL
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?;
    let members = rows.into_iter().map(|row| Member {
        person: PersonName {
            id: row.id.into(),
            name: row.name,
        },
        muted: kinds(&row.muted),
    });
    Ok(members.collect())
}

/// Comments as they stand, and whose their tasks are.
pub async fn said(
    db: impl PgExecutor<'_>,
    team: TeamId,
    comments: &[CommentId],
) -> Result<Vec<Said>> {
    let ids: Vec<Uuid> = comments.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT comments.id, body, assignee_id, created_by
        FROM comments JOIN tasks ON tasks.team_id = comments.team_id AND tasks.id = task_id
        WHERE comments.team_id = $1 AND comments.id = ANY($2)
        "#,
        team as _,
        &ids,
    )
    .fetch_all(db)
    .await?;
    let said = rows.into_iter().map(|row| Said {
        comment: row.id.into(),
        body: row.body,
        holder: row.assignee_id.map(PersonId),
        creator: row.created_by.into(),
    });
    Ok(said.collect())
}

/// Writes what a change tells whom. What a person was told already stays as it is. Gives the kinds of what
/// is new.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    actor: PersonId,
    change: ChangeId,
    notices: &[Notice],
) -> Result<Vec<String>> {
    let ids: Vec<Uuid> = notices.iter().map(|_| NotificationId::new().0).collect();
    let people: Vec<Uuid> = notices.iter().map(|notice| notice.person.0).collect();
    let kinds: Vec<String> = notices
        .iter()
        .map(|notice| notice.kind.as_str().to_owned())
        .collect();
    let tasks: Vec<Uuid> = notices.iter().map(|notice| notice.task.0).collect();
    let further: Vec<i32> = notices.iter().map(|notice| notice.further_tasks).collect();
    let comments: Vec<Option<Uuid>> = notices
        .iter()
        .map(|notice| notice.comment.map(|id| id.0))
        .collect();
    Ok(sqlx::query_scalar!(
        r#"
        WITH counter AS (
            INSERT INTO notification_counters (team_id, last_number) VALUES ($1, cardinality($4::uuid[]))
            ON CONFLICT (team_id) DO UPDATE
                SET last_number = notification_counters.last_number + excluded.last_number
            RETURNING last_number - cardinality($4::uuid[]) AS before
        )
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, further_tasks, comment_id,
                                   actor_id, change_id)
        SELECT $1, notice.id, counter.before + place, notice.person_id, notice.kind, notice.task_id,
               notice.further_tasks, notice.comment_id, $2, $3
        FROM counter, unnest($4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::int[], $9::uuid[])
            WITH ORDINALITY AS notice (id, person_id, kind, task_id, further_tasks, comment_id, place)
        ON CONFLICT DO NOTHING
        RETURNING kind
        "#,
        team as _,
        actor as _,
        change as _,
        &ids,
        &people,
        &kinds,
        &tasks,
        &further,
        &comments as &[Option<Uuid>],
    )
    .fetch_all(connection)
    .await?)
}

/// Writes that somebody tried to claim a task, unless its holder has not read yet that the same person did.
/// Tells whether it is new.
pub async fn insert_contested(
    connection: &mut PgConnection,
    team: TeamId,
    actor: PersonId,
    change: ChangeId,
    holder: PersonId,
    task: TaskId,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        WITH counter AS (
            INSERT INTO notification_counters (team_id, last_number)
            SELECT $1, 1 WHERE NOT EXISTS (
                SELECT FROM notifications
                WHERE team_id = $1 AND person_id = $3 AND kind = 'contested' AND task_id = $4 AND actor_id = $5
                  AND read_at IS NULL
            )
            ON CONFLICT (team_id) DO UPDATE SET last_number = notification_counters.last_number + 1
            RETURNING last_number
        )
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, actor_id, change_id)
        SELECT $1, $2, last_number, $3, 'contested', $4, $5, $6 FROM counter
        "#,
        team as _,
        NotificationId::new() as _,
        holder as _,
        task as _,
        actor as _,
        change as _,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Tells the holders of open tasks, in every team, that they are due tomorrow or today, or late since a few
/// days at most: each holder once of each date. Days are those of the team's time zone. Gives the kinds of
/// what is new.
///
/// The tasks are held before the counters, as every change does it, so that neither waits for the other. What a
/// change is at just now is told the next time.
pub async fn insert_due(db: impl PgExecutor<'_>) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        WITH today AS (
            SELECT team_id, (now() AT TIME ZONE time_zone)::date AS today FROM teams
        ),
        notice AS MATERIALIZED (
            SELECT tasks.team_id, assignee_id, due.kind, tasks.id AS task_id, due_on
            FROM today
            JOIN tasks ON tasks.team_id = today.team_id AND due_on BETWEEN today - 3 AND today + 1
                      AND tasks.deleted_at IS NULL AND tasks.kind <> 'done'
            JOIN boards ON boards.team_id = tasks.team_id AND boards.id = board_id AND archived_at IS NULL
            JOIN memberships ON memberships.team_id = tasks.team_id AND memberships.person_id = assignee_id
                            AND removed_at IS NULL
            JOIN people ON people.id = assignee_id AND disabled_at IS NULL
            CROSS JOIN LATERAL (SELECT CASE WHEN due_on < today THEN 'late' ELSE 'due_soon' END AS kind) AS due
            LEFT JOIN notification_settings AS settings
                   ON settings.team_id = tasks.team_id AND settings.person_id = assignee_id
            WHERE due.kind <> ALL (coalesce(muted, '{}'))
              AND NOT EXISTS (
                  SELECT FROM notifications AS told
                  WHERE told.team_id = tasks.team_id AND told.person_id = assignee_id AND told.kind = due.kind
                    AND told.task_id = tasks.id AND told.due_on = tasks.due_on
              )
            FOR KEY SHARE OF tasks SKIP LOCKED
        ),
        counter AS (
            INSERT INTO notification_counters (team_id, last_number)
            SELECT team_id, count(*) FROM notice GROUP BY team_id ORDER BY team_id
            ON CONFLICT (team_id) DO UPDATE
                SET last_number = notification_counters.last_number + excluded.last_number
            RETURNING team_id, last_number
        )
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, due_on)
        SELECT team_id, gen_random_uuid(),
               last_number + 1 - row_number() OVER (PARTITION BY team_id ORDER BY due_on DESC, task_id),
               assignee_id, kind, task_id, due_on
        FROM notice JOIN counter USING (team_id)
        ON CONFLICT DO NOTHING
        RETURNING kind
        "#,
    )
    .fetch_all(db)
    .await?)
}

/// How many notifications a member has not read.
pub async fn unread(db: impl PgExecutor<'_>, team: TeamId, person: PersonId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!" FROM notifications
        WHERE team_id = $1 AND person_id = $2 AND read_at IS NULL
        "#,
        team as _,
        person as _,
    )
    .fetch_one(db)
    .await?)
}

/// A page of what a member was told, newest first, and where the next one begins. It shows what is below the
/// number `before`.
pub async fn page(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
    before: Option<i64>,
) -> Result<(Vec<NotificationView>, Option<i64>)> {
    let rows = sqlx::query!(
        r#"
        SELECT notifications.id, notifications.number AS place, notifications.kind, actor_id, people.name AS "actor_name?",
               boards.key AS board, tasks.number, title, tasks.deleted_at, further_tasks, comment_id,
               to_char(notifications.due_on, 'YYYY-MM-DD') AS due_on, notifications.created_at, read_at
        FROM notifications
        JOIN tasks ON tasks.team_id = notifications.team_id AND tasks.id = task_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = board_id
        LEFT JOIN people ON people.id = actor_id
        WHERE notifications.team_id = $1 AND person_id = $2
          AND notifications.number < $3
        ORDER BY notifications.number DESC LIMIT $4
        "#,
        team as _,
        person as _,
        before.unwrap_or(i64::MAX),
        PAGE as i64 + 1,
    )
    .fetch_all(db)
    .await?;
    let has_more = rows.len() > PAGE;
    let items: Vec<NotificationView> = rows
        .into_iter()
        .take(PAGE)
        .map(|row| {
            let key = TaskKey {
                board: row.board,
                number: row.number,
            };
            Ok(NotificationView {
                id: row.id.into(),
                number: row.place,
                kind: row.kind.parse()?,
                actor: row
                    .actor_id
                    .zip(row.actor_name)
                    .map(|(id, name)| PersonName {
                        id: id.into(),
                        name,
                    }),
                task: key.to_string(),
                title: row.title,
                deleted: row.deleted_at.is_some(),
                further_tasks: row.further_tasks,
                comment: row.comment_id.map(CommentId),
                due_on: row.due_on,
                at: row.created_at.unix_timestamp(),
                unread: row.read_at.is_none(),
            })
        })
        .collect::<Result<_>>()?;
    let older = items.last().filter(|_| has_more).map(|last| last.number);
    Ok((items, older))
}

/// Marks one of a member's notifications as read.
pub async fn mark_read(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
    id: NotificationId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE notifications SET read_at = now()
        WHERE team_id = $1 AND person_id = $2 AND id = $3 AND read_at IS NULL
        "#,
        team as _,
        person as _,
        id as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Marks a member's notifications as read, from the oldest to the one of this number.
pub async fn mark_read_until(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
    until: i64,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE notifications SET read_at = now()
        WHERE team_id = $1 AND person_id = $2 AND read_at IS NULL AND number <= $3
        "#,
        team as _,
        person as _,
        until,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a member wants to be told.
pub async fn settings(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
) -> Result<NotificationSettings> {
    let row = sqlx::query!(
        "SELECT muted, digest FROM notification_settings WHERE team_id = $1 AND person_id = $2",
        team as _,
        person as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map_or(
        NotificationSettings {
            muted: Vec::new(),
            digest: true,
        },
        |row| NotificationSettings {
            muted: kinds(&row.muted),
            digest: row.digest,
        },
    ))
}

/// Sets what a member wants to be told.
pub async fn set_settings(
    connection: &mut PgConnection,
    team: TeamId,
    person: PersonId,
    settings: &NotificationSettings,
) -> Result<()> {
    let muted: Vec<String> = settings
        .muted
        .iter()
        .map(|kind| kind.as_str().to_owned())
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO notification_settings (team_id, person_id, muted, digest) VALUES ($1, $2, $3, $4)
        ON CONFLICT (team_id, person_id) DO UPDATE SET muted = $3, digest = $4
        "#,
        team as _,
        person as _,
        &muted,
        settings.digest,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes what was told more than 90 days ago, and tells how many these were.
pub async fn remove_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let removed =
        sqlx::query!("DELETE FROM notifications WHERE created_at < now() - interval '90 days'")
            .execute(db)
            .await?;
    Ok(removed.rows_affected())
}

/// Removes what was told of tasks that are going to be removed.
pub async fn remove_of(
    connection: &mut PgConnection,
    teams: &[Uuid],
    tasks: &[Uuid],
) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM notifications USING unnest($1::uuid[], $2::uuid[]) AS gone (team_id, task_id)
        WHERE notifications.team_id = gone.team_id AND notifications.task_id = gone.task_id
        "#,
        teams,
        tasks,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes what was told of comments that are going to be removed.
pub async fn remove_of_comments(
    connection: &mut PgConnection,
    teams: &[Uuid],
    comments: &[Uuid],
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM notifications WHERE team_id = ANY($1) AND comment_id = ANY($2)",
        teams,
        comments,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes what a person was told in these teams, what they want to be told, and their digests with the links in
/// them.
pub async fn forget_person(
    connection: &mut PgConnection,
    teams: &[Uuid],
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        WITH told AS (DELETE FROM notifications WHERE team_id = ANY($1) AND person_id = $2),
             settings AS (DELETE FROM notification_settings WHERE team_id = ANY($1) AND person_id = $2),
             days AS (DELETE FROM digests WHERE team_id = ANY($1) AND person_id = $2)
        DELETE FROM digest_links WHERE team_id = ANY($1) AND person_id = $2
        "#,
        teams,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The kinds behind their stored words.
fn kinds(words: &[String]) -> Vec<Kind> {
    words.iter().filter_map(|word| word.parse().ok()).collect()
}
