//! Imports through the router.

mod csv;
mod hostile;
mod operator;
mod trello;

use std::{io::Write as _, time::Duration};

use serde_json::{Value, json};
use uuid::Uuid;

use super::uploads::{Upload, forget_older, keep};
use crate::{
    ids::PersonId,
    testing::{Answer, Ask, Browser, World},
};

/// Card ids begin with the second of their making: this is 2024-03-01, 12:00 UTC.
const MADE: &str = "65e1c340";

fn id(number: usize) -> String {
    format!("{MADE}{number:016x}")
}

/// A small board with every field of Trello's format that we know of.
fn board() -> Value {
    let member = |number: usize, name: &str| {
        json!({ "id": id(number), "fullName": name, "username": name.to_lowercase(), "initials": "X",
                "avatarUrl": null, "memberType": "normal", "confirmed": true })
    };
    let list = |number: usize, name: &str, pos: f64, closed: bool| {
        json!({ "id": id(number), "name": name, "pos": pos, "closed": closed, "idBoard": id(1), "color": null,
                "subscribed": false, "softLimit": null, "creationMethod": null, "type": null,
                "limits": { "cards": { "openPerList": { "status": "ok", "disableAt": 5000 } } } })
    };
    json!({
        "id": id(1), "nodeId": "ari:cloud:trello::board/x", "name": "Garden shed", "desc": "About it", "descData": null,
        "closed": false, "dateClosed": null, "idOrganization": null, "shortLink": "AbCdEfGh", "powerUps": [],
        "dateLastActivity": "2024-05-01T10:00:00.000Z", "idTags": [], "pinned": false, "starred": false,
        "url": "https://trello.com/b/AbCdEfGh/garden-shed", "labelNames": { "green": "", "red": "Wood" },
        "prefs": { "permissionLevel": "private", "background": "blue" }, "limits": {}, "pluginData": [],
        "actions": [
            comment(1, 31, "2024-04-02T09:30:00.000Z", 11, "Ben", "Oak, **please**."),
            comment(2, 31, "2024-04-02T09:31:00.000Z", 13, "Jo*hn", "Too dear."),
            { "id": id(203), "type": "updateCard", "date": "2024-04-03T09:31:00.000Z", "idMemberCreator": id(11),
              "data": { "old": { "pos": 1 }, "card": { "id": id(31), "pos": 2.5, "name": "x" } }, "appCreator": null },
            comment(4, 99, "2024-04-02T09:31:00.000Z", 11, "Ben", "On a card that is gone"),
        ],
        "cards": [
            card(31, 1, "Choose the wood", 21, 2.0, json!({
                "desc": "Not *pine*.\r\n", "due": "2024-06-30T22:30:00.000Z", "dueComplete": false,
                "idMembers": [id(13), id(11)], "idLabels": [id(41), id(42)],
                "labels": [{ "id": id(41), "name": "Wood, hard", "color": "red" }, { "id": id(42), "name": "", "color": "green" }],
                "attachments": [{ "id": id(51), "name": "a.png", "bytes": 12, "url": "https://x.example/a.png" }],
                "customFieldItems": [{ "id": id(52), "value": { "number": "3" } }], "idMembersVoted": [id(11)],
                "stickers": [{ "id": id(53) }], "pluginData": [{ "id": id(54), "value": "{}" }],
                "cover": { "color": "pink", "idAttachment": null }, "start": "2024-06-01T00:00:00.000Z",
            })),
            card(32, 2, "Buy it", 21, 1.0, json!({})),
            card(33, 3, "Dig the ground", 22, 1.0, json!({ "idMembers": [id(11)] })),
            card(34, 4, "Draw a plan", 23, 1.0, json!({ "dateLastActivity": "2024-04-01T08:00:00.000Z" })),
            card(35, 5, "Ask the neighbours", 21, 3.0, json!({ "closed": true })),
            card(36, 6, "Sell the old one", 24, 1.0, json!({})),
        ],
        "lists": [
            list(22, "Doing", 2.0, false), list(21, "To do", 1.0, false), list(23, "Finished", 3.0, false),
            list(24, "Some day", 4.0, true),
        ],
        "labels": [{ "id": id(41), "idBoard": id(1), "name": "Wood, hard", "color": "red", "uses": 1 },
                   { "id": id(42), "idBoard": id(1), "name": "", "color": "green" }],
        "members": [member(11, "Ben"), member(13, "Jo*hn")],
        "checklists": [
            { "id": id(61), "name": "Kinds", "idBoard": id(1), "idCard": id(31), "pos": 2, "checkItems": [
                { "id": id(62), "name": "Larch", "state": "incomplete", "pos": 2 },
                { "id": id(63), "name": "Oak", "state": "complete", "pos": 1, "due": null, "idMember": null } ] },
        ],
        "customFields": [{ "id": id(55), "name": "Price", "type": "number" }],
        "memberships": [{ "id": id(56), "idMember": id(11), "memberType": "admin" }],
    })
}

