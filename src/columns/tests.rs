#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
use leptos::server_fn::ServerFn;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::requests::{AddColumn, EditColumn, MoveColumn, RemoveColumn};
use crate::{
    boards::tests::HOSTILE,
    tasks::requests::{DeleteTask, MoveTask, RestoreTask},
    testing::{Answer, Browser, TestApp, World},
};

async fn call(browser: &Browser, world: &World, action: &str, fields: &[(&str, &str)]) -> Answer {
    let board = world.board.to_string();
    let mut all = vec![("team", world.team.slug.as_str()), ("board", &board)];
    all.extend_from_slice(fields);
    browser.call(action, &all).await
}

async fn add(browser: &Browser, world: &World, id: Uuid, name: &str, kind: &str) -> Answer {
    let id = id.to_string();
    let fields = [("id", id.as_str()), ("name", name), ("kind", kind)];
    call(browser, world, AddColumn::url(), &fields).await
}

/// Sends the form of a seeded column, with some of its fields changed.
async fn edit(browser: &Browser, world: &World, index: usize, fields: &[(&str, &str)]) -> Answer {
    let column = world.columns[index].id.to_string();
    let (name, kind) = [
        ("To do", "todo"),
        ("In progress", "doing"),
        ("Done", "done"),
    ][index];
    let mut all = vec![("column", column.as_str())];
    all.extend_from_slice(fields);
    for untouched in [("name", name), ("kind", kind), ("wip_limit", "")] {
        if fields.iter().all(|(field, _)| *field != untouched.0) {
            all.push(untouched);
        }
    }
    call(browser, world, EditColumn::url(), &all).await
}

async fn mv(browser: &Browser, world: &World, column: Uuid, place: &str) -> Answer {
    let fields = [("column", column.to_string()), ("place", place.to_owned())];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    call(browser, world, MoveColumn::url(), &fields).await
}

async fn remove(browser: &Browser, world: &World, column: Uuid) -> Answer {
    call(
        browser,
        world,
        RemoveColumn::url(),
        &[("column", &column.to_string())],
    )
    .await
}

/// A world whose board has the three columns of a new one.
async fn three_columns(app: &TestApp) -> World {
    let world = app.world().await;
    sqlx::query("DELETE FROM columns WHERE team_id = $1 AND name = 'Some day'")
        .bind(world.team.id)
        .execute(&app.db)
        .await
        .unwrap();
    world
}

/// Name, kind and limit of the board's columns in their order.
async fn columns(world: &World) -> Vec<(String, String, Option<i32>)> {
    sqlx::query_as(
        "SELECT name, kind, wip_limit FROM columns WHERE team_id = $1 AND board_id = $2 ORDER BY position, id",
    )
    .bind(world.team.id)
    .bind(world.board)
    .fetch_all(&world.app.db)
    .await
    .unwrap()
}

