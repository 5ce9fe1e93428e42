//! The architecture as tests over the source: where SQL stands, who writes which table, where the two
//! builds part. A failure says what to do.

mod statements;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use sqlx::PgPool;

use self::statements::{functions, handed_over, statements, tables_written};

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

/// Other files than stores that may hold SQL. They may not write to a table.
const SQL_OUTSIDE_STORES: &[(&str, &str)] = &[
    (
        "server/database.rs",
        "asks which migrations have been run, which is no slice's",
    ),
    (
        "server/private_postgres.rs",
        "asks Postgres itself, not our tables",
    ),
];

/// Files that are no front files and yet name a build. Everything else is parted in the front file of
/// its slice, `name.rs` beside `name/`.
const BUILDS_OUTSIDE_FRONT_FILES: &[(&str, &str)] = &[
    (
        "app.rs",
        "the shell of the document exists on the server only",
    ),
    (
        "forms/view.rs",
        "a textarea is written as HTML on the server and filled with text in the browser",
    ),
    ("ids.rs", "ids are columns on the server"),
    ("lib.rs", "the list of the slices"),
    (
        "tasks/task_page/data.rs",
        "what only the page's loader uses stands beside it",
    ),
    (
        "ui/data.rs",
        "the server alone writes what comes with a page, and the browser's part holds nothing for it",
    ),
    (
        "ui/derived.rs",
        "the server reads once what the browser reads again and again",
    ),
    (
        "ui/page.rs",
        "an error page sets the status on the server and the address in the browser",
    ),
];

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

/// Stores that read the id of a team out of a row.
const TEAMS_OUT_OF_ROWS: &[(&str, &str)] = &[(
    "webhooks/store/deliveries.rs",
    "the sender has no person behind it: an owner made the webhook",
)];

/// What a statement that calls sqlx looks like. In pieces, so that this file does not find itself.
const SQL: &[&str] = &[
    concat!("sqlx::", "query"),
    concat!("query", "!("),
    concat!("query", "_as!("),
    concat!("query", "_scalar!("),
    concat!("query", "_file"),
    concat!("_unchecked", "!("),
    concat!("Query", "Builder"),
    concat!("raw", "_sql"),
];

/// SQL that is not checked when it is compiled, or stands in a file that nothing here reads.
const UNCHECKED: &[&str] = &[
    concat!("query", "_file"),
    concat!("_unchecked", "!("),
    concat!("sqlx::", "query("),
    concat!("sqlx::", "query_as("),
    concat!("sqlx::", "query_scalar("),
    concat!("sqlx::", "query_as::"),
    concat!("sqlx::", "query_scalar::"),
    concat!("raw", "_sql"),
];

struct Source {
    /// Below `src/`, with slashes.
    path: String,
    /// Without its unit tests.
    code: String,
    /// Its unit tests.
    tests: String,
}

impl Source {
    fn is_store(&self) -> bool {
        self.path.ends_with("/store.rs") || self.path.contains("/store/")
    }

    fn is_front_file(&self) -> bool {
        !self.path.contains('/') && root().join(self.path.trim_end_matches(".rs")).is_dir()
    }

    /// Server functions that share imports which only the server has.
    fn is_entrance(&self) -> bool {
        self.path.ends_with("/requests.rs")
    }

    fn is_for_tests(&self) -> bool {
        self.path == "testing.rs"
            || self.path.starts_with("testing/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.path.ends_with("_tests.rs")
    }

    fn slice(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push(read(&path));
            }
        }
    }
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source file");
    let relative = path.strip_prefix(root()).expect("below src");
    let path = relative.to_string_lossy().replace('\\', "/");
    // By our habit the unit tests are the last thing of a file.
    let (code, tests) = match text.find("\n#[cfg(test)]\nmod tests {") {
        Some(start) => text.split_at(start),
        None => (text.as_str(), ""),
    };
    Source {
        path,
        code: code.to_owned(),
        tests: tests.to_owned(),
    }
}

fn fail_on(violations: &[String], advice: &str) {
    assert!(
        violations.is_empty(),
        "{}\n\n{advice}",
        violations.join("\n")
    );
}

fn listed(list: &[(&str, &str)], path: &str) -> bool {
    list.iter().any(|(listed, _)| *listed == path)
}

/// The number of every line that holds one of the words, comments left out.
fn lines_with<'a>(text: &'a str, words: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(index, _)| index + 1)
}

