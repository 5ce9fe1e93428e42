//! What people can rely on about tasks, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bulk;
mod claiming;
mod creating;
mod deleting;
mod editing;
mod history;
mod input;
mod moving;
mod order;
mod people;
mod purging;
mod similar;

use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::{
    FromRow, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use super::requests::{ClaimTask, CreateTask, DeleteTask, EditTask, MoveTask, RestoreTask};
use crate::{
    error::Conflict,
    testing::{
        Answer, Browser, World,
        seed::{Column, Task},
    },
};

/// What a task is in the database.
#[derive(Debug, PartialEq, FromRow)]
struct Row {
    column_id: Option<Uuid>,
    kind: String,
    title: String,
    description: String,
    assignee_id: Option<Uuid>,
    priority: String,
    labels: Vec<String>,
    version: i64,
    started: bool,
    completed: bool,
    deleted: bool,
}

/// What the log says about a task.
#[derive(Debug, FromRow)]
struct Event {
    kind: String,
    actor_id: Uuid,
    changes: Value,
}

impl Event {
    /// From what to what a field was changed, in words.
    fn change(&self, field: &str) -> Option<(Option<&str>, Option<&str>)> {
        let changes = self.changes.as_array().unwrap();
        let change = changes.iter().find(|change| change["field"] == field)?;
        Some((change["from"].as_str(), change["to"].as_str()))
    }
}

async fn row(world: &World, task: &Task) -> Row {
    sqlx::query_as(
        r#"
        SELECT column_id, kind, title, description, assignee_id, priority, labels, version,
               started_at IS NOT NULL AS started, completed_at IS NOT NULL AS completed,
               deleted_at IS NOT NULL AS deleted
        FROM tasks WHERE team_id = $1 AND id = $2
        "#,
    )
    .bind(world.team.id)
    .bind(task.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap()
}

/// What was recorded about a task, in order.
async fn events(world: &World, task: &Task) -> Vec<Event> {
    sqlx::query_as(
        "SELECT kind, actor_id, changes FROM events WHERE team_id = $1 AND task_id = $2 ORDER BY seq",
    )
    .bind(world.team.id)
    .bind(task.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap()
}

/// The kinds of what was recorded about a task, in order.
async fn kinds(world: &World, task: &Task) -> Vec<String> {
    events(world, task)
        .await
        .into_iter()
        .map(|event| event.kind)
        .collect()
}

/// How many moves the team's log has, and how many versions its tasks have behind them.
async fn moves_and_versions(world: &World) -> (i64, i64) {
    sqlx::query_as(
        r#"
        SELECT (SELECT count(*) FROM events WHERE team_id = $1 AND kind = 'task.moved'),
               (SELECT sum(version - 1)::bigint FROM tasks WHERE team_id = $1)
        "#,
    )
    .bind(world.team.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap()
}

/// The keys of the tasks that lie in a column, in their order.
async fn in_column(world: &World, column: &Column) -> Vec<String> {
    sqlx::query_scalar(
        r#"
        SELECT boards.key || '-' || tasks.number
        FROM tasks JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE tasks.team_id = $1 AND column_id = $2 AND deleted_at IS NULL
        ORDER BY position, tasks.id
        "#,
    )
    .bind(world.team.id)
    .bind(column.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap()
}

async fn archive(world: &World) {
    crate::testing::seed::archive(&world.app.db, world.team.id, world.board).await;
}

async fn create(
    browser: &Browser,
    world: &World,
    id: Uuid,
    column: &Column,
    title: &str,
) -> Answer {
    browser
        .call(
            CreateTask::url(),
            &[
                ("team", &world.team.slug),
                ("board", &column.board.to_string()),
                ("column", &column.id.to_string()),
                ("id", &id.to_string()),
                ("title", title),
            ],
        )
        .await
}

/// Calls a deed on a task.
async fn call(
    browser: &Browser,
    world: &World,
    action: &str,
    task: &Task,
    fields: &[(&str, &str)],
) -> Answer {
    let mut all = vec![
        ("team", world.team.slug.as_str()),
        ("task", task.key.as_str()),
    ];
    all.extend_from_slice(fields);
    browser.call(action, &all).await
}

async fn edit(
    browser: &Browser,
    world: &World,
    task: &Task,
    version: i64,
    fields: &[(&str, &str)],
) -> Answer {
    let version = version.to_string();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    call(browser, world, EditTask::url(), task, &all).await
}

async fn mv(browser: &Browser, world: &World, task: &Task, to: &Column, place: &str) -> Answer {
    let column = to.id.to_string();
    let fields = [("column", column.as_str()), ("place", place)];
    call(browser, world, MoveTask::url(), task, &fields).await
}

/// A move that says what it started from, as a browser keeps it.
async fn kept_move(
    browser: &Browser,
    world: &World,
    task: &Task,
    (from, version): (&Column, i64),
    to: &Column,
    place: &str,
) -> Answer {
    let fields = [
        ("from", from.id.to_string()),
        ("version", version.to_string()),
        ("column", to.id.to_string()),
        ("place", place.to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    call(browser, world, MoveTask::url(), task, &fields).await
}

async fn claim(browser: &Browser, world: &World, task: &Task) -> Answer {
    call(browser, world, ClaimTask::url(), task, &[]).await
}

async fn delete(browser: &Browser, world: &World, task: &Task) -> Answer {
    call(browser, world, DeleteTask::url(), task, &[]).await
}

async fn restore(browser: &Browser, world: &World, task: &Task) -> Answer {
    call(browser, world, RestoreTask::url(), task, &[]).await
}

fn conflict(refused: Answer) -> Conflict {
    *refused.expect(409).error().unwrap().conflict.unwrap()
}

fn task_path(world: &World, task: &Task) -> String {
    world.team.path(&format!("/tasks/{}", task.key))
}

/// As many connections as people in a race, who would otherwise wait for each other before it.
async fn wide(options: PgPoolOptions, connection: PgConnectOptions) -> PgPool {
    options
        .max_connections(20)
        .connect_with(connection)
        .await
        .unwrap()
}

/// Lets everybody do something at once and gives their answers.
async fn at_once<F>(deeds: impl IntoIterator<Item = F>) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let running: Vec<_> = deeds.into_iter().map(tokio::spawn).collect();
    let mut answers = Vec::with_capacity(running.len());
    for deed in running {
        answers.push(deed.await.unwrap());
    }
    answers
}
