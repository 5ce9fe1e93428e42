//! Boards, columns, tasks and comments.

use fractional_index::FractionalIndex;
use sqlx::PgPool;
use uuid::Uuid;

use super::Person;

/// A column of a seeded board.
#[derive(Clone, Debug)]
pub struct Column {
    pub board: Uuid,
    pub id: Uuid,
    pub kind: &'static str,
}

/// A seeded task.
#[derive(Clone, Debug)]
pub struct Task {
    pub id: Uuid,
    /// Such as `WEB-1`.
    pub key: String,
}

/// A board with the columns `To do`, `In progress` and `Done`.
pub async fn board(
    db: &PgPool,
    team: Uuid,
    by: &Person,
    key: &str,
    name: &str,
) -> (Uuid, [Column; 3]) {
    let board = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO boards (team_id, id, key, name, created_as, created_by) VALUES ($1, $2, $3, $4, '{}', $5)",
    )
    .bind(team)
    .bind(board)
    .bind(key)
    .bind(name)
    .bind(by.id)
    .execute(db)
    .await
    .expect("a board");
    sqlx::query("INSERT INTO task_numbers (team_id, board_id) VALUES ($1, $2)")
        .bind(team)
        .bind(board)
        .execute(db)
        .await
        .expect("the numbers of a board");
    let columns = [
        ("To do", "todo"),
        ("In progress", "doing"),
        ("Done", "done"),
    ];
    let mut position = FractionalIndex::default();
    let mut seeded = Vec::new();
    for (name, kind) in columns {
        seeded.push(column(db, team, board, name, kind, &position).await);
        position = FractionalIndex::new_after(&position);
    }
    let columns = seeded.try_into().expect("three columns");
    (board, columns)
}

/// A column behind the others of its board.
pub async fn last_column(
    db: &PgPool,
    team: Uuid,
    board: Uuid,
    name: &str,
    kind: &'static str,
) -> Column {
    let last: Vec<u8> = sqlx::query_scalar(
        "SELECT position FROM columns WHERE team_id = $1 AND board_id = $2 ORDER BY position DESC LIMIT 1",
    )
    .bind(team)
    .bind(board)
    .fetch_one(db)
    .await
    .expect("the last column");
    column(db, team, board, name, kind, &after(last)).await
}

fn after(position: Vec<u8>) -> FractionalIndex {
    FractionalIndex::new_after(
        &FractionalIndex::from_bytes(position).expect("a position that was stored"),
    )
}

async fn column(
    db: &PgPool,
    team: Uuid,
    board: Uuid,
    name: &str,
    kind: &'static str,
    position: &FractionalIndex,
) -> Column {
    let id = Uuid::now_v7();
    sqlx::query(
        r#"
        INSERT INTO columns (team_id, board_id, id, name, kind, position, created_as)
        VALUES ($1, $2, $3, $4, $5, $6, '{}')
        "#,
    )
    .bind(team)
    .bind(board)
    .bind(id)
    .bind(name)
    .bind(kind)
    .bind(position.as_bytes())
    .execute(db)
    .await
    .expect("a column");
    Column { board, id, kind }
}

/// A task at the end of a column.
pub async fn task(db: &PgPool, team: Uuid, by: &Person, column: &Column, title: &str) -> Task {
    let last: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT position FROM tasks WHERE team_id = $1 AND column_id = $2 ORDER BY position DESC LIMIT 1",
    )
    .bind(team)
    .bind(column.id)
    .fetch_optional(db)
    .await
    .expect("the last position");
    let position = match last {
        Some(last) => after(last),
        None => FractionalIndex::default(),
    };
    let id = Uuid::now_v7();
    let key: String = sqlx::query_scalar(
        r#"
        WITH next AS (
            UPDATE task_numbers SET last_number = last_number + 1
            WHERE team_id = $1 AND board_id = $2 RETURNING last_number
        ),
        task AS (
            INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, created_as, created_by,
                               started_at, completed_at)
            SELECT $1, $3, $2, last_number, $4, $5, $6, $7, '{}', $8,
                   CASE WHEN $5 <> 'todo' THEN now() END, CASE WHEN $5 = 'done' THEN now() END
            FROM next RETURNING number
        )
        SELECT boards.key || '-' || task.number FROM task, boards WHERE boards.team_id = $1 AND boards.id = $2
        "#,
    )
    .bind(team)
    .bind(column.board)
    .bind(id)
    .bind(column.id)
    .bind(column.kind)
    .bind(position.as_bytes())
    .bind(title)
    .bind(by.id)
    .fetch_one(db)
    .await
    .expect("a task");
    Task { id, key }
}

