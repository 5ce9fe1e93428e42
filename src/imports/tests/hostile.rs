//! Files that nobody exports.

use serde_json::json;
use sqlx::PgPool;

use super::{board, card, comment, id, preview, refusal, texts};
use crate::testing::TestApp;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_no_board_is_refused_in_words(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let whole = board().to_string();
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let deep_card = format!(
        "{{\"lists\":[],\"cards\":[{}{}]}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let huge = format!(
        "{{\"cards\":[],\"lists\":[],\"x\":\"{}\"}}",
        "y".repeat(9 * 1024 * 1024)
    );
    let surrogate = whole.replace("Buy it", r"Buy \ud800 it");
    let many_lists = json!({ "cards": [], "lists": (0..6_000).map(|n| json!({ "id": id(n) })).collect::<Vec<_>>() });
    let mut wrong = board();
    wrong["cards"][1]["name"] = json!(5);
    let mut no_id = board();
    no_id["cards"][1]["id"] = json!("");
    for (file, words) in [
        (whole[..whole.len() / 2].to_owned(), "EOF"),
        ("{".to_owned(), "EOF"),
        ("{}".to_owned(), "no lists and cards"),
        (r#"{"cards":[],"lists":{}}"#.to_owned(), "a list of lists"),
        (deep, "nested more than 100 levels"),
        (deep_card, "nested more than 100 levels"),
        (huge, "a text of more than 8 MB"),
        (surrogate, "hex escape"),
        (
            wrong.to_string(),
            "number 2 of its cards: invalid type: integer `5`",
        ),
        (no_id.to_string(), "number 2 of its cards: its id"),
        (many_lists.to_string(), "more than 5000 lists"),
        (format!("{whole} and more"), "trailing characters"),
    ] {
        let said = refusal(&world.ben, &world, file.as_bytes()).await;
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = refusal(&world.ben, &world, b"{\"name\":\"\xff\"}").await;
    assert!(said.contains("unicode"), "{said}");
    assert!(refusal(&world.ben, &world, b"").await.contains("not empty"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_odd_comes_in_and_is_named(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = board();
    let cards = file["cards"].as_array_mut().unwrap();
    cards.push(card(31, 1, "The same id again", 21, 1.0, json!({})));
    cards.push(card(
        81,
        0,
        "A list that is missing",
        90,
        f64::MAX,
        json!({ "labels": null, "idMembers": null }),
    ));
    cards.push(card(
        82,
        -5,
        "A NUL \u{0} in it",
        21,
        -1.0,
        json!({ "desc": "a\u{0}b", "due": "soon", "idList": null }),
    ));
    cards.push(card(
        83,
        7,
        "\u{200b}",
        21,
        0.0,
        json!({ "idMembers": [id(31)], "pos": null }),
    ));
    cards.push(card(84, 7, &"x".repeat(1_000_000), 21, 0.0, json!({})));
    file["lists"].as_array_mut().unwrap().extend([
        json!({ "id": id(91), "name": "TO DO", "pos": 1 }),
        json!({ "id": id(92), "name": "long ".repeat(30), "pos": 1 }),
        json!({ "id": id(21), "name": "The same id again" }),
    ]);
    // A checklist of a checklist, and one of itself.
    file["checklists"].as_array_mut().unwrap().extend([
        json!({ "id": id(64), "idCard": id(64), "name": "Itself", "checkItems": [] }),
        json!({ "id": id(65), "idCard": id(61), "name": null, "checkItems": null }),
    ]);
    file["actions"]
        .as_array_mut()
        .unwrap()
        .push(comment(9, 82, "yesterday", 31, "Ben", "a\u{0}b"));
    let page = preview(&world.ben, &world, &file).await.page();
    for words in [
        "2 lists and cards that are in the file twice",
        "whose list is not in the file",
        "a character that cannot be stored (NUL)",
    ] {
        assert!(page.shows(words), "{words}");
    }
    world.ben.submit(page.form("Import")).await.expect(200);
    let tasks = texts(
        &world,
        "SELECT concat_ws(' | ', number, columns.name, left(title, 30)) FROM tasks
         JOIN columns ON columns.id = column_id JOIN boards ON boards.id = tasks.board_id
         WHERE tasks.team_id = $1 AND boards.key = 'GS' ORDER BY number",
    )
    .await;
    assert_eq!(tasks.len(), 10, "{tasks:?}");
    assert!(
        tasks.contains(&"7 | Without a list | A list that is missing".to_owned()),
        "{tasks:?}"
    );
    assert!(
        tasks.contains(&"8 | Without a list | A NUL \u{fffd} in it".to_owned()),
        "{tasks:?}"
    );
    assert!(
        tasks.contains(&"9 | To do | Untitled".to_owned()),
        "{tasks:?}"
    );
    let columns = texts(&world, "SELECT columns.name FROM columns JOIN boards ON boards.id = board_id
                                 WHERE columns.team_id = $1 AND boards.key = 'GS' ORDER BY position").await;
    assert!(columns.contains(&"TO DO 2".to_owned()), "{columns:?}");
    let rest = texts(&world, "SELECT count(*)::text FROM comments JOIN tasks ON tasks.id = task_id
                              WHERE comments.team_id = $1 AND number = 10 AND body LIKE '(continued)%'").await;
    assert_eq!(rest, ["48"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn fifty_thousand_cards_come_in(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = board();
    let cards: Vec<_> = (0..50_000)
        .map(|n| {
            json!({ "id": id(1_000 + n), "name": format!("Card number {n}"), "idList": id(21 + n % 3), "pos": n,
                    "idShort": n + 1, "desc": "Some words" })
        })
        .collect();
    file["cards"] = cards.into();
    let page = preview(&world.ben, &world, &file).await;
    let mut answer = world
        .ben
        .submit(page.page().form("Import"))
        .await
        .expect(200);
    // It takes longer than the answer waits; the page is loaded until it has ended.
    while answer.header(axum::http::header::REFRESH).is_some() {
        assert!(answer.page().shows("of 50000 tasks"));
        answer = world.ben.get(&page.path).await.expect(200);
    }
    let count = "SELECT count(*)::text FROM tasks JOIN boards ON boards.id = board_id
                 WHERE tasks.team_id = $1 AND boards.key = 'GS'";
    assert_eq!(
        texts(&world, count).await,
        ["50000"],
        "{:?}",
        answer.page().texts("main")
    );
    let counter = "SELECT (last_seq = (SELECT count(*) FROM events WHERE team_id = $1))::text
                   FROM event_counters WHERE team_id = $1";
    assert_eq!(texts(&world, counter).await, ["true"]);
}
