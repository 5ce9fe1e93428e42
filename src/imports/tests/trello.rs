//! A board of Trello on its way in.

use sqlx::PgPool;

use super::{board, card, comment, id, preview, send, texts};
use crate::testing::{Ask, TestApp, World};

/// What a form sends.
fn fields(form: &crate::testing::Form) -> Vec<(&str, &str)> {
    let fields = form.fields.iter();
    fields
        .map(|field| (field.name.as_str(), field.value.as_str()))
        .collect()
}

async fn imported(
    world: &World,
    change: impl FnOnce(crate::testing::Form) -> crate::testing::Form,
) {
    let page = preview(&world.ben, world, &board()).await.page();
    let form = change(page.form("Import"));
    let board = world.ben.submit(form).await.expect(200);
    assert_eq!(board.page().heading(), "Garden shed");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_preview_counts_what_comes_and_names_what_does_not(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = preview(&world.ben, &world, &board()).await.page();
    for words in [
        "3 lists",
        "1 archived list",
        "5 cards",
        "1 archived card",
        "1 checklist",
        "2 comments",
        "2 people",
        "1 attachment",
        "1 value of a custom field",
        "1 vote",
        "1 sticker",
        "1 cover",
        "1 value of a Power-Up",
        "1 start date",
        "1 comment on a card that is not in the file",
    ] {
        assert!(page.shows(words), "{words}: {:?}", page.texts("body"));
    }
    let form = page.form("Import");
    assert_eq!(form.field("Key").value, "GS");
    assert_eq!(form.field("Doing (1 card)").value, "doing");
    assert_eq!(form.field("Finished (1 card)").value, "done");
    // The same name is proposed, and another is not.
    assert_eq!(
        form.field("Ben @ben (2 cards, 2 comments)").value,
        world.people.ben.id.to_string()
    );
    assert_eq!(form.field("Jo*hn @jo*hn (1 card, 1 comment)").value, "");
    assert_eq!(
        texts(
            &world,
            "SELECT key FROM boards WHERE team_id = $1 AND key = 'GS'"
        )
        .await,
        [""; 0]
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_board_comes_with_everything_that_was_promised(db: PgPool) {
    let world = TestApp::new(db).world().await;
    imported(&world, |form| form).await;
    let tasks = texts(
        &world,
        "SELECT concat_ws(' | ', number, columns.name, tasks.kind, title, assignee.name, due_on, labels::text,
                          to_char(tasks.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), deleted_at IS NULL)
         FROM tasks JOIN columns ON columns.id = column_id JOIN boards ON boards.id = tasks.board_id
         LEFT JOIN people AS assignee ON assignee.id = assignee_id
         WHERE tasks.team_id = $1 AND boards.key = 'GS' ORDER BY columns.position, tasks.position, number",
    )
    .await;
    assert_eq!(
        tasks,
        [
            "2 | To do | todo | Buy it | {} | 2024-03-01 12:00 | t",
            r#"1 | To do | todo | Choose the wood | Ben | 2024-06-30 | {"Wood  hard",green} | 2024-03-01 12:00 | t"#,
            "3 | Doing | doing | Dig the ground | Ben | {} | 2024-03-01 12:00 | t",
            "4 | Finished | done | Draw a plan | {} | 2024-03-01 12:00 | t",
            "5 | Finished | done | Ask the neighbours | {} | 2024-03-01 12:00 | t",
            "6 | Finished | done | Sell the old one | {} | 2024-03-01 12:00 | t",
        ]
    );
    let description = texts(
        &world,
        "SELECT description FROM tasks WHERE team_id = $1 AND title = 'Choose the wood'",
    )
    .await;
    assert_eq!(
        description,
        ["Not *pine*.\n\n\n### Kinds\n\n- [x] Oak\n- [ ] Larch\n\nMembers in Trello: Jo\\*hn, Ben"]
    );
    let said = texts(
        &world,
        "SELECT concat_ws(' | ', name, body, to_char(comments.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
         FROM comments JOIN people ON people.id = author_id JOIN tasks ON tasks.id = task_id
         WHERE comments.team_id = $1 AND title = 'Choose the wood' ORDER BY comments.created_at",
    )
    .await;
    assert_eq!(
        said,
        [
            "Ben | Oak, **please**. | 2024-04-02 09:30",
            "Ben | **Jo\\*hn** in Trello:\n\nToo dear. | 2024-04-02 09:31",
        ]
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_due_moment_is_a_day_of_the_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    sqlx::query("UPDATE teams SET time_zone = 'Europe/Berlin' WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .expect("a zone");
    imported(&world, |form| form).await;
    let due = "SELECT due_on::text FROM tasks WHERE team_id = $1 AND title = 'Choose the wood'";
    assert_eq!(texts(&world, due).await, ["2024-07-01"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_chosen_is_done(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ana = world.people.ana.id.to_string();
    imported(&world, |form| {
        form.fill("Key", "SHED")
            .fill("Archived cards become", "deleted")
            .fill("Archived lists become", "columns")
            .fill("Doing (1 card)", "done")
            .fill("Jo*hn @jo*hn (1 card, 1 comment)", &ana)
    })
    .await;
    let tasks = texts(
        &world,
        "SELECT concat_ws(' | ', number, columns.name, tasks.kind, deleted_at IS NOT NULL, assignee.name)
         FROM tasks JOIN columns ON columns.id = column_id JOIN boards ON boards.id = tasks.board_id
         LEFT JOIN people AS assignee ON assignee.id = assignee_id
         WHERE tasks.team_id = $1 AND boards.key = 'SHED' ORDER BY number",
    )
    .await;
    assert_eq!(
        tasks,
        [
            "1 | To do | todo | f | Ana",
            "2 | To do | todo | f",
            "3 | Doing | done | f | Ben",
            "4 | Finished | done | f",
            "5 | To do | todo | t",
            "6 | Some day | todo | f",
        ]
    );
    let next = world.ben.get(&world.team.path("/tasks/SHED-6")).await;
    assert_eq!(next.status, 200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_is_one_change_in_the_log_and_rings_nobodys_bell(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let count = "SELECT count(*)::text FROM notifications WHERE team_id = $1";
    let before = texts(&world, count).await;
    let ana = world.people.ana.id.to_string();
    imported(&world, |form| {
        form.fill("Jo*hn @jo*hn (1 card, 1 comment)", &ana)
    })
    .await;
    assert_eq!(texts(&world, count).await, before);
    let events = texts(
        &world,
        "SELECT concat_ws(' ', seq - (SELECT min(seq) FROM events WHERE team_id = $1 AND kind = 'board.created'),
                          kind, jsonb_path_query_first(changes, '$[*] ? (@.field == \"title\").to'))
         FROM events WHERE team_id = $1
           AND change_id = (SELECT change_id FROM events WHERE team_id = $1 AND kind = 'board.created')
         ORDER BY seq",
    )
    .await;
    assert_eq!(events.len(), 1 + 3 + 6, "{events:?}");
    assert_eq!(events[0], "0 board.created");
    assert_eq!(events[4], "4 task.created \"Choose the wood\"");
    let counter = "SELECT (last_seq = (SELECT max(seq) FROM events WHERE team_id = $1))::text
                   FROM event_counters WHERE team_id = $1";
    assert_eq!(texts(&world, counter).await, ["true"]);
    let history = world.ben.get(&world.team.path("/tasks/GS-1")).await.page();
    assert!(history.shows("created this in To do"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_file_makes_no_second_copy(db: PgPool) {
    let world = TestApp::new(db).world().await;
    imported(&world, |form| form).await;
    let again = preview(&world.ana, &world, &board()).await.page();
    assert!(again.shows("This file was imported already"));
    assert_eq!(
        again.link("Open the board GS"),
        Some(world.team.path("/boards/GS"))
    );
    assert!(!again.has_button("Import"));
    // A later file of the same board is told from a new one.
    let mut later = board();
    later["cards"][0]["name"] = "Choose the stone".into();
    let page = preview(&world.ana, &world, &later).await.page();
    assert!(page.shows("An earlier file of this board was imported as Garden shed (GS)."));
    assert_eq!(page.form("Import").field("Key").value, "GS2");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn two_imports_of_one_file_at_once_make_one_board(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mine = preview(&world.ben, &world, &board())
        .await
        .page()
        .form("Import");
    let theirs = preview(&world.ana, &world, &board())
        .await
        .page()
        .form("Import");
    let theirs = theirs.fill("Key", "SHED");
    let (bens, anas) = (fields(&mine), fields(&theirs));
    let (one, other) = tokio::join!(
        world.ben.post(&mine.action, &bens),
        world.ana.post(&theirs.action, &anas)
    );
    let done = [one, other].map(|answer| {
        answer
            .location()
            .unwrap_or_default()
            .contains("done=import_ended")
    });
    assert_ne!(done[0], done[1], "one of both");
    let boards = "SELECT key FROM boards WHERE team_id = $1 AND name = 'Garden shed'";
    assert_eq!(texts(&world, boards).await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nothing_comes_when_something_fails_on_the_way(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = preview(&world.ben, &world, &board()).await.page();
    sqlx::raw_sql(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
         CREATE TRIGGER fail BEFORE INSERT ON comments FOR EACH ROW EXECUTE FUNCTION fail()",
    )
    .execute(&world.app.db)
    .await
    .expect("a trigger");
    let answer = world.ben.submit(page.form("Import")).await.expect(200);
    assert!(
        answer
            .page()
            .alerts()
            .concat()
            .contains("Nothing was changed")
    );
    let left = "SELECT key FROM boards WHERE team_id = $1 AND key = 'GS'
                UNION ALL SELECT source FROM imports WHERE team_id = $1";
    assert_eq!(texts(&world, left).await, [""; 0]);
    // The file is still there, and so is what was chosen.
    assert!(answer.page().has_button("Import"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_taken_key_is_said_at_its_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = preview(&world.ben, &world, &board()).await.page();
    let answer = world
        .ben
        .submit(page.form("Import").fill("Key", "WEB"))
        .await;
    let form = answer.page().form("Import");
    let problem = form.field("Key").problem.clone();
    assert_eq!(
        problem.as_deref(),
        Some("Another board of the team has this key.")
    );
    assert_eq!(form.field("Key").value, "WEB");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_file_is_taken_from_owners_and_members_alone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let file = board().to_string();
    for (browser, taken) in [
        (&world.ana, true),
        (&world.ben, true),
        (&world.vera, false),
        (&world.otto, false),
    ] {
        let answer = send(browser, &world, "b.json", file.as_bytes())
            .await
            .expect(303);
        let location = answer.location().unwrap_or_default();
        assert_eq!(location.contains("?file="), taken, "{location}");
        assert_eq!(location.contains("refused="), !taken, "{location}");
    }
    let nobody = send(&world.nobody, &world, "b.json", file.as_bytes()).await;
    assert!(
        nobody
            .location()
            .unwrap_or_default()
            .starts_with("/sign-in?next=")
    );
    let ask = world.ben.form(
        &world.team.path("/import/file"),
        file.into_bytes(),
        "text/html",
    );
    assert_eq!(world.ben.ask(ask.elsewhere()).await.status, 403);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_file_waits_for_its_author_alone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = preview(&world.ben, &world, &board()).await;
    let theirs = world.ana.get(&page.path).await.expect(200).page();
    assert!(theirs.shows("This file is not here any more"));
    let form = page.page().form("Import");
    world.ana.stand_on(&page.path);
    let answer = world.ana.submit(form.clone()).await;
    assert!(
        answer
            .page()
            .alerts()
            .concat()
            .contains("by whoever chose it")
    );
    assert_eq!(
        world.ben.submit(form).await.expect(200).page().heading(),
        "Garden shed"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nothing_that_is_too_long_is_lost(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = board();
    let (title, description, said) = ("tä ".repeat(100), "d".repeat(120_000), "c".repeat(45_000));
    let labels: Vec<_> = (1..=25)
        .map(|n| serde_json::json!({ "name": format!("label {n}") }))
        .collect();
    file["cards"].as_array_mut().unwrap().push(card(
        71, 71, &title, 21, 9.0,
        serde_json::json!({ "desc": description, "labels": labels, "due": "9999-01-01T00:00:00.000Z" }),
    ));
    let long = comment(71, 71, "2024-04-02T09:30:00.000Z", 11, "Ben", &said);
    file["actions"].as_array_mut().unwrap().push(long);
    let page = preview(&world.ben, &world, &file).await.page();
    for words in [
        "Titles of more than 200 characters",
        "Descriptions of more than 50,000",
        "Long comments",
        "more than 20 labels",
    ] {
        assert!(page.shows(words), "{words}");
    }
    world.ben.submit(page.form("Import")).await.expect(200);
    let task = texts(
        &world,
        "SELECT title || '|' || cardinality(labels) FROM tasks WHERE team_id = $1 AND number = 71",
    )
    .await;
    assert!(task[0].ends_with("…|20"), "{task:?}");
    let text = texts(
        &world,
        "SELECT description || coalesce((
             SELECT string_agg(replace(body, E'(continued)\\n\\n', ''), '' ORDER BY comments.id)
             FROM comments WHERE comments.task_id = tasks.id AND comments.body NOT LIKE 'cc%' AND comments.body NOT LIKE '%ccc'), '')
         FROM tasks WHERE team_id = $1 AND number = 71",
    )
    .await
    .concat();
    assert!(text.starts_with(title.trim()), "{}", &text[..300]);
    assert!(text.contains(&description));
    assert!(text.contains("More labels: label 21, label 22"));
    assert!(text.contains("Due in Trello: 9999"));
    let comments = texts(
        &world,
        "SELECT string_agg(replace(body, E'(continued)\\n\\n', ''), '' ORDER BY comments.id) FROM comments
         JOIN tasks ON tasks.id = task_id WHERE comments.team_id = $1 AND number = 71 AND body LIKE '%ccc'",
    )
    .await;
    assert_eq!(comments, [said]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_file_with_a_thousand_actions_says_that_older_comments_are_missing(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = board();
    let actions: Vec<_> = (0..1_000)
        .map(|number| serde_json::json!({ "id": id(1_000 + number), "type": "updateCard", "data": {} }))
        .collect();
    file["actions"] = actions.into();
    let page = preview(&world.ben, &world, &file).await.page();
    assert!(page.shows("older comments are missing"));
    assert!(
        world
            .ben
            .ask(Ask::page(&world.team.path("/boards")))
            .await
            .page()
            .link("Import")
            .is_some()
    );
}
