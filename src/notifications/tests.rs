//! What people can rely on about the bell, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod digest;
mod large;

use leptos::server_fn::ServerFn;
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    actions,
    model::NotificationSettings,
    requests::{ChangeNotifications, MarkAllRead, MarkRead},
};
use crate::{
    comments::requests::{AddComment, EditComment},
    people::{model::Role, requests::RemoveMember},
    tasks::{
        purge,
        requests::{ClaimTask, EditTask},
    },
    testing::{
        Browser, Person, TestApp, World,
        seed::{self, Task},
    },
};

/// A world in which nobody has been told anything yet.
async fn world(db: PgPool) -> World {
    let world = TestApp::new(db).world().await;
    sqlx::query("DELETE FROM notifications")
        .execute(&world.app.db)
        .await
        .unwrap();
    world
}

async fn edit(browser: &Browser, world: &World, task: &Task, version: i64, field: (&str, &str)) {
    let version = version.to_string();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &task.key),
        ("version", &version),
        field,
    ];
    browser.call(EditTask::url(), &fields).await.expect(200);
}

async fn assign(browser: &Browser, world: &World, task: &Task, version: i64, to: &Person) {
    let to = to.id.to_string();
    edit(browser, world, task, version, ("assignee", &to)).await;
}

async fn comment(browser: &Browser, world: &World, task: &Task, body: &str) -> Uuid {
    let id = Uuid::now_v7();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &task.key),
        ("id", &id.to_string()),
        ("body", body),
    ];
    browser.call(AddComment::url(), &fields).await.expect(200);
    id
}

