//! A backup holds everything, comes back as it was, and never half.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions as _, PgPool, migrate::Migrator};

use super::{
    Failure, LEFT_OUT,
    file::{Head, Reader, Writer, to_file},
    restore, store,
    taking::connect,
};
use crate::{
    demo,
    server::database::{self, MIGRATOR},
    testing::{TestApp, seed},
};

/// Every table, by its name, with its rows as Postgres writes them.
async fn everything(db: &PgPool) -> BTreeMap<String, Vec<String>> {
    let mut connection = connect(db, "test").await.expect("a connection");
    let tables = store::tables(&mut connection).await.expect("the tables");
    let mut all = BTreeMap::new();
    for table in tables {
        let mut text = Vec::new();
        let copied = store::copy_out(&mut connection, &table, |data| {
            text.extend_from_slice(data);
            Ok(())
        });
        copied.await.expect("a table");
        let text = String::from_utf8(text).expect("text");
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        rows.sort();
        all.insert(table.name, rows);
    }
    all
}

fn is_left_out(table: &str) -> bool {
    LEFT_OUT.iter().any(|(name, _)| *name == table)
}

/// Something in every part of the product, and a text that is hard to write down.
async fn fill(db: &PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    seed::session(db, &seed::person(db, "Nóra \u{202e} 🛹").await).await;
    let text = "Tab\tslash\\ line\nreturn\r\\N \\. 'quoted' \"twice\" 🛹 \u{10ffff}";
    sqlx::query("UPDATE tasks SET description = $1")
        .bind(text)
        .execute(db)
        .await
        .expect("a description");
    drop(world);
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("board.backup")
    }
}

async fn back_up(db: &PgPool, folder: &Folder) -> PathBuf {
    let file = folder.file();
    to_file(db, &file, false).await.expect("a backup");
    file
}

