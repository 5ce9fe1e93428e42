//! Every column that names a person.

use sqlx::PgPool;

/// What becomes of every column that names a person when their account is deleted. Tables that are not in the
/// schema yet may stand here.
const NAMES_A_PERSON: &[(&str, &[&str])] = &[
    (
        "deleted with the account",
        &[
            "account_links.person_id",
            "api_tokens.person_id",
            "digest_links.person_id",
            "digests.person_id",
            "feedback_prompts.person_id",
            "notification_settings.person_id",
            "notifications.person_id",
            "sessions.person_id",
            "toggle_people.person_id",
            "watchers.person_id",
        ],
    ),
    ("emptied", &["usage.person_id"]),
    (
        "stays, and means a deleted account: whose work it is, or who held it",
        &[
            "boards.created_by",
            "comments.author_id",
            "decisions.decided_by",
            "events.actor_id",
            "feedback.person_id",
            "hypotheses.created_by",
            "hypotheses.withdrawn_by",
            "imports.created_by",
            "invitations.created_by",
            "invitations.used_by",
            "memberships.person_id",
            "notifications.actor_id",
            "tasks.assignee_id",
            "tasks.created_by",
            "tasks.deleted_by",
            "toggle_arms.person_id",
            "toggles.changed_by",
            "wall_links.created_by",
            "webhooks.created_by",
        ],
    ),
];

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_is_decided_for_every_column_that_names_a_person_what_becomes_of_it(db: PgPool) {
    let columns: Vec<String> = sqlx::query_scalar(
        r#"
        SELECT conrelid::regclass::text || '.' || attname
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[cardinality(conkey)]
        WHERE contype = 'f' AND confrelid IN ('people'::regclass, 'memberships'::regclass)
        ORDER BY 1
        "#,
    )
    .fetch_all(&db)
    .await
    .unwrap();
    assert!(columns.len() > 20, "only {columns:?} were found");
    for column in &columns {
        let decided = NAMES_A_PERSON
            .iter()
            .filter(|(_, decided)| decided.contains(&column.as_str()))
            .count();
        assert_eq!(
            decided, 1,
            "{column} names a person: decide in src/accounts/actions/deleting.rs what becomes of it when their \
             account is deleted, say it in docs/privacy.md, and name it here"
        );
    }
}
