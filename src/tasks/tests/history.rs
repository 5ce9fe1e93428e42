//! The history says who did what, from what to what, and when.

use super::*;
use crate::testing::TestApp;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_deed_is_one_event_with_who_and_from_what_to_what(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7();
    create(&world.ben, &world, id, &world.columns[0], "Hang it")
        .await
        .expect(200);
    let task = Task {
        id,
        key: "WEB-5".to_owned(),
    };
    claim(&world.ana, &world, &task).await.expect(200);
    let fields = [
        ("title", "Hang it up"),
        ("assignee", &world.people.ben.id.to_string()),
        ("due_on", "2030-03-04"),
        ("priority", "high"),
        ("labels", "a, b"),
        ("description", "With nails"),
    ];
    edit(&world.ben, &world, &task, 2, &fields)
        .await
        .expect(200);
    mv(&world.ana, &world, &task, &world.columns[1], "start")
        .await
        .expect(200);
    mv(&world.ana, &world, &task, &world.columns[2], "end")
        .await
        .expect(200);
    delete(&world.ben, &world, &task).await.expect(200);
    restore(&world.ben, &world, &task).await.expect(200);

    let events = events(&world, &task).await;
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            let name = if event.actor_id == world.people.ana.id {
                "Ana"
            } else {
                "Ben"
            };
            (event.kind.as_str(), name)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("task.created", "Ben"),
            ("task.claimed", "Ana"),
            ("task.edited", "Ben"),
            ("task.moved", "Ana"),
            ("task.moved", "Ana"),
            ("task.deleted", "Ben"),
            ("task.restored", "Ben"),
        ]
    );
    for (index, event) in events.iter().enumerate() {
        let version = (index + 1).to_string();
        assert_eq!(event.change("version"), Some((None, Some(&*version))));
    }
    let edited = &events[2];
    for (field, from, to) in [
        ("title", Some("Hang it"), "Hang it up"),
        ("assignee", Some("Ana"), "Ben"),
        ("due_on", None, "2030-03-04"),
        ("priority", Some("normal"), "high"),
        ("labels", None, "a, b"),
        ("description", None, "With nails"),
    ] {
        assert_eq!(edited.change(field), Some((from, Some(to))), "{field}");
    }
    let moved = (Some("In progress"), Some("Done"));
    assert_eq!(events[3].change("column"), None);
    assert_eq!(events[4].change("column"), Some(moved));
    // The ids behind the names, for whoever compares them.
    let changes = edited.changes.as_array().unwrap();
    let ids = changes.iter().find(|it| it["field"] == "assignee").unwrap();
    assert_eq!(ids["from_id"], world.people.ana.id.to_string());
    assert_eq!(ids["to_id"], world.people.ben.id.to_string());

    let page = world.vera.get(&task_path(&world, &task)).await.page();
    let lines = page.texts(".history .event");
    for (line, words) in lines.iter().zip([
        "Ben created this in To do",
        "Ana claimed this; moved this from To do to In progress",
        "Ben changed Title from “Hang it” to “Hang it up”; changed the description; \
         changed Assignee from Ana to Ben",
        "Ana moved this inside its column",
        "Ana moved this from In progress to Done",
        "Ben deleted this",
        "Ben restored this",
    ]) {
        assert!(line.contains(words), "{words} in {line}");
    }
    assert_eq!(lines.len(), 7);
    assert_eq!(page.texts(".history .event time").len(), 7);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_log_of_a_team_has_no_gap_under_many_writers(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let deeds = world.more_members(20).await.into_iter().map(|browser| {
        let world = world.clone();
        async move {
            let id = Uuid::now_v7();
            let column = &world.columns[0];
            let number: i32 = create(&browser, &world, id, column, "New").await.value();
            let key = format!("WEB-{number}");
            let task = Task { id, key };
            claim(&browser, &world, &task).await.expect(200);
            // Refused ones leave no number behind.
            claim(&browser, &world, &world.done).await.expect(409);
            mv(&browser, &world, &task, &world.columns[2], "start").await
        }
    });
    for answer in at_once(deeds).await {
        answer.expect(200);
    }
    let seqs: Vec<i64> =
        sqlx::query_scalar("SELECT seq FROM events WHERE team_id = $1 ORDER BY seq")
            .bind(world.team.id)
            .fetch_all(&world.app.db)
            .await
            .unwrap();
    assert_eq!(seqs, (1..=60).collect::<Vec<_>>());
}