/// Gives a task to a person.
pub async fn assign(db: &PgPool, team: Uuid, task: &Task, to: &Person) {
    sqlx::query(
        "UPDATE tasks SET assignee_id = $3, assigned_at = now() WHERE team_id = $1 AND id = $2",
    )
    .bind(team)
    .bind(task.id)
    .bind(to.id)
    .execute(db)
    .await
    .expect("an assigned task");
}

/// Lets a task be due so many days from today in UTC, or never.
pub async fn due(db: &PgPool, team: Uuid, task: &Task, days: Option<i32>) {
    sqlx::query(
        r#"
        UPDATE tasks SET due_on = (now() AT TIME ZONE 'UTC')::date + $3::int
        WHERE team_id = $1 AND id = $2
        "#,
    )
    .bind(team)
    .bind(task.id)
    .bind(days)
    .execute(db)
    .await
    .expect("a due date");
}

/// Marks a task as deleted a moment ago.
pub async fn delete(db: &PgPool, team: Uuid, by: &Person, task: &Task) {
    sqlx::query(
        "UPDATE tasks SET deleted_at = now(), deleted_by = $3 WHERE team_id = $1 AND id = $2",
    )
    .bind(team)
    .bind(task.id)
    .bind(by.id)
    .execute(db)
    .await
    .expect("a deleted task");
}

/// Archives a board.
pub async fn archive(db: &PgPool, team: Uuid, board: Uuid) {
    sqlx::query("UPDATE boards SET archived_at = now() WHERE team_id = $1 AND id = $2")
        .bind(team)
        .bind(board)
        .execute(db)
        .await
        .expect("an archived board");
}

/// A comment on a task, and its id.
pub async fn comment(db: &PgPool, team: Uuid, by: &Person, task: &Task, body: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO comments (team_id, task_id, id, author_id, body, created_as) VALUES ($1, $2, $3, $4, $5, '{}')",
    )
    .bind(team)
    .bind(task.id)
    .bind(id)
    .bind(by.id)
    .bind(body)
    .execute(db)
    .await
    .expect("a comment");
    id
}

/// Marks a comment as deleted.
pub async fn delete_comment(db: &PgPool, team: Uuid, comment: Uuid) {
    sqlx::query("UPDATE comments SET deleted_at = now() WHERE team_id = $1 AND id = $2")
        .bind(team)
        .bind(comment)
        .execute(db)
        .await
        .expect("a deleted comment");
}

/// Tells a person that another one assigned a task to them, and gives the id of it.
pub async fn notification(db: &PgPool, team: Uuid, to: &Person, by: &Person, task: &Task) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        r#"
        WITH counter AS (
            INSERT INTO notification_counters (team_id, last_number) VALUES ($1, 1)
            ON CONFLICT (team_id) DO UPDATE SET last_number = notification_counters.last_number + 1
            RETURNING last_number
        )
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, actor_id, change_id)
        SELECT $1, $2, last_number, $3, 'assigned', $4, $5, gen_random_uuid() FROM counter
        "#,
    )
    .bind(team)
    .bind(id)
    .bind(to.id)
    .bind(task.id)
    .bind(by.id)
    .execute(db)
    .await
    .expect("a notification");
    id
}
