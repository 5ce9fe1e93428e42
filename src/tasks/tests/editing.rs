//! Nothing is overwritten unseen: different fields merge, the same one answers both values.

use super::*;
use crate::testing::TestApp;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_form_of_a_task_changes_every_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = task_path(&world, &world.todo);
    let form = world.ben.get(&path).await.page().form("Save");
    let (ana, done) = (world.people.ana.id.to_string(), world.columns[2].id);
    let form = form
        .fill("Title", "Choose two colours")
        .fill("Description", "Blue *and* red\r\nor none")
        .fill("Assignee", &ana)
        .fill("Column", &done.to_string())
        .fill("Due date", "2031-02-28")
        .fill("Priority", "urgent")
        .fill("Labels", "paint, sign, Paint");
    let page = world.ben.submit(form).await.expect(200).page();
    assert_eq!(page.statuses().concat(), "Task saved.");
    assert_eq!(
        row(&world, &world.todo).await,
        Row {
            column_id: Some(done),
            kind: "done".to_owned(),
            title: "Choose two colours".to_owned(),
            description: "Blue *and* red\nor none".to_owned(),
            assignee_id: Some(world.people.ana.id),
            priority: "urgent".to_owned(),
            labels: vec!["paint".to_owned(), "sign".to_owned()],
            version: 2,
            started: true,
            completed: true,
            deleted: false,
        }
    );
    for (field, value) in [
        ("Title", "Choose two colours"),
        ("Assignee", &ana),
        ("Due date", "2031-02-28"),
        ("Priority", "urgent"),
        ("Labels", "paint, sign"),
    ] {
        assert_eq!(page.value(field).as_deref(), Some(value), "{field}");
    }
    // Empty fields take away what can be taken away.
    let form = page
        .form("Save")
        .fill("Description", "")
        .fill("Assignee", "")
        .fill("Due date", "")
        .fill("Labels", "");
    world.ben.submit(form).await.expect(200);
    let after = row(&world, &world.todo).await;
    assert_eq!(after.description, "");
    assert_eq!(after.assignee_id, None);
    assert_eq!(after.labels, Vec::<String>::new());
    assert_eq!(after.version, 3);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn different_fields_of_one_version_merge(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    let form = world
        .ben
        .get(&task_path(&world, task))
        .await
        .page()
        .form("Save");
    edit(&world.ana, &world, task, 1, &[("title", "Ana’s title")])
        .await
        .expect(200);
    claim(&world.ana, &world, task).await.expect(200);
    // Ben's form sends all fields, and he touched one of them.
    let page = world.ben.submit(form.fill("Priority", "high")).await;
    assert_eq!(page.expect(200).page().alerts(), Vec::<String>::new());
    let after = row(&world, task).await;
    assert_eq!(after.title, "Ana’s title");
    assert_eq!(after.priority, "high");
    assert_eq!(after.assignee_id, Some(world.people.ana.id));
    assert_eq!(after.column_id, Some(world.columns[1].id));
    assert_eq!(after.version, 4);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_edit_that_changes_nothing_leaves_no_trace(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let form = world
        .ben
        .get(&task_path(&world, &world.todo))
        .await
        .page()
        .form("Save");
    world.ben.submit(form).await.expect(200);
    edit(
        &world.ben,
        &world,
        &world.todo,
        1,
        &[("title", "Choose a colour")],
    )
    .await
    .expect(200);
    edit(&world.ben, &world, &world.todo, 1, &[])
        .await
        .expect(200);
    assert_eq!(row(&world, &world.todo).await.version, 1);
    assert_eq!(kinds(&world, &world.todo).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_field_answers_both_values_and_whose_they_are(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    let [_, second, third] = world.columns.each_ref().map(|column| column.id.to_string());
    let (ana, ben) = (
        world.people.ana.id.to_string(),
        world.people.ben.id.to_string(),
    );
    let theirs = [
        ("title", "Ana’s title"),
        ("description", "Ana’s text"),
        ("assignee", &*ana),
        ("column", &*second),
        ("due_on", "2030-01-01"),
        ("priority", "low"),
        ("labels", "ana"),
    ];
    let yours = [
        ("title", "Ben’s title"),
        ("description", "Ben’s text"),
        ("assignee", &*ben),
        ("column", &*third),
        ("due_on", "2030-12-31"),
        ("priority", "urgent"),
        ("labels", "ben, paint"),
    ];
    edit(&world.ana, &world, task, 1, &theirs).await.expect(200);
    let before = row(&world, task).await;
    let refused = conflict(edit(&world.ben, &world, task, 1, &yours).await);
    assert_eq!((refused.by.as_str(), refused.version), ("Ana", 2));
    let now: i64 = sqlx::query_scalar("SELECT extract(epoch FROM now())::bigint")
        .fetch_one(&world.app.db)
        .await
        .unwrap();
    assert!((now - 60..=now).contains(&refused.at), "{}", refused.at);
    let both: Vec<_> = refused
        .fields
        .iter()
        .map(|both| (&*both.field, &*both.yours, &*both.theirs))
        .collect();
    assert_eq!(
        both,
        [
            ("title", "Ben’s title", "Ana’s title"),
            ("description", "Ben’s text", "Ana’s text"),
            ("assignee", "Ben", "Ana"),
            ("column", "Done", "In progress"),
            ("due_on", "2030-12-31", "2030-01-01"),
            ("priority", "urgent", "low"),
            ("labels", "ben, paint", "ana"),
        ]
    );
    assert_eq!(row(&world, task).await, before);

    // One field in conflict refuses the whole edit: half of it would be no version anybody wanted.
    let mixed = [
        ("title", "Ben’s title"),
        ("priority", "low"),
        ("labels", "new"),
    ];
    let refused = conflict(edit(&world.ben, &world, task, 1, &mixed).await);
    assert_eq!(refused.fields.len(), 2);
    assert_eq!(row(&world, task).await, before);
    // On the ground of the version that the refusal names, it is the person's will.
    edit(&world.ben, &world, task, refused.version, &yours)
        .await
        .expect(200);
    assert_eq!(row(&world, task).await.title, "Ben’s title");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_conflict_without_javascript_keeps_what_was_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    let form = world
        .ben
        .get(&task_path(&world, task))
        .await
        .page()
        .form("Save");
    let theirs = [("title", "Ana’s <title>"), ("priority", "low")];
    edit(&world.ana, &world, task, 1, &theirs).await.expect(200);
    let mine = form
        .fill("Title", "Ben’s & title")
        .fill("Labels", "also typed");
    let page = world.ben.submit(mine).await.expect(200).page();
    let alerts = page.alerts().join(" ");
    for words in [
        "Your version",
        "Ben’s & title",
        "Ana’s version",
        "Ana’s <title>",
    ] {
        assert!(alerts.contains(words), "{words} in {alerts}");
    }
    let form = page.form("Save");
    assert_eq!(form.field("Title").value, "Ben’s & title");
    assert_eq!(form.field("Labels").value, "also typed");
    // What only Ana touched is hers in the fields as well.
    assert_eq!(form.field("Priority").value, "low");
    world.ben.submit(form).await.expect(200);
    let after = row(&world, task).await;
    assert_eq!(after.title, "Ben’s & title");
    assert_eq!(after.priority, "low");
    assert_eq!(after.labels, ["also typed"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_title_that_nobody_changed_is_no_conflict(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    // Deleted and brought back, and changed and changed back: what Ben saw is what stands.
    delete(&world.ana, &world, task).await.expect(200);
    restore(&world.ana, &world, task).await.expect(200);
    edit(&world.ben, &world, task, 1, &[("title", "Ben’s")])
        .await
        .expect(200);
    edit(&world.ana, &world, task, 4, &[("title", "Ana’s")])
        .await
        .expect(200);
    edit(&world.ana, &world, task, 5, &[("title", "Ben’s")])
        .await
        .expect(200);
    edit(&world.ben, &world, task, 4, &[("title", "Ben’s second")])
        .await
        .expect(200);
    // Also on the ground of the version at which the task was deleted.
    edit(&world.ben, &world, task, 2, &[("title", "Too late")])
        .await
        .expect(409);
    delete(&world.ana, &world, task).await.expect(200);
    restore(&world.ana, &world, task).await.expect(200);
    edit(&world.ben, &world, task, 8, &[("title", "Ben’s third")])
        .await
        .expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_version_that_never_was_is_refused_at_its_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for version in [
        "2",
        "0",
        "-1",
        "",
        " ",
        "1.5",
        "one",
        "1e3",
        "9223372036854775807",
        "99999999999999999999",
    ] {
        let fields = [("version", version), ("title", "Never")];
        let refused = call(&world.ben, &world, EditTask::url(), &world.todo, &fields).await;
        let error = refused.expect(422).error().unwrap();
        assert!(error.on("version").is_some(), "{version:?}: {error:?}");
    }
    let without = call(&world.ben, &world, EditTask::url(), &world.todo, &[]).await;
    assert!(without.expect(422).error().unwrap().on("version").is_some());
    assert_eq!(row(&world, &world.todo).await.version, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_twenty_who_edit_one_field_one_wins_a_version(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let mut people: Vec<_> = world
        .more_members(20)
        .await
        .into_iter()
        .enumerate()
        .collect();
    let mut version = 1;
    // Everybody who lost tries again on the ground of what they were told.
    for round in 0..4 {
        let answers = at_once(people.iter().cloned().map(|(number, browser)| {
            let world = world.clone();
            async move {
                let title = format!("Of person {number} in round {round}");
                edit(&browser, &world, &world.todo, version, &[("title", &title)]).await
            }
        }))
        .await;
        let won: Vec<usize> = answers
            .iter()
            .enumerate()
            .filter(|(_, answer)| answer.status == 200)
            .map(|(index, _)| index)
            .collect();
        assert_eq!(won.len(), 1, "in round {round}");
        let winner = people[won[0]].0;
        let title = format!("Of person {winner} in round {round}");
        assert_eq!(row(&world, &world.todo).await.title, title);
        version += 1;
        for (index, answer) in answers.into_iter().enumerate() {
            if index == won[0] {
                continue;
            }
            let told = conflict(answer);
            assert_eq!(told.by, format!("Member {}", winner + 1));
            assert_eq!(told.version, version);
            assert_eq!(told.fields[0].theirs, title);
        }
        people.remove(won[0]);
    }
    assert_eq!(row(&world, &world.todo).await.version, 5);
    assert_eq!(kinds(&world, &world.todo).await, ["task.edited"; 4]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn people_who_edit_different_fields_at_once_all_win(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let people = world.more_members(5).await;
    let fields = [
        ("title", "A title"),
        ("description", "A text"),
        ("due_on", "2030-05-05"),
        ("priority", "high"),
        ("labels", "one, two"),
    ];
    let answers = at_once(people.into_iter().zip(fields).map(|(browser, field)| {
        let world = world.clone();
        async move { edit(&browser, &world, &world.todo, 1, &[field]).await }
    }))
    .await;
    for answer in answers {
        answer.expect(200);
    }
    let after = row(&world, &world.todo).await;
    assert_eq!(
        (after.title, after.description),
        ("A title".into(), "A text".into())
    );
    assert_eq!((after.priority.as_str(), after.labels.len()), ("high", 2));
    assert_eq!(after.version, 6);
    let page = world.ana.get(&task_path(&world, &world.todo)).await.page();
    assert_eq!(page.value("Due date").as_deref(), Some("2030-05-05"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deleted_task_is_not_edited_moved_or_claimed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.deleted;
    for answer in [
        edit(&world.ben, &world, task, 1, &[("title", "New")]).await,
        mv(&world.ben, &world, task, &world.columns[1], "end").await,
        claim(&world.ben, &world, task).await,
    ] {
        let error = answer.expect(409).error().unwrap();
        assert!(error.message.contains("deleted"), "{error:?}");
    }
    assert_eq!(row(&world, task).await.version, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_edit_builds_on_the_one_before_it_in_the_same_page(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    let first = [("title", " Once "), ("description", "Words")];
    // The reply is lost, so it is sent again before the next.
    for _ in 0..2 {
        edit(&world.ben, &world, task, 1, &first).await.expect(200);
    }
    edit(&world.ana, &world, task, 2, &[("priority", "high")])
        .await
        .expect(200);
    let second = [("title", "Twice"), ("before", r#"{"title":" Once "}"#)];
    edit(&world.ben, &world, task, 1, &second).await.expect(200);
    // Back to what it was in the beginning is an edit as well.
    let back = [
        ("title", "Choose a colour"),
        ("before", r#"{"title":"Twice"}"#),
    ];
    edit(&world.ben, &world, task, 1, &back).await.expect(200);
    let after = row(&world, task).await;
    assert_eq!(
        (&*after.title, &*after.priority),
        ("Choose a colour", "high")
    );
    assert_eq!(after.version, 5);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_edit_that_builds_on_an_earlier_one_does_not_replace_what_came_between(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo;
    edit(&world.ben, &world, task, 1, &[("title", "Once")])
        .await
        .expect(200);
    edit(&world.ana, &world, task, 2, &[("title", "Ana’s")])
        .await
        .expect(200);
    let second = [("title", "Twice"), ("before", r#"{"title":"Once"}"#)];
    let conflict = conflict(edit(&world.ben, &world, task, 1, &second).await);
    assert_eq!((&*conflict.by, conflict.version), ("Ana", 3));
    assert_eq!(conflict.fields[0].theirs, "Ana’s");
    assert_eq!(row(&world, task).await.title, "Ana’s");
    // Nothing of this is for what no form has.
    for before in [r#"{"version":"1"}"#, "7", "x"] {
        let refused = edit(&world.ben, &world, task, 1, &[("before", before)]).await;
        assert!(refused.expect(422).error().unwrap().on("before").is_some());
    }
}
