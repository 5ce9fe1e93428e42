//! The table `comments`.

pub mod forgetting;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::CommentView;
use crate::{
    error::Result,
    ids::{CommentId, PersonId, TaskId},
    people::{access::TeamId, model::PersonName},
    tasks::model::TaskKey,
};

/// Stores a new comment. Tells whether it is new: `false` when the id is taken.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    id: CommentId,
    author: PersonId,
    body: &str,
    created_as: &serde_json::Value,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO comments (team_id, task_id, id, author_id, body, created_as)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (team_id, id) DO NOTHING
        "#,
        team as _,
        task as _,
        id as _,
        author as _,
        body,
        created_as,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// A comment from elsewhere. One without a moment is of now, and none is of later.
#[derive(Debug)]
pub struct ImportedComment {
    pub task: TaskId,
    pub id: CommentId,
    pub author: PersonId,
    pub body: String,
    pub created_at: Option<OffsetDateTime>,
}

/// Stores comments that come from elsewhere.
pub async fn import(
    connection: &mut PgConnection,
    team: TeamId,
    comments: &[ImportedComment],
) -> Result<()> {
    let ids: Vec<Uuid> = comments.iter().map(|comment| comment.id.0).collect();
    let tasks: Vec<Uuid> = comments.iter().map(|comment| comment.task.0).collect();
    let authors: Vec<Uuid> = comments.iter().map(|comment| comment.author.0).collect();
    let bodies: Vec<String> = comments.iter().map(|c| c.body.clone()).collect();
    let times: Vec<Option<OffsetDateTime>> = comments.iter().map(|c| c.created_at).collect();
    sqlx::query!(
        r#"
        INSERT INTO comments (team_id, id, task_id, author_id, body, created_as, created_at)
        SELECT $1, new.id, new.task_id, new.author_id, new.body, '{"imported": true}',
               least(now(), coalesce(new.created_at, now()))
        FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])
             AS new (id, task_id, author_id, body, created_at)
        "#,
        team as _,
        &ids,
        &tasks,
        &authors,
        &bodies,
        &times as &[Option<OffsetDateTime>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How a comment with this id was created on a task, if there is one.
pub async fn created_as(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: &TaskKey,
    id: CommentId,
) -> Result<Option<serde_json::Value>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT comments.created_as
        FROM comments
        JOIN tasks ON tasks.team_id = comments.team_id AND tasks.id = comments.task_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE comments.team_id = $1 AND boards.key = $2 AND tasks.number = $3 AND comments.id = $4
        "#,
        team as _,
        task.board,
        task.number,
        id as _,
    )
    .fetch_optional(db)
    .await?)
}

/// A comment row that the transaction holds.
#[derive(Debug)]
pub struct HeldComment {
    pub author: PersonId,
    pub body: String,
    pub deleted: bool,
}

/// Takes hold of a comment until the transaction ends.
pub async fn hold(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    id: CommentId,
) -> Result<Option<HeldComment>> {
    let row = sqlx::query!(
        r#"
        SELECT author_id, body, deleted_at FROM comments
        WHERE team_id = $1 AND task_id = $2 AND id = $3 FOR UPDATE
        "#,
        team as _,
        task as _,
        id as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| HeldComment {
        author: row.author_id.into(),
        body: row.body,
        deleted: row.deleted_at.is_some(),
    }))
}

/// Gives a held comment another text.
pub async fn rewrite(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    id: CommentId,
    body: &str,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE comments SET body = $4, edited_at = now()
        WHERE team_id = $1 AND task_id = $2 AND id = $3
        "#,
        team as _,
        task as _,
        id as _,
        body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks a held comment as deleted, or takes that back.
pub async fn set_deleted(
    connection: &mut PgConnection,
    team: TeamId,
    task: TaskId,
    id: CommentId,
    deleted: bool,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE comments SET deleted_at = CASE WHEN $4 THEN now() END
        WHERE team_id = $1 AND task_id = $2 AND id = $3
        "#,
        team as _,
        task as _,
        id as _,
        deleted,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the comments of tasks that are going to be removed.
pub async fn remove_of(
    connection: &mut PgConnection,
    teams: &[Uuid],
    tasks: &[Uuid],
) -> Result<()> {
    sqlx::query!(
        r#"
        DELETE FROM comments USING unnest($1::uuid[], $2::uuid[]) AS gone (team_id, task_id)
        WHERE comments.team_id = gone.team_id AND comments.task_id = gone.task_id
        "#,
        teams,
        tasks,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The latest comments of a task, oldest first, as they were typed and not rendered yet.
pub async fn of_task(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    limit: i64,
) -> Result<Vec<CommentView>> {
    let rows = sqlx::query!(
        r#"
        SELECT comments.id, author_id, people.name AS author_name, body, comments.created_at, edited_at
        FROM (
            SELECT id, author_id, body, created_at, edited_at FROM comments
            WHERE team_id = $1 AND task_id = $2 AND deleted_at IS NULL
            ORDER BY created_at DESC, id DESC LIMIT $3
        ) AS comments
        JOIN people ON people.id = author_id
        ORDER BY comments.created_at, comments.id
        "#,
        team as _,
        task as _,
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| CommentView {
            id: row.id.into(),
            author: PersonName {
                id: row.author_id.into(),
                name: row.author_name,
            },
            body: row.body,
            html: String::new(),
            created_at: row.created_at.unix_timestamp(),
            edited_at: row.edited_at.map(time::OffsetDateTime::unix_timestamp),
        })
        .collect())
}

/// A comment as other programs read it.
#[derive(Debug)]
pub struct WholeComment {
    pub id: CommentId,
    pub author_id: PersonId,
    pub author_name: String,
    pub body: String,
    pub created_at: OffsetDateTime,
    pub edited_at: Option<OffsetDateTime>,
}

/// The comments of a task that were made after a moment, or at it under a higher id, the oldest first.
pub async fn of_task_after(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    after: (OffsetDateTime, Uuid),
    limit: i64,
) -> Result<Vec<WholeComment>> {
    Ok(sqlx::query_as!(
        WholeComment,
        r#"
        SELECT comments.id, author_id, people.name AS author_name, body, comments.created_at, edited_at
        FROM comments JOIN people ON people.id = author_id
        WHERE team_id = $1 AND task_id = $2 AND deleted_at IS NULL AND (comments.created_at, comments.id) > ($3, $4)
        ORDER BY comments.created_at, comments.id LIMIT $5
        "#,
        team as _,
        task as _,
        after.0,
        after.1,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// One comment of a task.
pub async fn one(
    db: impl PgExecutor<'_>,
    team: TeamId,
    task: TaskId,
    comment: CommentId,
) -> Result<Option<WholeComment>> {
    Ok(sqlx::query_as!(
        WholeComment,
        r#"
        SELECT comments.id, author_id, people.name AS author_name, body, comments.created_at, edited_at
        FROM comments JOIN people ON people.id = author_id
        WHERE team_id = $1 AND task_id = $2 AND comments.id = $3
        "#,
        team as _,
        task as _,
        comment as _,
    )
    .fetch_optional(db)
    .await?)
}
