//! How the schema comes to be, over nothing and over a database in use.

use std::{borrow::Cow, fs, path::Path};

use sqlx::{
    PgPool,
    migrate::{MigrateError, Migrator},
    postgres::PgPoolOptions,
};

use crate::{
    people::model::Role,
    server::database::{self, MIGRATOR, Schema},
    testing::seed,
};

#[sqlx::test(migrations = false)]
async fn migrations_run_over_an_empty_database_and_again_over_the_result(db: PgPool) {
    database::migrate(&db).await.expect("over nothing");
    database::migrate(&db).await.expect("over the result");
}

#[sqlx::test(migrations = false)]
async fn migrations_run_over_a_database_in_use_and_lose_nothing(db: PgPool) {
    up_to_first().run(&db).await.expect("the first migration");
    // Not a whole world, which has what later migrations made.
    let ana = seed::person(&db, "Ana").await;
    let team = seed::team(&db, "blue-lantern", "Blue Lantern").await;
    seed::member(&db, team, &ana, Role::Owner).await;
    let (_, [todo, ..]) = seed::board(&db, team, &ana, "WEB", "Website").await;
    let task = seed::task(&db, team, &ana, &todo, "Choose a colour").await;
    seed::comment(&db, team, &ana, &task, "Blue, I think.").await;
    let before = rows(&db).await;
    database::migrate(&db).await.expect("over what is there");
    assert_eq!(rows(&db).await, before);
}

/// The first migration alone: what the oldest database in use has.
fn up_to_first() -> Migrator {
    let first = MIGRATOR.iter().next().expect("a migration").clone();
    Migrator {
        migrations: Cow::Owned(vec![first]),
        ..Migrator::DEFAULT
    }
}

async fn rows(db: &PgPool) -> Vec<(String, i64)> {
    sqlx::query_as(
        r#"
        SELECT 'people', count(*) FROM people UNION ALL
        SELECT 'memberships', count(*) FROM memberships UNION ALL
        SELECT 'tasks', count(*) FROM tasks UNION ALL
        SELECT 'comments', count(*) FROM comments
        "#,
    )
    .fetch_all(db)
    .await
    .expect("the numbers of rows")
}

#[sqlx::test(migrations = false)]
async fn two_instances_may_start_at_once_on_an_empty_database(db: PgPool) {
    let other = PgPoolOptions::new()
        .connect_with((*db.connect_options()).clone())
        .await
        .expect("a second pool");
    let (first, second) = tokio::join!(database::migrate(&db), database::migrate(&other));
    first.expect("the first instance");
    second.expect("the second instance");
    let applied: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations")
        .fetch_one(&db)
        .await
        .expect("the migrations");
    assert_eq!(applied as usize, MIGRATOR.iter().count());
    other.close().await;
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_database_newer_than_the_binary_is_refused(db: PgPool) {
    sqlx::query(
        r#"
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (999900, 'from the future', true, '\x00', 0)
        "#,
    )
    .execute(&db)
    .await
    .expect("a later migration");
    let refused = database::migrate(&db).await;
    assert!(
        matches!(refused, Err(MigrateError::VersionMissing(999_900))),
        "{refused:?}"
    );
    let schema = database::schema(&db).await.expect("an answer");
    assert_eq!(schema, Schema::Newer(999_900));
}

#[sqlx::test(migrations = false)]
async fn what_an_upgrade_would_do_is_said_before_it(db: PgPool) {
    let all = MIGRATOR.iter().count();
    let schema = async || database::schema(&db).await.expect("an answer");
    assert_eq!(schema().await, Schema::Behind(all));
    up_to_first().run(&db).await.expect("the first migration");
    assert_eq!(schema().await, Schema::Behind(all - 1));
    database::migrate(&db).await.expect("the others");
    assert_eq!(schema().await, Schema::Current);
}

#[test]
fn a_new_column_has_a_default_for_the_rows_that_are_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for entry in fs::read_dir(folder).expect("the migrations") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("0001_") {
            continue;
        }
        let sql = fs::read_to_string(&path).expect("a migration");
        assert_eq!(
            columns_without_default(&sql),
            [""; 0],
            "{name}: rows that are there, and an older instance that still runs, know nothing of a new column: give \
             it a DEFAULT, or let it be NULL"
        );
    }
}

#[test]
fn a_column_without_a_default_is_recognised() {
    let sql = "ALTER TABLE a ADD COLUMN b text NOT NULL;
               -- ADD COLUMN in words NOT NULL
               ALTER TABLE a ADD c int NOT NULL DEFAULT 0, ADD COLUMN d numeric(3, 1) not null;
               ALTER TABLE a ADD COLUMN e text;
               CREATE TABLE f (g text NOT NULL);
               ALTER TABLE a ALTER COLUMN h SET NOT NULL;
               ALTER TABLE a ADD CONSTRAINT i CHECK (b IS NOT NULL)";
    assert_eq!(
        columns_without_default(sql),
        [
            "ADD COLUMN b text NOT NULL",
            "ADD COLUMN d numeric(3, 1) not null",
            "ALTER COLUMN h SET NOT NULL"
        ]
    );
}

/// What a migration does to columns that the rows of a table in use cannot follow.
fn columns_without_default(sql: &str) -> Vec<String> {
    let plain: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ");
    plain
        .split(';')
        .map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|statement| statement.to_uppercase().starts_with("ALTER TABLE"))
        .flat_map(|statement| clauses(&statement))
        .filter(|clause| {
            let clause = clause.to_uppercase();
            let adds = clause.starts_with("ADD ") && !clause.starts_with("ADD CONSTRAINT");
            let tightens = clause.contains("SET NOT NULL");
            (adds && clause.contains("NOT NULL") && !clause.contains("DEFAULT")) || tightens
        })
        .collect()
}

/// The clauses of an ALTER TABLE, which are parted by commas outside of brackets.
fn clauses(statement: &str) -> Vec<String> {
    let mut depth = 0;
    let mut clauses = vec![String::new()];
    // The first two words are ALTER TABLE, the third is the table.
    for character in statement.splitn(4, ' ').nth(3).unwrap_or_default().chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                clauses.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(clause) = clauses.last_mut() {
            clause.push(character);
        }
    }
    clauses
        .iter()
        .map(|clause| clause.trim().to_owned())
        .collect()
}