#[test]
fn sql_stands_in_stores() {
    let sources = sources();
    let violations: Vec<String> = sources
        .iter()
        .filter(|source| !source.is_store() && !source.is_for_tests())
        .filter(|source| !listed(SQL_OUTSIDE_STORES, &source.path))
        .flat_map(|source| {
            lines_with(&source.code, SQL)
                .chain(statements(&source.code).map(|(line, _)| line))
                .map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "SQL stands in the store.rs of its slice: make it a function there.",
    );
    for (path, _) in SQL_OUTSIDE_STORES {
        let needed = sources
            .iter()
            .any(|source| source.path == *path && lines_with(&source.code, SQL).next().is_some());
        assert!(
            needed,
            "src/{path} does not need to be in SQL_OUTSIDE_STORES any more: take it out"
        );
    }
}

#[test]
fn sql_is_checked_when_it_is_compiled() {
    let violations: Vec<String> = sources()
        .iter()
        .filter(|source| source.is_store())
        .flat_map(|source| {
            lines_with(&source.code, UNCHECKED)
                .chain(handed_over(&source.code))
                .map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "Use the macros, which check the statement against the schema. What has to be put together from typed \
         filters uses sqlx's builder with bound values.",
    );
}

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
        "A slice writes only its own tables (OWNERS in src/testing/architecture.rs): call the owner's store, in the \
         same transaction if need be.",
    );
    for (path, _) in WRITES_ELSEWHERE {
        assert!(
            needed.contains(*path),
            "src/{path} does not need to be in WRITES_ELSEWHERE any more: take it out"
        );
    }
}

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
         src/testing/architecture.rs, with the reason.",
    );
    let stale: Vec<String> = allowed.difference(&alone).cloned().collect();
    fail_on(
        &stale,
        "These do not need to be in WRITES_ALONE any more: take them out.",
    );
}

#[test]
fn a_team_is_known_by_a_proof() {
    let decoded = [concat!("Team", "Id\"")];
    let sources = sources();
    let found: BTreeSet<&str> = sources
        .iter()
        .filter(|source| lines_with(&source.code, &decoded).next().is_some())
        .map(|source| source.path.as_str())
        .collect();
    let violations: Vec<String> = found
        .iter()
        .filter(|path| !listed(TEAMS_OUT_OF_ROWS, path))
        .map(|path| format!("src/{path}"))
        .collect();
    fail_on(
        &violations,
        "The id of a team comes out of an Access. What a job reads out of a row is a Uuid.",
    );
    for (path, _) in TEAMS_OUT_OF_ROWS {
        assert!(
            found.contains(path),
            "src/{path} does not need to be in TEAMS_OUT_OF_ROWS any more: take it out"
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
        "OWNERS in src/testing/architecture.rs names every table of the schema, and no other"
    );
}

#[test]
fn a_display_is_let_into_now_and_its_feed_alone() {
    let proof = [concat!("Display", "Access")];
    let may = ["people/access.rs", "live/stream.rs", "now/wall_page.rs"];
    let violations: Vec<String> = sources()
        .iter()
        .filter(|source| !may.contains(&source.path.as_str()))
        .flat_map(|source| {
            lines_with(&source.code, &proof).map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "A display may see the Now page and nothing else: no other code takes its proof.",
    );
}

#[test]
fn a_program_gets_into_a_team_by_its_token_alone() {
    let ways = [concat!("Access::", "enter"), concat!("session", "::")];
    let violations: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.starts_with("api/") && !source.is_for_tests())
        .filter(|source| source.path != "api/auth.rs")
        .flat_map(|source| {
            lines_with(&source.code, &ways).map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "A handler takes `Entered`, which knows what the token may and is for. There is no other way in.",
    );
}

#[test]
fn a_slice_parts_the_two_builds_in_its_front_file() {
    let builds = [
        concat!("feature", " = \"ssr\""),
        concat!("feature", " = \"hydrate\""),
    ];
    let sources = sources();
    let violations: Vec<String> = sources
        .iter()
        .filter(|source| !source.is_front_file() && !source.is_entrance() && !source.is_for_tests())
        .filter(|source| !listed(BUILDS_OUTSIDE_FRONT_FILES, &source.path))
        .flat_map(|source| {
            lines_with(&source.code, &builds).map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "Only the front file of a slice says which build a module belongs to. The body of a server function exists \
         on the server only, so it can `use` what it needs without a cfg.",
    );
    for (path, _) in BUILDS_OUTSIDE_FRONT_FILES {
        let needed = sources.iter().any(|source| {
            source.path == *path && lines_with(&source.code, &builds).next().is_some()
        });
        assert!(
            needed,
            "src/{path} does not need to be in BUILDS_OUTSIDE_FRONT_FILES any more: take it out"
        );
    }
}

#[test]
fn no_test_sleeps_to_wait() {
    let sleeping = [concat!("sle", "ep("), concat!("sle", "ep_until(")];
    let mut violations = Vec::new();
    for source in sources() {
        let text = if source.is_for_tests() {
            &source.code
        } else {
            &source.tests
        };
        violations.extend(
            lines_with(text, &sleeping)
                .map(|line| format!("src/{} (test line {line})", source.path)),
        );
    }
    fail_on(&violations, "A test waits for the thing, not for a while.");
}
