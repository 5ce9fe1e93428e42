//! Many tasks at once: all of them or none, once, and back again.

mod undoing;

use super::*;
use crate::{
    tasks::{
        bulk::{Changed, Undone},
        requests::{ChangeTasks, UndoChange},
    },
    testing::{TestApp, seed},
};

/// The tasks as the form names them, with their versions.
fn named(tasks: &[(&Task, i64)]) -> String {
    let named: Vec<_> = tasks
        .iter()
        .map(|(task, version)| format!("{}:{version}", task.key))
        .collect();
    named.join(",")
}

async fn bulk(
    browser: &Browser,
    world: &World,
    tasks: &str,
    change: Uuid,
    deed: &str,
    value: &str,
) -> Answer {
    let change = change.to_string();
    let fields = [
        ("team", &*world.team.slug),
        ("tasks", tasks),
        ("change", &change),
        ("deed", deed),
        ("value", value),
    ];
    browser.call(ChangeTasks::url(), &fields).await
}

async fn undo(browser: &Browser, world: &World, change: Uuid, id: Uuid) -> Answer {
    let (change, id) = (change.to_string(), id.to_string());
    let fields = [
        ("team", &*world.team.slug),
        ("change", &change),
        ("id", &id),
    ];
    browser.call(UndoChange::url(), &fields).await
}

async fn undone(browser: &Browser, world: &World, change: Uuid) -> Undone {
    undo(browser, world, change, Uuid::now_v7())
        .await
        .expect(200)
        .value()
}

/// How many events the team's log has.
async fn log_length(world: &World) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM events WHERE team_id = $1")
        .bind(world.team.id)
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}

