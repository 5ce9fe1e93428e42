//! The tables `digests` and `digest_links`: who is sent a digest on which day, and how they end it.

use std::time::Duration;

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{
    error::Result,
    ids::PersonId,
    people::{access::TeamId, model::PersonName},
};

/// How many digests are looked up at once.
const BATCH: i64 = 100;

/// A digest that somebody should get and that nobody makes yet.
#[derive(Clone, Debug)]
pub struct Due {
    pub team: Uuid,
    pub person: Uuid,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub day: String,
}

/// The next digests that are due: on the team's working days from 07:00 of its time zone on, for members who
/// want it. They come in the order of their teams and people, and begin behind `last`, so that a run looks at
/// each person once.
pub async fn due(db: impl PgExecutor<'_>, last: Option<&Due>) -> Result<Vec<Due>> {
    let (team, person) = last.map_or((Uuid::nil(), Uuid::nil()), |due| (due.team, due.person));
    Ok(sqlx::query_as!(
        Due,
        r#"
        SELECT memberships.team_id AS team, memberships.person_id AS person,
               to_char(local.moment, 'YYYY-MM-DD') AS "day!"
        FROM memberships
        JOIN teams ON teams.team_id = memberships.team_id
        CROSS JOIN LATERAL (SELECT now() AT TIME ZONE time_zone AS moment) AS local
        JOIN people ON people.id = memberships.person_id AND disabled_at IS NULL
        LEFT JOIN notification_settings AS settings
               ON settings.team_id = memberships.team_id AND settings.person_id = memberships.person_id
        LEFT JOIN digests ON digests.team_id = memberships.team_id AND digests.person_id = memberships.person_id
                         AND digests.day = local.moment::date
        WHERE (memberships.team_id, memberships.person_id) > ($1, $2)
          AND removed_at IS NULL
          AND local.moment::time >= TIME '07:00'
          AND extract(isodow FROM local.moment)::smallint = ANY (working_days)
          AND coalesce(settings.digest, true)
          AND (digests.day IS NULL OR settled_at IS NULL AND handed_over_at IS NULL AND due_again_at <= now())
        ORDER BY memberships.team_id, memberships.person_id LIMIT $3
        "#,
        team,
        person,
        BATCH,
    )
    .fetch_all(db)
    .await?)
}

/// A digest that this process alone may make for a while.
#[derive(Debug)]
pub struct Claimed {
    pub team: Uuid,
    pub slug: String,
    pub team_name: String,
    pub time_zone: String,
    pub person: PersonName,
    pub email: String,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub day: String,
    /// How often it was claimed, this time included. Nobody else has the same number.
    pub attempt: i32,
}

/// Claims a digest. What somebody else has claimed is left to them until their time is over, and what was
/// handed over for ever. Nobody claims what has ended meanwhile, or what is of the day before.
pub async fn claim(db: impl PgExecutor<'_>, due: &Due, lease: Duration) -> Result<Option<Claimed>> {
    let row = sqlx::query!(
        r#"
        WITH claimed AS (
            INSERT INTO digests (team_id, person_id, day, due_again_at)
            SELECT team_id, $2, $3::text::date, now() + make_interval(secs => $4) FROM teams
            WHERE team_id = $1 AND (now() AT TIME ZONE time_zone)::date = $3::text::date
              AND NOT EXISTS (
                  SELECT FROM notification_settings WHERE team_id = $1 AND person_id = $2 AND NOT digest
              )
            ON CONFLICT (team_id, person_id, day) DO UPDATE
                SET attempts = digests.attempts + 1, due_again_at = excluded.due_again_at
                WHERE digests.settled_at IS NULL AND digests.handed_over_at IS NULL
                  AND digests.due_again_at <= now()
            RETURNING team_id, person_id, attempts
        )
        SELECT attempts, person_id, slug, teams.name AS team_name, time_zone, people.name, email
        FROM claimed JOIN teams USING (team_id) JOIN people ON people.id = person_id
        "#,
        due.team,
        due.person,
        due.day,
        lease.as_secs_f64(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Claimed {
        team: due.team,
        slug: row.slug,
        team_name: row.team_name,
        time_zone: row.time_zone,
        person: PersonName {
            id: row.person_id.into(),
            name: row.name,
        },
        email: row.email,
        day: due.day.clone(),
        attempt: row.attempts,
    }))
}

/// Writes down that a digest is being handed to the mail server, after which nobody claims it any more. Tells
/// whether it was still this process's to hand over.
pub async fn hand_over(db: impl PgExecutor<'_>, claimed: &Claimed) -> Result<bool> {
    let handed_over = sqlx::query!(
        r#"
        UPDATE digests SET handed_over_at = now()
        WHERE team_id = $1 AND person_id = $2 AND day = $3::text::date AND attempts = $4
          AND handed_over_at IS NULL AND settled_at IS NULL
        "#,
        claimed.team,
        claimed.person.id as _,
        claimed.day,
        claimed.attempt,
    )
    .execute(db)
    .await?;
    Ok(handed_over.rows_affected() == 1)
}

