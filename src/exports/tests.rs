//! Exports, and a team that comes back out of its own.

use std::{collections::BTreeSet, io::Write as _};

use serde_json::Value;
use sqlx::PgPool;

use super::{
    operator::{ADDED, FORMER, import_team},
    store::returning::PARTS,
};
use crate::testing::{Ask, Program, TestApp, World};

/// Tables of teams that are not in an export, with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("answers", "how fast this instance has answered"),
    ("digest_links", "secrets, which work for one instance"),
    ("digests", "which mails this instance has sent"),
    ("feedback_prompts", "each person's own"),
    (
        "invitations",
        "their links are secrets, and work for one instance",
    ),
    ("notification_counters", "counts what is each person's own"),
    ("notification_settings", "each person's own"),
    ("notifications", "each person's own"),
    ("title_words", "made again by the table itself"),
    (
        "wall_links",
        "their links are secrets, and work for one instance",
    ),
    ("watchers", "each person's own"),
    (
        "webhook_deliveries",
        "what this instance has sent, and to where",
    ),
    (
        "webhooks",
        "their secrets are the targets' too, which would hear of every change twice",
    ),
];

/// Columns that are not in an export, with the reason.
const COLUMNS_LEFT_OUT: &[(&str, &str)] = &[
    ("tasks.words", "made again by the table itself"),
    ("usage.person_id", "whose it was is each person's own"),
];

async fn export(world: &World) -> Value {
    let ask = Ask::page(&world.team.path("/export"));
    // A browser asks for it compressed.
    let compressed = ask.clone().header("accept-encoding", Some("br"));
    let compressed = world.ana.ask(compressed).await.expect(200);
    let answer = world.ana.ask(ask).await.expect(200);
    assert!(compressed.body.len() < answer.body.len());
    serde_json::from_slice(&answer.body).expect("a whole document")
}

/// The document as another program would write it down.
fn without_date(mut document: Value) -> Value {
    document["exported_at"] = Value::Null;
    document
}

async fn import(db: &PgPool, document: &Value) -> Result<super::operator::Returned, String> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    // As the server wrote it: the head comes first, and the parts in their order.
    let mut parts = vec!["format", "version", "exported_at", "team", "people"];
    parts.extend(&PARTS[1..]);
    let known: Vec<String> = parts
        .iter()
        .filter_map(|part| Some(format!("{part:?}:{}", document.get(*part)?)))
        .collect();
    let other = document.as_object().expect("an object").keys();
    let other = other.filter(|key| !parts.contains(&key.as_str()));
    let other = other.map(|key| format!("{key:?}:{}", document[key]));
    let all: Vec<String> = known.into_iter().chain(other).collect();
    write!(file, "{{{}}}", all.join(",")).expect("a file");
    import_team(db, file.path(), |_| {})
        .await
        .map_err(|error| error.message)
}

/// A team in which a good deal was done, with something in every table.
async fn lively(app: &TestApp) -> World {
    let world = app.world().await;
    let team = world.team.slug.clone();
    let edit = [
        ("team", team.as_str()),
        ("task", &world.todo.key),
        ("version", "1"),
        ("title", "Choose a colour, \"now\" \u{1f3a8}"),
        ("description", "Not *blue*. @Ana"),
        ("assignee", &world.people.ana.id.to_string()),
        ("due_on", "2030-01-31"),
        ("labels", "paint, design"),
    ];
    world
        .ben
        .call("/actions/skateboard/tasks/requests/edit_task", &edit)
        .await
        .expect(200);
    let comment = [
        ("team", team.as_str()),
        ("task", &world.todo.key),
        ("id", &uuid::Uuid::now_v7().to_string()),
        ("body", "Blue, @Ana"),
    ];
    world
        .ben
        .call(
            "/actions/skateboard/comments/requests/add_comment",
            &comment,
        )
        .await
        .expect(200);
    let muted = [
        ("team", team.as_str()),
        ("typed_at", "new_task"),
        ("warning", "shown"),
        ("tasks", "2"),
    ];
    world
        .ben
        .call(
            "/actions/skateboard/insights/requests/record_warning",
            &muted,
        )
        .await
        .expect(200);
    let bytes = crate::imports::tests::waiting(
        &world,
        world.people.ben.id,
        &crate::imports::tests::small_board(),
    );
    let form = [
        ("team", team.as_str()),
        ("file", bytes.as_str()),
        ("name", "Garden shed"),
        ("key", "SHED"),
        ("archived", "deleted"),
        ("closed_lists", "columns"),
    ];
    world
        .ben
        .call("/actions/skateboard/imports/requests/import_trello", &form)
        .await
        .expect(200);
    let ben = world.people.ben.id.to_string();
    let toggle = [
        ("team", team.as_str()),
        ("toggle", "drag_and_drop"),
        ("mode", "share"),
        ("share", "30"),
        ("people[p0]", ben.as_str()),
    ];
    world
        .ana
        .call(
            "/actions/skateboard/toggles/requests/change_toggle",
            &toggle,
        )
        .await
        .expect(200);
    world.ben.get(&world.team.path("/boards/WEB")).await;
    let dismissed = [("team", team.as_str()), ("occasion", "first_week")];
    world
        .ben
        .call(
            "/actions/skateboard/feedback/requests/dismiss_feedback",
            &dismissed,
        )
        .await
        .expect(200);
    sqlx::query(
        "INSERT INTO notification_settings (team_id, person_id, muted) VALUES ($1, $2, '{late}')",
    )
    .bind(world.team.id)
    .bind(world.people.vera.id)
    .execute(&app.db)
    .await
    .expect("settings");
    sqlx::query(
        "INSERT INTO risks (team_id, task_id, due_on, reason) VALUES ($1, $2, '2030-01-31', 'not started')",
    )
    .bind(world.team.id)
    .bind(world.todo.id)
    .execute(&app.db)
    .await
    .expect("a risk");
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id = $2")
        .bind(world.team.id)
        .bind(world.people.vera.id)
        .execute(&app.db)
        .await
        .expect("a former member");
    world
}

