//! Taking a change of many tasks back.

use super::*;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_undo_takes_all_of_it_back_to_where_it_was(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b, c] = more(&world, 3).await.try_into().unwrap();
    let [todo, doing, done] = &world.columns;
    let before = in_column(&world, todo).await;
    let (column, ben) = (done.id.to_string(), world.people.ben.id.to_string());
    for (deed, value) in [
        ("move", column.as_str()),
        ("assign", &ben),
        ("due", "2030-01-01"),
        ("add_label", "bug"),
        ("delete", ""),
    ] {
        let (mut was, change) = (Vec::new(), Uuid::now_v7());
        for task in [&a, &b, &c, &world.doing] {
            was.push((task, row(&world, task).await));
        }
        let chosen = [0, 2, 3].map(|at: usize| (was[at].0, was[at].1.version));
        let tasks = named(&chosen);
        let answer = bulk(&world.ben, &world, &tasks, change, deed, value).await;
        let count = answer.expect(200).value::<Changed>().count;
        let taken_back = undone(&world.ben, &world, change).await;
        assert_eq!(taken_back, Undone { count, left: 0 }, "{deed}");
        for (task, was) in was {
            let now = row(&world, task).await;
            let as_before = Row {
                version: now.version,
                ..was
            };
            assert_eq!(now, as_before, "{deed}");
        }
        assert_eq!(in_column(&world, todo).await, before, "{deed}");
        // It is back already, so there is nothing left to do.
        let again = undone(&world.ben, &world, change).await;
        assert_eq!(again.count, 0, "{deed}");
    }
    assert_eq!(
        in_column(&world, doing).await,
        std::slice::from_ref(&world.doing.key)
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn undo_leaves_alone_what_was_changed_since(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b, c, d] = more(&world, 4).await.try_into().unwrap();
    let [todo, doing, done] = &world.columns;
    let tasks = |version| {
        let all = [&a, &b, &c, &d].map(|task| (task, version));
        named(&all)
    };
    let change = Uuid::now_v7();
    bulk(
        &world.ben,
        &world,
        &tasks(1),
        change,
        "move",
        &doing.id.to_string(),
    )
    .await
    .expect(200);
    // Ana moves one on, deletes one, and only renames another.
    mv(&world.ana, &world, &a, done, "end").await.expect(200);
    delete(&world.ana, &world, &b).await.expect(200);
    edit(&world.ana, &world, &c, 2, &[("title", "Ana’s title")])
        .await
        .expect(200);
    let expected = Undone { count: 2, left: 2 };
    assert_eq!(undone(&world.ben, &world, change).await, expected);
    assert_eq!(row(&world, &a).await.column_id, Some(done.id));
    assert!(row(&world, &b).await.deleted);
    let renamed = row(&world, &c).await;
    assert_eq!(renamed.column_id, Some(todo.id));
    assert_eq!(renamed.title, "Ana’s title");
    let order = [&world.todo, &c, &d].map(|task| task.key.clone());
    assert_eq!(in_column(&world, todo).await, order);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn undo_keeps_the_labels_that_others_have_put_there_since(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let change = Uuid::now_v7();
    let tasks = named(&[(&world.todo, 1), (&world.doing, 1)]);
    bulk(&world.ben, &world, &tasks, change, "add_label", "bug")
        .await
        .expect(200);
    edit(&world.ana, &world, &world.todo, 2, &[("labels", "bug, ui")])
        .await
        .expect(200);
    let expected = Undone { count: 2, left: 0 };
    assert_eq!(undone(&world.ben, &world, change).await, expected);
    assert_eq!(row(&world, &world.todo).await.labels, ["ui"]);
    assert_eq!(row(&world, &world.doing).await.labels, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_cannot_go_back_where_it_was_stays(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let some_day = &world.empty_column;
    let change = Uuid::now_v7();
    mv(&world.ben, &world, &world.todo, some_day, "end")
        .await
        .expect(200);
    let tasks = named(&[(&world.todo, 2), (&world.doing, 1)]);
    let done = world.columns[2].id.to_string();
    bulk(&world.ben, &world, &tasks, change, "move", &done)
        .await
        .expect(200);
    let fields = [
        ("team", &*world.team.slug),
        ("board", &*world.board.to_string()),
        ("column", &*some_day.id.to_string()),
    ];
    let removed = crate::columns::requests::RemoveColumn::url();
    world.ana.call(removed, &fields).await.expect(200);
    let expected = Undone { count: 1, left: 1 };
    assert_eq!(undone(&world.ben, &world, change).await, expected);
    let column = row(&world, &world.todo).await.column_id;
    assert_eq!(column, Some(world.columns[2].id));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_undo_is_its_authors_and_is_done_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (change, id) = (Uuid::now_v7(), Uuid::now_v7());
    let tasks = named(&[(&world.todo, 1), (&world.doing, 1)]);
    bulk(&world.ben, &world, &tasks, change, "delete", "")
        .await
        .expect(200);
    undo(&world.ana, &world, change, id).await.expect(403);
    undo(&world.vera, &world, change, id).await.expect(403);
    let nothing = Undone { count: 0, left: 0 };
    assert_eq!(undone(&world.ben, &world, Uuid::now_v7()).await, nothing);
    for _ in 0..2 {
        let answer: Undone = undo(&world.ben, &world, change, id)
            .await
            .expect(200)
            .value();
        assert_eq!(answer, Undone { count: 2, left: 0 });
    }
    assert_eq!(row(&world, &world.todo).await.version, 3);
    assert_eq!(
        kinds(&world, &world.todo).await,
        ["task.deleted", "task.restored"]
    );
    // What is no change of tasks has no undo here.
    undo(&world.ben, &world, id, Uuid::now_v7())
        .await
        .expect(409);
    // One deed on one task can be taken back in the same way.
    claim(&world.ben, &world, &world.todo).await.expect(200);
    let single: Uuid = sqlx::query_scalar(
        "SELECT change_id FROM events WHERE team_id = $1 AND kind = 'task.claimed'",
    )
    .bind(world.team.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    let expected = Undone { count: 1, left: 0 };
    assert_eq!(undone(&world.ben, &world, single).await, expected);
    let after = row(&world, &world.todo).await;
    assert_eq!((after.kind.as_str(), after.assignee_id), ("todo", None));
}
