//! What the log keeps of somebody whose account is deleted: that it was done, under a name that is nobody's.

use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use crate::{error::Result, ids::PersonId, live::model::FieldChange};

/// Puts another name into the place of a person's wherever an event of a team after one of them names them.
pub async fn rename(
    connection: &mut PgConnection,
    team: Uuid,
    after: i64,
    person: PersonId,
    name: &str,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE events SET changes = (
            SELECT jsonb_agg(
                change
                || CASE WHEN change ->> 'from_id' = $2 AND change ? 'from'
                        THEN jsonb_build_object('from', $3::text) ELSE '{}' END
                || CASE WHEN change ->> 'to_id' = $2 AND change ? 'to'
                        THEN jsonb_build_object('to', $3::text) ELSE '{}' END
                ORDER BY place)
            FROM jsonb_path_query(events.changes, '$[*]') WITH ORDINALITY AS each (change, place)
        )
        WHERE team_id = $1 AND seq > $4 AND (
            changes @> jsonb_build_array(jsonb_build_object('from_id', $2::text))
            OR changes @> jsonb_build_array(jsonb_build_object('to_id', $2::text))
        )
        "#,
        team,
        person.to_string(),
        name,
        after,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes what was said out of the events of comments that are going to be removed.
pub async fn forget_comments(
    connection: &mut PgConnection,
    teams: &[Uuid],
    comments: &[Uuid],
) -> Result<()> {
    let ids: Vec<String> = comments.iter().map(Uuid::to_string).collect();
    sqlx::query!(
        r#"
        UPDATE events SET changes = '[]'
        WHERE team_id = ANY($1) AND kind LIKE 'comment.%'
          AND coalesce(changes -> 0 ->> 'to_id', changes -> 0 ->> 'from_id') = ANY($2)
        "#,
        teams,
        &ids,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an event changed.
#[derive(Debug)]
pub struct Changes {
    pub seq: i64,
    pub changes: Json<Vec<FieldChange>>,
}

/// The events of a team after one of them in which a text may mention somebody.
pub async fn with_mentions(
    db: impl PgExecutor<'_>,
    team: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<Changes>> {
    Ok(sqlx::query_as!(
        Changes,
        r#"
        SELECT seq, changes AS "changes: Json<Vec<FieldChange>>" FROM events
        WHERE team_id = $1 AND seq > $2 AND jsonb_typeof(changes) = 'array' AND changes::text LIKE '%@%'
        ORDER BY seq LIMIT $3
        "#,
        team,
        after,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// Puts other changes into the place of those of an event.
pub async fn put_changes(
    connection: &mut PgConnection,
    team: Uuid,
    changes: &Changes,
) -> Result<()> {
    sqlx::query!(
        "UPDATE events SET changes = $3 WHERE team_id = $1 AND seq = $2",
        team,
        changes.seq,
        Json(&changes.changes.0) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
