//! The table `imports`.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::model::Earlier;
use crate::{
    error::Result,
    ids::{BoardId, PersonId},
    people::{access::TeamId, model::PersonName},
};

/// What an import came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// `trello` or `csv`.
    pub source: &'static str,
    /// The id that the board has there.
    pub source_id: Option<String>,
    /// SHA-256 of the file.
    pub file_hash: Vec<u8>,
}

/// Writes down that a file is being imported. No file is imported into a team twice.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    id: Uuid,
    origin: &Origin,
    board: BoardId,
    by: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO imports (team_id, id, source, source_id, file_hash, board_id, tasks, comments, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)
        "#,
        team as _,
        id,
        origin.source,
        origin.source_id,
        origin.file_hash,
        board as _,
        by as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down how much an import brought.
pub async fn conclude(
    connection: &mut PgConnection,
    team: TeamId,
    id: Uuid,
    tasks: i32,
    comments: i32,
) -> Result<()> {
    sqlx::query!(
        "UPDATE imports SET tasks = $3, comments = $4 WHERE team_id = $1 AND id = $2",
        team as _,
        id,
        tasks,
        comments,
    )
    .execute(connection)
    .await?;
    Ok(())
}

struct Row {
    source: String,
    key: String,
    name: String,
    tasks: i32,
    comments: i32,
    created_by: Uuid,
    by_name: String,
    at: i64,
}

impl From<Row> for Earlier {
    fn from(row: Row) -> Self {
        Self {
            source: row.source,
            key: row.key,
            name: row.name,
            tasks: row.tasks,
            comments: row.comments,
            by: PersonName {
                id: row.created_by.into(),
                name: row.by_name,
            },
            at: row.at,
        }
    }
}

/// The latest imports of a team, latest first: all of them, those of one file, or those of one board elsewhere.
pub async fn earlier(
    db: impl PgExecutor<'_>,
    team: TeamId,
    file_hash: Option<&[u8]>,
    source_id: Option<&str>,
) -> Result<Vec<Earlier>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT imports.source, boards.key, boards.name, imports.tasks, imports.comments, imports.created_by,
               people.name AS by_name, extract(epoch FROM imports.created_at)::bigint AS "at!"
        FROM imports
        JOIN boards ON boards.team_id = imports.team_id AND boards.id = imports.board_id
        JOIN people ON people.id = imports.created_by
        WHERE imports.team_id = $1 AND ($2::bytea IS NULL OR imports.file_hash = $2)
          AND ($3::text IS NULL OR (imports.source = 'trello' AND imports.source_id = $3))
        ORDER BY imports.created_at DESC LIMIT 20
        "#,
        team as _,
        file_hash,
        source_id,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Earlier::from).collect())
}
