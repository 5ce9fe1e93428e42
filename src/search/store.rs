//! What the search reads. It has no table of its own; `tasks` keeps an index of words for it.

use sqlx::PgExecutor;

use super::model::{FoundTask, MOST_FOUND, SearchView};
use crate::{error::Result, people::access::TeamId, tasks::model::TaskKey};

/// Finds the tasks that have every word of the query, or a word that begins with it; the task whose
/// key the query is comes first, then what is open, then what changed last.
///
/// Signs between words separate them here as in the index `tasks_words`, whose expression this repeats.
pub async fn find(db: impl PgExecutor<'_>, team: TeamId, query: &str) -> Result<SearchView> {
    let key = query.parse::<TaskKey>().ok();
    let limit = i64::try_from(MOST_FOUND)
        .unwrap_or(i64::MAX)
        .saturating_add(1);
    let rows = sqlx::query!(
        r#"
        WITH words AS (
            SELECT NULLIF(
                regexp_replace(
                    plainto_tsquery('simple', translate($2, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))::text,
                    '''( & |$)', ''':*\1', 'g'),
                '')::tsquery AS query
        ),
        hit AS (
            SELECT tasks.id, 0 AS rank
            FROM tasks JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
            WHERE tasks.team_id = $1 AND tasks.deleted_at IS NULL
              AND boards.key = $3 AND tasks.number = $4
            UNION ALL
            SELECT tasks.id, CASE WHEN tasks.kind = 'done' THEN 2 ELSE 1 END
            FROM tasks
            WHERE tasks.team_id = $1 AND tasks.deleted_at IS NULL
              AND to_tsvector('simple', translate(title || ' ' || description, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))
                  @@ (SELECT query FROM words)
        ),
        found AS (SELECT id, min(rank) AS rank FROM hit GROUP BY id)
        SELECT boards.key || '-' || tasks.number AS "key!", tasks.title, boards.name AS board,
               boards.archived_at IS NOT NULL AS "board_is_archived!",
               columns.name AS "column_name?", people.name AS "assignee?"
        FROM found
        JOIN tasks ON tasks.team_id = $1 AND tasks.id = found.id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        LEFT JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                         AND columns.id = tasks.column_id
        LEFT JOIN people ON people.id = tasks.assignee_id
        ORDER BY found.rank, tasks.updated_at DESC, tasks.id
        LIMIT $5
        "#,
        team as _,
        query,
        key.as_ref().map(|key| key.board.as_str()),
        key.as_ref().map(|key| key.number),
        limit,
    )
    .fetch_all(db)
    .await?;
    let has_more = rows.len() > MOST_FOUND;
    let found = rows
        .into_iter()
        .take(MOST_FOUND)
        .map(|row| FoundTask {
            key: row.key,
            title: row.title,
            board: row.board,
            board_is_archived: row.board_is_archived,
            column: row.column_name.unwrap_or_default(),
            assignee: row.assignee,
        })
        .collect();
    Ok(SearchView {
        query: query.to_owned(),
        found,
        has_more,
    })
}
