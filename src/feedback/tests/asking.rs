//! When the product asks by itself, and when it does not.

use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::{asked, finish, give, let_days_pass, view};
use crate::{
    feedback::{
        model::Occasion::{FirstWeek, TenthTask},
        requests::DismissFeedback,
        store,
    },
    ids::PersonId,
    people::{
        access::{Access, Permission},
        model::{PersonName, Role, TeamView},
    },
    testing::{TestApp, World, explain, seed},
};

/// What Ben's browser is told.
async fn ben(world: &World) -> Option<crate::feedback::model::Occasion> {
    asked(&world.ben, &world.team.slug).await
}

/// Whether the page says that it may be a moment to ask.
async fn page_says(world: &World) -> bool {
    let fields = [("team", &*world.team.slug)];
    let load = "/actions/skateboard/people/shell/load_team";
    world.ben.call(load, &fields).await.value::<TeamView>().asks
}

async fn dismiss(world: &World, occasion: &str) {
    let fields = [("team", &*world.team.slug), ("occasion", occasion)];
    let answer = world.ben.call(DismissFeedback::url(), &fields).await;
    answer.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_is_asked_after_the_tenth_task_that_one_has_finished(db: PgPool) {
    let world = TestApp::new(db).world().await;
    finish(&world, 9).await;
    assert!(!page_says(&world).await);
    assert_eq!(ben(&world).await, None);
    finish(&world, 1).await;
    assert!(page_says(&world).await);
    assert_eq!(ben(&world).await, Some(TenthTask));
    assert!(!page_says(&world).await, "it was asked");
    assert_eq!(ben(&world).await, None);
    // Whoever finished nothing is not asked.
    assert_eq!(asked(&world.ana, &world.team.slug).await, None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_is_asked_after_a_week_in_the_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let_days_pass(&world, 6).await;
    assert_eq!(ben(&world).await, None);
    let_days_pass(&world, 1).await;
    assert_eq!(ben(&world).await, Some(FirstWeek));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_is_asked_twice_in_30_days_at_whichever_moment(db: PgPool) {
    let world = TestApp::new(db).world().await;
    finish(&world, 10).await;
    assert_eq!(ben(&world).await, Some(TenthTask));
    let_days_pass(&world, 29).await;
    assert_eq!(ben(&world).await, None, "29 days, and more than a week");
    let_days_pass(&world, 1).await;
    assert_eq!(ben(&world).await, Some(TenthTask), "it was put off");
    dismiss(&world, "tenth_task").await;
    let_days_pass(&world, 29).await;
    assert_eq!(ben(&world).await, None);
    let_days_pass(&world, 1).await;
    assert_eq!(ben(&world).await, Some(FirstWeek));
    dismiss(&world, "first_week").await;
    let_days_pass(&world, 400).await;
    assert_eq!(ben(&world).await, None, "never again");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_answer_ends_its_moment_and_says_what_led_to_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    finish(&world, 10).await;
    assert_eq!(ben(&world).await, Some(TenthTask));
    let occasion = [("occasion", "tenth_task")];
    give(&world.ben, &world, &occasion).await.expect(200);
    assert_eq!(view(&world, &[]).await.items[0].occasion, TenthTask);
    let_days_pass(&world, 30).await;
    assert_eq!(ben(&world).await, Some(FirstWeek), "not the same once more");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_said_something_by_themselves_is_left_alone_for_30_days(db: PgPool) {
    let world = TestApp::new(db).world().await;
    finish(&world, 10).await;
    give(&world.ben, &world, &[]).await.expect(200);
    assert_eq!(ben(&world).await, None);
    let_days_pass(&world, 30).await;
    assert_eq!(ben(&world).await, Some(TenthTask));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_several_tabs_one_asks(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let_days_pass(&world, 7).await;
    finish(&world, 10).await;
    let tabs: Vec<_> = (0..8)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { ben(&world).await })
        })
        .collect();
    let mut told = Vec::new();
    for tab in tabs {
        told.extend(tab.await.expect("a tab"));
    }
    assert_eq!(told, [TenthTask]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_person_in_two_teams_is_asked_in_one(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (db, team) = (&world.app.db, world.other_team.id);
    seed::member(db, team, &world.people.ben, Role::Viewer).await;
    let_days_pass(&world, 7).await;
    assert_eq!(ben(&world).await, Some(FirstWeek));
    let other = world.other_team.slug.as_str();
    assert_eq!(asked(&world.ben, other).await, None);
    let_days_pass(&world, 30).await;
    dismiss(&world, "first_week").await;
    assert_eq!(asked(&world.ben, other).await, Some(FirstWeek));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_a_moment_can_be_dismissed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for occasion in ["button", "never", ""] {
        let fields = [("team", &*world.team.slug), ("occasion", occasion)];
        let answer = world.ben.call(DismissFeedback::url(), &fields).await;
        assert_eq!(answer.status, 422, "{occasion}");
    }
    let fields = [("team", &*world.team.slug), ("occasion", "first_week")];
    let other = world.otto.call(DismissFeedback::url(), &fields).await;
    assert_eq!(other.status, 404);
    // It is one's own: what Ben dismissed Ana is still asked.
    dismiss(&world, "first_week").await;
    dismiss(&world, "first_week").await;
    let_days_pass(&world, 7).await;
    assert_eq!(ben(&world).await, None);
    assert_eq!(asked(&world.ana, &world.team.slug).await, Some(FirstWeek));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn to_know_the_moment_no_table_is_read_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    sqlx::query("DELETE FROM feedback")
        .execute(&db)
        .await
        .expect("nothing said");
    explain::enlarge(&world).await;
    let people = &world.people;
    for (person, is_due) in [(&people.vera, false), (&people.ben, true)] {
        let name = PersonName {
            id: PersonId(person.id),
            name: person.name.clone(),
        };
        let access = Access::enter(&db, &name, &world.team.slug, Permission::Read)
            .await
            .expect("access");
        let scanned = explain::scanned(&db, async |connection| {
            let due = store::due(connection, access.team(), name.id).await;
            due.map(|due| assert_eq!(due.is_some(), is_due, "{}", name.name))
        });
        assert_eq!(scanned.await, [""; 0], "{}", name.name);
    }
}