async fn names(world: &World) -> Vec<String> {
    columns(world)
        .await
        .into_iter()
        .map(|(name, ..)| name)
        .collect()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn columns_are_set_by_plain_forms(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let path = world.team.path("/boards/WEB");
    let page = world.ben.get(&path).await.page();
    assert!(page.has_button("Board settings"));
    let form = page.form("Add column").fill("New column", "Review");
    let page = world.ben.submit(form).await.expect(200).page();
    assert_eq!(page.statuses().concat(), "Column added.");
    assert_eq!(page.attributes(".board-settings", "open").len(), 1);
    // Work still ends on the right.
    assert_eq!(
        page.texts(".column-header h2"),
        ["To do", "In progress", "Review", "Done"]
    );

    let left = page.forms("Move left").pop().unwrap();
    let page = world.ben.submit(left).await.expect(200).page();
    assert_eq!(
        page.texts(".column-header h2"),
        ["To do", "In progress", "Done", "Review"]
    );
    let left = page.forms("Move left").pop().unwrap();
    let page = world.ben.submit(left).await.expect(200).page();

    let form = page
        .forms("Save column")
        .swap_remove(1)
        .fill("WIP limit", "3");
    let page = world.ben.submit(form).await.expect(200).page();
    assert_eq!(
        columns(&world).await[1],
        ("In progress".into(), "doing".into(), Some(3))
    );
    let form = page
        .forms("Save column")
        .swap_remove(1)
        .fill("WIP limit", "");
    let page = world.ben.submit(form).await.expect(200).page();
    assert_eq!(columns(&world).await[1].2, None);

    let page = world
        .ben
        .submit(page.forms("Remove column").swap_remove(2))
        .await
        .page();
    assert_eq!(
        page.texts(".column-header h2"),
        ["To do", "In progress", "Done"]
    );
    let page = world
        .ben
        .submit(page.forms("Remove column").swap_remove(0))
        .await
        .page();
    assert!(
        page.alerts()
            .join(" ")
            .contains("There is 1 task in this column.")
    );
    assert_eq!(names(&world).await, ["To do", "In progress", "Done"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_only_column_of_the_kind_done_is_asked_for_and_missed(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let path = world.team.path("/boards/WEB");
    let page = world.ben.get(&path).await.page();
    let questions = page.texts(".column-settings .confirm h2");
    assert_eq!(questions, ["Remove the only column of the kind Done?"]);
    let described_by = page.attributes(".column-deeds > div > button", "aria-describedby");
    let described: Vec<String> = described_by
        .concat()
        .split(' ')
        .flat_map(|id| page.texts(&format!("[id=\"{id}\"]")))
        .collect();
    assert_eq!(
        described,
        [
            "Done",
            "The only column of the kind Done. Without one, tasks on this board cannot be finished.",
        ]
    );
    assert_eq!(page.texts(".column-settings .notice"), [""; 0]);

    let kind = [("version", "1"), ("kind", "doing")];
    edit(&world.ben, &world, 2, &kind).await.expect(200);
    let page = world.ben.get(&path).await.page();
    assert_eq!(
        page.texts(".column-settings .notice"),
        ["No column of this board is of the kind Done: tasks cannot be finished here."]
    );
    assert_eq!(page.texts(".column-settings .confirm"), [""; 0]);
    assert_eq!(page.forms("Remove column").len(), 3);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn columns_change_as_the_role_allows(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let first = world.columns[0].id;
    for (browser, status) in [(&world.vera, 403), (&world.otto, 404), (&world.nobody, 401)] {
        add(browser, &world, Uuid::now_v7(), "New", "todo")
            .await
            .expect(status);
        edit(browser, &world, 0, &[("version", "1"), ("name", "New")])
            .await
            .expect(status);
        mv(browser, &world, first, "2").await.expect(status);
        remove(browser, &world, first).await.expect(status);
    }
    assert_eq!(names(&world).await, ["To do", "In progress", "Done"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_column_of_another_board_or_team_is_not_there(db: PgPool) {
    let app = TestApp::new(db);
    let (world, other) = (three_columns(&app).await, three_columns(&app).await);
    let elsewhere: Uuid =
        sqlx::query_scalar("SELECT id FROM columns WHERE team_id = $1 AND board_id = $2 LIMIT 1")
            .bind(world.team.id)
            .bind(world.archived_board)
            .fetch_one(&world.app.db)
            .await
            .unwrap();
    for column in [elsewhere, other.columns[0].id, Uuid::now_v7()] {
        let moved = mv(&world.ben, &world, column, "2").await.expect(404);
        let removed = remove(&world.ben, &world, column).await.expect(404);
        let id = column.to_string();
        let fields = [
            ("column", id.as_str()),
            ("version", "1"),
            ("name", "Taken over"),
            ("kind", "todo"),
            ("wip_limit", ""),
        ];
        let edited = call(&world.ben, &world, EditColumn::url(), &fields)
            .await
            .expect(404);
        for answer in [moved, removed, edited] {
            let said = answer.error().unwrap().message;
            assert_eq!(said, "This column is not on the board any more.");
        }
    }
    let (board, new) = (other.board.to_string(), Uuid::now_v7().to_string());
    let fields = [
        ("team", world.team.slug.as_str()),
        ("board", &board),
        ("id", &new),
        ("name", "New"),
        ("kind", "todo"),
    ];
    world.ben.call(AddColumn::url(), &fields).await.expect(404);
    assert_eq!(names(&other).await, ["To do", "In progress", "Done"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_column_again_is_one_column(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let id = Uuid::now_v7();
    let requests = (0..5).map(|_| {
        let world = world.clone();
        tokio::spawn(async move { add(&world.ben, &world, id, "Review", "doing").await })
    });
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap().expect(200);
    }
    assert_eq!(world.events("column.created").await.len(), 1);
    add(&world.ben, &world, id, "Review", "done")
        .await
        .expect(409);
    let taken = add(&world.ben, &world, Uuid::now_v7(), "REVIEW", "doing")
        .await
        .expect(409);
    assert!(taken.error().unwrap().on("name").is_some());
    assert_eq!(
        names(&world).await,
        ["To do", "In progress", "Review", "Done"]
    );
    // What is done as well comes last.
    add(&world.ben, &world, Uuid::now_v7(), "Shipped", "done")
        .await
        .expect(200);
    add(&world.ben, &world, Uuid::now_v7(), "Test", "doing")
        .await
        .expect(200);
    assert_eq!(
        names(&world).await,
        ["To do", "In progress", "Review", "Test", "Done", "Shipped"]
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn bad_input_is_refused_at_its_field(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let long = "n".repeat(41);
    let new = Uuid::now_v7();
    for (name, kind, field) in [
        ("", "todo", "name"),
        (&*long, "todo", "name"),
        ("two\nlines", "todo", "name"),
        ("New", "", "kind"),
        ("New", "later", "kind"),
    ] {
        let answer = add(&world.ben, &world, new, name, kind).await.expect(422);
        assert!(answer.error().unwrap().on(field).is_some());
    }
    for limit in [
        "0",
        "1000",
        "-1",
        "+5",
        "1.5",
        "many",
        "99999999999999999999",
        "٣",
    ] {
        let fields = [("version", "1"), ("wip_limit", limit)];
        let answer = edit(&world.ben, &world, 0, &fields).await.expect(422);
        assert!(answer.error().unwrap().on("wip_limit").is_some(), "{limit}");
    }
    for version in ["", "x", "0", "-1", "2", "9223372036854775808"] {
        let fields = [("version", version), ("name", "New")];
        let answer = edit(&world.ben, &world, 0, &fields).await.expect(422);
        assert!(answer.error().unwrap().on("version").is_some(), "{version}");
    }
    for place in ["", "0", "-1", "left", "99999999999999999999999"] {
        let answer = mv(&world.ben, &world, world.columns[0].id, place)
            .await
            .expect(422);
        assert!(answer.error().unwrap().on("place").is_some(), "{place}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn different_fields_merge_and_the_same_one_shows_both(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    edit(
        &world.ana,
        &world,
        1,
        &[("version", "1"), ("name", "Doing")],
    )
    .await
    .expect(200);
    // Ben's form holds all fields as they were, and a limit of his own.
    let form = [
        ("version", "1"),
        ("name", "In progress"),
        ("kind", "doing"),
        ("wip_limit", "2"),
    ];
    edit(&world.ben, &world, 1, &form).await.expect(200);
    assert_eq!(
        columns(&world).await[1],
        ("Doing".into(), "doing".into(), Some(2))
    );

    let refused = edit(&world.ben, &world, 1, &[("version", "1"), ("name", "Busy")]).await;
    let conflict = refused.expect(409).error().unwrap().conflict.unwrap();
    assert_eq!((conflict.by.as_str(), conflict.version), ("Ana", 3));
    assert_eq!(conflict.fields.len(), 1);
    assert_eq!(conflict.fields[0].yours, "Busy");
    assert_eq!(conflict.fields[0].theirs, "Doing");

    let id = world.columns[1].id.to_string();
    assert_eq!(
        world.events("column.changed").await[0],
        json!([
            {"field": "column", "from": "In progress", "to": "Doing", "from_id": id, "to_id": id},
            {"field": "name", "from": "In progress", "to": "Doing"},
            {"field": "version", "to": "2"},
        ])
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_conflict_in_a_form_keeps_what_was_typed(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let page = world.ben.get(&world.team.path("/boards/WEB")).await.page();
    let form = page
        .forms("Save column")
        .swap_remove(0)
        .fill("Column name", "Backlog")
        .fill("WIP limit", "7");
    edit(
        &world.ana,
        &world,
        0,
        &[("version", "1"), ("name", "Ideas")],
    )
    .await
    .expect(200);
    let page = world.ben.submit(form).await.page();
    let alerts = page.alerts().join(" ");
    for words in ["Your version", "Backlog", "Ana’s version", "Ideas"] {
        assert!(alerts.contains(words), "{words} in {alerts}");
    }
    let form = page.forms("Save column").swap_remove(0);
    assert_eq!(form.field("Column name").value, "Backlog");
    assert_eq!(form.field("WIP limit").value, "7");
    world.ben.submit(form).await.expect(200);
    assert_eq!(
        columns(&world).await[0],
        ("Backlog".into(), "todo".into(), Some(7))
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_column_changes_the_kind_of_its_tasks_with_its_own(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    for (version, kind, started, completed) in [
        ("1", "doing", true, false),
        ("2", "done", true, true),
        ("3", "todo", false, false),
    ] {
        edit(
            &world.ben,
            &world,
            0,
            &[("version", version), ("kind", kind)],
        )
        .await
        .expect(200);
        let task: (String, bool, bool) = sqlx::query_as(
            "SELECT kind, started_at IS NOT NULL, completed_at IS NOT NULL FROM tasks WHERE team_id = $1 AND id = $2",
        )
        .bind(world.team.id)
        .bind(world.todo.id)
        .fetch_one(&world.app.db)
        .await
        .unwrap();
        assert_eq!(task, (kind.to_owned(), started, completed));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn each_task_of_a_column_that_changes_its_kind_says_so_in_its_history(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let path = world.team.path(&format!("/tasks/{}", world.todo.key));
    let form = world.ana.get(&path).await.page().form("Save");
    let version_and_kind = [("version", "1"), ("kind", "done")];
    edit(&world.ben, &world, 0, &version_and_kind)
        .await
        .expect(200);
    // The column, the task that lies in it, and the one that was deleted from it: one change.
    let recorded: Vec<(String, Option<Uuid>, Uuid, Value)> = sqlx::query_as(
        "SELECT kind, task_id, change_id, changes FROM events WHERE team_id = $1 ORDER BY seq",
    )
    .bind(world.team.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap();
    let kinds: Vec<_> = recorded.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["column.changed", "task.rekinded", "task.rekinded"]);
    let tasks: Vec<_> = recorded[1..]
        .iter()
        .filter_map(|(_, task, ..)| *task)
        .collect();
    assert_eq!(tasks, [world.todo.id, world.deleted.id]);
    assert!(
        recorded
            .iter()
            .all(|(_, _, change, _)| *change == recorded[0].2)
    );
    for (.., changes) in &recorded[1..] {
        assert_eq!(
            *changes,
            json!([{"field": "kind", "from": "todo", "to": "done"}, {"field": "version", "to": "2"}])
        );
    }
    let versions: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM tasks WHERE team_id = $1 AND id = ANY($2)")
            .bind(world.team.id)
            .bind(&tasks)
            .fetch_all(&world.app.db)
            .await
            .unwrap();
    assert_eq!(versions, [2, 2]);
    // Who had the task open meanwhile has not lost anything by it.
    let page = world.ana.submit(form.fill("Title", "Chosen")).await.page();
    assert_eq!(page.alerts(), Vec::<String>::new());
    assert_eq!(page.value("Title").as_deref(), Some("Chosen"));
    assert!(page.shows("Ben changed Kind of column from To do to Done"));

    // A name or a limit is no business of the tasks.
    let before = world.events("task.rekinded").await.len();
    let fields = [("version", "2"), ("kind", "done"), ("name", "Ready")];
    edit(&world.ben, &world, 0, &fields).await.expect(200);
    assert_eq!(world.events("task.rekinded").await.len(), before);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn columns_that_are_moved_at_once_end_in_one_order(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let mut ids: Vec<Uuid> = world.columns.iter().map(|column| column.id).collect();
    for index in 0..3 {
        let id = Uuid::now_v7();
        add(&world.ben, &world, id, &format!("Further {index}"), "todo")
            .await
            .expect(200);
        ids.push(id);
    }
    let mut requests = Vec::new();
    for round in 0..4 {
        for (index, id) in ids.clone().into_iter().enumerate() {
            let world = world.clone();
            let place = ((index * 5 + round * 3) % 6 + 1).to_string();
            let browser = if round % 2 == 0 {
                world.ana.clone()
            } else {
                world.ben.clone()
            };
            requests.push(tokio::spawn(async move {
                mv(&browser, &world, id, &place).await
            }));
        }
    }
    for request in requests {
        request.await.unwrap().expect(200);
    }
    let mut positions: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT position FROM columns WHERE team_id = $1 AND board_id = $2")
            .bind(world.team.id)
            .bind(world.board)
            .fetch_all(&world.app.db)
            .await
            .unwrap();
    assert_eq!(positions.len(), 6);
    positions.sort();
    positions.dedup();
    assert_eq!(positions.len(), 6);

    let order = names(&world).await;
    let page = world.vera.get(&world.team.path("/boards/WEB")).await.page();
    assert_eq!(page.texts(".column-header h2"), order);
    mv(&world.ben, &world, ids[0], "999").await.expect(200);
    assert_eq!(names(&world).await[5], "To do");
    mv(&world.ben, &world, ids[0], "1").await.expect(200);
    assert_eq!(names(&world).await[0], "To do");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_column_is_removed_when_nothing_lies_in_it(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let [first, second, third] = world.columns.each_ref().map(|column| column.id);
    for column in [first, second, third] {
        let error = remove(&world.ben, &world, column).await.expect(409).error();
        assert!(error.unwrap().message.contains("1 task"));
    }
    let team = world.team.slug.as_str();
    let todo = [("team", team), ("task", world.todo.key.as_str())];
    world.ben.call(DeleteTask::url(), &todo).await.expect(200);
    remove(&world.ben, &world, first).await.expect(200);
    remove(&world.ben, &world, first).await.expect(404);
    assert_eq!(names(&world).await, ["In progress", "Done"]);
    // What was deleted in it comes back elsewhere.
    world.ben.call(RestoreTask::url(), &todo).await.expect(200);

    for key in [&world.todo.key, &world.doing.key] {
        let third = third.to_string();
        let fields = [("team", team), ("task", key.as_str()), ("column", &third)];
        world.ben.call(MoveTask::url(), &fields).await.expect(200);
    }
    remove(&world.ben, &world, second).await.expect(200);
    for task in [&world.todo, &world.doing, &world.done] {
        let fields = [("team", team), ("task", task.key.as_str())];
        world.ben.call(DeleteTask::url(), &fields).await.expect(200);
    }
    let error = remove(&world.ben, &world, third).await.expect(409).error();
    assert!(error.unwrap().message.contains("last column"));
    assert_eq!(world.events("column.removed").await.len(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_only_column_in_which_work_ends_says_so_and_can_be_removed(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    let path = world.team.path("/boards/WEB");
    let warned = async || {
        let page = world.ben.get(&path).await.expect(200).page();
        let warnings = page.texts(".column-settings fieldset > .muted");
        let says = |warning: &String| warning.ends_with("tasks on this board cannot be finished.");
        assert!(warnings.iter().all(says), "{warnings:?}");
        let columns = page.texts(".column-settings fieldset[aria-describedby] > legend");
        assert_eq!(columns.len(), warnings.len());
        columns
    };
    assert_eq!(warned().await, ["Done"]);
    let shipped = Uuid::now_v7();
    add(&world.ben, &world, shipped, "Shipped", "done")
        .await
        .expect(200);
    assert_eq!(warned().await, [""; 0]);
    edit(
        &world.ben,
        &world,
        2,
        &[("version", "1"), ("kind", "doing")],
    )
    .await
    .expect(200);
    assert_eq!(warned().await, ["Shipped"]);
    remove(&world.ben, &world, shipped).await.expect(200);
    assert_eq!(warned().await, [""; 0]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn names_come_back_as_they_were_typed(db: PgPool) {
    let world = three_columns(&TestApp::new(db)).await;
    for name in HOSTILE {
        add(&world.ben, &world, Uuid::now_v7(), name, "todo")
            .await
            .expect(200);
    }
    assert_eq!(names(&world).await[2..10], HOSTILE);
    let page = world.ben.get(&world.team.path("/boards/WEB")).await.page();
    let shown: Vec<String> = page
        .forms("Save column")
        .iter()
        .map(|form| form.field("Column name").value.clone())
        .collect();
    assert_eq!(shown[2..10], HOSTILE);
}
