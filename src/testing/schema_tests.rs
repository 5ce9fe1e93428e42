//! What the schema refuses by itself, whatever the code above it does, and how it comes to be.

mod constraints;
mod migrations;
mod trespasses;

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgPool};

use self::trespasses::trespasses;
use super::TestApp;
use crate::server::database::MIGRATOR;

/// A foreign key inside the teams: its name, both tables, and whether `team_id` is first on both sides.
#[derive(sqlx::FromRow)]
struct ForeignKey {
    name: String,
    table_name: String,
    leads: bool,
    columns: i32,
}

async fn foreign_keys_between_team_tables(db: &PgPool) -> Vec<ForeignKey> {
    sqlx::query_as(
        r#"
        SELECT key.conname::text AS name, key.conrelid::regclass::text AS table_name,
               child.attnum = key.conkey[1] AND parent.attnum = key.confkey[1] AS leads,
               cardinality(key.conkey) AS columns
        FROM pg_constraint key
        JOIN pg_attribute child ON child.attrelid = key.conrelid AND child.attname = 'team_id'
        JOIN pg_attribute parent ON parent.attrelid = key.confrelid AND parent.attname = 'team_id'
        WHERE key.contype = 'f' ORDER BY name
        "#,
    )
    .fetch_all(db)
    .await
    .expect("the foreign keys")
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn team_id_leads_every_foreign_key_between_team_tables(db: PgPool) {
    let keys = foreign_keys_between_team_tables(&db).await;
    assert!(keys.len() >= 15, "only {} keys were found", keys.len());
    for key in keys {
        assert!(
            key.leads,
            "{} of {}: (team_id, …) REFERENCES … (team_id, …)",
            key.name, key.table_name
        );
    }
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn team_id_leads_the_primary_key_of_every_team_table(db: PgPool) {
    let astray: Vec<String> = sqlx::query_scalar(
        r#"
        SELECT attrelid::regclass::text
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attname = 'team_id' AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
          AND NOT EXISTS (
              SELECT FROM pg_constraint
              WHERE conrelid = attrelid AND contype = 'p' AND conkey[1] = attnum
          )
        "#,
    )
    .fetch_all(&db)
    .await
    .expect("the primary keys");
    assert_eq!(
        astray, [""; 0],
        "these tables do not begin their key with team_id"
    );
}

#[sqlx::test(migrator = "MIGRATOR")]
async fn no_row_of_a_team_can_point_into_another_team(db: PgPool) {
    let app = TestApp::new(db.clone());
    let trespasses = trespasses(&app.world().await, &app.world().await);
    for (constraint, sql) in &trespasses {
        let refused = sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .execute(&db)
            .await
            .err();
        let by = refused
            .as_ref()
            .and_then(|error| error.as_database_error())
            .and_then(|error| error.constraint());
        assert_eq!(by, Some(*constraint), "{sql}: {refused:?}");
    }
    let tried: BTreeSet<String> = trespasses
        .iter()
        .map(|(constraint, _)| (*constraint).to_owned())
        .collect();
    let keys: BTreeSet<String> = foreign_keys_between_team_tables(&db)
        .await
        .into_iter()
        // A key of `team_id` alone says which team it is and cannot point anywhere else.
        .filter(|key| key.columns > 1)
        .map(|key| key.name)
        .collect();
    assert_eq!(
        tried, keys,
        "trespasses() in src/testing/schema_tests/trespasses.rs tries every foreign key between team tables"
    );
}
