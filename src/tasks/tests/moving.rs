//! Moving: a task stands in one column, and everybody sees one order.

use super::*;
use crate::testing::{TestApp, seed};

/// Further tasks at the end of a column.
async fn fill(world: &World, column: &Column, count: usize) -> Vec<Task> {
    let mut tasks = Vec::new();
    for number in 1..=count {
        let title = format!("Card {number}");
        let by = &world.people.ana;
        tasks.push(seed::task(&world.app.db, world.team.id, by, column, &title).await);
    }
    tasks
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_move_gives_a_task_the_state_of_its_column(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, second, third] = &world.columns;
    let steps = [
        (second, true, false),
        (third, true, true),
        (second, true, false),
        (third, true, true),
        (first, false, false),
        (third, true, true),
    ];
    for (index, (column, started, completed)) in steps.into_iter().enumerate() {
        mv(&world.ben, &world, &world.todo, column, "end")
            .await
            .expect(200);
        let after = row(&world, &world.todo).await;
        assert_eq!(after.column_id, Some(column.id));
        assert_eq!(after.kind, column.kind);
        assert_eq!((after.started, after.completed), (started, completed));
        assert_eq!(after.version, index as i64 + 2);
    }
    let recorded = events(&world, &world.todo).await;
    let first_step = recorded[0].change("column");
    assert_eq!(first_step, Some((Some("To do"), Some("In progress"))));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_that_is_moved_inside_done_was_finished_when_it_was(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let completed_at = "SELECT completed_at::text FROM tasks WHERE team_id = $1 AND id = $2";
    let when = || async {
        let when: String = sqlx::query_scalar(completed_at)
            .bind(world.team.id)
            .bind(world.done.id)
            .fetch_one(&world.app.db)
            .await
            .unwrap();
        when
    };
    let before = when().await;
    let archive =
        seed::last_column(&world.app.db, world.team.id, world.board, "Shipped", "done").await;
    for column in [&world.columns[2], &archive] {
        mv(&world.ben, &world, &world.done, column, "start")
            .await
            .expect(200);
        assert_eq!(when().await, before);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_put_where_it_was_asked_to(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let column = &world.empty_column;
    let [a, b, c, d] = fill(&world, column, 4).await.try_into().unwrap();
    let names = |order: &[&Task]| {
        order
            .iter()
            .map(|task| task.key.clone())
            .collect::<Vec<_>>()
    };
    let after_a = a.id.to_string();
    for (task, place, order) in [
        (&d, "start", [&d, &a, &b, &c]),
        (&d, "end", [&a, &b, &c, &d]),
        (&d, "", [&a, &b, &c, &d]),
        (&d, "up", [&a, &b, &d, &c]),
        (&d, "down", [&a, &b, &c, &d]),
        (&d, "down", [&a, &b, &c, &d]),
        (&a, "up", [&a, &b, &c, &d]),
        (&d, &after_a, [&a, &d, &b, &c]),
        (&b, &after_a, [&a, &b, &d, &c]),
        (&a, "down", [&b, &a, &d, &c]),
    ] {
        mv(&world.ben, &world, task, column, place)
            .await
            .expect(200);
        assert_eq!(in_column(&world, column).await, names(&order), "{place}");
    }
    // From another column to behind one of them, and never behind itself or what is not there.
    mv(&world.ben, &world, &world.todo, column, &after_a)
        .await
        .expect(200);
    let order = [&b, &a, &world.todo, &d, &c];
    assert_eq!(in_column(&world, column).await, names(&order));
    delete(&world.ben, &world, &c).await.expect(200);
    for place in [&a, &c, &world.doing, &world.done].map(|task| task.id.to_string()) {
        let refused = mv(&world.ben, &world, &a, column, &place).await;
        assert!(refused.expect(422).error().unwrap().on("place").is_some());
    }
    for place in ["left", "0", "-1", "WEB-1"] {
        let refused = mv(&world.ben, &world, &a, column, place).await;
        assert!(refused.expect(422).error().unwrap().on("place").is_some());
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_move_to_where_the_task_is_leaves_no_trace(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let column = &world.empty_column;
    let [a, b] = fill(&world, column, 2).await.try_into().unwrap();
    let (after_a, done) = (a.id.to_string(), &world.columns[2]);
    for (task, column, place) in [
        (&a, column, "start"),
        (&a, column, "up"),
        (&b, column, "end"),
        (&b, column, "down"),
        (&b, column, ""),
        (&b, column, &after_a),
        (&world.done, done, "start"),
    ] {
        mv(&world.ben, &world, task, column, place)
            .await
            .expect(200);
        assert_eq!(row(&world, task).await.version, 1, "{place}");
        assert_eq!(kinds(&world, task).await, Vec::<String>::new());
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_move_that_is_sent_again_is_done_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [todo, doing, _] = &world.columns;
    let [first, second] = fill(&world, doing, 2).await.try_into().unwrap();
    for _ in 0..2 {
        kept_move(&world.ben, &world, &world.todo, (todo, 1), doing, "end")
            .await
            .expect(200);
    }
    // It has arrived, so where somebody else puts it then is not taken back.
    mv(&world.ana, &world, &world.todo, doing, "start")
        .await
        .expect(200);
    kept_move(&world.ben, &world, &world.todo, (todo, 1), doing, "end")
        .await
        .expect(200);
    assert_eq!(in_column(&world, doing).await[0], world.todo.key);
    assert_eq!(row(&world, &world.todo).await.version, 3);
    // Up by one is behind another card, and stays there.
    let before = world.doing.id.to_string();
    for _ in 0..2 {
        kept_move(&world.ben, &world, &second, (doing, 1), doing, &before)
            .await
            .expect(200);
    }
    let order = [&world.todo, &world.doing, &second, &first].map(|task| task.key.clone());
    assert_eq!(in_column(&world, doing).await, order);
    assert_eq!(row(&world, &second).await.version, 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_kept_move_does_not_take_back_what_somebody_else_moved(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [todo, doing, done] = &world.columns;
    mv(&world.ana, &world, &world.todo, done, "end")
        .await
        .expect(200);
    let refused = kept_move(&world.ben, &world, &world.todo, (todo, 1), doing, "end").await;
    let error = refused.expect(409).error().unwrap();
    assert_eq!(error.message, "Ana moved it, just now. It is in Done now.");
    let conflict = *error.conflict.unwrap();
    assert_eq!((conflict.by.as_str(), conflict.version), ("Ana", 2));
    let both = &conflict.fields[0];
    assert_eq!((&*both.field, &*both.yours), ("column", "In progress"));
    assert_eq!((&*both.theirs, both.value()), ("Done", done.id.to_string()));
    assert_eq!(row(&world, &world.todo).await.column_id, Some(done.id));
    // Also when she brought it back, or claimed it: Ben has to look first.
    mv(&world.ana, &world, &world.todo, todo, "end")
        .await
        .expect(200);
    kept_move(&world.ben, &world, &world.todo, (todo, 1), doing, "end")
        .await
        .expect(409);
    kept_move(&world.ben, &world, &world.todo, (todo, 3), doing, "end")
        .await
        .expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn kept_moves_build_on_each_other_and_on_what_is_no_move(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [todo, doing, done] = &world.columns;
    edit(
        &world.ana,
        &world,
        &world.todo,
        1,
        &[("title", "Ana’s title")],
    )
    .await
    .expect(200);
    for (from, to) in [(todo, doing), (doing, done)] {
        kept_move(&world.ben, &world, &world.todo, (from, 1), to, "end")
            .await
            .expect(200);
    }
    assert_eq!(row(&world, &world.todo).await.column_id, Some(done.id));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_kept_move_behind_a_task_that_has_gone_ends_at_the_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [todo, doing, done] = &world.columns;
    let before = world.doing.id.to_string();
    fill(&world, doing, 1).await;
    mv(&world.ana, &world, &world.doing, done, "end")
        .await
        .expect(200);
    kept_move(&world.ben, &world, &world.todo, (todo, 1), doing, &before)
        .await
        .expect(200);
    assert_eq!(in_column(&world, doing).await[1], world.todo.key);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deed_is_done_for_nobody_but_whoever_did_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (ana, ben) = (
        world.people.ana.id.to_string(),
        world.people.ben.id.to_string(),
    );
    let doing = world.columns[1].id.to_string();
    let (board, id) = (world.board.to_string(), Uuid::now_v7().to_string());
    for (action, fields) in [
        (MoveTask::url(), vec![("column", doing.as_str())]),
        (ClaimTask::url(), vec![]),
        (EditTask::url(), vec![("version", "1"), ("title", "Mine")]),
        (
            CreateTask::url(),
            vec![
                ("board", &*board),
                ("column", &*doing),
                ("id", &*id),
                ("title", "Mine"),
            ],
        ),
        (
            crate::comments::requests::AddComment::url(),
            vec![("id", &*id), ("body", "Mine")],
        ),
    ] {
        let by = |person| [fields.clone(), vec![("by", person)]].concat();
        // Ana did it in this browser, and then Ben signed in.
        let refused = call(&world.ben, &world, action, &world.todo, &by(&ana)).await;
        refused.expect(401);
        assert_eq!(row(&world, &world.todo).await.version, 1, "{action}");
        if action != ClaimTask::url() && action != MoveTask::url() && action != EditTask::url() {
            call(&world.ben, &world, action, &world.todo, &by(&ben))
                .await
                .expect(200);
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn fifty_cards_moved_by_twenty_people_end_in_one_order(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let people = world.more_members(20).await;
    let [first, second, _] = world.columns.clone();
    let columns = [first.clone(), second, world.empty_column.clone()];
    let cards = fill(&world, &first, 50).await;
    // Every person works through all cards, each beginning elsewhere, and puts them next to each other.
    let deeds = people.into_iter().enumerate().map(|(person, browser)| {
        let (world, cards, columns) = (world.clone(), cards.clone(), columns.clone());
        async move {
            let mut refused = 0;
            for step in 0..10 {
                let card = &cards[(person * 7 + step * 13) % 50];
                let column = &columns[(person + step) % 3];
                let neighbour = cards[(person + step * 3) % 50].id.to_string();
                let place = ["start", "end", "up", "down", &neighbour][(person + step) % 5];
                let answer = mv(&browser, &world, card, column, place).await;
                match answer.status.as_u16() {
                    200 => {}
                    // The neighbour had gone to another column before.
                    422 => refused += 1,
                    _ => panic!("{} {}", answer.status, answer.text()),
                }
            }
            refused
        }
    });
    let running: Vec<_> = deeds.map(tokio::spawn).collect();
    let mut refused = 0;
    for person in running {
        refused += person.await.unwrap();
    }

    let mut found = Vec::new();
    for column in &columns {
        found.extend(in_column(&world, column).await);
    }
    found.retain(|key| cards.iter().any(|card| card.key == *key));
    found.sort();
    let mut keys: Vec<_> = cards.iter().map(|card| card.key.clone()).collect();
    keys.sort();
    assert_eq!(found, keys, "each card stands in one column");
    let same_place: i64 = sqlx::query_scalar(
        r#"
        SELECT count(*) FROM (
            SELECT FROM tasks WHERE team_id = $1 AND deleted_at IS NULL
            GROUP BY column_id, position HAVING count(*) > 1
        ) AS twice
        "#,
    )
    .bind(world.team.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    assert_eq!(same_place, 0);
    // Every move that changed anything is one event and one version.
    let (events, versions) = moves_and_versions(&world).await;
    assert_eq!(events, versions);
    assert!(events <= 200 - refused, "{events} of {}", 200 - refused);
    // Everybody is shown that order.
    let page = world.vera.get(&world.team.path("/boards/WEB")).await.page();
    let mut shown = Vec::new();
    for column in &columns {
        shown.extend(page.texts(&format!("[data-column=\"{}\"] .card .task-key", column.id)));
    }
    let mut stored = Vec::new();
    for column in &columns {
        stored.extend(in_column(&world, column).await);
    }
    assert_eq!(shown, stored);
}
