//! Deleting is soft: what is deleted comes back as it was.

use super::*;
use crate::{columns::requests::RemoveColumn, testing::TestApp};

async fn remove_column(world: &World, column: &Column) {
    let (board, column) = (world.board.to_string(), column.id.to_string());
    let fields = [
        ("team", world.team.slug.as_str()),
        ("board", &board),
        ("column", &column),
    ];
    world
        .ana
        .call(RemoveColumn::url(), &fields)
        .await
        .expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn plain_forms_delete_a_task_and_bring_it_back(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (path, task) = (task_path(&world, &world.doing), &world.doing);
    let before = row(&world, task).await;
    let form = world.ben.get(&path).await.page().form("Delete");
    let board = world.ben.submit(form).await.expect(200);
    assert!(board.path.starts_with(&world.team.path("/boards/WEB?")));
    assert!(board.page().link("Draw the sign").is_none());
    assert!(row(&world, task).await.deleted);

    let page = world.ben.get(&path).await.page();
    assert!(page.shows("This task was deleted"));
    assert!(!page.has_button("Save"));
    let list = world.ben.get(&world.team.path("/deleted")).await.page();
    let titles = list.texts(".deleted-task a");
    assert_eq!(titles, ["Draw the sign", "Buy a kite"]);
    assert!(list.shows("Website · deleted by Ben"));
    let form = list.form("Restore");
    assert_eq!(form.field("task").value, task.key);
    world.ben.submit(form).await.expect(200);
    let expected = Row {
        version: 3,
        ..before
    };
    assert_eq!(row(&world, task).await, expected);
    assert_eq!(kinds(&world, task).await, ["task.deleted", "task.restored"]);
    let page = world.ben.get(&path).await.page();
    assert!(page.shows("Ben deleted this") && page.shows("Ben restored this"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn deleting_and_restoring_twice_is_doing_it_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    for browser in [&world.ben, &world.ana, &world.ben] {
        delete(browser, &world, task).await.expect(200);
    }
    for browser in [&world.ben, &world.ana] {
        restore(browser, &world, task).await.expect(200);
    }
    let events = events(&world, task).await;
    assert_eq!(events.len(), 2);
    assert!(
        events
            .iter()
            .all(|event| event.actor_id == world.people.ben.id)
    );
    assert_eq!(row(&world, task).await.version, 3);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_comes_back_between_those_it_stood_between(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let column = &world.columns[0];
    for title in ["Second", "Third"] {
        create(&world.ben, &world, Uuid::now_v7(), column, title)
            .await
            .expect(200);
    }
    let before = in_column(&world, column).await;
    let second = Task {
        id: Uuid::nil(),
        key: before[1].clone(),
    };
    delete(&world.ben, &world, &second).await.expect(200);
    // Somebody takes the gap meanwhile, which may be the very same place.
    let third = Task {
        id: Uuid::nil(),
        key: before[2].clone(),
    };
    let behind_first = world.todo.id.to_string();
    mv(&world.ben, &world, &third, column, &behind_first)
        .await
        .expect(200);
    restore(&world.ben, &world, &second).await.expect(200);
    let after = in_column(&world, column).await;
    assert_eq!(after[0], world.todo.key);
    assert_eq!(after.len(), 3);
    mv(&world.ben, &world, &world.todo, column, "down")
        .await
        .expect(200);
    mv(&world.ben, &world, &third, column, &behind_first)
        .await
        .expect(200);
    let order = in_column(&world, column).await;
    let at = |key: &str| order.iter().position(|other| other == key);
    assert_eq!(at(&third.key), at(&world.todo.key).map(|index| index + 1));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_whose_column_is_gone_comes_back_into_the_first_of_its_kind(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, ..] = &world.columns;
    let some_day = &world.empty_column;
    let task = &world.todo;
    mv(&world.ben, &world, task, some_day, "end")
        .await
        .expect(200);
    delete(&world.ben, &world, task).await.expect(200);
    remove_column(&world, some_day).await;
    restore(&world.ben, &world, task).await.expect(200);
    let after = row(&world, task).await;
    assert_eq!(after.column_id, Some(first.id));
    assert_eq!((after.kind.as_str(), after.version), ("todo", 4));
    let last = in_column(&world, first).await.pop();
    assert_eq!(last.as_ref(), Some(&task.key));
    // Where it came back to is a change of its column like any other.
    let restored = events(&world, task).await.pop().unwrap();
    assert_eq!(restored.change("column"), Some((None, Some("To do"))));
    let column = world.columns[1].id.to_string();
    let told = conflict(edit(&world.ana, &world, task, 3, &[("column", &column)]).await);
    assert_eq!(
        (told.by.as_str(), told.fields[0].theirs.as_str()),
        ("Ben", "To do")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_whose_kind_of_column_is_gone_comes_back_into_the_first_of_all(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [first, second, _] = &world.columns;
    let task = &world.doing;
    delete(&world.ben, &world, task).await.expect(200);
    remove_column(&world, second).await;
    restore(&world.ben, &world, task).await.expect(200);
    let after = row(&world, task).await;
    assert_eq!(after.column_id, Some(first.id));
    assert_eq!((after.kind.as_str(), after.started), ("todo", false));
    assert_eq!(after.assignee_id, Some(world.people.ben.id));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_those_who_delete_and_restore_at_once_each_is_obeyed_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let deeds = (0..12).map(|number| {
        let world = world.clone();
        async move {
            let browser = if number % 3 == 0 {
                &world.ana
            } else {
                &world.ben
            };
            if number % 2 == 0 {
                delete(browser, &world, &world.todo).await
            } else {
                restore(browser, &world, &world.todo).await
            }
        }
    });
    for answer in at_once(deeds).await {
        answer.expect(200);
    }
    let after = row(&world, &world.todo).await;
    let kinds = kinds(&world, &world.todo).await;
    assert_eq!(after.version, kinds.len() as i64 + 1);
    for (index, kind) in kinds.iter().enumerate() {
        assert_eq!(kind, ["task.deleted", "task.restored"][index % 2]);
    }
    assert_eq!(after.deleted, kinds.len() % 2 == 1);
}
