//! What people can rely on about hypotheses, their evidence and the decisions.

mod deciding;
mod measuring;
mod writing;

use uuid::Uuid;

use crate::testing::{Answer, Browser, Page, World};

const CREATE: &str = "/actions/skateboard/hypotheses/requests/create_hypothesis";
const DECIDE: &str = "/actions/skateboard/hypotheses/requests/take_decision";
const WITHDRAW: &str = "/actions/skateboard/hypotheses/requests/withdraw_hypothesis";
const CREATE_TASK: &str = "/actions/skateboard/tasks/requests/create_task";
const CLAIM_TASK: &str = "/actions/skateboard/tasks/requests/claim_task";
const MOVE_TASK: &str = "/actions/skateboard/tasks/requests/move_task";

/// The date so many days from today, as UTC has it, which is the time zone of a team unless it says otherwise.
async fn day(world: &World, days: i32) -> String {
    sqlx::query_scalar("SELECT to_char((now() AT TIME ZONE 'UTC')::date + $1, 'YYYY-MM-DD')")
        .bind(days)
        .fetch_one(&world.app.db)
        .await
        .expect("a date")
}

/// What Ana sends to write a hypothesis down, with some fields of it changed.
async fn ask(world: &World, id: Uuid, changed: &[(&str, &str)]) -> Answer {
    let (id, from, to) = (id.to_string(), day(world, 0).await, day(world, 27).await);
    let mut fields = vec![
        ("team", world.team.slug.as_str()),
        ("id", &id),
        ("if_we", "let people drag cards"),
        ("then_it", "more is finished"),
        ("because", "moving is one gesture"),
        ("metric", "finished"),
        ("target", "40"),
        ("starts_on", &from),
        ("ends_on", &to),
        ("audience", "everybody"),
        ("sample", "10"),
    ];
    for (name, value) in changed {
        for field in fields.iter_mut().filter(|(field, _)| field == name) {
            field.1 = value;
        }
    }
    world.ana.call(CREATE, &fields).await
}

/// A hypothesis that Ana wrote down.
async fn write(world: &World, changed: &[(&str, &str)]) -> Uuid {
    let id = Uuid::now_v7();
    ask(world, id, changed).await.expect(200);
    id
}

async fn page(world: &World, id: Uuid) -> Page {
    let path = world.team.path(&format!("/insights/hypotheses/{id}"));
    world.ana.get(&path).await.expect(200).page()
}

/// What a page says of what was measured.
fn told(page: &Page) -> String {
    page.texts(".progress-told").join(" ")
}

async fn decide(world: &World, id: Uuid, more: &[(&str, &str)]) -> Answer {
    let id = id.to_string();
    let mut fields = vec![
        ("team", world.team.slug.as_str()),
        ("hypothesis", &id),
        ("verdict", "persevere"),
        ("reason", "It works."),
    ];
    for (name, value) in more {
        match fields.iter_mut().find(|(field, _)| field == name) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    world.ana.call(DECIDE, &fields).await
}

/// Somebody creates tasks, takes each, and finishes some of them.
async fn work(world: &World, browser: &Browser, tasks: usize, finished: usize) {
    let team = world.team.slug.as_str();
    let (board, [todo, _, done]) = (world.board.to_string(), &world.columns);
    let (todo, done) = (todo.id.to_string(), done.id.to_string());
    for number in 0..tasks {
        let id = Uuid::now_v7().to_string();
        let fields = [
            ("team", team),
            ("board", &board),
            ("column", &todo),
            ("id", &id),
            ("title", "Work"),
        ];
        let created: i64 = browser.call(CREATE_TASK, &fields).await.expect(200).value();
        let key = format!("WEB-{created}");
        let fields = [("team", team), ("task", &key)];
        browser.call(CLAIM_TASK, &fields).await.expect(200);
        if number < finished {
            let fields = [("team", team), ("task", &key), ("column", &done)];
            browser.call(MOVE_TASK, &fields).await.expect(200);
        }
    }
}

/// Changes a hypothesis as time does.
async fn run(world: &World, sql: &'static str, id: Uuid) {
    sqlx::query(sql)
        .bind(world.team.id)
        .bind(id)
        .execute(&world.app.db)
        .await
        .expect("time");
}

/// As if the period had begun four weeks earlier, and ended yesterday.
async fn let_it_end(world: &World, id: Uuid) {
    let sql = "UPDATE hypotheses SET starts_on = starts_on - 28, ends_on = ends_on - 28 WHERE team_id = $1 AND id = $2";
    run(world, sql, id).await;
}

/// As if everything had been done so many days earlier.
async fn let_days_pass(world: &World, days: i32) {
    sqlx::query("UPDATE events SET at = at - make_interval(days => $2) WHERE team_id = $1")
        .bind(world.team.id)
        .bind(days)
        .execute(&world.app.db)
        .await
        .expect("time");
}
