//! Who may do what with a task, and what happens to the tasks of somebody who leaves.

use super::*;
use crate::{
    error::Code,
    people::requests::RemoveMember,
    testing::{TestApp, seed},
};

/// Every deed, with fields that would do.
async fn every_deed(browser: &Browser, world: &World) -> Vec<Answer> {
    let id = Uuid::now_v7();
    vec![
        create(browser, world, id, &world.columns[0], "New").await,
        edit(browser, world, &world.todo, 1, &[("title", "New")]).await,
        mv(browser, world, &world.todo, &world.columns[1], "end").await,
        claim(browser, world, &world.todo).await,
        delete(browser, world, &world.todo).await,
        restore(browser, world, &world.deleted).await,
    ]
}

async fn log(world: &World) -> i64 {
    sqlx::query_scalar("SELECT last_seq FROM event_counters WHERE team_id = $1")
        .bind(world.team.id)
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn tasks_change_as_the_role_allows(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (browser, status) in [(&world.vera, 403), (&world.otto, 404), (&world.nobody, 401)] {
        for answer in every_deed(browser, &world).await {
            answer.expect(status);
        }
    }
    assert_eq!(log(&world).await, 0);
    let page = world.vera.get(&task_path(&world, &world.todo)).await.page();
    for button in ["Save", "Claim", "Delete", "Add comment"] {
        assert!(!page.has_button(button), "{button}");
    }
    assert!(page.shows("Nobody"));
    for (browser, world) in [(&world.ben, &world), (&world.ana, &world)] {
        let task = seed::task(
            &world.app.db,
            world.team.id,
            &world.people.ana,
            &world.columns[0],
            "For all",
        )
        .await;
        claim(browser, world, &task).await.expect(200);
        delete(browser, world, &task).await.expect(200);
        restore(browser, world, &task).await.expect(200);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_of_another_team_is_not_there(db: PgPool) {
    let app = TestApp::new(db);
    let (world, other) = (app.world().await, app.world().await);
    for task in [
        "WEB-1",
        "WEB-99",
        "NONE-1",
        "WEB-0",
        "WEB--1",
        "WEB",
        "%F0%9F%9B%B9-1",
    ] {
        world
            .otto
            .get(&world.team.path(&format!("/tasks/{task}")))
            .await
            .expect(404);
    }
    let own = world.team.path("/tasks/WEB-1");
    assert!(world.ana.get(&own).await.page().shows("Choose a colour"));
    // A task of one's own team, and a column of another one.
    mv(&world.ben, &world, &world.todo, &other.columns[1], "end")
        .await
        .expect(422);
    let column = other.columns[1].id.to_string();
    let refused = edit(&world.ben, &world, &world.todo, 1, &[("column", &column)]).await;
    assert!(refused.expect(422).error().unwrap().on("column").is_some());
    let place = other.todo.id.to_string();
    let refused = mv(&world.ben, &world, &world.todo, &world.columns[1], &place).await;
    assert!(refused.expect(422).error().unwrap().on("place").is_some());
    // The same words for what does not exist and for what belongs to others.
    let none = Task {
        id: Uuid::nil(),
        key: "WEB-99".to_owned(),
    };
    let none = claim(&world.ben, &world, &none).await.expect(404).text();
    let theirs = claim(&world.ben, &other, &other.todo).await.expect(404);
    assert_eq!(theirs.text(), none);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_archived_board_refuses_every_deed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    archive(&world).await;
    for answer in every_deed(&world.ana, &world).await {
        let error = answer.expect(409).error().unwrap();
        assert!(error.message.contains("archived"), "{error:?}");
    }
    assert_eq!(log(&world).await, 0);
    let page = world.ana.get(&task_path(&world, &world.todo)).await.page();
    assert!(page.shows("The board is archived."));
    for button in ["Save", "Claim", "Delete", "Add comment"] {
        assert!(!page.has_button(button), "{button}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_who_may_hold_tasks_gets_them(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    let form = world.ben.get(&task_path(&world, task)).await.page();
    let offered = form.texts("select[name=assignee] option");
    assert_eq!(offered, ["Nobody", "Ana", "Ben"]);
    let people = &world.people;
    edit(
        &world.ana,
        &world,
        task,
        1,
        &[("assignee", &people.ana.id.to_string())],
    )
    .await
    .expect(200);
    // On the ground of the version that stands, and in conflict with what Ana did.
    for version in [2, 1] {
        for person in [people.vera.id, people.otto.id, Uuid::now_v7()] {
            let fields = [("assignee", person.to_string())];
            let refused = edit(
                &world.ben,
                &world,
                task,
                version,
                &[("assignee", &fields[0].1)],
            )
            .await;
            let error = refused.expect(422).error().unwrap();
            assert!(error.on("assignee").is_some(), "{error:?}");
            // Nobody learns a name by guessing ids.
            assert!(!error.message.contains("Otto"), "{error:?}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_tasks_of_who_was_removed_stay_and_say_so(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ben = world.people.ben.id.to_string();
    let fields = [("team", world.team.slug.as_str()), ("person", ben.as_str())];
    world
        .ana
        .call(RemoveMember::url(), &fields)
        .await
        .expect(200);
    let task = &world.doing;
    assert_eq!(
        row(&world, task).await.assignee_id,
        Some(world.people.ben.id)
    );
    for browser in [&world.ana, &world.vera] {
        let page = browser.get(&task_path(&world, task)).await.page();
        assert!(page.shows("Ben (former member)"));
        let board = browser.get(&world.team.path("/boards/WEB")).await.page();
        assert!(board.shows("Ben (former member)"));
    }
    // Other fields can be saved without giving the task to somebody else.
    let form = world.ana.get(&task_path(&world, task)).await.page();
    let form = form.form("Save").fill("Title", "Draw it");
    let page = world.ana.submit(form).await.expect(200).page();
    assert_eq!(page.alerts(), Vec::<String>::new());
    let after = row(&world, task).await;
    assert_eq!(after.title, "Draw it");
    assert_eq!(after.assignee_id, Some(world.people.ben.id));

    let told = conflict(claim(&world.ana, &world, task).await);
    assert_eq!(told.by, "Ben");
    edit(&world.ana, &world, task, 2, &[("assignee", "")])
        .await
        .expect(200);
    let refused = edit(&world.ana, &world, task, 3, &[("assignee", &ben)]).await;
    assert_eq!(refused.expect(422).error().unwrap().code, Code::Invalid);
    claim(&world.ana, &world, task).await.expect(200);
    assert_eq!(
        row(&world, task).await.assignee_id,
        Some(world.people.ana.id)
    );
}
