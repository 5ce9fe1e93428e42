//! The tables `people`, `sessions` and `rate_limits`, and below it `account_links` and `api_tokens`.

pub mod deleting;
pub mod links;
pub mod tokens;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::session::Session;
use crate::{
    error::Result,
    ids::{PersonId, SessionId},
    people::model::PersonName,
};

/// Whether nobody has an account yet.
pub async fn is_empty(db: impl PgExecutor<'_>) -> Result<bool> {
    Ok(
        sqlx::query_scalar!(r#"SELECT NOT EXISTS (SELECT FROM people) AS "empty!""#)
            .fetch_one(db)
            .await?,
    )
}

/// Lets one registration after the other see whether there is an account, until the transaction ends.
pub async fn queue_for_first_account(db: impl PgExecutor<'_>) -> Result<()> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('skateboard: the first account'))")
        .execute(db)
        .await?;
    Ok(())
}

/// Adds a person. Two cannot have the same address.
pub async fn insert_person(
    connection: &mut PgConnection,
    person: &PersonName,
    email: &str,
    password_hash: Option<&str>,
    confirmed: bool,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO people (id, name, email, password_hash, email_confirmed_at)
        VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() END)
        "#,
        person.id as _,
        person.name,
        email,
        password_hash,
        confirmed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is needed to let somebody in.
pub struct Credentials {
    pub person: PersonName,
    pub email: String,
    pub password_hash: Option<String>,
    pub disabled: bool,
}

/// Who signs in with an address.
pub async fn credentials(db: impl PgExecutor<'_>, email: &str) -> Result<Option<Credentials>> {
    let row = sqlx::query!(
        r#"
        SELECT id, name, email, password_hash, disabled_at IS NOT NULL AS "disabled!"
        FROM people WHERE lower(email) = lower($1)
        "#,
        email,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Credentials {
        person: PersonName {
            id: row.id.into(),
            name: row.name,
        },
        email: row.email,
        password_hash: row.password_hash,
        disabled: row.disabled,
    }))
}