/// Takes a team away, so that there is room for it to come back.
async fn take_away(db: &PgPool, world: &World) {
    let mut sql = String::from("SET session_replication_role = replica;");
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'team_id'",
    )
    .fetch_all(db)
    .await
    .expect("the tables");
    for table in tables {
        sql.push_str(&format!(
            "DELETE FROM {table} WHERE team_id = '{}';",
            world.team.id
        ));
    }
    sql.push_str("SET session_replication_role = DEFAULT");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(db)
        .await
        .expect("an empty place");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_comes_back_out_of_its_export_field_by_field(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let before = export(&world).await;
    for part in PARTS.iter().filter(|part| !FORMER.contains(part)) {
        assert!(
            !before[*part].to_string().is_empty() && before[*part] != serde_json::json!([]),
            "{part} is empty"
        );
    }
    take_away(&app.db, &world).await;
    let returned = import(&app.db, &before).await.expect("a team");
    assert_eq!(
        (returned.slug.as_str(), returned.new_people.len()),
        (world.team.slug.as_str(), 0)
    );
    let after = export(&world).await;
    let (before, after) = (without_date(before), without_date(after));
    for (part, rows) in before.as_object().expect("an object") {
        assert_eq!(&after[part], rows, "{part}");
    }
    assert_eq!(after, before);
    // The team lives on: the next task has the next number, and the next event too.
    let found = world
        .ben
        .get(&world.team.path("/search?q=colour"))
        .await
        .page();
    assert!(found.shows("Choose a colour"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_beside_itself_is_another_and_its_people_are_the_same(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let document = export(&world).await;
    // Ben's account was made anew meanwhile, and Vera's is gone.
    let mut moved = document.clone();
    let elsewhere = |text: String, from: &str, to: &str| text.replace(from, to);
    let ben = world.people.ben.id.to_string();
    let other_ben = uuid::Uuid::now_v7().to_string();
    let vera = (world.people.vera.email.clone(), "vera@elsewhere.example");
    let text = elsewhere(moved.to_string(), &ben, &other_ben);
    moved = serde_json::from_str(&elsewhere(text, &vera.0, vera.1)).expect("a document");
    let returned = import(&app.db, &moved).await.expect("a team");
    assert_eq!(returned.slug, format!("{}-2", world.team.slug));
    assert_eq!(returned.new_people, [vera.1]);
    let copy = format!("/teams/{}", returned.slug);
    let answer = world
        .ana
        .ask(Ask::page(&format!("{copy}/export")))
        .await
        .expect(200);
    let copied: Value = serde_json::from_slice(&answer.body).expect("a document");
    assert_ne!(copied["team"]["team_id"], document["team"]["team_id"]);
    assert_eq!(
        copied["events"].as_array().map(Vec::len),
        document["events"].as_array().map(Vec::len)
    );
    let id = copied["team"]["team_id"].as_str().expect("an id");
    let again = copied.to_string().replace(id, &world.team.id.to_string());
    let again: Value = serde_json::from_str(&again).expect("a document");
    assert_eq!(again["comments"], document["comments"]);
    assert!(
        world
            .ben
            .get(&format!("{copy}/boards/WEB"))
            .await
            .expect(200)
            .page()
            .shows("Draw the sign")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_export_holds_every_table_and_column_of_teams(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let document = export(&world).await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns AS every
         WHERE table_schema = 'public' AND EXISTS (
             SELECT FROM information_schema.columns AS own
             WHERE own.table_schema = 'public' AND own.table_name = every.table_name AND own.column_name = 'team_id')",
    )
    .fetch_all(&app.db)
    .await
    .expect("the columns");
    let tables: BTreeSet<&str> = columns.iter().map(|(table, _)| table.as_str()).collect();
    let mut missing = Vec::new();
    for (table, column) in &columns {
        let part = if table == "teams" { "team" } else { table };
        let named = format!("{table}.{column}");
        let left_out = LEFT_OUT.iter().any(|(other, _)| other == table);
        let left_out_alone = COLUMNS_LEFT_OUT.iter().any(|(other, _)| *other == named);
        let rows = &document[part];
        let row = rows.get(0).unwrap_or(rows);
        let is_there = row.get(column).is_some();
        assert!(
            !(is_there && (left_out || left_out_alone)),
            "{named} is exported and left out"
        );
        if !(is_there || left_out || left_out_alone) {
            missing.push(named);
        }
    }
    assert!(
        missing.is_empty(),
        "{missing:?} are not in the export of a team: put them into src/exports/team.rs and \
         src/exports/store/returning.rs, or say in LEFT_OUT why not"
    );
    for (table, _) in LEFT_OUT {
        assert!(tables.contains(table), "LEFT_OUT names {table}");
    }
    let text = document.to_string();
    for secret in [
        "password",
        "token_hash",
        &world.invitation.token,
        &world.wall_link.token,
    ] {
        assert!(!text.contains(secret), "{secret} is in the export");
    }
    assert!(!text.contains(&world.other_team.slug) && !text.contains(&world.people.otto.email));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_document_of_an_earlier_version_comes_back_without_what_it_did_not_have(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let mut document = export(&world).await;
    for part in ADDED {
        let removed = document.as_object_mut().expect("an object").remove(*part);
        assert!(removed.is_some(), "{part}");
    }
    take_away(&app.db, &world).await;
    import(&app.db, &document).await.expect("a team");
    let after = export(&world).await;
    for part in ADDED {
        assert_eq!(after[*part], serde_json::json!([]), "{part}");
    }
    assert_eq!(after["tasks"], document["tasks"]);
}

/// The rows of a table that belong to the team, as the table has them.
async fn rows(db: &PgPool, world: &World, table: &str) -> Vec<Value> {
    let sql = format!(
        "SELECT to_jsonb(whole_row) FROM {table} AS whole_row WHERE team_id = $1 ORDER BY 1"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(world.team.id)
        .fetch_all(db)
        .await
        .expect("the rows")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_each_persons_own_is_in_no_owners_export(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let ana = world.people.ana.id.to_string();
    let program = Program::of(&app, &world.people.ana).await;
    let path = format!("/teams/{}/export", world.team.slug);
    for document in [
        export(&world).await,
        program.get(&path).await.expect(200).json(),
    ] {
        let parts = document.as_object().expect("an object");
        let exported: Vec<&Value> = parts
            .values()
            .filter_map(Value::as_array)
            .flatten()
            .collect();
        for table in FORMER.iter().chain(&["usage"]) {
            let rows = rows(&app.db, &world, table).await;
            assert!(
                rows.iter().any(|row| row["person_id"] != ana.as_str()),
                "{table} has nobody else's row"
            );
            for row in &rows {
                assert!(
                    !exported.contains(&row),
                    "{row} of {table} is in the export"
                );
            }
        }
        for part in FORMER {
            assert_eq!(parts.get(*part), None, "{part}");
        }
        let text = document.to_string();
        for column in ["read_at", "muted", "digest", "dismissed_at"] {
            assert!(!text.contains(&format!("\"{column}\"")), "{column}");
        }
        // What was counted of the team stays countable.
        let counted = parts["usage"].as_array().expect("a list");
        assert_eq!(counted.len(), rows(&app.db, &world, "usage").await.len());
        assert!(counted.iter().all(|row| row.get("person_id").is_none()));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_document_that_still_has_what_is_each_persons_own_comes_back_with_it(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let mut document = export(&world).await;
    document["version"] = 1.into();
    let tables: Vec<&str> = FORMER.iter().copied().chain(["usage"]).collect();
    for table in &tables {
        document[*table] = Value::Array(rows(&app.db, &world, table).await);
    }
    take_away(&app.db, &world).await;
    import(&app.db, &document).await.expect("a team");
    for table in &tables {
        let again = Value::Array(rows(&app.db, &world, table).await);
        assert_eq!(again, document[*table], "{table}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_document_that_is_not_whole_brings_nothing_back(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let document = export(&world).await;
    let teams = "SELECT count(*) FROM teams";
    let count = async || {
        sqlx::query_scalar::<_, i64>(teams)
            .fetch_one(&app.db)
            .await
            .expect("a number")
    };
    let before = count().await;
    type Break = fn(&mut Value);
    let breaks: [(Break, &str); 7] = [
        (|it| it["version"] = 3.into(), "newer skateboard"),
        (|it| it["format"] = "x".into(), "no export of a team"),
        (
            |it| it["people"][0]["email"] = "nobody at home".into(),
            "no address of a person",
        ),
        (
            |it| it["tasks"][0]["board_id"] = uuid::Uuid::nil().to_string().into(),
            "its tasks",
        ),
        (|it| it["secrets"] = serde_json::json!([]), "unknown here"),
        (|it| it["events"] = 5.into(), "a list of events"),
        (
            |it| drop(it.as_object_mut().map(|it| it.remove("comments"))),
            "comments are missing",
        ),
    ];
    for (change, words) in breaks {
        let mut broken = document.clone();
        change(&mut broken);
        let said = import(&app.db, &broken).await.expect_err("a refusal");
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(count().await, before);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn tasks_come_as_a_table_in_which_nothing_is_computed(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    sqlx::query("UPDATE tasks SET title = '=1+1', description = E'two\\nlines, \"said\"', labels = '{a,b}', due_on = '2030-01-31' WHERE team_id = $1 AND id = $2")
        .bind(world.team.id)
        .bind(world.todo.id)
        .execute(&app.db)
        .await
        .expect("a title");
    for browser in [&world.ana, &world.ben, &world.vera] {
        let answer = browser
            .ask(Ask::page(&world.team.path("/export?format=csv")))
            .await
            .expect(200);
        let text = answer.text();
        assert!(text.starts_with("\u{feff}key,title,"), "{text}");
        assert!(text.contains("WEB-1,'=1+1,\"two\nlines, \"\"said\"\"\",Website,To do,todo,,2030-01-31,normal,\"a, b\",Ana,"), "{text}");
        assert!(!text.contains("Buy a kite"), "a deleted task");
        assert_eq!(text.matches("\r\n").count(), 1 + 3);
    }
    let json = Ask::page(&world.team.path("/export"));
    assert_eq!(world.ben.ask(json).await.status, 403);
    let other = Ask::page(&world.team.path("/export?format=xml"));
    assert_eq!(world.ana.ask(other).await.status, 422);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn ones_own_data_are_ones_own(db: PgPool) {
    let app = TestApp::new(db);
    let world = lively(&app).await;
    let answer = world.ben.ask(Ask::page("/account/data")).await.expect(200);
    let document: Value = serde_json::from_slice(&answer.body).expect("a document");
    assert_eq!(document["account"]["email"], world.people.ben.email);
    assert_eq!(document["memberships"][0]["team"], world.team.slug);
    let text = document.to_string();
    for theirs in [
        "Draw the sign",
        "Blue, I think.",
        "task.edited",
        "similar.shown",
        "assigned",
        "drag_and_drop",
        "dismissed_at",
    ] {
        assert!(text.contains(theirs), "{theirs} is missing");
    }
    for secret in [
        "password_hash",
        "token_hash",
        "Buy a lantern",
        &world.people.ana.email,
    ] {
        assert!(!text.contains(secret), "{secret} is not theirs");
    }
    // Vera is not in the team any more.
    let answer = world.vera.ask(Ask::page("/account/data")).await.expect(200);
    let document: Value = serde_json::from_slice(&answer.body).expect("a document");
    assert_eq!(document["memberships"][0]["role"], "viewer");
    assert_eq!(document["events"], serde_json::json!([]));
    // What she said is hers.
    assert_eq!(
        document["feedback"][0]["most_useful"],
        "Seeing who has what."
    );
}