fn card(number: usize, short: i64, name: &str, list: usize, pos: f64, more: Value) -> Value {
    let mut card = json!({
        "id": id(number), "name": name, "desc": "", "closed": false, "idList": id(list), "idBoard": id(1),
        "idShort": short, "pos": pos, "due": null, "dateLastActivity": null, "idMembers": [], "idLabels": [],
        "labels": [], "attachments": [], "shortLink": "x", "shortUrl": "https://trello.com/c/x",
        "badges": { "attachments": 0, "votes": 0, "comments": 0, "checkItems": 0 }, "isTemplate": false,
        "checkItemStates": null, "idChecklists": [], "subscribed": false, "manualCoverAttachment": false, "email": null,
    });
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        card[name] = value;
    }
    card
}

fn comment(number: usize, card: usize, date: &str, by: usize, name: &str, said: &str) -> Value {
    json!({
        "id": id(200 + number), "type": "commentCard", "date": date, "idMemberCreator": id(by),
        "memberCreator": { "id": id(by), "fullName": name, "username": name.to_lowercase() },
        "data": { "text": said, "card": { "id": id(card), "name": "x", "idShort": 1 }, "board": { "id": id(1) } },
        "limits": {}, "appCreator": null,
    })
}

/// Sends a file as a browser does, and gives the answer itself.
async fn send(browser: &Browser, world: &World, name: &str, file: &[u8]) -> Answer {
    browser.stand_on(&world.team.path("/import"));
    let mut body = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    let ask = browser
        .form(&world.team.path("/import/file"), body, "text/html")
        .header("content-type", Some("multipart/form-data; boundary=limit"));
    browser.ask(ask).await
}

/// Sends a file and opens its preview.
async fn preview(browser: &Browser, world: &World, file: &Value) -> Answer {
    let answer = send(browser, world, "board.json", file.to_string().as_bytes()).await;
    browser.follow(answer).await.expect(200)
}

/// What went wrong with a file, in the words of the page.
async fn refusal(browser: &Browser, world: &World, file: &[u8]) -> String {
    let answer = send(browser, world, "board.json", file).await.expect(303);
    let location = answer.location().unwrap_or_default().to_owned();
    assert!(location.contains("refused="), "{location}");
    browser
        .follow(answer)
        .await
        .expect(200)
        .page()
        .alerts()
        .concat()
}

/// Lets a file wait for somebody, and gives its id.
pub fn waiting(world: &World, author: Uuid, text: &str) -> String {
    // One test may try many; nobody else is here.
    forget_older(Duration::ZERO);
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(text.as_bytes()).expect("a file");
    let (author, team) = (PersonId(author), world.team.id);
    let hash = Uuid::new_v4().as_bytes().to_vec();
    let upload = Upload::read(author, team, "file".to_owned(), file, hash).expect("a file");
    keep(upload).expect("room").to_string()
}

/// A small board, as it waits.
pub fn small_board() -> String {
    board().to_string()
}

/// One text a row.
async fn texts(world: &World, sql: &'static str) -> Vec<String> {
    let rows = sqlx::query_scalar(sql).bind(world.team.id);
    rows.fetch_all(&world.app.db).await.expect("rows")
}

impl Ask {
    /// The same request from somewhere else.
    fn elsewhere(self) -> Self {
        self.header("origin", Some("https://evil.example"))
            .header("sec-fetch-site", Some("cross-site"))
    }
}