/// Puts a fresher hash of the same password in the place of the one it was checked against.
pub async fn refresh_hash(
    db: impl PgExecutor<'_>,
    person: PersonId,
    old: &str,
    new: &str,
) -> Result<()> {
    sqlx::query!(
        "UPDATE people SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        person as _,
        old,
        new,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A session that holds, and whether it is time to write down that it was seen.
pub struct FoundSession {
    pub session: Session,
    pub seen_long_ago: bool,
}

/// The session behind a token, unless it is over or its person disabled.
pub async fn session(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<FoundSession>> {
    let row = sqlx::query!(
        r#"
        SELECT sessions.id, people.id AS person_id, people.name, people.email,
               sessions.last_seen_at < now() - interval '1 hour' AS "seen_long_ago!",
               teams.slug AS "last_team?"
        FROM sessions
        JOIN people ON people.id = sessions.person_id
        LEFT JOIN teams ON teams.team_id = sessions.last_team_id
        WHERE sessions.token_hash = $1 AND people.disabled_at IS NULL
          AND sessions.expires_at > now() AND sessions.last_seen_at > now() - interval '30 days'
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| FoundSession {
        session: Session {
            id: row.id.into(),
            person: PersonName {
                id: row.person_id.into(),
                name: row.name,
            },
            email: row.email,
            last_team: row.last_team,
        },
        seen_long_ago: row.seen_long_ago,
    }))
}

/// Writes down that a session is in use.
pub async fn touch_session(db: impl PgExecutor<'_>, session: SessionId) -> Result<()> {
    sqlx::query!(
        "UPDATE sessions SET last_seen_at = now() WHERE id = $1",
        session as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a session and drops this person's sessions that are over.
///
/// Says `false` when the password that was `verified`, by its hash, is not the person's any more, or when the account
/// was disabled or deleted meanwhile; there is no session then.
pub async fn insert_session(
    db: impl PgExecutor<'_>,
    id: SessionId,
    token_hash: &[u8],
    person: PersonId,
    verified: &str,
    user_agent: &str,
    lifetime_days: i32,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        WITH over AS (
            DELETE FROM sessions WHERE person_id = $3
            AND (expires_at <= now() OR last_seen_at <= now() - interval '30 days')
        )
        INSERT INTO sessions (id, token_hash, person_id, user_agent, expires_at)
        SELECT $1, $2, id, $4, now() + make_interval(days => $5)
        FROM people
        WHERE id = $3 AND password_hash = $6 AND disabled_at IS NULL AND forgotten_at IS NULL
        FOR SHARE
        "#,
        id as _,
        token_hash,
        person as _,
        user_agent,
        lifetime_days,
        verified,
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Ends a session.
pub async fn end_session(db: impl PgExecutor<'_>, session: SessionId) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE id = $1", session as _)
        .execute(db)
        .await?;
    Ok(())
}

/// Writes down which team a session used last.
pub async fn remember_team(db: impl PgExecutor<'_>, session: SessionId, slug: &str) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE sessions SET last_team_id = (SELECT team_id FROM teams WHERE slug = $2)
        WHERE id = $1
        "#,
        session as _,
        slug,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The attempts in the current window, and when it ends.
pub struct Count {
    pub attempts: i32,
    pub seconds_left: u32,
}

/// Counts an attempt, in one statement of its own, and drops a few windows that are long over.
pub async fn count_attempt(
    db: impl PgExecutor<'_>,
    bucket: &str,
    window_seconds: f64,
) -> Result<Count> {
    let row = sqlx::query!(
        r#"
        WITH over AS (
            DELETE FROM rate_limits WHERE (bucket, window_start) IN (
                SELECT bucket, window_start FROM rate_limits
                WHERE window_start < now() - interval '2 days'
                LIMIT 20 FOR UPDATE SKIP LOCKED
            )
        )
        INSERT INTO rate_limits AS held (bucket, window_start)
        VALUES ($1, date_bin(make_interval(secs => $2), now(), TIMESTAMPTZ 'epoch'))
        ON CONFLICT (bucket, window_start) DO UPDATE SET attempts = held.attempts + 1
        RETURNING attempts,
                  ceil(extract(epoch FROM window_start - now()) + $2)::integer AS "seconds_left!"
        "#,
        bucket,
        window_seconds,
    )
    .fetch_one(db)
    .await?;
    Ok(Count {
        attempts: row.attempts,
        seconds_left: row.seconds_left.try_into().unwrap_or_default(),
    })
}

/// Takes the last attempt in a bucket back.
pub async fn forgive_attempt(db: impl PgExecutor<'_>, bucket: &str) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE rate_limits SET attempts = attempts - 1
        WHERE bucket = $1 AND attempts > 0
          AND window_start = (SELECT max(window_start) FROM rate_limits WHERE bucket = $1)
        "#,
        bucket,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What is stored of a person's password.
pub async fn password_hash(db: impl PgExecutor<'_>, person: PersonId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT password_hash FROM people WHERE id = $1",
        person as _
    )
    .fetch_one(db)
    .await?)
}

/// Sets another password.
pub async fn set_password(
    connection: &mut PgConnection,
    person: PersonId,
    hash: &str,
) -> Result<()> {
    sqlx::query!(
        "UPDATE people SET password_hash = $2 WHERE id = $1 AND forgotten_at IS NULL",
        person as _,
        hash,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Sets another name.
pub async fn set_name(db: impl PgExecutor<'_>, person: PersonId, name: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE people SET name = $2 WHERE id = $1 AND forgotten_at IS NULL",
        person as _,
        name
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Sets another address, which may have been confirmed.
pub async fn set_email(
    connection: &mut PgConnection,
    person: PersonId,
    email: &str,
    confirmed: bool,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE people SET email = $2, email_confirmed_at = CASE WHEN $3 THEN now() END
        WHERE id = $1 AND forgotten_at IS NULL
        "#,
        person as _,
        email,
        confirmed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a person out, for as long as nobody undoes it.
pub async fn disable(connection: &mut PgConnection, person: PersonId) -> Result<()> {
    sqlx::query!(
        "UPDATE people SET disabled_at = coalesce(disabled_at, now()) WHERE id = $1",
        person as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a person's sessions, but for one.
pub async fn end_sessions(
    db: impl PgExecutor<'_>,
    person: PersonId,
    but: Option<SessionId>,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM sessions WHERE person_id = $1 AND id IS DISTINCT FROM $2",
        person as _,
        but as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// An open session, as its person sees it.
pub struct OpenSession {
    pub id: SessionId,
    pub user_agent: String,
    /// Seconds since 1970.
    pub last_seen_at: i64,
}

/// A person's open sessions, the one used last first.
pub async fn sessions_of(db: impl PgExecutor<'_>, person: PersonId) -> Result<Vec<OpenSession>> {
    Ok(sqlx::query!(
        r#"
        SELECT id, user_agent, last_seen_at FROM sessions
        WHERE person_id = $1 AND expires_at > now() AND last_seen_at > now() - interval '30 days'
        ORDER BY last_seen_at DESC, id LIMIT 100
        "#,
        person as _,
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(|row| OpenSession {
        id: row.id.into(),
        user_agent: row.user_agent,
        last_seen_at: row.last_seen_at.unix_timestamp(),
    })
    .collect())
}

/// The database's clock, in seconds since 1970.
pub async fn now(db: impl PgExecutor<'_>) -> Result<i64> {
    let now = sqlx::query_scalar!(r#"SELECT now() AS "now!: OffsetDateTime""#)
        .fetch_one(db)
        .await?;
    Ok(now.unix_timestamp())
}

/// A person's name and address.
pub async fn contact(db: impl PgExecutor<'_>, person: PersonId) -> Result<(String, String)> {
    let row = sqlx::query!("SELECT name, email FROM people WHERE id = $1", person as _)
        .fetch_one(db)
        .await?;
    Ok((row.name, row.email))
}