/// Leaves a digest that was certainly not sent to whoever claims it after a pause.
pub async fn put_off(db: impl PgExecutor<'_>, claimed: &Claimed, pause: Duration) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE digests SET handed_over_at = NULL, due_again_at = now() + make_interval(secs => $5)
        WHERE team_id = $1 AND person_id = $2 AND day = $3::text::date AND attempts = $4 AND settled_at IS NULL
        "#,
        claimed.team,
        claimed.person.id as _,
        claimed.day,
        claimed.attempt,
        pause.as_secs_f64(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Says how a claimed digest ended for this day: `sent`, `nothing`, `refused` or `unknown`.
pub async fn settle(db: impl PgExecutor<'_>, claimed: &Claimed, outcome: &str) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE digests SET outcome = $5, settled_at = now()
        WHERE team_id = $1 AND person_id = $2 AND day = $3::text::date AND attempts = $4
        "#,
        claimed.team,
        claimed.person.id as _,
        claimed.day,
        claimed.attempt,
        outcome,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A task of somebody's that is due within seven days from today on.
#[derive(Debug)]
pub struct DueTask {
    pub key: String,
    pub title: String,
    /// `YYYY-MM-DD`.
    pub due_on: String,
}

/// The open tasks that a person holds and that are due today or within the six days after it, by date; and
/// today, `YYYY-MM-DD`.
pub async fn due_this_week(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
) -> Result<(Vec<DueTask>, String)> {
    let rows = sqlx::query!(
        r#"
        SELECT to_char(clock.today, 'YYYY-MM-DD') AS "today!", task.key AS "key?", task.title AS "title?",
               task.due_on AS "due_on?"
        FROM (SELECT (now() AT TIME ZONE time_zone)::date AS today FROM teams WHERE team_id = $1) AS clock
        LEFT JOIN LATERAL (
            SELECT boards.key || '-' || number AS key, title, to_char(due_on, 'YYYY-MM-DD') AS due_on
            FROM tasks JOIN boards ON boards.team_id = tasks.team_id AND boards.id = board_id
            WHERE tasks.team_id = $1 AND assignee_id = $2 AND deleted_at IS NULL AND kind <> 'done'
              AND archived_at IS NULL AND due_on BETWEEN clock.today AND clock.today + 6
            ORDER BY tasks.due_on, tasks.id
            LIMIT 200
        ) AS task ON true
        ORDER BY task.due_on, task.key
        "#,
        team as _,
        person as _,
    )
    .fetch_all(db)
    .await?;
    let today = rows
        .first()
        .map(|row| row.today.clone())
        .unwrap_or_default();
    let tasks = rows.into_iter().filter_map(|row| {
        Some(DueTask {
            key: row.key?,
            title: row.title?,
            due_on: row.due_on?,
        })
    });
    Ok((tasks.collect(), today))
}

/// Keeps the hash of the link by which somebody ends their digest.
pub async fn insert_link(
    db: impl PgExecutor<'_>,
    claimed: &Claimed,
    token_hash: &[u8],
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO digest_links (team_id, token_hash, person_id) VALUES ($1, $2, $3)",
        claimed.team,
        token_hash,
        claimed.person.id as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The name of the team whose digest a link ends.
pub async fn team_of_link(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT name FROM digest_links JOIN teams USING (team_id) WHERE token_hash = $1",
        token_hash,
    )
    .fetch_optional(db)
    .await?)
}

/// Ends the digest that a link was sent with, and gives the name of its team.
pub async fn end(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        WITH ended AS (
            INSERT INTO notification_settings (team_id, person_id, digest)
            SELECT team_id, person_id, false FROM digest_links WHERE token_hash = $1
            ON CONFLICT (team_id, person_id) DO UPDATE SET digest = false
            RETURNING team_id
        )
        SELECT name FROM ended JOIN teams USING (team_id)
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?)
}

/// Removes what was sent, and its links, more than 90 days ago. Tells how many rows these were.
pub async fn remove_old(db: impl PgExecutor<'_>) -> Result<u64> {
    let removed = sqlx::query_scalar!(
        r#"
        WITH days AS (DELETE FROM digests WHERE day < now()::date - 90 RETURNING 1),
             links AS (DELETE FROM digest_links WHERE created_at < now() - interval '90 days' RETURNING 1)
        SELECT (SELECT count(*) FROM days) + (SELECT count(*) FROM links) AS "count!"
        "#,
    )
    .fetch_one(db)
    .await?;
    Ok(removed.unsigned_abs())
}
