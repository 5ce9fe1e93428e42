//! The table `wall_links`. A token is stored as its hash only.

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    ids::{PersonId, WallLinkId},
    people::{
        access::TeamId,
        model::{PersonName, WallLinkView},
    },
};

/// Inserts a wall link, unless the team has one of this id.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    id: WallLinkId,
    token_hash: &[u8],
    created_by: PersonId,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO wall_links (team_id, id, token_hash, created_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT ON CONSTRAINT wall_links_pkey DO NOTHING
        "#,
        team as _,
        id as _,
        token_hash,
        created_by as _,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Gives a new token to a wall link that the same person has just made.
pub async fn replace_token(
    connection: &mut PgConnection,
    team: TeamId,
    id: WallLinkId,
    token_hash: &[u8],
    created_by: PersonId,
) -> Result<bool> {
    let replaced = sqlx::query!(
        r#"
        UPDATE wall_links SET token_hash = $3
        WHERE team_id = $1 AND id = $2 AND created_by = $4
          AND revoked_at IS NULL AND created_at > now() - interval '1 minute'
        "#,
        team as _,
        id as _,
        token_hash,
        created_by as _,
    )
    .execute(connection)
    .await?;
    Ok(replaced.rows_affected() == 1)
}

/// Revokes a wall link, and says whether it could be used until now.
///
/// # Errors
/// 404 when the team has no such link.
pub async fn revoke(connection: &mut PgConnection, team: TeamId, id: WallLinkId) -> Result<bool> {
    sqlx::query_scalar!(
        r#"
        WITH before AS (
            SELECT team_id, id, revoked_at FROM wall_links WHERE team_id = $1 AND id = $2 FOR UPDATE
        )
        UPDATE wall_links SET revoked_at = coalesce(wall_links.revoked_at, now())
        FROM before WHERE wall_links.team_id = before.team_id AND wall_links.id = before.id
        RETURNING before.revoked_at IS NULL AS "was_open!"
        "#,
        team as _,
        id as _,
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(Error::not_found)
}

/// The wall links that can be used, the newest first.
pub async fn open(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<WallLinkView>> {
    let rows = sqlx::query!(
        r#"
        SELECT wall_links.id, created_by, people.name, wall_links.created_at, last_opened_at
        FROM wall_links JOIN people ON people.id = created_by
        WHERE team_id = $1 AND revoked_at IS NULL
        ORDER BY wall_links.created_at DESC, wall_links.id
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| WallLinkView {
            id: row.id.into(),
            created_by: PersonName {
                id: row.created_by.into(),
                name: row.name,
            },
            created_at: row.created_at.unix_timestamp(),
            last_opened_at: row.last_opened_at.map(OffsetDateTime::unix_timestamp),
        })
        .collect())
}

/// The team and the link behind a token that can be used. That it was opened is noted once a minute.
pub async fn opened(
    db: impl PgExecutor<'_>,
    token_hash: &[u8],
) -> Result<Option<(Uuid, WallLinkId)>> {
    let row = sqlx::query!(
        r#"
        WITH link AS (
            SELECT team_id, id, last_opened_at FROM wall_links WHERE token_hash = $1 AND revoked_at IS NULL
        ),
        noted AS (
            UPDATE wall_links SET last_opened_at = now()
            FROM link
            WHERE wall_links.team_id = link.team_id AND wall_links.id = link.id
              AND (link.last_opened_at IS NULL OR link.last_opened_at < now() - interval '1 minute')
        )
        SELECT team_id, id FROM link
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.team_id, row.id.into())))
}

/// Which of these links, each with its team, can still be used.
pub async fn still_open(
    db: impl PgExecutor<'_>,
    links: &[(WallLinkId, Uuid)],
) -> Result<Vec<WallLinkId>> {
    let (links, teams): (Vec<Uuid>, Vec<Uuid>) =
        links.iter().map(|(link, team)| (link.0, *team)).unzip();
    Ok(sqlx::query_scalar!(
        r#"
        SELECT wall_links.id AS "id: WallLinkId"
        FROM unnest($1::uuid[], $2::uuid[]) AS asked (id, team_id)
        JOIN wall_links ON wall_links.team_id = asked.team_id AND wall_links.id = asked.id
        WHERE revoked_at IS NULL
        "#,
        &links,
        &teams,
    )
    .fetch_all(db)
    .await?)
}
