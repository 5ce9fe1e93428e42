//! What needs attention, and in which order.

use sqlx::PgPool;
use time::{Date, macros::date};

use super::{page, row, set, task};
use crate::testing::{TestApp, World, seed};

async fn last_of_two_working_days(db: &PgPool, today: Date, days: &[i16]) -> Date {
    sqlx::query_scalar("SELECT nth_working_day($1, $2, 2)")
        .bind(today)
        .bind(days)
        .fetch_one(db)
        .await
        .expect("a day")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn two_working_days_begin_with_today_and_leave_out_the_others(db: PgPool) {
    let week = [1, 2, 3, 4, 5];
    for (today, days, last) in [
        // A Tuesday, a Friday, a Saturday and a Sunday.
        (date!(2026 - 11 - 24), &week[..], date!(2026 - 11 - 25)),
        (date!(2026 - 11 - 27), &week, date!(2026 - 11 - 30)),
        (date!(2026 - 11 - 28), &week, date!(2026 - 12 - 01)),
        (date!(2026 - 11 - 29), &week, date!(2026 - 12 - 01)),
        // Over the end of a year, and of a February with 29 days.
        (date!(2026 - 12 - 31), &week, date!(2027 - 01 - 01)),
        (date!(2028 - 02 - 28), &week, date!(2028 - 02 - 29)),
        // The night in which clocks are put back, and the one in which they are put forward.
        (date!(2026 - 10 - 24), &[6, 7], date!(2026 - 10 - 25)),
        (date!(2026 - 03 - 28), &[6, 7], date!(2026 - 03 - 29)),
        // Sunday to Thursday; one day a week, today and not; every day.
        (
            date!(2026 - 11 - 26),
            &[7, 1, 2, 3, 4],
            date!(2026 - 11 - 29),
        ),
        (date!(2026 - 11 - 24), &[2], date!(2026 - 12 - 01)),
        (date!(2026 - 11 - 25), &[2], date!(2026 - 12 - 08)),
        (
            date!(2026 - 11 - 28),
            &[1, 2, 3, 4, 5, 6, 7],
            date!(2026 - 11 - 29),
        ),
    ] {
        let found = last_of_two_working_days(&db, today, days).await;
        assert_eq!(found, last, "{today} {days:?}");
    }
}

/// A world whose team works every day, so that tests can count in days.
async fn every_day(db: PgPool) -> World {
    let world = TestApp::new(db).world().await;
    sqlx::query("UPDATE teams SET working_days = '{1,2,3,4,5,6,7}' WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .expect("working days");
    world
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_late_or_soon_due_is_said_of_what_is_not_started_too(db: PgPool) {
    let world = every_day(db).await;
    let ana = Some(&world.people.ana);
    let late = task(&world, 0, "Post the letter", ana).await;
    set(&world, &late, "due_on = current_date - 2").await;
    let soon = task(&world, 0, "Buy a stamp", ana).await;
    set(&world, &soon, "due_on = current_date + 1").await;
    let far = task(&world, 0, "Write another", ana).await;
    set(&world, &far, "due_on = current_date + 30").await;
    let free = task(&world, 0, "Feed the cat", None).await;
    set(&world, &free, "due_on = current_date").await;

    let ana = row(&world, "Ana").await;
    for words in [
        "Post the letter",
        "Late, ",
        "Buy a stamp",
        "At risk: due tomorrow, not started",
        "Nothing in progress",
        "3 not started",
    ] {
        assert!(ana.contains(words), "{words:?} is not in {ana:?}");
    }
    assert!(!ana.contains("Write another"), "something is due sooner");
    let unheld = page(&world).await.texts(".now-unheld").concat();
    assert!(
        unheld.contains("Feed the cat")
            && unheld.contains("At risk: due today, not started and held by nobody"),
        "{unheld}"
    );
    let counted = page(&world).await.texts(".now-summary").concat();
    for words in [
        "1 late",
        "2 at risk",
        "1 held by nobody",
        "1 with nothing in progress",
    ] {
        assert!(counted.contains(words), "{words:?} is not in {counted:?}");
    }

    set(&world, &soon, "due_on = current_date + 9").await;
    let ana = row(&world, "Ana").await;
    assert!(
        ana.contains("Buy a stamp") && ana.contains("due next"),
        "{ana}"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_untouched_for_longer_than_its_siblings_take_is_at_risk(db: PgPool) {
    let world = every_day(db).await;
    set(
        &world,
        &world.doing,
        "due_on = current_date + 20, updated_at = now() - interval '4 days'",
    )
    .await;
    for number in 0..4 {
        let done = task(&world, 2, &format!("Finished {number}"), None).await;
        set(
            &world,
            &done,
            "started_at = completed_at - interval '2 days'",
        )
        .await;
    }
    let ben = row(&world, "Ben").await;
    assert!(
        !ben.contains("At risk"),
        "four are too few to say so: {ben}"
    );
    let done = task(&world, 2, "Finished at last", None).await;
    set(
        &world,
        &done,
        "started_at = completed_at - interval '30 days'",
    )
    .await;
    let ben = row(&world, "Ben").await;
    let words = "At risk: untouched for 4 days; tasks of Website usually take 2 days";
    assert!(ben.contains(words), "{ben}");

    seed::comment(
        &world.app.db,
        world.team.id,
        &world.people.ben,
        &world.doing,
        "Half of it is done.",
    )
    .await;
    let ben = row(&world, "Ben").await;
    assert!(
        !ben.contains("At risk"),
        "a comment is a sign of life: {ben}"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_does_not_change_is_stale_and_its_holder_is_asked(db: PgPool) {
    let world = every_day(db).await;
    set(
        &world,
        &world.doing,
        "updated_at = now() - interval '6 days'",
    )
    .await;
    let ben = row(&world, "Ben").await;
    assert!(ben.contains("No change for 6 days"), "{ben}");
    assert!(!ben.contains("Still on it?"), "only the holder is asked");
    let own = world.ben.get(&world.team.path("")).await.expect(200).page();
    let asked = own.link(&format!("Still on it? {}", world.doing.key));
    assert_eq!(
        asked,
        Some(world.team.path(&format!("/tasks/{}", world.doing.key)))
    );
    let held = world
        .ben
        .get(&world.team.path(&format!("/tasks/{}", world.doing.key)))
        .await;
    assert_eq!(
        held.page().value("Assignee"),
        Some(world.people.ben.id.to_string())
    );

    sqlx::query("UPDATE teams SET stale_after_days = 7 WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .expect("more patience");
    assert!(!row(&world, "Ben").await.contains("No change"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_needs_attention_stands_above_and_the_rest_by_name(db: PgPool) {
    let world = every_day(db).await;
    let app = &world.app;
    let mut people = Vec::new();
    for name in ["Carl", "Dora", "Emil", "Fay", "Gus"] {
        let person = app.person(name).await;
        seed::member(
            &app.db,
            world.team.id,
            &person,
            crate::people::model::Role::Member,
        )
        .await;
        people.push(person);
    }
    let [carl, dora, emil, fay, gus] = people.as_slice() else {
        unreachable!("five people");
    };
    // Ana has nothing, Ben one thing in progress, and Carl, too.
    task(&world, 1, "Rest", Some(carl)).await;
    let stale = task(&world, 1, "Forgotten", Some(dora)).await;
    set(&world, &stale, "updated_at = now() - interval '9 days'").await;
    for number in 0..4 {
        task(&world, 1, &format!("Too much {number}"), Some(emil)).await;
    }
    let risky = task(&world, 0, "Soon", Some(fay)).await;
    set(&world, &risky, "due_on = current_date").await;
    let late = task(&world, 1, "Gone by", Some(gus)).await;
    set(&world, &late, "due_on = current_date - 1").await;

    let names: Vec<String> = page(&world).await.texts(".now-people .now-name");
    assert_eq!(names, ["Gus", "Fay", "Emil", "Dora", "Ana", "Ben", "Carl"]);
    let emil = row(&world, "Emil").await;
    assert!(emil.contains("4 in progress, limit 3"), "{emil}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn archived_boards_and_deleted_tasks_are_left_out(db: PgPool) {
    let world = every_day(db).await;
    let gone = task(&world, 1, "Thrown away", Some(&world.people.ana)).await;
    seed::delete(&world.app.db, world.team.id, &world.people.ana, &gone).await;
    assert!(page(&world).await.shows("Draw the sign"));
    seed::archive(&world.app.db, world.team.id, world.board).await;
    let page = page(&world).await;
    assert!(!page.shows("Draw the sign") && !page.shows("Thrown away"));
    assert!(
        page.texts(".now-weeks td")
            .iter()
            .all(|number| number.is_empty() || number == "0")
    );
}
