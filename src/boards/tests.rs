#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
use leptos::server_fn::ServerFn;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::requests::{ArchiveBoard, CreateBoard, RenameBoard, RestoreBoard};
use crate::{
    columns::requests::{AddColumn, EditColumn, MoveColumn, RemoveColumn},
    people::{
        access::{Access, Permission},
        model::PersonName,
    },
    tasks::{self, requests::CreateTask},
    testing::{
        Answer, Browser, TestApp, World,
        explain::{enlarge, scanned},
        seed,
    },
};

/// Names that a careless program would cut, change or stumble over.
pub const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "'; DROP TABLE boards; --",
    "Ünïcödé 🛹 日本語",
    "e\u{301}\u{323} and ẹ\u{301}",
    "\u{202e}drowkcab\u{202c}",
    "zero\u{200b}width\u{feff}",
    "&amp; %00 + \\u0000 \"quoted\"",
    "𝕊\u{10ffff}👩\u{200d}👩\u{200d}👧",
];

async fn create(browser: &Browser, world: &World, id: Uuid, name: &str, key: &str) -> Answer {
    browser
        .call(
            CreateBoard::url(),
            &[
                ("team", &world.team.slug),
                ("id", &id.to_string()),
                ("name", name),
                ("key", key),
            ],
        )
        .await
}

async fn rename(browser: &Browser, world: &World, version: i64, name: &str) -> Answer {
    browser
        .call(
            RenameBoard::url(),
            &[
                ("team", &world.team.slug),
                ("board", &world.board.to_string()),
                ("version", &version.to_string()),
                ("name", name),
            ],
        )
        .await
}