/// What a person was told, in order: the kind, the task, and by whom.
async fn told(world: &World, person: &Person) -> Vec<(String, Uuid, Option<Uuid>)> {
    sqlx::query_as(
        r#"
        SELECT kind, task_id, actor_id FROM notifications
        WHERE team_id = $1 AND person_id = $2 ORDER BY created_at, kind
        "#,
    )
    .bind(world.team.id)
    .bind(person.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap()
}

async fn kinds(world: &World, person: &Person) -> Vec<String> {
    let told = told(world, person).await;
    told.into_iter().map(|(kind, ..)| kind).collect()
}

async fn due_in(world: &World, task: &Task, days: i32) {
    sqlx::query(
        r#"
        UPDATE tasks SET due_on = (now() AT TIME ZONE time_zone)::date + $3 FROM teams
        WHERE tasks.team_id = $1 AND teams.team_id = $1 AND id = $2
        "#,
    )
    .bind(world.team.id)
    .bind(task.id)
    .bind(days)
    .execute(&world.app.db)
    .await
    .unwrap();
}

fn path(world: &World) -> String {
    world.team.path("/notifications")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_is_given_a_task_is_told_by_whom_and_nobody_is_told_of_their_own_deeds(db: PgPool) {
    let world = world(db).await;
    let (ana, ben) = (&world.people.ana, &world.people.ben);
    assign(&world.ana, &world, &world.todo, 1, ben).await;
    assert_eq!(
        told(&world, ben).await,
        [("assigned".to_owned(), world.todo.id, Some(ana.id))]
    );
    assign(&world.ana, &world, &world.todo, 2, ana).await;
    assert_eq!(told(&world, ana).await, []);
    let changes: Vec<(Uuid, Uuid)> = sqlx::query_as(
        r#"
        SELECT notifications.change_id, events.change_id FROM notifications
        JOIN events ON events.team_id = notifications.team_id AND events.task_id = notifications.task_id
        ORDER BY seq LIMIT 1
        "#,
    )
    .fetch_all(&world.app.db)
    .await
    .unwrap();
    assert_eq!(changes[0].0, changes[0].1, "it names its change");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_comment_tells_the_holder_the_creator_and_whom_it_mentions_each_once(db: PgPool) {
    let world = world(db).await;
    let (ana, ben, vera) = (&world.people.ana, &world.people.ben, &world.people.vera);
    // Ana made it, Ben holds it.
    comment(&world.ben, &world, &world.doing, "Half of it is drawn.").await;
    assert_eq!(kinds(&world, ana).await, ["commented"]);
    assert_eq!(kinds(&world, ben).await, [""; 0]);
    let id = comment(&world.ana, &world, &world.doing, "@ben, which half?").await;
    assert_eq!(kinds(&world, ben).await, ["mentioned"]);

    // Editing tells whom the comment did not mention before.
    for body in ["@ben and @VERA, which half?", "@vera and @ben: which?"] {
        let id = id.to_string();
        let fields = [
            ("team", world.team.slug.as_str()),
            ("task", &world.doing.key),
            ("comment", &id),
            ("body", body),
        ];
        world
            .ana
            .call(EditComment::url(), &fields)
            .await
            .expect(200);
    }
    assert_eq!(kinds(&world, ben).await, ["mentioned"]);
    assert_eq!(kinds(&world, vera).await, ["mentioned"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_outside_the_team_and_no_former_member_is_told(db: PgPool) {
    let world = world(db).await;
    let (ben, otto) = (&world.people.ben, &world.people.otto);
    let fields = [
        ("team", world.team.slug.as_str()),
        ("person", &ben.id.to_string()),
    ];
    world
        .ana
        .call(RemoveMember::url(), &fields)
        .await
        .expect(200);
    comment(&world.ana, &world, &world.doing, "@ben, @otto?").await;
    edit(
        &world.ana,
        &world,
        &world.doing,
        1,
        ("description", "Ask @Ben or @Otto."),
    )
    .await;
    due_in(&world, &world.doing, 0).await;
    actions::tell_due(&world.app.db).await.unwrap();
    for person in [ben, otto] {
        assert_eq!(kinds(&world, person).await, [""; 0], "{}", person.name);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_holder_is_told_who_tried_to_claim_and_the_claim_is_still_refused(db: PgPool) {
    let world = world(db).await;
    let (ana, ben) = (&world.people.ana, &world.people.ben);
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &world.doing.key),
    ];
    for _ in 0..3 {
        world.ana.call(ClaimTask::url(), &fields).await.expect(409);
    }
    world.ben.call(ClaimTask::url(), &fields).await.expect(200);
    assert_eq!(
        told(&world, ben).await,
        [("contested".to_owned(), world.doing.id, Some(ana.id))],
        "once, until it is read"
    );
    assert!(world.events("task.claimed").await.is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_claims_second_hears_who_has_it_even_when_the_holder_cannot_be_told(db: PgPool) {
    let world = world(db).await;
    sqlx::query("ALTER TABLE notifications ADD CONSTRAINT broken CHECK (kind <> 'contested')")
        .execute(&world.app.db)
        .await
        .unwrap();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &world.doing.key),
    ];
    let answer = world.ana.call(ClaimTask::url(), &fields).await.expect(409);
    assert!(
        answer
            .error()
            .unwrap()
            .message
            .starts_with("Ben has this task, since ")
    );
    assert_eq!(kinds(&world, &world.people.ben).await, [""; 0]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_a_change_is_at_is_told_by_the_job_the_next_time_and_neither_waits(db: PgPool) {
    let world = world(db).await;
    due_in(&world, &world.todo, 0).await;
    seed::assign(&world.app.db, world.team.id, &world.todo, &world.people.ben).await;
    let mut change = world.app.db.acquire().await.unwrap();
    sqlx::query("BEGIN").execute(&mut *change).await.unwrap();
    sqlx::query("SELECT FROM tasks WHERE id = $1 FOR UPDATE")
        .bind(world.todo.id)
        .execute(&mut *change)
        .await
        .unwrap();
    assert_eq!(actions::tell_due(&world.app.db).await.unwrap(), 0);
    sqlx::query("ROLLBACK").execute(&mut *change).await.unwrap();
    assert_eq!(actions::tell_due(&world.app.db).await.unwrap(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_due_and_what_is_late_is_told_once_to_its_holder_by_the_teams_clock(db: PgPool) {
    let world = world(db).await;
    let (ana, ben) = (&world.people.ana, &world.people.ben);
    let tell = || async {
        // As several instances do it.
        let db = &world.app.db;
        tokio::try_join!(
            actions::tell_due(db),
            actions::tell_due(db),
            actions::tell_due(db)
        )
        .unwrap();
    };
    // The day begins 14 hours before that of UTC here, and ends 12 hours after it there.
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        sqlx::query("UPDATE teams SET time_zone = $2 WHERE team_id = $1")
            .bind(world.team.id)
            .bind(zone)
            .execute(&world.app.db)
            .await
            .unwrap();
        sqlx::query("DELETE FROM notifications")
            .execute(&world.app.db)
            .await
            .unwrap();
        due_in(&world, &world.doing, 2).await;
        tell().await;
        assert_eq!(kinds(&world, ben).await, [""; 0], "{zone}");
        due_in(&world, &world.doing, 1).await;
        tell().await;
        tell().await;
        assert_eq!(kinds(&world, ben).await, ["due_soon"], "{zone}");
        due_in(&world, &world.doing, -1).await;
        tell().await;
        tell().await;
        assert_eq!(kinds(&world, ben).await, ["due_soon", "late"], "{zone}");
    }
    // Whoever holds it now is told, and of what is done nobody is.
    seed::assign(&world.app.db, world.team.id, &world.doing, ana).await;
    due_in(&world, &world.done, -1).await;
    seed::assign(&world.app.db, world.team.id, &world.done, ben).await;
    tell().await;
    assert_eq!(kinds(&world, ana).await, ["late"]);
    assert_eq!(kinds(&world, ben).await, ["due_soon", "late"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_bell_counts_and_the_page_marks_as_read_with_plain_forms(db: PgPool) {
    let world = world(db).await;
    let ben = &world.people.ben;
    assign(&world.ana, &world, &world.todo, 1, ben).await;
    comment(&world.ana, &world, &world.doing, "@ben?").await;
    let page = world.ben.get(&world.team.path("")).await.page();
    assert_eq!(page.link("Notifications, 2 unread"), Some(path(&world)));
    let page = world.ana.get(&world.team.path("")).await.page();
    assert_eq!(page.link("Notifications"), Some(path(&world)));

    let page = world.ben.get(&path(&world)).await.expect(200).page();
    assert_eq!(page.heading(), "Notifications");
    let items = page.texts(".notification-what");
    assert!(items[0].starts_with("New Ana mentioned you"), "{items:?}");
    assert!(items[1].starts_with("New Ana assigned this to you"));
    let task = world.team.path(&format!("/tasks/{}", world.todo.key));
    assert_eq!(page.link("Choose a colour"), Some(task));
    assert!(!page.shows("@ben?"), "what was written stays on the task");

    // Looking changes nothing.
    let page = world.ben.get(&path(&world)).await.page();
    assert_eq!(page.forms("Mark read").len(), 2);
    let page = world.ben.submit(page.form("Mark read")).await.page();
    assert_eq!(page.forms("Mark read").len(), 1);
    assert!(page.link("Notifications, 1 unread").is_some());
    let all = page.form("Mark all read");
    // What appears after the page was made is not marked, however long it was under way.
    comment(&world.ana, &world, &world.doing, "Well, @ben?").await;
    sqlx::query(
        "UPDATE notifications SET created_at = now() - interval '1 hour' WHERE number = (SELECT max(number) FROM notifications)",
    )
    .execute(&world.app.db)
    .await
    .unwrap();
    let page = world.ben.submit(all).await.page();
    assert_eq!(page.forms("Mark read").len(), 1);
    assert_eq!(page.statuses().concat(), "All marked as read.");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_marks_what_others_were_told(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = world.notification.to_string();
    for browser in [&world.ana, &world.vera] {
        let fields = [("team", world.team.slug.as_str()), ("notification", &id)];
        browser.call(MarkRead::url(), &fields).await.expect(200);
        let fields = [("team", world.team.slug.as_str()), ("until", "99")];
        browser.call(MarkAllRead::url(), &fields).await.expect(200);
        let page = browser.get(&path(&world)).await.page();
        assert!(!page.shows("Draw the sign"));
    }
    let page = world.ben.get(&path(&world)).await.page();
    assert_eq!(page.forms("Mark read").len(), 1);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_muted_kind_is_not_told_and_the_form_says_what_is_chosen(db: PgPool) {
    let world = world(db).await;
    let ben = &world.people.ben;
    let page = world.ben.get(&path(&world)).await.page();
    let mut form = page.form("Save");
    let chosen = |form: &crate::testing::Form| -> Vec<String> {
        form.fields.iter().map(|field| field.name.clone()).collect()
    };
    let all = chosen(&form);
    assert_eq!(all[0], "team");
    assert_eq!(all[1..], NotificationSettings::FIELDS);
    form.fields
        .retain(|field| !["assigned", "due_soon", "digest"].contains(&&*field.name));
    let page = world.ben.submit(form).await.expect(200).page();
    assert_eq!(page.statuses().concat(), "Saved.");
    assert_eq!(
        chosen(&page.form("Save")),
        ["team", "mentioned", "commented", "contested", "late"]
    );
    assign(&world.ana, &world, &world.todo, 1, ben).await;
    due_in(&world, &world.todo, 0).await;
    due_in(&world, &world.doing, -1).await;
    actions::tell_due(&world.app.db).await.unwrap();
    assert_eq!(kinds(&world, ben).await, ["late"]);
    // The choice is that of this team alone.
    let fields = [("team", world.team.slug.as_str())];
    world
        .otto
        .call(ChangeNotifications::url(), &fields)
        .await
        .expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_told_is_paged_and_goes_after_90_days_or_with_its_task(db: PgPool) {
    let world = world(db).await;
    let (team, ben) = (world.team.id, &world.people.ben);
    for days in 0..52 {
        let id =
            seed::notification(&world.app.db, team, ben, &world.people.ana, &world.doing).await;
        sqlx::query("UPDATE notifications SET created_at = now() - make_interval(days => $2 * 2) WHERE id = $1")
            .bind(id)
            .bind(days)
            .execute(&world.app.db)
            .await
            .unwrap();
    }
    let page = world.ben.get(&path(&world)).await.page();
    assert_eq!(page.texts(".notification").len(), 50);
    let older = page.link("Older").unwrap();
    let page = world.ben.get(&older).await.page();
    assert_eq!(page.texts(".notification").len(), 2);
    assert_eq!(page.link("Older"), None);
    assert!(page.link("Notifications, 52 unread").is_some());

    assert_eq!(actions::purge(&world.app.db).await.unwrap(), 7);
    assert_eq!(actions::purge(&world.app.db).await.unwrap(), 0);
    comment(&world.ana, &world, &world.doing, "@ben?").await;
    sqlx::query(
        "UPDATE tasks SET deleted_at = now() - interval '31 days', deleted_by = created_by WHERE id = $1",
    )
    .bind(world.doing.id)
    .execute(&world.app.db)
    .await
    .unwrap();
    purge::purge(&world.app.db).await.unwrap();
    assert_eq!(kinds(&world, ben).await, [""; 0]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_viewer_has_a_bell_too(db: PgPool) {
    let world = world(db).await;
    let nora = world.app.person("Nora Viewer").await;
    seed::member(&world.app.db, world.team.id, &nora, Role::Viewer).await;
    let browser = world.app.signed_in(&nora).await;
    comment(&world.ana, &world, &world.todo, "@Nora Viewer, look.").await;
    let page = browser.get(&path(&world)).await.page();
    assert_eq!(page.forms("Mark read").len(), 1);
}