/// Further tasks in `To do`, behind the one that is there.
async fn more(world: &World, count: usize) -> Vec<Task> {
    let (db, by, column) = (&world.app.db, &world.people.ana, &world.columns[0]);
    let mut tasks = Vec::with_capacity(count);
    for number in 1..=count {
        let title = format!("Card {number}");
        tasks.push(seed::task(db, world.team.id, by, column, &title).await);
    }
    tasks
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn tasks_move_together_in_their_order_and_as_one_change(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b, c] = more(&world, 3).await.try_into().unwrap();
    let (doing, change) = (&world.columns[1], Uuid::now_v7());
    let tasks = named(&[(&c, 1), (&world.doing, 1), (&a, 1), (&b, 1)]);
    let answer = bulk(
        &world.ben,
        &world,
        &tasks,
        change,
        "move",
        &doing.id.to_string(),
    )
    .await;
    let changed: Changed = answer.expect(200).value();
    assert_eq!(changed.count, 3, "one of them was there already");
    let order = [&world.doing, &c, &a, &b].map(|task| task.key.clone());
    assert_eq!(in_column(&world, doing).await, order);
    let changes: Vec<Uuid> =
        sqlx::query_scalar("SELECT change_id FROM events WHERE team_id = $1 ORDER BY seq")
            .bind(world.team.id)
            .fetch_all(&world.app.db)
            .await
            .unwrap();
    assert_eq!(changes, [change; 3]);
    let after = row(&world, &c).await;
    assert_eq!((after.kind.as_str(), after.version), ("doing", 2));
    let page = world.ben.get(&task_path(&world, &c)).await.page();
    assert!(page.shows("moved this from To do to In progress"));
    assert!(!page.shows("place"), "the history says nothing of places");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_deed_can_be_done_with_many(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (ben, done) = (
        world.people.ben.id.to_string(),
        world.columns[2].id.to_string(),
    );
    let both = [&world.todo, &world.doing];
    edit(&world.ana, &world, &world.todo, 1, &[("labels", "bug, ui")])
        .await
        .expect(200);
    let mut version = [2, 1];
    for (deed, value, counts) in [
        ("assign", ben.as_str(), [1, 0]),
        ("assign", "", [1, 1]),
        ("add_label", "Bug", [0, 1]),
        ("remove_label", "bug", [1, 1]),
        ("due", "2030-02-28", [1, 1]),
        ("due", "", [1, 1]),
        ("move", &done, [1, 1]),
        ("delete", "", [1, 1]),
        ("delete", "", [0, 0]),
    ] {
        let tasks = named(&[(both[0], version[0]), (both[1], version[1])]);
        let answer = bulk(&world.ben, &world, &tasks, Uuid::now_v7(), deed, value).await;
        let changed: Changed = answer.expect(200).value();
        assert_eq!(changed.count, counts[0] + counts[1], "{deed} {value}");
        for (index, task) in both.iter().enumerate() {
            version[index] += counts[index] as i64;
            assert_eq!(row(&world, task).await.version, version[index], "{deed}");
        }
    }
    let after = row(&world, &world.todo).await;
    assert_eq!((after.labels, after.deleted), (vec!["ui".to_owned()], true));
    assert_eq!((after.assignee_id, after.completed), (None, true));
    let edited = events(&world, &world.todo).await;
    let due = edited.iter().filter_map(|event| event.change("due_on"));
    let date = Some("2030-02-28");
    assert_eq!(due.collect::<Vec<_>>(), [(None, date), (date, None)]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_task_in_the_way_stops_all_and_is_named(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b] = more(&world, 2).await.try_into().unwrap();
    mv(&world.ana, &world, &b, &world.columns[2], "end")
        .await
        .expect(200);
    let (doing, vera) = (
        world.columns[1].id.to_string(),
        world.people.vera.id.to_string(),
    );
    let of = |other: &str| format!("{}:1,{other}", a.key);
    let (gone, deleted) = ("WEB-99:1".to_owned(), format!("{}:1", world.deleted.key));
    let before = log_length(&world).await;
    for (tasks, deed, value, status, words) in [
        (
            of(&gone),
            "move",
            doing.as_str(),
            404,
            "Nothing was changed. WEB-99: There is nothing here",
        ),
        (
            of(&deleted),
            "move",
            &doing,
            409,
            "This task was deleted. Restore it first.",
        ),
        (
            of(&deleted),
            "assign",
            "",
            409,
            "This task was deleted. Restore it first.",
        ),
        (
            of(&named(&[(&b, 1)])),
            "move",
            &doing,
            409,
            "Ana moved it, just now. It is in Done now.",
        ),
        (
            of(&named(&[(&b, 9)])),
            "due",
            "2030-01-01",
            422,
            "There is no such version.",
        ),
        (of("KITE-1:1"), "delete", "", 422, "one board at a time"),
        (
            of(&named(&[(&b, 2)])),
            "assign",
            &vera,
            422,
            "A viewer cannot hold tasks.",
        ),
        (
            of(&named(&[(&b, 2)])),
            "assign",
            &world.people.otto.id.to_string(),
            422,
            "not in the team",
        ),
        (of(&named(&[(&b, 2)])), "due", "tomorrow", 422, "YYYY-MM-DD"),
        (
            of(&named(&[(&b, 2)])),
            "add_label",
            "a, b",
            422,
            "one label",
        ),
        (
            of(&named(&[(&b, 2)])),
            "move",
            &Uuid::now_v7().to_string(),
            422,
            "not on the board",
        ),
        (
            of(&named(&[(&b, 2)])),
            "rename",
            "x",
            422,
            "This is move, assign",
        ),
    ] {
        let answer = bulk(&world.ben, &world, &tasks, Uuid::now_v7(), deed, value).await;
        let error = answer.expect(status).error().unwrap();
        assert!(error.message.contains(words), "{deed}: {}", error.message);
        assert_eq!(row(&world, &a).await.version, 1, "{deed} {words}");
    }
    assert_eq!(log_length(&world).await, before);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_somebody_else_changed_since_is_not_overwritten(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (ana, ben) = (
        world.people.ana.id.to_string(),
        world.people.ben.id.to_string(),
    );
    let [a] = more(&world, 1).await.try_into().unwrap();
    let both = |version| named(&[(&a, 1), (&world.todo, version)]);
    edit(&world.ana, &world, &world.todo, 1, &[("assignee", &ana)])
        .await
        .expect(200);
    let refused = bulk(&world.ben, &world, &both(1), Uuid::now_v7(), "assign", &ben).await;
    let error = refused.expect(409).error().unwrap();
    let words = format!(
        "Nothing was changed. {}: Ana has changed the same meanwhile.",
        world.todo.key
    );
    assert_eq!(error.message, words);
    let both_values = &error.conflict.unwrap().fields[0];
    assert_eq!((&*both_values.yours, &*both_values.theirs), ("Ben", "Ana"));
    assert_eq!(row(&world, &a).await.version, 1);
    // Whoever wants it as they saw it changes nothing, another field merges, and so do labels; and what
    // one did oneself is no surprise.
    for (deed, value) in [
        ("assign", ""),
        ("due", "2030-01-01"),
        ("add_label", "bug"),
        ("due", "2030-01-02"),
    ] {
        bulk(&world.ben, &world, &both(1), Uuid::now_v7(), deed, value)
            .await
            .expect(200);
    }
    // Whoever has seen it may.
    bulk(&world.ben, &world, &both(2), Uuid::now_v7(), "assign", &ben)
        .await
        .expect(200);
    let holder = row(&world, &world.todo).await.assignee_id;
    assert_eq!(holder, Some(world.people.ben.id));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_change_sent_again_is_done_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b] = more(&world, 2).await.try_into().unwrap();
    let (doing, done, change) = (&world.columns[1], &world.columns[2], Uuid::now_v7());
    let (tasks, column) = (named(&[(&a, 1), (&b, 1)]), doing.id.to_string());
    for _ in 0..2 {
        let answer = bulk(&world.ben, &world, &tasks, change, "move", &column).await;
        assert_eq!(answer.expect(200).value::<Changed>().count, 2);
    }
    // Also when somebody else has moved one of them on meanwhile.
    mv(&world.ana, &world, &a, done, "end").await.expect(200);
    bulk(&world.ben, &world, &tasks, change, "move", &column)
        .await
        .expect(200);
    assert_eq!(row(&world, &a).await.column_id, Some(done.id));
    assert_eq!(row(&world, &b).await.version, 2);
    // The id stands for that change and for no other.
    let done = done.id.to_string();
    for (browser, tasks, deed, value) in [
        (&world.ben, &tasks, "move", done.as_str()),
        (&world.ben, &tasks, "delete", ""),
        (&world.ben, &named(&[(&b, 2)]), "move", &column),
        (&world.ana, &tasks, "move", &column),
    ] {
        let answer = bulk(browser, &world, tasks, change, deed, value).await;
        answer.expect(409);
    }
    assert_eq!(row(&world, &b).await.version, 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_that_is_named_twice_is_changed_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let tasks = named(&[(&world.todo, 1), (&world.doing, 1), (&world.todo, 1)]);
    let answer = bulk(
        &world.ben,
        &world,
        &tasks,
        Uuid::now_v7(),
        "due",
        "2030-01-01",
    )
    .await;
    assert_eq!(answer.expect(200).value::<Changed>().count, 2);
    assert_eq!(kinds(&world, &world.todo).await, ["task.edited"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_hundred_tasks_are_changed_at_once_and_one_more_is_too_many(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut tasks = more(&world, 100).await;
    let done = world.columns[2].id.to_string();
    let all: Vec<_> = tasks.iter().map(|task| (task, 1)).collect();
    let answer = bulk(
        &world.ben,
        &world,
        &named(&all),
        Uuid::now_v7(),
        "move",
        &done,
    )
    .await;
    assert_eq!(answer.expect(200).value::<Changed>().count, 100);
    tasks.push(world.todo.clone());
    let all: Vec<_> = tasks.iter().map(|task| (task, 2)).collect();
    let answer = bulk(
        &world.ben,
        &world,
        &named(&all),
        Uuid::now_v7(),
        "delete",
        "",
    )
    .await;
    let error = answer.expect(422).error().unwrap();
    let words = "Up to 100 tasks can be changed at once, and these are 101.";
    assert_eq!(error.on("tasks"), Some(words));
    assert!(!row(&world, &world.todo).await.deleted);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_changes_tasks_of_a_team_or_in_a_role_that_may_not(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (tasks, change) = (named(&[(&world.todo, 1)]), Uuid::now_v7());
    bulk(&world.vera, &world, &tasks, change, "delete", "")
        .await
        .expect(403);
    bulk(&world.otto, &world, &tasks, change, "delete", "")
        .await
        .expect(404);
    bulk(&world.nobody, &world, &tasks, change, "delete", "")
        .await
        .expect(401);
    // In one's own team another team's task is as if it were not there, and so is its change.
    let own = world.other_team.slug.clone();
    let theirs = Uuid::now_v7();
    bulk(&world.ben, &world, &tasks, theirs, "due", "2030-01-01")
        .await
        .expect(200);
    let (id, other) = (theirs.to_string(), Uuid::now_v7().to_string());
    let fields = [
        ("team", &*own),
        ("tasks", &*tasks),
        ("change", &*other),
        ("deed", "delete"),
    ];
    let answer = world.otto.call(ChangeTasks::url(), &fields).await;
    answer.expect(404);
    let fields = [("team", &*own), ("change", &*id), ("id", &*other)];
    let answer = world.otto.call(UndoChange::url(), &fields).await;
    let nothing = Undone { count: 0, left: 0 };
    assert_eq!(answer.expect(200).value::<Undone>(), nothing);
    assert_eq!(row(&world, &world.todo).await.version, 2);
    archive(&world).await;
    bulk(&world.ben, &world, &tasks, change, "delete", "")
        .await
        .expect(409);
    undo(&world.ben, &world, theirs, Uuid::now_v7())
        .await
        .expect(409);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_plain_form_changes_many_and_says_so(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let board = world.team.path("/boards/WEB");
    world.ben.get(&board).await.expect(200);
    let (tasks, change) = (named(&[(&world.todo, 1)]), Uuid::now_v7().to_string());
    let mut fields = vec![
        ("team", &*world.team.slug),
        ("tasks", &*tasks),
        ("change", &*change),
        ("deed", "add_label"),
        ("value", "bug"),
    ];
    let answer = world.ben.post(ChangeTasks::url(), &fields).await;
    assert_eq!(answer.status, 303);
    let page = world.ben.follow(answer).await.page();
    assert!(page.shows("Tasks changed."));
    fields[1].1 = "nothing";
    let answer = world.ben.post(ChangeTasks::url(), &fields).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().unwrap().contains("refused="));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_gets_too_much_at_once_is_remarked_on_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b, c] = more(&world, 3).await.try_into().unwrap();
    let (doing, ben) = (
        world.columns[1].id.to_string(),
        world.people.ben.id.to_string(),
    );
    let tasks = |version| named(&[(&a, version), (&b, version), (&c, version)]);
    bulk(
        &world.ben,
        &world,
        &tasks(1),
        Uuid::now_v7(),
        "move",
        &doing,
    )
    .await
    .expect(200);
    let answer = bulk(
        &world.ben,
        &world,
        &tasks(2),
        Uuid::now_v7(),
        "assign",
        &ben,
    )
    .await;
    let changed: Changed = answer.expect(200).value();
    let words = "Ben now has 4 in progress; the team’s limit is 3.";
    assert_eq!(changed.remark.as_deref(), Some(words));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_is_given_many_at_once_is_told_once_in_the_order_of_the_tasks(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [a, b, c] = more(&world, 3).await.try_into().unwrap();
    let tasks = named(&[(&a, 1), (&b, 1), (&c, 1)]);
    let ben = world.people.ben.id.to_string();
    let change = Uuid::now_v7();
    bulk(&world.ana, &world, &tasks, change, "assign", &ben)
        .await
        .expect(200);
    let told: Vec<(Uuid, Uuid, i32)> = sqlx::query_as(
        "SELECT person_id, task_id, further_tasks FROM notifications WHERE team_id = $1 AND change_id = $2",
    )
    .bind(world.team.id)
    .bind(change)
    .fetch_all(&world.app.db)
    .await
    .unwrap();
    assert_eq!(told, [(world.people.ben.id, a.id, 2)]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn opposite_changes_of_the_same_tasks_at_once_wait_for_each_other(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let people = world.more_members(12).await;
    let tasks = more(&world, 30).await;
    let [first, second, _] = world.columns.clone();
    let deeds = people.into_iter().enumerate().map(|(person, browser)| {
        let (world, mut tasks) = (world.clone(), tasks.clone());
        let column = if person % 2 == 0 { &first } else { &second }
            .id
            .to_string();
        if person % 3 == 0 {
            tasks.reverse();
        }
        async move {
            // Single moves go in between; they are refused where others were first, as it should be.
            if person % 4 == 0 {
                let to = &world.columns[1];
                mv(&browser, &world, &tasks[person], to, "start").await;
            }
            let all: Vec<_> = tasks.iter().map(|task| (task, 1)).collect();
            bulk(
                &browser,
                &world,
                &named(&all),
                Uuid::now_v7(),
                "move",
                &column,
            )
            .await
        }
    });
    let before = deadlocks(&world).await;
    let answers = at_once(deeds).await;
    for answer in &answers {
        let status = answer.status.as_u16();
        assert!(matches!(status, 200 | 409), "{status} {}", answer.text());
    }
    assert!(answers.iter().any(|answer| answer.status == 200));
    assert_eq!(deadlocks(&world).await, before);
    // Of every change all tasks lie in one column, and each version has its event.
    let (events, versions) = moves_and_versions(&world).await;
    assert_eq!(events, versions);
}

/// How often the database gave up a change of this test for the sake of another.
async fn deadlocks(world: &World) -> i64 {
    sqlx::query_scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}
