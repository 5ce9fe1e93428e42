//! Tables on their way in.

use sqlx::PgPool;

use super::{refusal, send, texts};
use crate::testing::{Page, TestApp, World};

async fn preview(world: &World, file: &[u8]) -> Page {
    let answer = send(&world.ben, world, "List of things.csv", file).await;
    world.ben.follow(answer).await.expect(200).page()
}

const TASKS: &str =
    "SELECT concat_ws(' | ', boards.key, number, columns.name, tasks.kind, title, description,
                                      assignee.name, due_on, priority, labels::text)
     FROM tasks JOIN columns ON columns.id = column_id JOIN boards ON boards.id = tasks.board_id
     LEFT JOIN people AS assignee ON assignee.id = assignee_id
     WHERE tasks.team_id = $1 AND tasks.created_as @> '{\"imported\": true}' ORDER BY number";

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_table_becomes_a_board(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let file = "Summary;Status;Assigned to;Due date;Priority;Tags;Notes\r\n\
                Paint it;Open;ben;31.3.2026;Highest;wall, blue;\"two\r\nlines; and more\"\r\n\
                ;;;;;;\r\n\
                Hang it up;Shipped;;2026-04-01;;;\r\n";
    let page = preview(&world, file.as_bytes()).await;
    assert!(page.shows("UTF-8, separated by semicolons"));
    let form = page.form("Import");
    assert_eq!(form.field("Status").value, "column");
    assert_eq!(form.field("Key").value, "LOT");
    world.ben.submit(form).await.expect(200);
    assert_eq!(
        texts(&world, TASKS).await,
        [
            "LOT | 1 | Open | todo | Paint it | two\nlines; and more | Ben | 2026-03-31 | urgent | {wall,blue}",
            "LOT | 2 | Shipped | done | Hang it up |  | 2026-04-01 | normal | {}",
        ]
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_table_goes_onto_a_board_behind_what_is_there(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = preview(&world, b"First thing\tTo do\nSecond thing\tin progress\n").await;
    let form = page
        .form("Import")
        .fill("Column 2", "column")
        .fill("Onto", "WEB");
    world.ben.submit(form).await.expect(200);
    let tasks = texts(&world, TASKS).await;
    assert!(
        tasks[0].contains("| To do | todo | First thing"),
        "{tasks:?}"
    );
    assert!(
        tasks[1].contains("| In progress | doing | Second thing"),
        "{tasks:?}"
    );
    let last = "SELECT title FROM tasks JOIN columns ON columns.id = column_id WHERE tasks.team_id = $1
                AND columns.name = 'To do' AND deleted_at IS NULL ORDER BY tasks.position DESC LIMIT 1";
    assert_eq!(texts(&world, last).await, ["First thing"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn separators_and_encodings_are_found_out(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let text = "title,description\nGrüße,Ärger über Öl\n";
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let bars = text.replace(',', "|");
    for (file, read_as) in [
        (text.as_bytes().to_vec(), "UTF-8, separated by commas"),
        (
            format!("\u{feff}{text}").into_bytes(),
            "UTF-8, separated by commas",
        ),
        (utf16, "UTF-16LE, separated by commas"),
        (latin, "windows-1252, separated by commas"),
        (bars.into_bytes(), "UTF-8, separated by bars"),
    ] {
        let page = preview(&world, &file).await;
        assert!(page.shows(read_as), "{read_as}: {:?}", page.texts("main"));
        assert!(
            page.shows("Grüße") && page.shows("Ärger über Öl"),
            "{read_as}"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_fault_is_named_by_its_line_and_nothing_comes(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = "title,assignee,due,priority\nGood,,,\n,ben,,\nx,Nobody,,\nx,vera,,\nx,,3/4/2026,\nx,,,soon\n".to_owned();
    file.push_str(&format!("{},,,\n", "x".repeat(201)));
    let page = preview(&world, file.as_bytes()).await;
    let previewed = page.texts(".import-faults li");
    let answer = world
        .ben
        .submit(page.form("Import"))
        .await
        .expect(200)
        .page();
    let faults = answer.texts(".import-faults li");
    assert_eq!(previewed, faults);
    let lines: Vec<&str> = faults
        .iter()
        .filter_map(|fault| fault.split(':').next())
        .collect();
    assert_eq!(
        lines,
        ["Line 3", "Line 4", "Line 5", "Line 6", "Line 7", "Line 8"],
        "{faults:?}"
    );
    assert_eq!(texts(&world, TASKS).await, [""; 0]);
    assert!(answer.alerts().concat().contains("Nothing was imported"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_board_that_lacks_a_column_refuses_the_table(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = preview(&world, b"title,status\nOne,To do\nTwo,Nowhere\n").await;
    let form = page.form("Import").fill("Onto", "WEB");
    let answer = world.ben.submit(form).await.expect(200).page();
    assert_eq!(
        answer.texts(".import-faults li"),
        ["Line 3: the board has no column \"Nowhere\"."]
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_no_table_is_refused_as_such(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    picture.extend((0..2_000_u32).map(|n| u8::try_from(n * 7 % 31).unwrap()));
    for (file, words) in [
        (picture.as_slice(), "it is no text"),
        (b"[]".as_slice(), "Trello"),
        (b"[{\"title\": \"One\"}]".as_slice(), "Trello"),
    ] {
        let said = refusal(&world.ben, &world, file).await;
        assert!(said.contains(words), "{words}: {said}");
    }
}