async fn count(world: &World, key: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM boards WHERE team_id = $1 AND key = $2")
        .bind(world.team.id)
        .bind(key)
        .fetch_one(&world.app.db)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_member_creates_a_board_with_three_columns_and_stands_on_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let list = world.ben.get(&world.team.path("/boards")).await.page();
    assert_eq!(list.heading(), "Boards");
    assert!(list.has_button("New board"));
    let form = list
        .form("Create board")
        .fill("Board name", "The API")
        .fill("Key", " api ");
    let board = world.ben.submit(form).await.expect(200);
    assert!(board.path.starts_with(&world.team.path("/boards/API?")));
    let board = board.page();
    assert_eq!(board.heading(), "The API");
    assert_eq!(
        board.texts(".column-header h2"),
        ["To do", "In progress", "Done"]
    );
    assert_eq!(
        world.events("board.created").await,
        [json!([{"field": "key", "to": "API"}, {"field": "name", "to": "The API"}])]
    );
    assert_eq!(world.events("column.created").await.len(), 3);
    let list = world.vera.get(&world.team.path("/boards")).await.page();
    assert_eq!(list.link("The API"), Some(world.team.path("/boards/API")));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn boards_change_as_the_role_allows(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.vera.get(&world.team.path("/boards")).await.page();
    for button in ["New board", "Rename", "Archive board", "Bring back"] {
        assert!(!page.has_button(button), "{button}");
    }
    let page = world.vera.get(&world.team.path("/boards/WEB")).await.page();
    assert!(!page.has_button("Board settings"));

    let board = world.board.to_string();
    for (browser, status) in [
        (&world.vera, 403),
        (&world.otto, 404),
        (&world.nobody, 401),
        (&world.ben, 200),
        (&world.ana, 200),
    ] {
        let key = format!("K{}", Uuid::new_v4().simple());
        create(browser, &world, Uuid::now_v7(), "New", &key[..9])
            .await
            .expect(status);
        for action in [ArchiveBoard::url(), RestoreBoard::url()] {
            let fields = [("team", world.team.slug.as_str()), ("board", &board)];
            browser.call(action, &fields).await.expect(status);
        }
        if status != 200 {
            rename(browser, &world, 1, "Taken over")
                .await
                .expect(status);
        }
    }
    // Two people have archived and restored it, which is four versions.
    rename(&world.ben, &world, 5, "Web").await.expect(200);
    rename(&world.ana, &world, 6, "The web").await.expect(200);
    let page = world.vera.get(&world.team.path("/boards/WEB")).await.page();
    assert_eq!(page.heading(), "The web");
    assert_eq!(
        world.events("board.renamed").await[1],
        json!([{"field": "name", "from": "Web", "to": "The web"}, {"field": "version", "to": "7"}])
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_key_is_used_once_also_when_its_board_is_archived(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for key in ["WEB", "web", "OLD"] {
        let error = create(&world.ben, &world, Uuid::now_v7(), "Another", key)
            .await
            .expect(409)
            .error()
            .unwrap();
        assert!(error.on("key").is_some(), "{error:?}");
    }
    let list = world.ben.get(&world.team.path("/boards")).await.page();
    let form = list
        .form("Create board")
        .fill("Board name", "Another <one>")
        .fill("Key", "web");
    let again = world.ben.submit(form).await.expect(200).page();
    let form = again.form("Create board");
    assert_eq!(form.field("Board name").value, "Another <one>");
    assert_eq!(form.field("Key").value, "web");
    assert!(form.field("Key").problem.is_some());
    assert_eq!(again.attributes("dialog#new-board", "open").len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn bad_input_is_refused_at_its_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let long = "n".repeat(81);
    let huge = "n".repeat(900_000);
    for (name, key, field) in [
        ("", "NEW", "name"),
        (" \t ", "NEW", "name"),
        (&long, "NEW", "name"),
        (&huge, "NEW", "name"),
        ("two\nlines", "NEW", "name"),
        ("nul\0", "NEW", "name"),
        ("Good", "", "key"),
        ("Good", "1A", "key"),
        ("Good", "A-B", "key"),
        ("Good", "ÄÖ", "key"),
        ("Good", "ABCDEFGHIJK", "key"),
        ("Good", &huge, "key"),
    ] {
        let error = create(&world.ben, &world, Uuid::now_v7(), name, key)
            .await
            .expect(422)
            .error()
            .unwrap();
        assert!(error.on(field).is_some(), "{error:?}");
    }
    let fields = |id: &'static str| {
        [
            ("team", world.team.slug.clone()),
            ("board", id.to_owned()),
            ("version", "many".to_owned()),
            ("name", "Good".to_owned()),
        ]
    };
    for (id, field) in [
        ("nothing", "board"),
        ("00000000-0000-0000-0000-000000000000", "board"),
        ("01900000-0000-7000-8000-000000000000", "version"),
    ] {
        let fields = fields(id);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let error = world
            .ben
            .call(RenameBoard::url(), &fields)
            .await
            .expect(422);
        assert!(error.error().unwrap().on(field).is_some());
    }
    for version in [-1, 0, 2, i64::MAX] {
        let answer = rename(&world.ben, &world, version, "Good")
            .await
            .expect(422);
        assert!(answer.error().unwrap().on("version").is_some());
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_same_creation_again_gives_the_same_board(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = Uuid::now_v7();
    let requests = (0..6).map(|_| {
        let world = world.clone();
        tokio::spawn(async move { create(&world.ben, &world, id, "The API", "API").await })
    });
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap().expect(200);
    }
    assert_eq!(count(&world, "API").await, 1);
    assert_eq!(world.events("board.created").await.len(), 1);
    assert_eq!(world.events("column.created").await.len(), 3);

    // Compared with how it was created, not with what it has become.
    sqlx::query("UPDATE boards SET name = 'Renamed', archived_at = now() WHERE key = 'API'")
        .execute(&world.app.db)
        .await
        .unwrap();
    create(&world.ben, &world, id, "The API", "api")
        .await
        .expect(200);
    create(&world.ben, &world, id, "Other", "API")
        .await
        .expect(409);
    create(&world.ben, &world, id, "The API", "APIS")
        .await
        .expect(409);
    assert_eq!(count(&world, "APIS").await, 0);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_name_that_two_people_change_shows_both(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/boards/WEB");
    let form = world.ben.get(&path).await.page().form("Rename");
    rename(&world.ana, &world, 1, "Ana’s <name>")
        .await
        .expect(200);
    let page = world
        .ben
        .submit(form.fill("Name of the board", "Ben’s name"))
        .await
        .page();
    assert_eq!(page.heading(), "Ana’s <name>");
    let alerts = page.alerts().join(" ");
    for words in [
        "Your version",
        "Ben’s name",
        "Ana’s version",
        "Ana’s <name>",
    ] {
        assert!(alerts.contains(words), "{words} in {alerts}");
    }
    let form = page.form("Rename");
    assert_eq!(form.field("Name of the board").value, "Ben’s name");
    let page = world.ben.submit(form).await.page();
    assert_eq!(page.heading(), "Ben’s name");

    // Who sends the name of the version that they saw has not touched it.
    rename(&world.ana, &world, 2, "Ana’s <name>")
        .await
        .expect(200);
    let page = world.ben.get(&path).await.page();
    assert_eq!(page.heading(), "Ben’s name");
    let refused = rename(&world.ana, &world, 1, "A third").await.expect(409);
    let conflict = refused.error().unwrap().conflict.unwrap();
    assert_eq!((conflict.by.as_str(), conflict.version), ("Ben", 3));
    assert_eq!(conflict.fields[0].theirs, "Ben’s name");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_archived_board_is_read_and_not_changed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/boards/WEB");
    let page = world.ben.get(&path).await.page();
    let page = world.ben.submit(page.form("Archive board")).await;
    let page = page.expect(200).page();
    assert!(page.shows("Archived"));
    assert!(page.shows("Choose a colour"));
    for button in ["Board settings", "Add task", "Rename", "Archive board"] {
        assert!(!page.has_button(button), "{button}");
    }

    let (board, column) = (world.board.to_string(), world.columns[0].id.to_string());
    let new = Uuid::now_v7().to_string();
    let of_column = |rest: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("team", world.team.slug.as_str()),
            ("board", board.as_str()),
            ("column", column.as_str()),
        ];
        fields.extend_from_slice(rest);
        fields
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect::<Vec<_>>()
    };
    for (action, fields) in [
        (
            EditColumn::url(),
            of_column(&[
                ("version", "1"),
                ("name", "New"),
                ("kind", "todo"),
                ("wip_limit", ""),
            ]),
        ),
        (MoveColumn::url(), of_column(&[("place", "2")])),
        (RemoveColumn::url(), of_column(&[])),
        (CreateTask::url(), {
            let mut fields = of_column(&[("title", "New")]);
            fields.push(("id", new.clone()));
            fields
        }),
        (AddColumn::url(), {
            let mut fields = of_column(&[("name", "New"), ("kind", "todo")]);
            fields.retain(|(name, _)| *name != "column");
            fields.push(("id", new.clone()));
            fields
        }),
    ] {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let error = world.ben.call(action, &fields).await.expect(409).error();
        assert!(error.unwrap().message.contains("archived"), "{action}");
    }
    rename(&world.ben, &world, 1, "New").await.expect(409);

    let list = world.ben.get(&world.team.path("/boards")).await.page();
    let back = list
        .forms("Bring back")
        .into_iter()
        .find(|form| form.field("board").value == board)
        .unwrap();
    world.ben.submit(back).await.expect(200);
    rename(&world.ben, &world, 1, "New").await.expect(200);

    // A deed that is done already is not done again.
    let fields = [("team", world.team.slug.as_str()), ("board", &board)];
    for action in [
        RestoreBoard::url(),
        ArchiveBoard::url(),
        ArchiveBoard::url(),
    ] {
        world.ben.call(action, &fields).await.expect(200);
    }
    assert_eq!(world.events("board.restored").await.len(), 1);
    assert_eq!(world.events("board.archived").await.len(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_board_of_another_team_is_not_there(db: PgPool) {
    let app = TestApp::new(db);
    let (world, other) = (app.world().await, app.world().await);
    world
        .otto
        .get(&world.team.path("/boards"))
        .await
        .expect(404);
    world
        .otto
        .get(&world.team.path("/boards/WEB"))
        .await
        .expect(404);
    // The own team in the address, the other's board in the body.
    let board = other.board.to_string();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("board", &board),
        ("version", "1"),
        ("name", "Taken over"),
    ];
    world
        .ana
        .call(RenameBoard::url(), &fields)
        .await
        .expect(404);
    for action in [ArchiveBoard::url(), RestoreBoard::url()] {
        world.ana.call(action, &fields[..2]).await.expect(404);
    }
    // The same key and even the same id are the other team's own business.
    create(&world.ana, &world, other.board, "Ours", "OURS")
        .await
        .expect(200);
    assert_eq!(
        other
            .ana
            .get(&other.team.path("/boards/WEB"))
            .await
            .page()
            .heading(),
        "Website"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn names_come_back_as_they_were_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (index, name) in HOSTILE.into_iter().enumerate() {
        let key = format!("H{index}");
        create(&world.ben, &world, Uuid::now_v7(), name, &key)
            .await
            .expect(200);
        let stored: String = sqlx::query_scalar("SELECT name FROM boards WHERE key = $1")
            .bind(&key)
            .fetch_one(&world.app.db)
            .await
            .unwrap();
        assert_eq!(stored, name);
        let page = world
            .ben
            .get(&world.team.path(&format!("/boards/{key}")))
            .await
            .page();
        assert_eq!(page.form("Rename").field("Name of the board").value, name);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_list_tells_what_is_open(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.vera.get(&world.team.path("/boards")).await.page();
    assert_eq!(
        page.texts(".board-item .muted"),
        ["1 to do · 1 in progress", "Nothing open"]
    );
    assert!(page.shows("Archived boards (1)"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_filter_in_the_address_shows_the_cards_that_fit_and_says_of_how_many(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (db, team) = (&world.app.db, world.team.id);
    let [todo, ..] = &world.columns;
    let late = seed::task(db, team, &world.people.ana, todo, "Sweep the yard").await;
    seed::due(db, team, &late, Some(-1)).await;
    sqlx::query("UPDATE tasks SET labels = '{yard}' WHERE id = $1")
        .bind(late.id)
        .execute(db)
        .await
        .unwrap();
    let board = |query: &'static str| {
        let path = world.team.path(&format!("/boards/WEB{query}"));
        let ben = world.ben.clone();
        async move { ben.get(&path).await.expect(200).page() }
    };
    let (sweep, colour, sign) = ("Sweep the yard", "Choose a colour", "Draw the sign");
    for (query, titles) in [
        ("?due=late", vec![sweep]),
        ("?label=yard&assignee=none", vec![sweep]),
        ("?assignee=me", vec![sign]),
        ("?assignee=none&due=none", vec![colour, "Buy a lantern"]),
        ("?label=nothing", vec![]),
        ("?due=", vec![colour, sweep, sign, "Buy a lantern"]),
    ] {
        let page = board(query).await;
        assert_eq!(page.texts(".card-title"), titles, "{query}");
    }
    let page = board("?due=late").await;
    let counts = page.texts(".column-header .count");
    assert_eq!(counts, ["1 of 2", "0 of 1", "0 of 1", "0 of 0"]);
    let empty = page.texts(".column-empty").concat();
    assert!(empty.contains("Nothing here fits the filter."), "{empty}");
    let notice = page.texts(".filter-notice").concat();
    assert_eq!(notice, "1 of 4 tasks: late. Clear filters");
    assert_eq!(page.value("Due").as_deref(), Some("late"));
    let all = page.link("Clear filters").unwrap();
    assert_eq!(all, world.team.path("/boards/WEB"));
    let form = page.form("Show");
    assert_eq!(form.action, all);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn no_board_reads_a_table_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    enlarge(&world).await;
    let ben = PersonName {
        id: world.people.ben.id.into(),
        name: "Ben".to_owned(),
    };
    let access = Access::enter(&world.app.db, &ben, &world.team.slug, Permission::Read);
    let access = access.await.unwrap();
    let (team, board) = (access.team(), world.board.into());
    let (column, last) = (world.columns[2].id.into(), world.done.id.into());
    let read = scanned(&world.app.db, async |connection| {
        super::store::by_key(&mut *connection, team, "WEB").await?;
        super::store::columns_with_finished(&mut *connection, team, board).await?;
        tasks::store::cards(&mut *connection, team, board).await?;
        let older = tasks::store::done_before(&mut *connection, team, board, column, last);
        older.await.map(drop)
    });
    assert_eq!(read.await, [""; 0]);
}
