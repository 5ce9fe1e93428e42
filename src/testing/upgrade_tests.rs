//! Every schema there was, with data of its time, becomes today's: nothing is lost, and it is served.
//!
//! The data stand in `tests/released/`, written down when the schema was new. Nothing of today's program makes them.

use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use leptos::server_fn::ServerFn;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, PgPool, migrate::Migrator, postgres::PgPoolOptions};

use super::{Ask, Browser, TestApp};
use crate::{
    server::database::{self, MIGRATOR},
    tasks::requests::ClaimTask,
};

/// The rows of each table, each as an object of its columns.
type Rows = BTreeMap<String, Vec<Map<String, Value>>>;

#[sqlx::test(migrations = false)]
async fn the_data_of_every_released_schema_outlive_the_way_to_the_newest(db: PgPool) {
    for version in MIGRATOR.iter().map(|migration| migration.version) {
        run(&db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        // No statement that was prepared for the schema before.
        let pool = PgPoolOptions::new()
            .connect_with((*db.connect_options()).clone())
            .await
            .expect("a pool");
        up_to(version).run(&pool).await.expect("the old schema");
        for file in files(version) {
            run(&pool, &file).await;
        }
        let before = rows(&pool).await;
        for (table, rows) in &before {
            assert!(
                !rows.is_empty(),
                "nothing is in {table} at migration {version}: write tests/released/{version:04}.sql"
            );
        }

        database::migrate(&pool).await.expect("the newest schema");
        let after = rows(&pool).await;
        for (table, old) in &before {
            let new = after.get(table).map_or(&[][..], Vec::as_slice);
            assert_eq!(new.len(), old.len(), "rows of {table} since {version}");
            for row in old {
                let is_kept = new.iter().any(|new| {
                    row.iter()
                        .all(|(column, value)| new.get(column) == Some(value))
                });
                assert!(is_kept, "{table} at {version} has lost {row:?}");
            }
        }
        is_served(&pool, version).await;
        if version == 1 {
            is_all_there(&pool).await;
        }
        pool.close().await;
    }
}

/// The migrations up to one of them.
fn up_to(version: i64) -> Migrator {
    let migrations = MIGRATOR
        .iter()
        .filter(|migration| migration.version <= version)
        .cloned()
        .collect();
    Migrator {
        migrations: Cow::Owned(migrations),
        ..Migrator::DEFAULT
    }
}

/// The data up to a migration, in order. A migration that makes no table needs none.
fn files(version: i64) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released");
    (1..=version)
        .map(|number| folder.join(format!("{number:04}.sql")))
        .filter(|path| path.exists())
        .map(|path| fs::read_to_string(path).expect("data"))
        .collect()
}

async fn run(db: &PgPool, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(db)
        .await
        .unwrap_or_else(|error| panic!("{error} in {sql}"));
}

async fn rows(db: &PgPool) -> Rows {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'",
    )
    .fetch_all(db)
    .await
    .expect("the tables");
    let mut rows = Rows::new();
    for table in tables {
        // A table may have a column of its own name.
        let found: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT to_jsonb(whole_row) FROM {table} AS whole_row"
        )))
        .fetch_all(db)
        .await
        .expect("the rows");
        let objects = found.into_iter().filter_map(|row| match row {
            Value::Object(row) => Some(row),
            _ => None,
        });
        rows.insert(table, objects.collect());
    }
    rows
}

/// Whoever was signed in still is, sees what was there, and goes on with it.
async fn is_served(db: &PgPool, version: i64) {
    let app = TestApp::new(db.clone());
    let ana = ana(&app);
    for (path, words) in [
        ("", &["Zeichne das Schild, 看板"][..]),
        ("/boards/WEB", &["Choose a colour", "Buy a lantern"]),
        (
            "/tasks/WEB-1",
            &["Blue, I think.", "<strong>red</strong>", "Choose a color"],
        ),
    ] {
        let page = ana
            .get(&format!("/teams/released{path}"))
            .await
            .expect(200)
            .text();
        for words in words {
            assert!(
                page.contains(words),
                "{words} is not on {path} of what was {version}"
            );
        }
    }
    ana.get("/teams/elsewhere").await.expect(404);
    if version >= 2 {
        app.browser().get("/wall/released").await.expect(200);
    }
    if version >= 6 {
        let token = format!("Bearer skb_{}", "r".repeat(43));
        let tasks = Ask::page("/api/v1/teams/released/tasks")
            .header("authorization", Some(&token))
            .header("accept", Some("application/json"));
        let tasks = app.browser().ask(tasks).await.expect(200);
        assert_eq!(tasks.json()["items"].as_array().map(Vec::len), Some(3));
    }
    let claim = [("team", "released"), ("task", "WEB-1")];
    ana.call(ClaimTask::url(), &claim).await.expect(200);
    let seq: i64 = sqlx::query_scalar(
        "SELECT last_seq FROM event_counters JOIN teams USING (team_id) WHERE slug = 'released'",
    )
    .fetch_one(db)
    .await
    .expect("the counter");
    assert!(seq > 3, "the log did not go on");
    app.shutdown.begin();
}

/// Whoever was signed in when the schema was an older one.
fn ana(app: &TestApp) -> Browser {
    let ana = app.browser();
    ana.set_cookie("skateboard", "released");
    ana
}

/// The other pages, which read no other rows in a later schema.
async fn is_all_there(db: &PgPool) {
    let app = TestApp::new(db.clone());
    let ana = ana(&app);
    for (path, words) in [
        ("/tasks/WEB-3", "Buy a lantern"),
        ("/search?q=lantern", "Buy a lantern"),
        ("/deleted", "Buy a kite"),
        ("/people", "Ben Übermut"),
        ("/settings", "Europe/Lisbon"),
        ("/mine", "Ana"),
        ("/notifications", "Notifications"),
    ] {
        let page = ana.get(&format!("/teams/released{path}")).await.expect(200);
        assert!(page.text().contains(words), "{words} is not on {path}");
    }
    ana.get("/account").await.expect(200);
}
