//! What a broken constraint says to people.

use std::collections::BTreeSet;

use sqlx::PgPool;

use crate::server::database::{CONSTRAINTS, MIGRATOR};

/// Constraints that nothing a person sends can break, with the reason.
const OUT_OF_REACH: &[(&str, &str)] = &[
    (
        "account_links_purpose",
        "written by the code that makes the link",
    ),
    (
        "account_links_registration",
        "written by the code that makes the link",
    ),
    (
        "account_links_whose",
        "written by the code that makes the link",
    ),
    ("answers_buckets", "written by the code that counts"),
    ("api_tokens_token_hash_key", "a hash of 256 random bits"),
    ("digest_links_token_hash_key", "a hash of 256 random bits"),
    (
        "digests_outcome",
        "written by the code that sends the digest",
    ),
    (
        "digests_settled",
        "written by the code that sends the digest",
    ),
    ("events_seq_range", "counted by the counter row"),
    ("feedback_occasion", "one of those that the code knows"),
    ("feedback_page_length", "read before it is stored"),
    ("feedback_version_length", "read before it is stored"),
    ("feedback_prompts_occasion", "written by the code that asks"),
    ("hypotheses_withdrawn", "written by the code that withdraws"),
    ("imports_source", "written by the code that imports"),
    ("invitations_token_hash_key", "a hash of 256 random bits"),
    (
        "notification_settings_muted",
        "a form has a checkbox for each kind and no other",
    ),
    (
        "notifications_change_key",
        "what was told already is told by nobody again",
    ),
    (
        "notifications_comment_key",
        "what was told already is told by nobody again",
    ),
    (
        "notifications_due_key",
        "what was told already is told by nobody again",
    ),
    (
        "notifications_further_tasks_range",
        "counted by the rule that writes it",
    ),
    ("notifications_kind", "written by the rule"),
    ("notifications_number_key", "counted by the counter row"),
    ("notifications_reason", "written by the rule"),
    ("people_deleted", "written by the code that deletes"),
    ("sessions_token_hash_key", "a hash of 256 random bits"),
    (
        "tasks_column_present",
        "a task loses its column only when it is deleted",
    ),
    ("tasks_kind", "copied from the column"),
    (
        "tasks_number_key",
        "counted by the counter row of the board",
    ),
    (
        "tasks_number_range",
        "counted by the counter row of the board",
    ),
    (
        "tasks_position_length",
        "positions are renumbered long before",
    ),
    ("toggle_arms_open", "one answer ends where the next begins"),
    ("toggle_arms_order", "an answer ends after it began"),
    ("wall_links_token_hash_key", "a hash of 256 random bits"),
    (
        "webhook_deliveries_seq_key",
        "the cursor passes each event once",
    ),
    (
        "webhook_deliveries_status",
        "written by the code that delivers",
    ),
    ("webhooks_disabled", "written by the code that delivers"),
    (
        "webhooks_secret",
        "written by the code that makes and removes",
    ),
    (
        "webhooks_topics",
        "a form has a checkbox for each topic and no other",
    ),
    ("usage_kind", "written by the code that counts"),
];

#[sqlx::test(migrator = "MIGRATOR")]
async fn every_constraint_that_people_can_hit_has_its_sentence(db: PgPool) {
    let constraints: BTreeSet<String> = sqlx::query_scalar(
        r#"
        SELECT conname::text FROM pg_constraint
        WHERE contype IN ('c', 'u') AND connamespace = 'public'::regnamespace
          AND conrelid <> '_sqlx_migrations'::regclass
        UNION
        SELECT indexrelid::regclass::text FROM pg_index
        WHERE indisunique AND NOT indisprimary AND indrelid IN (
            SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
        )
        "#,
    )
    .fetch_all(&db)
    .await
    .expect("the constraints")
    .into_iter()
    .collect();
    assert!(
        constraints.len() > 25,
        "only {} were found",
        constraints.len()
    );
    let foreign_keys: BTreeSet<String> =
        sqlx::query_scalar("SELECT conname::text FROM pg_constraint WHERE contype = 'f'")
            .fetch_all(&db)
            .await
            .expect("the foreign keys")
            .into_iter()
            .collect();
    let has_sentence = |name: &str| CONSTRAINTS.iter().any(|(other, ..)| *other == name);
    let out_of_reach = |name: &str| OUT_OF_REACH.iter().any(|(other, _)| *other == name);
    for name in &constraints {
        assert!(
            has_sentence(name) || out_of_reach(name),
            "{name} needs a sentence in CONSTRAINTS (src/server/database.rs), or a reason in OUT_OF_REACH"
        );
    }
    for (name, ..) in CONSTRAINTS {
        assert!(
            constraints.contains(*name) || foreign_keys.contains(*name),
            "CONSTRAINTS names {name}, which the schema does not have"
        );
    }
    for (name, _) in OUT_OF_REACH {
        assert!(constraints.contains(*name), "OUT_OF_REACH names {name}");
        assert!(!has_sentence(name), "{name} is in both lists");
    }
}
