//! What docs/privacy.md promises to name.

use std::{fs, path::Path};

use sqlx::PgPool;

/// Tables that hold nothing of anybody.
const NOT_OURS: &[&str] = &["_sqlx_migrations"];

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_table_is_named_where_it_is_said_what_is_kept(db: PgPool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/privacy.md");
    let said = fs::read_to_string(path).expect("docs/privacy.md");
    // Its first column names the tables of a row.
    let named: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" |").next())
        .flat_map(|names| names.split("`, `"))
        .map(|name| name.trim_end_matches('`'))
        .collect();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    )
    .fetch_all(&db)
    .await
    .expect("the tables");
    assert!(tables.len() > 20, "only {tables:?} were found");
    let missing: Vec<&String> = tables
        .iter()
        .filter(|table| !named.contains(&table.as_str()) && !NOT_OURS.contains(&table.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "{missing:?}: say in docs/privacy.md what each holds, what for, and until when"
    );
}
