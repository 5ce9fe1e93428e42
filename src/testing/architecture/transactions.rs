//! What is written together lasts together.

use std::collections::BTreeSet;

use super::{
    fail_on, sources,
    statements::{functions, tables_written},
};

/// One statement that a person's own things need, which are no team's.
const OF_A_PERSON: &str = "is about a person or a browser and no team's data: one statement, and it stays when what \
    it was counted or noted for is refused";
/// One statement of a job.
const OF_A_JOB: &str = "is all that a job does at a time: nobody acts, and no event goes with it";
/// One statement about what somebody has seen.
const OF_A_READER: &str =
    "is what somebody has seen or met, which is no change of the team's data and no event";

/// Functions of stores that write and take a pool as well, by their files, and why each may be a change by itself.
const WRITES_ALONE: &[(&str, &[&str], &str)] = &[
    (
        "accounts/store.rs",
        &[
            "count_attempt",
            "end_session",
            "end_sessions",
            "forgive_attempt",
            "insert_session",
            "refresh_hash",
            "remember_team",
            "set_name",
            "touch_session",
        ],
        OF_A_PERSON,
    ),
    ("accounts/store/deleting.rs", &["forget_old"], OF_A_JOB),
    (
        "accounts/store/links.rs",
        &["drop_expired", "insert", "insert_registration"],
        OF_A_PERSON,
    ),
    (
        "accounts/store/tokens.rs",
        &["remove_old", "revoke", "used"],
        OF_A_PERSON,
    ),
    ("answers/store.rs", &["add", "forget_old"], OF_A_JOB),
    ("feedback/store.rs", &["mark_dismissed"], OF_A_READER),
    ("forms/store.rs", &["forget_old", "keep"], OF_A_PERSON),
    ("insights/store.rs", &["forget_old"], OF_A_JOB),
    ("insights/store.rs", &["record"], OF_A_READER),
    ("insights/store/risks.rs", &["insert"], OF_A_JOB),
    (
        "notifications/store.rs",
        &["insert_due", "remove_old"],
        OF_A_JOB,
    ),
    (
        "notifications/store.rs",
        &["mark_read", "mark_read_until"],
        OF_A_READER,
    ),
    (
        "notifications/store/digests.rs",
        &[
            "claim",
            "hand_over",
            "insert_link",
            "put_off",
            "remove_old",
            "settle",
        ],
        OF_A_JOB,
    ),
    (
        "notifications/store/digests.rs",
        &["end"],
        "is done by whoever holds the mail, without a session or a membership to hold still",
    ),
    ("people/store/wall_links.rs", &["opened"], OF_A_READER),
    ("tasks/store/purge.rs", &["forget_words"], OF_A_JOB),
    (
        "webhooks/store/deliveries.rs",
        &[
            "claim",
            "delivered",
            "enqueue",
            "failed",
            "failed_once",
            "release",
            "renew",
        ],
        OF_A_JOB,
    ),
];

#[test]
fn what_is_written_is_written_in_a_transaction() {
    let mut alone = BTreeSet::new();
    for source in sources() {
        if !source.is_store() || source.is_for_tests() {
            continue;
        }
        for function in functions(&source.code) {
            if function.takes_a_pool() && !tables_written(function.text).is_empty() {
                alone.insert(format!("src/{} {}", source.path, function.name));
            }
        }
    }
    let allowed: BTreeSet<String> = WRITES_ALONE
        .iter()
        .flat_map(|(path, names, _)| names.iter().map(move |name| format!("src/{path} {name}")))
        .collect();
    let violations: Vec<String> = alone.difference(&allowed).cloned().collect();
    fail_on(
        &violations,
        "A function of a store that writes takes `&mut PgConnection`, so that its caller has to open a change or a \
         transaction. One that is a whole change by itself is listed in WRITES_ALONE in \
         src/testing/architecture/transactions.rs, with the reason.",
    );
    let stale: Vec<String> = allowed.difference(&alone).cloned().collect();
    fail_on(
        &stale,
        "These do not need to be in WRITES_ALONE any more: take them out.",
    );
}