fn reason(outcome: Result<impl std::fmt::Debug, Failure>) -> String {
    outcome.expect_err("a refusal").to_string()
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn what_is_restored_is_what_was_backed_up(db: PgPool) {
    fill(&db).await;
    demo::fill(&db, None).await.expect("a demo team");
    let before = everything(&db).await;
    let folder = Folder::new();
    let file = back_up(&db, &folder).await;
    sqlx::query("DELETE FROM watchers")
        .execute(&db)
        .await
        .expect("fewer watchers");
    sqlx::query("UPDATE tasks SET title = 'Something else'")
        .execute(&db)
        .await
        .expect("other titles");
    restore(&db, &file, true).await.expect("a restoration");
    let after = everything(&db).await;
    assert!(before.keys().eq(after.keys()));
    for (table, rows) in before {
        if is_left_out(&table) {
            assert_eq!(after[&table], [""; 0], "{table}");
        } else {
            assert_eq!(after[&table], rows, "{table}");
        }
    }
    // The triggers count again.
    let app = TestApp::new(db.clone());
    let new = seed::person(&app.db, "Somebody new").await;
    let team = seed::team(&db, "another", "Another").await;
    seed::member(&db, team, &new, crate::people::model::Role::Owner).await;
    let (_, [todo, ..]) = seed::board(&db, team, &new, "NEW", "New").await;
    seed::task(&db, team, &new, &todo, "Zygomorphic").await;
    let counted: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM title_words WHERE team_id = $1 AND word = 'zygomorphic'",
    )
    .bind(team)
    .fetch_one(&db)
    .await
    .expect("a count");
    assert_eq!(counted, 1);
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn every_table_is_in_it_or_is_left_out_with_a_reason(db: PgPool) {
    fill(&db).await;
    let folder = Folder::new();
    let reader = Reader::open(&back_up(&db, &folder).await).expect("a backup");
    let mut named: Vec<String> = reader
        .head
        .tables
        .into_iter()
        .map(|table| table.name)
        .collect();
    named.extend(LEFT_OUT.iter().map(|(name, _)| (*name).to_owned()));
    named.sort();
    let mut present: Vec<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'",
    )
    .fetch_all(&db)
    .await
    .expect("the tables");
    present.sort();
    assert_eq!(named, present);
    let sequences: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_sequences WHERE schemaname = 'public'")
            .fetch_one(&db)
            .await
            .expect("the sequences");
    assert_eq!(
        sequences, 0,
        "a backup holds no sequence: number by a counter row"
    );
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_damaged_file_is_refused_and_changes_nothing(db: PgPool) {
    fill(&db).await;
    let folder = Folder::new();
    let file = back_up(&db, &folder).await;
    let before = everything(&db).await;
    let whole = fs::read(&file).expect("a file");
    let length = whole.len();
    for cut in [0, 1, 9, 40, length / 3, length / 2, length - 9, length - 1] {
        fs::write(&file, &whole[..cut]).expect("a file that breaks off");
        reason(restore(&db, &file, true).await);
    }
    // The bytes of gzip's own head that say nothing of what follows are left alone.
    for place in (10..length).step_by(length / 60) {
        let mut flipped = whole.clone();
        flipped[place] ^= 0x10;
        fs::write(&file, flipped).expect("a file with a wrong bit");
        reason(restore(&db, &file, true).await);
    }
    fs::write(&file, [whole.as_slice(), b"more"].concat()).expect("a file with a rest");
    assert!(reason(restore(&db, &file, true).await).contains("its end"));
    fs::write(&file, "something else altogether").expect("another file");
    assert!(reason(restore(&db, &file, true).await).contains("is no backup of Skateboard"));
    assert!(reason(restore(&db, &folder.0.path().join("none"), true).await).contains("none"));
    assert_eq!(everything(&db).await, before);
}

/// Writes a backup of nothing whose first line is as given.
fn write_head(file: &Path, head: &Head) {
    let failed = |error| Failure::Refused(format!("{error}"));
    let mut writer = Writer::new(File::create(file).expect("a file"), &failed);
    writer.head(head).expect("a head");
    writer.end(0).expect("an end");
    writer.finish().expect("a whole file");
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn a_backup_that_is_newer_than_the_program_is_refused(db: PgPool) {
    fill(&db).await;
    let folder = Folder::new();
    let file = back_up(&db, &folder).await;
    let head = Reader::open(&file).expect("a backup").head;
    let mut later = head.clone();
    let mut migration = later.migrations.last().expect("a migration").clone();
    migration.version += 1;
    later.migrations.push(migration);
    write_head(&file, &later);
    assert!(reason(restore(&db, &file, true).await).contains("newer database"));
    let mut other = head.clone();
    other.migrations[0].checksum = "00".into();
    write_head(&file, &other);
    assert!(reason(restore(&db, &file, true).await).contains("of another skateboard"));
    let mut newer = head;
    newer.version += 1;
    write_head(&file, &newer);
    assert!(reason(restore(&db, &file, true).await).contains("newer than this one"));
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn what_is_there_is_replaced_only_when_that_is_said(db: PgPool) {
    fill(&db).await;
    let folder = Folder::new();
    let file = back_up(&db, &folder).await;
    let refused = reason(restore(&db, &file, false).await);
    assert!(
        refused.contains("teams") && refused.contains("--replace"),
        "{refused}"
    );
    let twice = reason(to_file(&db, &file, false).await);
    assert!(twice.contains("is there already"), "{twice}");
    to_file(&db, &file, true).await.expect("another backup");
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn nothing_is_restored_under_a_running_server(db: PgPool) {
    fill(&db).await;
    let folder = Folder::new();
    let file = back_up(&db, &folder).await;
    let server = (*db.connect_options())
        .clone()
        .application_name("skateboard");
    let server = server.connect().await.expect("a connection");
    assert!(reason(restore(&db, &file, true).await).contains("Stop it first"));
    drop(server);
}

#[sqlx::test(migrations = false)]
async fn nothing_is_restored_among_the_tables_of_others(db: PgPool) {
    let folder = Folder::new();
    assert!(reason(to_file(&db, &folder.file(), false).await).contains("nothing to back up"));
    assert!(!folder.file().exists());
    database::migrate(&db).await.expect("a schema");
    fill(&db).await;
    let file = back_up(&db, &folder).await;
    for statement in [
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
        "CREATE TABLE ledger (amount integer)",
    ] {
        sqlx::query(statement)
            .execute(&db)
            .await
            .expect("a database of others");
    }
    assert!(reason(restore(&db, &file, true).await).contains("not Skateboard's"));
    sqlx::query("DROP TABLE ledger")
        .execute(&db)
        .await
        .expect("an empty database");
    restore(&db, &file, false).await.expect("into nothing");
}

#[sqlx::test(migrations = false)]
async fn a_backup_of_an_older_schema_comes_back_as_the_newest(db: PgPool) {
    let first = Migrator::with_migrations(MIGRATOR.iter().take(1).cloned().collect());
    first.run(&db).await.expect("the first schema");
    let ana = seed::person(&db, "Ana").await;
    let folder = Folder::new();
    let file = back_up(&db, &folder).await;
    restore(&db, &file, true).await.expect("a restoration");
    database::migrate(&db).await.expect("the newest schema");
    let name: String = sqlx::query_scalar("SELECT name FROM people WHERE id = $1")
        .bind(ana.id)
        .fetch_one(&db)
        .await
        .expect("a person");
    assert_eq!(name, "Ana");
}
