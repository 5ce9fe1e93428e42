//! What was typed into a form that is gone when the page comes is on that page, with the reason.

use super::*;
use crate::{
    accounts::account_page::ChangeEmail,
    boards::requests::{ArchiveBoard, RenameBoard},
    columns::requests::RemoveColumn,
    comments::requests::DeleteComment,
    tasks::requests::{CreateTask, DeleteTask, RestoreTask},
    testing::{Form, Page},
};

/// What the page above all says of a form that is gone: the alert, and the names of the texts.
#[track_caller]
fn assert_left(page: &Page, alert: &str, labels: &[&str]) {
    assert_eq!(page.alerts(), [alert]);
    assert_eq!(page.texts(".refusal label"), labels);
}

/// Sends a comment on a task that is not there from a page of the team, and goes where that leads.
async fn comment_on_nothing(world: &World, browser: &Browser, page: &str) -> Answer {
    browser.stand_on(page);
    let id = Uuid::now_v7().to_string();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", "WEB-999"),
        ("id", &id),
        ("body", "Or green?"),
    ];
    let refused = browser.post(AddComment::url(), &fields).await;
    browser.follow(refused).await
}

/// Does something in the team as Ana, who is quicker.
async fn before(world: &World, action: &str, fields: &[(&str, &str)]) {
    let mut all = vec![("team", world.team.slug.as_str())];
    all.extend(fields);
    world.ana.call(action, &all).await.expect(200);
}

