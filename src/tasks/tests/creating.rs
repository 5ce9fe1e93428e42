//! Creating is retry-safe, and a number is given once.

use std::collections::BTreeSet;

use super::*;
use crate::testing::{Page, TestApp};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_plain_form_adds_a_task_at_the_end_of_its_column(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let board = world.ben.get(&world.team.path("/boards/WEB")).await.page();
    let form = board.form("Add task").fill("New task", "  Hang the sign ");
    let board = world.ben.submit(form).await.expect(200).page();
    assert!(board.link("Hang the sign").is_some());
    let first = in_column(&world, &world.columns[0]).await;
    assert_eq!(first, [&world.todo.key, "WEB-5"]);
    let page = world
        .vera
        .get(&world.team.path("/tasks/WEB-5"))
        .await
        .page();
    assert_eq!(page.heading(), "WEB-5 Hang the sign");
    assert!(page.shows("Ben created this in To do"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_that_follows_a_plain_form_begins_with_the_next_task_of_its_column(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, second, _] = &world.columns;
    // The fields that a page begins with, in this column and anywhere.
    let begins = |page: &Page, column: &Column| {
        let inside = format!("[data-column=\"{}\"] [autofocus]", column.id);
        [&*inside, "[autofocus]"].map(|place| page.attributes(place, "name"))
    };
    let path = world.team.path("/boards/WEB?due=none");
    let board = world.ben.get(&path).await.page();
    assert_eq!(begins(&board, first), [[""; 0]; 2]);

    let form = board.forms("Add task").swap_remove(1);
    let answer = world.ben.submit(form.fill("New task", "Paint it")).await;
    let said = |column: &Column| format!("{path}&done=create_task&at={}", column.id);
    assert_eq!(answer.path, said(second));
    let board = answer.expect(200).page();
    assert_eq!(begins(&board, second), [["title"]; 2]);

    // So does one that says why it was refused.
    let form = board.form("Add task").fill("New task", " ");
    let board = world.ben.submit(form).await.expect(200).page();
    assert_eq!(begins(&board, first), [["title"]; 2]);
    let form = board.form("Add task").fill("New task", "Hang it");
    let answer = world.ben.submit(form).await;
    assert_eq!(answer.path, said(first));
    assert_eq!(begins(&answer.page(), first), [["title"]; 2]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_what_is_wrong_with_a_title_is_said_to_be_the_titles_fault(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/boards/WEB");
    let other_team = world.other_team.slug.as_str();
    for (field, value, words, is_of_title) in [
        ("id", "7", "This is not a valid id.", false),
        ("team", other_team, "it is not yours to see", false),
        ("New task", " ", "Fill in this field.", true),
    ] {
        let board = world.ben.get(&path).await.page();
        let form = board.form("Add task").fill("New task", "Hang the sign");
        let board = world.ben.submit(form.fill(field, value)).await.page();
        let form = board.form("Add task");
        let said = board.alerts().concat();
        assert!(said.contains(words), "{field}: {said}");
        let is_marked = form.field("New task").problem.is_some();
        assert_eq!(is_marked, is_of_title, "{field}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_creation_again_gives_the_same_task(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, second, _] = world.columns.clone();
    let id = Uuid::now_v7();
    let same = |world: &World| {
        let (world, column) = (world.clone(), first.clone());
        async move { create(&world.ben, &world, id, &column, "Hang the sign").await }
    };
    let answers = at_once((0..6).map(|_| same(&world))).await;
    for answer in answers {
        assert_eq!(answer.value::<i32>(), 5);
    }
    let task = Task {
        id,
        key: "WEB-5".to_owned(),
    };
    assert_eq!(kinds(&world, &task).await, ["task.created"]);

    for (column, title) in [(&first, "Hang another"), (&second, "Hang the sign")] {
        create(&world.ben, &world, id, column, title)
            .await
            .expect(409);
    }
    // Compared with how it was created, not with what it has become since.
    edit(&world.ana, &world, &task, 1, &[("title", "Renamed")])
        .await
        .expect(200);
    mv(&world.ana, &world, &task, &second, "end")
        .await
        .expect(200);
    delete(&world.ana, &world, &task).await.expect(200);
    assert_eq!(same(&world).await.value::<i32>(), 5);
    create(&world.ben, &world, id, &first, "Renamed")
        .await
        .expect(409);
    assert_eq!(row(&world, &task).await.title, "Renamed");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_creation_again_is_answered_also_when_its_place_is_gone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7();
    let again = || create(&world.ben, &world, id, &world.empty_column, "Some day");
    assert_eq!(again().await.value::<i32>(), 5);
    let task = Task {
        id,
        key: "WEB-5".to_owned(),
    };
    mv(&world.ben, &world, &task, &world.columns[0], "end")
        .await
        .expect(200);
    sqlx::query("DELETE FROM columns WHERE team_id = $1 AND id = $2")
        .bind(world.team.id)
        .bind(world.empty_column.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    assert_eq!(again().await.value::<i32>(), 5);
    archive(&world).await;
    assert_eq!(again().await.value::<i32>(), 5);
    // Another one is refused as it should be.
    create(
        &world.ben,
        &world,
        Uuid::now_v7(),
        &world.empty_column,
        "New",
    )
    .await
    .expect(409);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn tasks_that_are_created_at_once_have_numbers_of_their_own(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let column = world.columns[0].clone();
    let answers = at_once((0..20).map(|_| {
        let (world, column) = (world.clone(), column.clone());
        async move { create(&world.ben, &world, Uuid::now_v7(), &column, "One of many").await }
    }))
    .await;
    let numbers: BTreeSet<i32> = answers.iter().map(Answer::value).collect();
    assert_eq!(numbers, (5..25).collect());

    // A deleted one keeps its number.
    let last = Task {
        id: Uuid::nil(),
        key: "WEB-24".to_owned(),
    };
    delete(&world.ben, &world, &last).await.expect(200);
    let next = create(&world.ben, &world, Uuid::now_v7(), &column, "Next").await;
    assert_eq!(next.value::<i32>(), 25);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_id_is_the_teams_own_business(db: PgPool) {
    let app = TestApp::new(db);
    let (world, other) = (app.world().await, app.world().await);
    let id = other.todo.id;
    create(&world.ben, &world, id, &world.columns[0], "Ours")
        .await
        .expect(200);
    assert_eq!(row(&other, &other.todo).await.title, "Choose a colour");
    // Nor is there a way into the other team's column, or from one board to another.
    create(
        &world.ben,
        &world,
        Uuid::now_v7(),
        &other.columns[0],
        "Theirs",
    )
    .await
    .expect(404);
    let elsewhere = Column {
        board: world.board,
        ..other.columns[0].clone()
    };
    let refused = create(&world.ben, &world, Uuid::now_v7(), &elsewhere, "Theirs").await;
    assert!(refused.expect(422).error().unwrap().on("column").is_some());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_created_in_a_column_has_its_state(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (column, state) in world
        .columns
        .iter()
        .zip([(false, false), (true, false), (true, true)])
    {
        let id = Uuid::now_v7();
        create(&world.ben, &world, id, column, "New")
            .await
            .expect(200);
        let task = Task {
            id,
            key: String::new(),
        };
        let row = row(&world, &task).await;
        assert_eq!((row.started, row.completed), state);
        assert_eq!(row.kind, column.kind);
    }
}
