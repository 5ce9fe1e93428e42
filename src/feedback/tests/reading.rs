//! What owners read, how they file it, and the tasks that they make of it.

use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use uuid::Uuid;

use super::{give, let_days_pass, read, view};
use crate::{
    feedback::{
        model::{FeedbackItem, PAGE, Tag},
        requests::{AddFeedbackTag, MakeFeedbackTask, RemoveFeedbackTag},
    },
    testing::{Answer, TestApp, World},
};

async fn tag(world: &World, action: &str, tag: &str) -> Answer {
    let id = world.feedback.to_string();
    let fields = [
        ("team", &*world.team.slug),
        ("feedback", &*id),
        ("tag", tag),
    ];
    world.ana.call(action, &fields).await
}

/// What Vera said, as owners read it.
async fn veras(world: &World) -> FeedbackItem {
    let items = view(world, &[]).await.items;
    let id = world.feedback.to_string();
    let mut items = items.into_iter();
    let found = items.find(|item| item.id.to_string() == id);
    found.expect("what Vera said")
}

async fn make_task(world: &World, title: &str) -> Answer {
    let (id, board) = (world.feedback.to_string(), world.board.to_string());
    let fields = [
        ("team", &*world.team.slug),
        ("feedback", &*id),
        ("board", &*board),
        ("title", title),
        ("description", "> The board is slow on my phone."),
    ];
    world.ana.call(MakeFeedbackTask::url(), &fields).await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn owners_read_who_said_what_where_and_when(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world
        .ana
        .get(&world.team.path("/insights"))
        .await
        .expect(200)
        .page();
    let said = page.texts(".feedback-item").concat();
    for words in [
        "Vera",
        "just now",
        "/boards/WEB",
        "version 0.1.0",
        "by the button",
        "What was most useful?",
        "Seeing who has what.",
        "What got in the way?",
        "The board is slow on my phone.",
        "phone",
    ] {
        assert!(said.contains(words), "{words:?} is not in {said:?}");
    }
    assert!(
        !said.contains("What is missing?"),
        "nothing was answered to it"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_said_comes_newest_first_and_page_by_page(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let_days_pass(&world, 1).await;
    let db = &world.app.db;
    sqlx::query(
        r#"
        INSERT INTO feedback (team_id, id, person_id, occasion, missing, page, version, created_at)
        SELECT $1, gen_random_uuid(), $2, 'button', 'Number ' || n, '/account', '1', now() - n * interval '1 minute'
        FROM generate_series(1, $3) AS n
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ben.id)
    .bind(2 * PAGE as i32 - 1)
    .execute(db)
    .await
    .expect("much feedback");
    let mut all = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let asked: Vec<(&str, &str)> = before
            .as_deref()
            .map(|id| ("before", id))
            .into_iter()
            .collect();
        let view = view(&world, &asked).await;
        assert!(view.items.len() <= PAGE);
        all.extend(view.items);
        match view.older {
            Some(older) => before = Some(older.to_string()),
            None => break,
        }
    }
    assert_eq!(all.len(), 2 * PAGE);
    assert_eq!(all[0].missing, "Number 1");
    assert_eq!(all[PAGE].missing, format!("Number {}", PAGE + 1));
    assert_eq!(all[2 * PAGE - 1].id.to_string(), world.feedback.to_string());
    // The links of the page lead the same way, and keep the period.
    let path = world.team.path("/insights?from=2026-01-01&to=2026-01-31");
    let page = world.ana.get(&path).await.expect(200).page();
    let older = page.link("Older").expect("a link").replace("%2D", "-");
    assert!(older.contains("from=2026-01-01"), "{older}");
    let page = world
        .ana
        .get(older.split('#').next().unwrap_or_default())
        .await
        .page();
    let shown = page.texts(".feedback-item");
    assert_eq!(shown.len(), PAGE);
    assert!(shown[0].contains(&format!("Number {}", PAGE + 1)));
    assert!(page.link("Newest").is_some() && page.link("Older").is_none());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_address_that_asks_for_what_there_is_not_says_so(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let nothing = Uuid::now_v7().to_string();
    assert!(
        view(&world, &[("before", &*nothing)])
            .await
            .items
            .is_empty()
    );
    assert!(view(&world, &[("tag", "unknown")]).await.items.is_empty());
    read(&world.ana, &world, &[("before", "x")])
        .await
        .expect(422);
    let page = world
        .ana
        .get(&world.team.path("/insights?feedback_before=x"))
        .await;
    assert_eq!(page.status, 422);
    let page = page.page();
    assert_eq!(page.heading(), "Insights");
    assert!(page.link("All feedback").is_some());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_answer_is_tagged_and_found_by_its_tags(db: PgPool) {
    let world = TestApp::new(db).world().await;
    give(&world.ben, &world, &[]).await.expect(200);
    tag(&world, AddFeedbackTag::url(), " Slow Board ")
        .await
        .expect(200);
    tag(&world, AddFeedbackTag::url(), "slow board")
        .await
        .expect(200);
    assert_eq!(veras(&world).await.tags, ["phone", "slow board"]);
    let found = view(&world, &[("tag", "slow board")]).await;
    assert_eq!(found.items.len(), 1);
    assert_eq!(
        found.tags,
        [("phone".to_owned(), 1), ("slow board".to_owned(), 1)]
    );
    // The same without scripts.
    let page = world.ana.get(&world.team.path("/insights")).await.page();
    let href = page.link("slow board").expect("a link");
    let page = world
        .ana
        .get(href.split('#').next().unwrap_or_default())
        .await
        .page();
    assert!(page.shows("Seeing who has what.") && !page.shows("Too many clicks."));
    let shown = world
        .ana
        .submit(page.form("Remove the tag phone"))
        .await
        .expect(200);
    assert!(
        shown
            .path
            .contains(&format!("#feedback-{}", world.feedback)),
        "{}",
        shown.path
    );
    assert_eq!(veras(&world).await.tags, ["slow board"]);
    tag(&world, RemoveFeedbackTag::url(), "phone")
        .await
        .expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_answer_has_so_many_tags_and_no_more_at_once_either(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let added: Vec<_> = (0..Tag::MOST + 3)
        .map(|number| {
            let world = world.clone();
            tokio::spawn(async move {
                let answer = tag(&world, AddFeedbackTag::url(), &format!("tag {number}")).await;
                (answer.status, answer.error())
            })
        })
        .collect();
    let mut refused = 0;
    for answer in added {
        let (status, error) = answer.await.expect("an answer");
        if status != 200 {
            refused += 1;
            assert_eq!(status, 422);
            assert!(error.expect("a reason").on("tag").is_some());
        }
    }
    assert_eq!((veras(&world).await.tags.len(), refused), (Tag::MOST, 4));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_made_of_an_answer_and_named_beside_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.ana.get(&world.team.path("/insights")).await.page();
    let href = page.link("Make a task").expect("a link");
    let page = world.ana.get(&href).await.expect(200).page();
    assert_eq!(page.heading(), "Feedback from Vera");
    let form = page.form("Make a task");
    assert_eq!(form.field("Title").value, "The board is slow on my phone.");
    let description = form.field("Description").value.clone();
    assert!(
        description.contains("> The board is slow on my phone."),
        "{description}"
    );
    assert!(!description.contains("Vera"), "the team reads it");
    let shown = world.ana.submit(form).await.expect(200).page();
    assert!(shown.statuses().concat().contains("Task made."));
    let task = shown.link("WEB-5").expect("the task");
    let task = world.ben.get(&task).await.expect(200).page();
    assert_eq!(
        task.value("Title").as_deref(),
        Some("The board is slow on my phone.")
    );
    let page = world.ana.get(&world.team.path("/insights")).await.page();
    assert!(page.link("WEB-5").is_some() && page.link("Make a task").is_none());
    assert!(!world.ana.get(&href).await.page().has_button("Make a task"));
    // It has its event, as every task.
    let created = world.events("task.created").await;
    assert!(
        created
            .iter()
            .any(|changes| changes.to_string().contains("slow on my phone"))
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_is_made_once_however_often_it_is_asked_for(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let asked: Vec<_> = (0..4)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { make_task(&world, "Make it quick").await.status })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.expect("an answer"), 200);
    }
    let other = make_task(&world, "Make it quicker").await.expect(409);
    let error = other.error().expect("a reason");
    assert_eq!(
        error.message,
        "WEB-5 was made of this already, so “Make it quicker” was not."
    );
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM tasks WHERE title LIKE 'Make it%'")
        .fetch_one(&world.app.db)
        .await
        .expect("a number");
    assert_eq!(count, 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deleted_task_is_named_as_such_and_one_that_is_gone_can_be_made_again(db: PgPool) {
    let world = TestApp::new(db).world().await;
    make_task(&world, "Make it quick").await.expect(200);
    let delete = "/actions/skateboard/tasks/requests/delete_task";
    let fields = [("team", &*world.team.slug), ("task", "WEB-5")];
    world.ben.call(delete, &fields).await.expect(200);
    let task = veras(&world).await.task.expect("the task");
    assert_eq!((task.key.as_str(), task.deleted), ("WEB-5", true));
    sqlx::query("UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE number = 5")
        .execute(&world.app.db)
        .await
        .expect("time");
    crate::tasks::purge::purge(&world.app.db)
        .await
        .expect("a purge");
    assert_eq!(veras(&world).await.task, None);
    make_task(&world, "Make it quick after all")
        .await
        .expect(200);
    let task = veras(&world).await.task.expect("the task");
    assert_eq!((task.key.as_str(), task.deleted), ("WEB-6", false));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_one_team_said_no_other_tags_or_makes_a_task_of(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let theirs = World {
        team: world.other_team.clone(),
        ana: world.otto.clone(),
        ..world.clone()
    };
    tag(&theirs, AddFeedbackTag::url(), "mine")
        .await
        .expect(404);
    tag(&theirs, RemoveFeedbackTag::url(), "phone")
        .await
        .expect(404);
    make_task(&theirs, "Mine").await.expect(404);
    assert!(view(&theirs, &[]).await.items.is_empty());
    let ours = world.feedback.to_string();
    let after = view(&theirs, &[("before", &*ours)]).await;
    assert!(after.items.is_empty());
    let path = theirs.team.path(&format!("/feedback/{}", world.feedback));
    assert_eq!(world.otto.get(&path).await.status, 404);
    assert_eq!(veras(&world).await.tags, ["phone"]);
}