/// The form of Ben's board page by which a task is added to the empty column.
async fn new_task(world: &World, title: &str) -> Form {
    let column = world.empty_column.id.to_string();
    let board = world.team.path("/boards/WEB");
    let forms = world.ben.get(&board).await.page();
    let form = forms
        .forms_of(CreateTask::url())
        .into_iter()
        .find(|form| form.field("column").value == column)
        .unwrap();
    form.fill("New task", title)
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_title_for_a_column_that_was_removed_is_not_lost(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let form = new_task(&world, "Hang it <b>up</b> & \"straight\"").await;
    let (board, column) = (world.board.to_string(), world.empty_column.id.to_string());
    before(
        &world,
        RemoveColumn::url(),
        &[("board", &board), ("column", &column)],
    )
    .await;
    let answer = world.ben.submit(form).await.expect(200);
    let page = answer.page();
    let alert = "This was not saved. This column is not on the board any more.";
    assert_left(&page, alert, &["Title"]);
    let typed = page.value("Title");
    assert_eq!(typed.as_deref(), Some("Hang it <b>up</b> & \"straight\""));
    assert_eq!(page.link("Dismiss"), Some(world.team.path("/boards/WEB")));

    for other in [&world.ana, &world.nobody] {
        assert!(!other.get(&answer.path).await.text().contains("Hang it"));
    }
    let without = world.team.path("/boards/WEB");
    let page = world.ben.get(&without).await.page();
    assert_eq!(page.alerts(), Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_name_for_a_column_that_was_removed_is_not_lost(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (board, column) = (world.board.to_string(), world.empty_column.id.to_string());
    let page = world.ben.get(&world.team.path("/boards/WEB")).await.page();
    let form = page
        .forms("Save column")
        .into_iter()
        .find(|form| form.field("column").value == column)
        .unwrap()
        .fill("Column name", "One day");
    let removed = [("board", board.as_str()), ("column", &column)];
    before(&world, RemoveColumn::url(), &removed).await;
    let page = world.ben.submit(form).await.expect(200).page();
    let alert = "This was not saved. This column is not on the board any more.";
    assert_left(&page, alert, &["Name"]);
    assert_eq!(page.value("Name").as_deref(), Some("One day"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_typed_for_a_board_that_was_archived_is_not_lost(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let board = world.board.to_string();
    let task = new_task(&world, "Hang it up").await;
    let page = world.ben.get(&world.team.path("/boards/WEB")).await.page();
    let name = page
        .form("Rename")
        .fill("Name of the board", "Shop windows");
    assert_eq!(name.action, RenameBoard::url());
    before(&world, ArchiveBoard::url(), &[("board", &board)]).await;

    let alert = "This was not saved. This board is archived. Bring it back before changing it.";
    let page = world.ben.submit(task).await.expect(200).page();
    assert_left(&page, alert, &["Title"]);
    assert_eq!(page.value("Title").as_deref(), Some("Hang it up"));
    let page = world.ben.submit(name).await.expect(200).page();
    assert_left(&page, alert, &["Name"]);
    assert_eq!(page.value("Name").as_deref(), Some("Shop windows"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_edit_of_a_task_that_was_deleted_waits_for_its_return(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = &world.todo.key;
    let path = world.team.path(&format!("/tasks/{task}"));
    let edit = world.ben.get(&path).await.page().form("Save");
    let edit = edit
        .fill("Title", "Choose two colours")
        .fill("Description", "Blue\n\nand red");
    assert_eq!(edit.action, EditTask::url());
    before(&world, DeleteTask::url(), &[("task", task)]).await;

    let answer = world.ben.submit(edit).await.expect(200);
    let page = answer.page();
    let alert = "This was not saved. This task was deleted. Restore it first.";
    assert_left(&page, alert, &["Title", "Description"]);
    assert_eq!(page.value("Title").as_deref(), Some("Choose two colours"));
    let description = page.value("Description");
    assert_eq!(description.as_deref(), Some("Blue\n\nand red"));
    assert!(page.has_button("Restore"));

    // The browser's way back leads to this address again.
    before(&world, RestoreTask::url(), &[("task", task)]).await;
    let page = world.ben.get(&answer.path).await.page();
    let form = page.form("Save");
    assert_eq!(form.field("Title").value, "Choose two colours");
    assert_eq!(form.field("Description").value, "Blue\n\nand red");
    assert_eq!(page.texts(".refusal"), Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_comment_that_came_too_late_is_not_lost(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (task, comment) = (&world.todo.key, world.comment.to_string());
    let path = world.team.path(&format!("/tasks/{task}"));
    let page = world.ben.get(&path).await.page();
    let new = page.form("Add comment").fill("Comment", "Or green?");
    assert_eq!(new.action, AddComment::url());
    let changed = page.form("Update").fill("Text", "Green, I think.");

    let own = [
        ("team", world.team.slug.as_str()),
        ("task", task),
        ("comment", &comment),
    ];
    world.ben.call(DeleteComment::url(), &own).await.expect(200);
    let page = world.ben.submit(changed).await.expect(200).page();
    let alert = "This was not saved. This comment was deleted meanwhile.";
    assert_left(&page, alert, &["Comment"]);
    assert_eq!(page.value("Comment").as_deref(), Some("Green, I think."));

    before(&world, DeleteTask::url(), &[("task", task)]).await;
    let page = world.ben.submit(new).await.expect(200).page();
    let alert = "This was not saved. This task was deleted. Restore it first.";
    assert_left(&page, alert, &["Comment"]);
    assert_eq!(page.value("Comment").as_deref(), Some("Or green?"));
    assert!(page.has_button("Restore"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn where_the_page_itself_is_gone_what_was_typed_is_not(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/tasks/WEB-999");
    let answer = comment_on_nothing(&world, &world.ben, &path).await;
    let page = answer.expect(404).page();
    assert_eq!(page.heading(), "Not found");
    assert_eq!(page.texts(".refusal label"), ["Comment"]);
    assert_eq!(page.value("Comment").as_deref(), Some("Or green?"));
    assert!(page.alerts().concat().starts_with("This was not saved."));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_is_led_on_finds_it_at_the_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let answer = comment_on_nothing(&world, &world.ana, "/").await;
    let answer = answer.expect(200);
    let now = world.team.path("?refused=");
    assert!(answer.path.starts_with(&now), "{}", answer.path);
    let page = answer.page();
    assert_eq!(page.texts(".refusal label"), ["Comment"]);
    assert_eq!(page.value("Comment").as_deref(), Some("Or green?"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_page_that_says_it_is_opened_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for page in ["", "/search?q=colour"] {
        let page = world.team.path(page);
        let answer = comment_on_nothing(&world, &world.ben, &page).await;
        let page = answer.expect(200).page();
        assert_eq!(page.texts(".refusal label"), ["Comment"]);
    }
    for counted in [
        "SELECT count(*) FROM usage WHERE kind = 'now.opened'",
        "SELECT coalesce(sum(attempts), 0) FROM rate_limits WHERE bucket LIKE 'searches_per_person:%'",
    ] {
        let count: i64 = sqlx::query_scalar(counted)
            .fetch_one(&world.app.db)
            .await
            .unwrap();
        assert_eq!(count, 1, "{counted}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_is_put_away_and_the_page_stays(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let search = world.team.path("/search?q=a%26b");
    let answer = comment_on_nothing(&world, &world.ben, &search).await;
    let dismiss = answer.page().link("Dismiss").unwrap();
    assert_eq!(dismiss, search);
    let page = world.ben.get(&dismiss).await.expect(200).page();
    assert_eq!(page.texts(".refusal"), Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn no_password_is_among_what_was_typed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    world.ben.stand_on(&world.team.path("/boards"));
    let fields = [
        ("email", "ben@example.net"),
        ("current_password", "not the one of Ben"),
    ];
    let refused = world.ben.post(ChangeEmail::url(), &fields).await;
    let answer = world.ben.follow(refused).await.expect(200);
    let page = answer.page();
    assert_eq!(page.texts(".refusal label"), ["Email"]);
    assert_eq!(page.value("Email").as_deref(), Some("ben@example.net"));
    assert!(!answer.text().contains("not the one of Ben"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_refusal_that_a_form_shows_is_said_once(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let form = new_task(&world, "   ").await;
    let page = world.ben.submit(form).await.expect(200).page();
    assert_eq!(page.alerts().len(), 1, "{:?}", page.alerts());
    assert_eq!(page.texts(".refusal"), Vec::<String>::new());
}
