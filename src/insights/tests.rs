//! What is counted and what the figures say, driven from outside.

mod counting;
mod demo;
mod edges;
mod history;
mod large;

use leptos::server_fn::ServerFn;
use serde_json::Value;
use sqlx::PgPool;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    actions::forget_old,
    model::{FigureView, FiguresView},
    requests::{LoadFigures, RecordWarning},
};
use crate::testing::{Browser, Page, TestApp, World, seed::Task};

/// The figures of a period as an owner reads them.
async fn figures(browser: &Browser, team: &str, from: Date, to: Date) -> FiguresView {
    let (from, to) = (from.to_string(), to.to_string());
    let fields = [("team", team), ("from", &*from), ("to", &*to)];
    browser.call(LoadFigures::url(), &fields).await.value()
}

impl FiguresView {
    #[track_caller]
    fn figure(&self, id: &str) -> &FigureView {
        let groups = self.usage.iter().chain(&self.promises);
        groups
            .flat_map(|group| &group.figures)
            .find(|figure| figure.id == id)
            .unwrap_or_else(|| panic!("there is no figure {id}"))
    }
}

impl FigureView {
    /// The rows of its table, without the column that names them.
    fn rows(&self) -> Vec<Vec<String>> {
        let table = Page::parse(self.table.as_deref().unwrap_or_default());
        let columns = table.texts("thead th").len().saturating_sub(1);
        let cells = table.texts("tbody td");
        match columns {
            0 => Vec::new(),
            _ => cells.chunks(columns).map(<[String]>::to_vec).collect(),
        }
    }

    /// What names the rows of its table.
    fn names(&self) -> Vec<String> {
        Page::parse(self.table.as_deref().unwrap_or_default()).texts("tbody th")
    }

    /// A column of its table, in numbers.
    #[track_caller]
    fn column(&self, index: usize) -> Vec<i64> {
        let rows = self.rows();
        rows.iter()
            .map(|row| row[index].parse().expect("a number"))
            .collect()
    }

    /// The number that stands before these words.
    #[track_caller]
    fn number(&self, words: &str) -> &str {
        let found = self
            .numbers
            .iter()
            .find(|number| number.words.contains(words));
        &found
            .unwrap_or_else(|| panic!("{words} is not in {self:?}"))
            .value
    }

    /// Everything that it says in large.
    fn said(&self) -> Vec<&str> {
        self.numbers
            .iter()
            .map(|number| number.words.as_str())
            .collect()
    }
}

/// Lets what happened to a task have happened at other moments, in the order of its events.
async fn redate(world: &World, task: &Task, moments: &[OffsetDateTime]) {
    let changed = sqlx::query(
        r#"
        UPDATE events SET at = dated.moment
        FROM (
            SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM events WHERE team_id = $1 AND task_id = $2
        ) AS event
        JOIN unnest($3::timestamptz[]) WITH ORDINALITY AS dated (moment, place) ON dated.place = event.place
        WHERE events.team_id = $1 AND events.seq = event.seq
        "#,
    )
    .bind(world.team.id)
    .bind(task.id)
    .bind(moments)
    .execute(&world.app.db)
    .await
    .expect("dated events");
    assert_eq!(changed.rows_affected(), moments.len() as u64, "{moments:?}");
    sqlx::query(
        r#"
        UPDATE tasks SET created_at = first.at FROM (
            SELECT min(at) AS at FROM events WHERE team_id = $1 AND task_id = $2 AND kind = 'task.created'
        ) AS first
        WHERE team_id = $1 AND id = $2 AND first.at IS NOT NULL
        "#,
    )
    .bind(world.team.id)
    .bind(task.id)
    .execute(&world.app.db)
    .await
    .expect("a dated task");
}

/// A task that Ben adds to `To do`.
async fn add(world: &World, title: &str) -> Task {
    let id = Uuid::now_v7();
    let fields = [
        ("team", world.team.slug.clone()),
        ("board", world.board.to_string()),
        ("column", world.columns[0].id.to_string()),
        ("id", id.to_string()),
        ("title", title.to_owned()),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
    let path = "/actions/skateboard/tasks/requests/create_task";
    world.ben.call(path, &fields).await.expect(200);
    let number: i32 = sqlx::query_scalar("SELECT number FROM tasks WHERE team_id = $1 AND id = $2")
        .bind(world.team.id)
        .bind(id)
        .fetch_one(&world.app.db)
        .await
        .expect("the task");
    Task {
        id,
        key: format!("WEB-{number}"),
    }
}

/// Ben moves a task into a column, counted from the left.
async fn put(world: &World, task: &Task, column: usize) {
    let column = world.columns[column].id.to_string();
    deed(
        world,
        &world.ben,
        "move_task",
        task,
        &[("column", &*column)],
    )
    .await;
}

/// Somebody does something with a task.
async fn deed(world: &World, by: &Browser, name: &str, task: &Task, fields: &[(&str, &str)]) {
    let mut all = vec![("team", &*world.team.slug), ("task", &*task.key)];
    all.extend(fields);
    let path = format!("/actions/skateboard/tasks/requests/{name}");
    by.call(&path, &all).await.expect(200);
}

/// How often a kind of usage was counted in the world's team, and of how many of these it is known of whom.
async fn usage(world: &World, kind: &str) -> (i64, i64) {
    sqlx::query_as("SELECT count(*), count(person_id) FROM usage WHERE team_id = $1 AND kind = $2")
        .bind(world.team.id)
        .bind(kind)
        .fetch_one(&world.app.db)
        .await
        .expect("the usage")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_became_of_a_warning_is_counted_and_no_change(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let seqs = world.events("task.created").await.len();
    for warning in ["shown", "ignored"] {
        let fields = [
            ("team", world.team.slug.as_str()),
            ("warning", warning),
            ("typed_at", "new_task"),
            ("tasks", "2"),
        ];
        world
            .ben
            .call(RecordWarning::url(), &fields)
            .await
            .expect(200);
    }
    let counted: Vec<(String, Uuid, Value)> =
        sqlx::query_as("SELECT kind, person_id, detail FROM usage WHERE team_id = $1 ORDER BY id")
            .bind(world.team.id)
            .fetch_all(&world.app.db)
            .await
            .unwrap();
    let kinds: Vec<&str> = counted.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["similar.shown", "similar.ignored"]);
    assert_eq!(counted[0].1, world.people.ben.id);
    assert_eq!(counted[0].2["typed_at"], "new_task");
    assert_eq!(counted[0].2["tasks"], 2);
    assert_eq!(world.events("task.created").await.len(), seqs);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_counted_is_kept_for_400_days(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for days in [399, 401, 800] {
        sqlx::query(
            r#"
            INSERT INTO usage (team_id, id, kind, person_id, at)
            VALUES ($1, gen_random_uuid(), 'similar.shown', $2, now() - make_interval(days => $3))
            "#,
        )
        .bind(world.team.id)
        .bind(world.people.ben.id)
        .bind(days)
        .execute(&world.app.db)
        .await
        .unwrap();
    }
    assert_eq!(forget_old(&world.app.db).await.unwrap(), 2);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM usage")
        .fetch_one(&world.app.db)
        .await
        .unwrap();
    assert_eq!(left, 1);
}
