//! A row that the database refuses is in Postgres' own words, with all that is in it. None of them gets into the log.

use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use tracing::level_filters::LevelFilter;

use super::app;
use crate::{accounts::account_page::ChangeName, tasks::requests::EditTask, testing::log::Log};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_log_has_the_rule_that_a_row_broke_and_nothing_of_the_row(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    // Rules that have no sentence for people, each broken by one name or title: "Failing row contains (…)",
    // "Key (name)=(…) already exists", "invalid input syntax for type integer: …".
    sqlx::raw_sql(
        r#"
        CREATE UNIQUE INDEX people_one_of_a_name ON people (name);
        ALTER TABLE people ADD CONSTRAINT people_no_quirin CHECK (name <> 'Quirin Zebrowski');
        ALTER TABLE tasks ADD CONSTRAINT tasks_no_wall CHECK (title <> 'Paint the harbour wall');
        ALTER TABLE tasks ADD CONSTRAINT tasks_no_boat
            CHECK (CASE WHEN title = 'Sell the old boat' THEN title::integer > 0 ELSE true END);
        "#,
    )
    .execute(&app.db)
    .await
    .expect("rules");
    let (log, listening) = Log::listen(LevelFilter::INFO);
    for name in ["Vera", "Quirin Zebrowski"] {
        let fields = [("name", name)];
        world.ana.call(ChangeName::url(), &fields).await.expect(500);
    }
    for title in ["Paint the harbour wall", "Sell the old boat"] {
        let fields = [
            ("team", world.team.slug.as_str()),
            ("task", &world.todo.key),
            ("version", "1"),
            ("title", title),
        ];
        world.ben.call(EditTask::url(), &fields).await.expect(500);
    }
    drop(listening);

    let log = log.text();
    for why in [
        "people_one_of_a_name",
        "people_no_quirin",
        "tasks_no_wall",
        "23505",
        "23514",
        "22P02",
    ] {
        assert!(log.contains(why), "{why} is not in {log}");
    }
    let people = &world.people;
    let mut texts = vec![
        world.team.name.as_str(),
        "Quirin Zebrowski",
        "Paint the harbour wall",
        "Sell the old boat",
        "Choose a colour",
        "$argon2",
    ];
    for person in [&people.ana, &people.ben, &people.vera] {
        texts.extend([person.name.as_str(), person.email.as_str()]);
    }
    for text in texts {
        let line = log.lines().find(|line| line.contains(text));
        assert_eq!(line, None, "the log tells {text}");
    }
}
