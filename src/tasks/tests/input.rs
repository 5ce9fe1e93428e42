//! What no task can take is refused at its field, and what it can take comes back as it was typed.

use super::*;
use crate::{
    boards::tests::HOSTILE,
    testing::{Ask, TestApp, browser::encoded},
};

async fn refused_on(world: &World, field: &str, value: &str) {
    let answer = edit(&world.ben, world, &world.todo, 1, &[(field, value)]).await;
    let error = answer.expect(422).error().unwrap();
    assert!(error.on(field).is_some(), "{field}: {error:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn bad_input_is_refused_at_its_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = row(&world, &world.todo).await;
    let huge = "n".repeat(900_000);
    let long = |length: usize| "ä".repeat(length);
    for title in [
        "",
        " \t\n",
        "two\nlines",
        "a\u{7}b",
        "nul\0",
        &long(201),
        &huge,
    ] {
        refused_on(&world, "title", title).await;
        let refused = create(&world.ben, &world, Uuid::now_v7(), &world.columns[0], title).await;
        assert!(refused.expect(422).error().unwrap().on("title").is_some());
    }
    for description in ["nul\0", &long(50_001), &huge] {
        refused_on(&world, "description", description).await;
    }
    for date in [
        "300000-01-01",
        "+300000-01-01",
        "-0001-01-01",
        "1999-12-31",
        "2200-01-01",
        "2030-02-29",
        "2030-13-01",
        "2030-1-1",
        "01.02.2030",
        "tomorrow",
        "2030-01-01T00:00:00Z",
        "2030-01-01\0",
        &huge,
    ] {
        refused_on(&world, "due_on", date).await;
    }
    for priority in ["", "URGENT", "5", "nul\0", &huge] {
        refused_on(&world, "priority", priority).await;
    }
    let many: Vec<String> = (0..21).map(|number| format!("label {number}")).collect();
    for labels in [&*many.join(","), &long(41), "two\nlines", "nul\0", &huge] {
        refused_on(&world, "labels", labels).await;
    }
    for id in ["Ben", "1", "'; DROP TABLE tasks; --", &huge] {
        refused_on(&world, "assignee", id).await;
        refused_on(&world, "column", id).await;
    }
    refused_on(&world, "column", "").await;
    refused_on(&world, "column", &Uuid::nil().to_string()).await;
    assert_eq!(row(&world, &world.todo).await, before);
    assert_eq!(kinds(&world, &world.todo).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn text_that_is_no_unicode_is_refused_at_its_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let team = encoded(&[
        ("team", world.team.slug.as_str()),
        ("task", &world.todo.key),
        ("version", "1"),
    ]);
    // A lone high and low surrogate, a broken sequence, an overlong NUL.
    for raw in ["%ED%A0%80", "%ED%BF%BF", "%FF", "%C0%80"] {
        for field in ["title", "description", "labels", "due_on"] {
            let mut body = team.clone();
            body.extend_from_slice(format!("&{field}=a{raw}b").as_bytes());
            let ask: Ask = world.ben.form(EditTask::url(), body, "application/json");
            let error = world.ben.ask(ask).await.expect(422).error().unwrap();
            assert!(error.on(field).is_some(), "{field} {raw}: {error:?}");
        }
    }
    assert_eq!(row(&world, &world.todo).await.version, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_megabyte_of_text_is_refused_and_kept_for_its_author(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let megabyte = "x".repeat(1024 * 1024);
    let answer = edit(
        &world.ben,
        &world,
        &world.todo,
        1,
        &[("description", &megabyte)],
    )
    .await;
    answer.expect(413);
    // What still fits into a form is there to be cut by whoever typed it.
    let path = task_path(&world, &world.todo);
    let form = world.ben.get(&path).await.page().form("Save");
    let typed = "words ".repeat(10_000);
    let page = world
        .ben
        .submit(form.fill("Description", &typed))
        .await
        .expect(200)
        .page();
    let field = page.form("Save").field("Description").clone();
    assert_eq!(field.value, typed);
    assert!(field.problem.unwrap().contains("50000 are possible"));
    assert_eq!(row(&world, &world.todo).await.description, "");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_largest_that_is_possible_is_taken(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (title, text) = ("🛹".repeat(200), "🛹".repeat(50_000));
    let labels: Vec<String> = (10..30)
        .map(|number| format!("{number}{}", "ä".repeat(38)))
        .collect();
    let fields = [
        ("title", &*title),
        ("description", &text),
        ("labels", &labels.join(",")),
        ("due_on", "2199-12-31"),
    ];
    edit(&world.ben, &world, &world.todo, 1, &fields)
        .await
        .expect(200);
    let after = row(&world, &world.todo).await;
    assert_eq!((after.title, after.description), (title, text));
    assert_eq!(after.labels, labels);
    edit(
        &world.ben,
        &world,
        &world.todo,
        2,
        &[("due_on", "2000-01-01")],
    )
    .await
    .expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn text_comes_back_as_it_was_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = task_path(&world, &world.todo);
    for text in HOSTILE {
        let form = world.ben.get(&path).await.page().form("Save");
        let several = format!("\n{text}\n\n\t{text} ");
        let form = form.fill("Title", text).fill("Description", &several);
        let page = world.ben.submit(form).await.expect(200).page();
        assert_eq!(page.alerts(), Vec::<String>::new());
        assert_eq!(page.value("Title").as_deref(), Some(text));
        assert_eq!(page.value("Description"), Some(several.clone()));
        let after = row(&world, &world.todo).await;
        assert_eq!((after.title.as_str(), after.description), (text, several));
        let page = world.vera.get(&path).await.page();
        assert_eq!(page.texts("article script").len(), 0);
    }
}
