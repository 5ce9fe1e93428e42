//! Who writes which table.

use std::collections::BTreeSet;

use sqlx::PgPool;

use super::{fail_on, listed, sources, statements::tables_written};

/// Which slice writes which tables. Everybody may read; only the owner's store writes.
const OWNERS: &[(&str, &[&str])] = &[
    (
        "accounts",
        &[
            "account_links",
            "api_tokens",
            "people",
            "rate_limits",
            "sessions",
        ],
    ),
    ("answers", &["answers"]),
    ("boards", &["boards"]),
    ("columns", &["columns"]),
    ("comments", &["comments"]),
    ("feedback", &["feedback", "feedback_prompts"]),
    ("forms", &["refused_forms"]),
    ("hypotheses", &["decisions", "hypotheses"]),
    ("imports", &["imports"]),
    ("insights", &["risks", "usage"]),
    ("live", &["event_counters", "events"]),
    (
        "notifications",
        &[
            "digest_links",
            "digests",
            "notification_counters",
            "notification_settings",
            "notifications",
        ],
    ),
    (
        "people",
        &["invitations", "memberships", "teams", "wall_links"],
    ),
    (
        "tasks",
        &["task_numbers", "tasks", "title_words", "watchers"],
    ),
    ("toggles", &["toggle_arms", "toggle_people", "toggles"]),
    ("webhooks", &["webhook_deliveries", "webhooks"]),
];

/// Stores that write what is not theirs.
const WRITES_ELSEWHERE: &[(&str, &str)] = &[
    (
        "demo/store.rs",
        "dates back what the demo did through the actions of the slices",
    ),
    (
        "exports/store/returning.rs",
        "brings a whole team back as it was, which no deed of a slice could make",
    ),
];

#[test]
fn a_store_writes_only_its_own_tables() {
    let (mut violations, mut needed) = (Vec::new(), BTreeSet::new());
    for source in sources().iter().filter(|source| !source.is_for_tests()) {
        let own: &[&str] = OWNERS
            .iter()
            .find(|(slice, _)| source.is_store() && *slice == source.slice())
            .map_or(&[], |(_, tables)| tables);
        for table in tables_written(&source.code) {
            if own.contains(&table.as_str()) {
                continue;
            }
            if listed(WRITES_ELSEWHERE, &source.path) {
                needed.insert(source.path.clone());
            } else {
                violations.push(format!("src/{} writes {table}", source.path));
            }
        }
    }
    fail_on(
        &violations,
        "A slice writes only its own tables (OWNERS in src/testing/architecture/tables.rs): call the owner's store, in the \
         same transaction if need be.",
    );
    for (path, _) in WRITES_ELSEWHERE {
        assert!(
            needed.contains(*path),
            "src/{path} does not need to be in WRITES_ELSEWHERE any more: take it out"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_table_has_one_owner(db: PgPool) {
    let tables: BTreeSet<String> = sqlx::query_scalar(
        r#"
        SELECT tablename::text FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'
        "#,
    )
    .fetch_all(&db)
    .await
    .expect("the list of tables")
    .into_iter()
    .collect();
    let owned: Vec<String> = OWNERS
        .iter()
        .flat_map(|(_, tables)| tables.iter().map(|table| (*table).to_owned()))
        .collect();
    let once: BTreeSet<String> = owned.iter().cloned().collect();
    assert_eq!(owned.len(), once.len(), "a table has two owners");
    assert_eq!(
        tables, once,
        "OWNERS in src/testing/architecture/tables.rs names every table of the schema, and no other"
    );
}
