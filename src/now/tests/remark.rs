//! Giving work to somebody who has too much: it warns, and forbids nothing.

use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::task;
use crate::{
    tasks::requests::EditTask,
    testing::{Browser, TestApp, World, seed},
};

async fn give(by: &Browser, world: &World, task: &seed::Task, version: &str) -> Option<String> {
    let ben = world.people.ben.id.to_string();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &task.key),
        ("version", version),
        ("assignee", &ben),
    ];
    by.call(EditTask::url(), &fields).await.expect(200).value()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn giving_more_than_the_limit_is_done_and_remarked_on(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut tasks = Vec::new();
    for number in 1..=3 {
        tasks.push(task(&world, 1, &format!("Task {number}"), None).await);
    }
    assert_eq!(give(&world.ana, &world, &tasks[0], "1").await, None);
    assert_eq!(
        give(&world.ana, &world, &tasks[1], "1").await,
        None,
        "three are the limit"
    );
    let words = give(&world.ana, &world, &tasks[2], "1").await;
    assert_eq!(
        words.as_deref(),
        Some("Ben now has 4 in progress; the team’s limit is 3.")
    );
    let words = give(&world.ana, &world, &world.todo, "1").await;
    assert_eq!(
        words.as_deref(),
        Some("Ben has 4 in progress; the team’s limit is 3."),
        "he has too much already, though this is not in progress"
    );
    let again = give(&world.ana, &world, &tasks[2], "2").await;
    assert_eq!(again, None, "nothing was given");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_javascript_the_next_page_says_it_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    // With the one that he has already these are the limit.
    for number in 1..=2 {
        task(
            &world,
            1,
            &format!("Task {number}"),
            Some(&world.people.ben),
        )
        .await;
    }
    let more = task(&world, 1, "One more", None).await;
    let path = world.team.path(&format!("/tasks/{}", more.key));
    let form = world.ana.get(&path).await.expect(200).page().form("Save");
    let form = form.fill("Assignee", &world.people.ben.id.to_string());
    let said = world
        .ana
        .submit(form)
        .await
        .expect(200)
        .page()
        .statuses()
        .concat();
    assert_eq!(
        said,
        "Task saved. Ben now has 4 in progress; the team’s limit is 3."
    );
    let again = world
        .ana
        .get(&format!("{path}?done=edit_task"))
        .await
        .page();
    assert!(!again.statuses().concat().contains("in progress"));
}
