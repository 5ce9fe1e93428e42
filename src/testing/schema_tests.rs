//! What the schema refuses by itself, whatever the code above it does, and how it comes to be.

use std::{borrow::Cow, collections::BTreeSet, fs, path::Path};

use sqlx::{
    AssertSqlSafe, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::PgPoolOptions,
};

use super::{TestApp, World, seed};
use crate::{
    people::model::Role,
    server::database::{self, CONSTRAINTS, MIGRATOR, Schema},
};

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

/// For every foreign key a statement, plain SQL, by which a row of team `a` would point into team `b`.
fn trespasses(a: &World, b: &World) -> Vec<(&'static str, String)> {
    let (team, ana, their_ben) = (a.team.id, a.people.ana.id, b.people.ben.id);
    let (board, task, column) = (a.board, a.todo.id, a.columns[0].id);
    let (their_board, their_task, their_column) = (b.board, b.todo.id, b.columns[0].id);
    let (their_comment, their_webhook) = (b.comment, b.webhook.id);
    let (hypothesis, their_hypothesis) = (a.hypothesis.open, b.hypothesis.open);
    vec![
        (
            "risks_task_fkey",
            format!(
                "INSERT INTO risks (team_id, task_id, due_on, reason)
                 VALUES ('{team}', '{their_task}', '2026-11-27', 'x')"
            ),
        ),
        (
            "usage_person_fkey",
            format!(
                "INSERT INTO usage (team_id, id, kind, person_id)
                 VALUES ('{team}', gen_random_uuid(), 'similar.shown', '{their_ben}')"
            ),
        ),
        (
            "invitations_created_by_fkey",
            format!(
                "INSERT INTO invitations (team_id, id, token_hash, role, created_by, expires_at)
                 VALUES ('{team}', gen_random_uuid(), '\\x01', 'owner', '{their_ben}', now())"
            ),
        ),
        (
            "invitations_used_by_fkey",
            format!("UPDATE invitations SET used_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "wall_links_created_by_fkey",
            format!("UPDATE wall_links SET created_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "imports_board_fkey",
            format!(
                "INSERT INTO imports (team_id, id, source, file_hash, board_id, tasks, comments, created_by)
                 VALUES ('{team}', gen_random_uuid(), 'csv', '\\x01', '{their_board}', 0, 0, '{ana}')"
            ),
        ),
        (
            "imports_created_by_fkey",
            format!(
                "INSERT INTO imports (team_id, id, source, file_hash, board_id, tasks, comments, created_by)
                 VALUES ('{team}', gen_random_uuid(), 'csv', '\\x02', '{board}', 0, 0, '{their_ben}')"
            ),
        ),
        (
            "boards_created_by_fkey",
            format!(
                "INSERT INTO boards (team_id, id, key, name, created_as, created_by)
                 VALUES ('{team}', gen_random_uuid(), 'X', 'X', '{{}}', '{their_ben}')"
            ),
        ),
        (
            "columns_board_fkey",
            format!(
                "INSERT INTO columns (team_id, board_id, id, name, kind, position, created_as)
                 VALUES ('{team}', '{their_board}', gen_random_uuid(), 'X', 'todo', '\\x80', '{{}}')"
            ),
        ),
        (
            "task_numbers_board_fkey",
            format!("INSERT INTO task_numbers (team_id, board_id) VALUES ('{team}', '{their_board}')"),
        ),
        (
            "tasks_board_fkey",
            format!(
                "INSERT INTO tasks (team_id, id, board_id, number, kind, position, title, created_as, created_by,
                                    deleted_at, deleted_by)
                 VALUES ('{team}', gen_random_uuid(), '{their_board}', 900, 'todo', '\\x80', 'X', '{{}}', '{ana}',
                         now(), '{ana}')"
            ),
        ),
        (
            "tasks_column_fkey",
            format!("UPDATE tasks SET column_id = '{their_column}' WHERE team_id = '{team}' AND id = '{task}'"),
        ),
        (
            "tasks_assignee_fkey",
            format!("UPDATE tasks SET assignee_id = '{their_ben}' WHERE team_id = '{team}' AND id = '{task}'"),
        ),
        (
            "tasks_created_by_fkey",
            format!(
                "INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, created_as,
                                    created_by)
                 VALUES ('{team}', gen_random_uuid(), '{board}', 901, '{column}', 'todo', '\\x80', 'X', '{{}}',
                         '{their_ben}')"
            ),
        ),
        (
            "tasks_deleted_by_fkey",
            format!(
                "UPDATE tasks SET deleted_at = now(), deleted_by = '{their_ben}'
                 WHERE team_id = '{team}' AND id = '{task}'"
            ),
        ),
        (
            "comments_task_fkey",
            format!(
                "INSERT INTO comments (team_id, task_id, id, author_id, body, created_as)
                 VALUES ('{team}', '{their_task}', gen_random_uuid(), '{ana}', 'X', '{{}}')"
            ),
        ),
        (
            "comments_author_fkey",
            format!("UPDATE comments SET author_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "watchers_task_fkey",
            format!(
                "INSERT INTO watchers (team_id, task_id, person_id) VALUES ('{team}', '{their_task}', '{ana}')"
            ),
        ),
        (
            "watchers_person_fkey",
            format!(
                "INSERT INTO watchers (team_id, task_id, person_id) VALUES ('{team}', '{task}', '{their_ben}')"
            ),
        ),
        (
            "events_actor_fkey",
            format!(
                "INSERT INTO events (team_id, seq, change_id, kind, actor_id)
                 VALUES ('{team}', 1, gen_random_uuid(), 'x', '{their_ben}')"
            ),
        ),
        (
            "events_board_fkey",
            format!(
                "INSERT INTO events (team_id, seq, change_id, kind, actor_id, board_id)
                 VALUES ('{team}', 1, gen_random_uuid(), 'x', '{ana}', '{their_board}')"
            ),
        ),
        (
            "events_task_fkey",
            format!(
                "INSERT INTO events (team_id, seq, change_id, kind, actor_id, task_id)
                 VALUES ('{team}', 1, gen_random_uuid(), 'x', '{ana}', '{their_task}')"
            ),
        ),
        (
            "notifications_person_fkey",
            format!("UPDATE notifications SET person_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "notifications_actor_fkey",
            format!("UPDATE notifications SET actor_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "notifications_task_fkey",
            format!("UPDATE notifications SET task_id = '{their_task}' WHERE team_id = '{team}'"),
        ),
        (
            "notifications_comment_fkey",
            format!("UPDATE notifications SET comment_id = '{their_comment}' WHERE team_id = '{team}'"),
        ),
        (
            "notification_settings_person_fkey",
            format!("INSERT INTO notification_settings (team_id, person_id) VALUES ('{team}', '{their_ben}')"),
        ),
        (
            "digests_person_fkey",
            format!(
                "INSERT INTO digests (team_id, person_id, day, due_again_at)
                 VALUES ('{team}', '{their_ben}', now()::date, now())"
            ),
        ),
        (
            "digest_links_person_fkey",
            format!(
                "INSERT INTO digest_links (team_id, token_hash, person_id)
                 VALUES ('{team}', '\\x02', '{their_ben}')"
            ),
        ),
        (
            "hypotheses_created_by_fkey",
            format!("UPDATE hypotheses SET created_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "hypotheses_withdrawn_by_fkey",
            format!(
                "UPDATE hypotheses SET withdrawn_by = '{their_ben}', withdrawn_at = now() WHERE team_id = '{team}'"
            ),
        ),
        (
            "decisions_hypothesis_fkey",
            format!(
                "INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by)
                 VALUES ('{team}', '{their_hypothesis}', 'pivot', 'So', '{{}}', '{ana}')"
            ),
        ),
        (
            "decisions_decided_by_fkey",
            format!(
                "INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by)
                 VALUES ('{team}', '{hypothesis}', 'pivot', 'So', '{{}}', '{their_ben}')"
            ),
        ),
        (
            "toggles_changed_by_fkey",
            format!("INSERT INTO toggles (team_id, name, changed_by) VALUES ('{team}', 'x', '{their_ben}')"),
        ),
        (
            "toggle_people_toggle_fkey",
            format!("INSERT INTO toggle_people (team_id, name, person_id) VALUES ('{team}', 'none', '{ana}')"),
        ),
        (
            "toggle_people_person_fkey",
            format!(
                "INSERT INTO toggles (team_id, name, changed_by) VALUES ('{team}', 'x', '{ana}');
                 INSERT INTO toggle_people (team_id, name, person_id) VALUES ('{team}', 'x', '{their_ben}')"
            ),
        ),
        (
            "toggle_arms_toggle_fkey",
            format!(
                "INSERT INTO toggle_arms (team_id, name, person_id, is_on) VALUES ('{team}', 'none', '{ana}', true)"
            ),
        ),
        (
            "toggle_arms_person_fkey",
            format!(
                "INSERT INTO toggles (team_id, name, changed_by) VALUES ('{team}', 'x', '{ana}');
                 INSERT INTO toggle_arms (team_id, name, person_id, is_on) VALUES ('{team}', 'x', '{their_ben}', true)"
            ),
        ),
        (
            "feedback_person_fkey",
            format!("UPDATE feedback SET person_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "feedback_prompts_person_fkey",
            format!(
                "INSERT INTO feedback_prompts (team_id, person_id, occasion)
                 VALUES ('{team}', '{their_ben}', 'first_week')"
            ),
        ),
        (
            "webhooks_created_by_fkey",
            format!("UPDATE webhooks SET created_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "webhook_deliveries_webhook_fkey",
            format!(
                "INSERT INTO webhook_deliveries (team_id, webhook_id, id, kind)
                 VALUES ('{team}', '{their_webhook}', gen_random_uuid(), 'ping')"
            ),
        ),
    ]
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
        "trespasses() in src/testing/schema_tests.rs tries every foreign key between team tables"
    );
}

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
