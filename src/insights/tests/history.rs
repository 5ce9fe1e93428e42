//! What counts of a task that did not simply go from its creation to its end.

use sqlx::PgPool;
use time::{
    OffsetDateTime,
    macros::{date, datetime},
};

use super::{add, deed, figures, put, redate};
use crate::testing::{TestApp, World, seed::Task};

/// Noon of a day in June 2026, which is over.
fn june(day: u8) -> OffsetDateTime {
    datetime!(2026-06-01 12:00 UTC)
        .replace_day(day)
        .expect("a day of June")
}

/// Ben gives a task a due date.
async fn due(world: &World, task: &Task, version: &str, due_on: &str) {
    let fields = [("version", version), ("due_on", due_on)];
    deed(world, &world.ben, "edit_task", task, &fields).await;
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_that_was_opened_again_was_finished_until_then(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = add(&world, "Hang it up").await;
    for column in [1, 2, 1] {
        put(&world, &task, column).await;
    }
    redate(&world, &task, &[june(1), june(2), june(4), june(10)]).await;
    let read = async |to| figures(&world.ana, &world.team.slug, date!(2026 - 06 - 01), to).await;

    let before = read(date!(2026 - 06 - 09)).await;
    assert_eq!(
        before
            .figure("created-and-finished")
            .column(1)
            .iter()
            .sum::<i64>(),
        1
    );
    assert!(before.figure("completion").said()[0].starts_with("1 of 1 "));
    assert_eq!(
        before.figure("how-long").number("from started to done"),
        "2 days"
    );
    let after = read(date!(2026 - 06 - 10)).await;
    assert_eq!(
        after
            .figure("created-and-finished")
            .column(1)
            .iter()
            .sum::<i64>(),
        0
    );
    assert!(after.figure("completion").said()[0].starts_with("0 of 1 "));

    // What stands in other columns of the world has always stood there.
    let progress = after.figure("work-in-progress");
    assert_eq!(progress.column(1), [1, 2, 2, 1, 1, 1, 1, 1, 1, 2]);
    assert_eq!(progress.column(2), [0, 0, 0, 1, 1, 1, 1, 1, 1, 0]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_that_went_back_has_started_when_it_left_for_the_last_time(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = add(&world, "Hang it up").await;
    for column in [1, 0, 1, 2] {
        put(&world, &task, column).await;
    }
    let moments = [june(1), june(2), june(3), june(6), june(8)];
    redate(&world, &task, &moments).await;
    let read = async |from, to| figures(&world.ana, &world.team.slug, from, to).await;
    let all = read(date!(2026 - 06 - 01), date!(2026 - 06 - 30)).await;
    let long = all.figure("how-long");
    assert_eq!(long.number("from created to started"), "5 days");
    assert_eq!(long.number("from started to done"), "2 days");
    assert_eq!(long.number("from created to done"), "7 days");
    // As of a day on which it was back, it was not started.
    let then = read(date!(2026 - 06 - 01), date!(2026 - 06 - 04)).await;
    assert!(then.figure("how-long").nothing.is_some());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_deleted_task_is_left_out_with_all_its_past(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let task = add(&world, "Hang it up").await;
    put(&world, &task, 2).await;
    redate(&world, &task, &[june(1), june(2)]).await;
    let read = async || {
        let (from, to) = (date!(2026 - 06 - 01), date!(2026 - 06 - 03));
        let figures = figures(&world.ana, &world.team.slug, from, to).await;
        let figure = figures.figure("created-and-finished");
        (figure.nothing.is_some(), figure.column(1))
    };
    assert_eq!(read().await, (false, vec![0, 1, 0]));
    deed(&world, &world.ben, "delete_task", &task, &[]).await;
    assert!(read().await.0);
    deed(&world, &world.ben, "restore_task", &task, &[]).await;
    assert_eq!(read().await, (false, vec![0, 1, 0]));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_column_that_comes_to_mean_done_finishes_what_is_in_it(db: PgPool) {
    let mut world = TestApp::new(db).world().await;
    let column = uuid::Uuid::now_v7();
    let (team, board, id) = (
        world.team.slug.clone(),
        world.board.to_string(),
        column.to_string(),
    );
    let fields = [
        ("team", &*team),
        ("board", &*board),
        ("id", &*id),
        ("name", "Review"),
        ("kind", "doing"),
    ];
    let path = "/actions/skateboard/columns/requests/add_column";
    world.ben.call(path, &fields).await.expect(200);
    world.columns[1].id = column;
    let task = add(&world, "Hang it up").await;
    put(&world, &task, 1).await;
    let fields = [
        ("team", &*team),
        ("board", &*board),
        ("column", &*id),
        ("version", "1"),
        ("name", "Shipped"),
        ("kind", "done"),
        ("wip_limit", ""),
    ];
    let path = "/actions/skateboard/columns/requests/edit_column";
    world.ben.call(path, &fields).await.expect(200);
    redate(&world, &task, &[june(1), june(2), june(5)]).await;

    let (from, to) = (date!(2026 - 06 - 01), date!(2026 - 06 - 05));
    let figures = figures(&world.ana, &world.team.slug, from, to).await;
    assert_eq!(
        figures.figure("created-and-finished").column(1),
        [0, 0, 0, 0, 1]
    );
    // It was in progress before, whatever the column means today.
    assert_eq!(
        figures.figure("work-in-progress").column(1),
        [1, 2, 2, 2, 1]
    );
    assert_eq!(
        figures.figure("how-long").number("from started to done"),
        "3 days"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_due_date_counts_when_its_day_is_over_and_the_task_had_it_until_then(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let kept = add(&world, "Kept").await;
    due(&world, &kept, "1", "2026-06-10").await;
    put(&world, &kept, 2).await;
    redate(&world, &kept, &[june(1), june(1), june(10)]).await;

    let moved_afterwards = add(&world, "Moved afterwards").await;
    due(&world, &moved_afterwards, "1", "2026-06-10").await;
    due(&world, &moved_afterwards, "2", "2026-06-19").await;
    put(&world, &moved_afterwards, 2).await;
    redate(
        &world,
        &moved_afterwards,
        &[june(1), june(1), june(12), june(18)],
    )
    .await;

    let moved_before = add(&world, "Moved before").await;
    due(&world, &moved_before, "1", "2026-06-10").await;
    due(&world, &moved_before, "2", "2026-06-11").await;
    put(&world, &moved_before, 2).await;
    redate(
        &world,
        &moved_before,
        &[june(1), june(1), june(9), june(11)],
    )
    .await;

    let given_afterwards = add(&world, "Given afterwards").await;
    due(&world, &given_afterwards, "1", "2026-06-10").await;
    redate(&world, &given_afterwards, &[june(1), june(15)]).await;

    // A date that has not come yet.
    let not_yet = add(&world, "Not yet").await;
    due(&world, &not_yet, "1", "2199-06-10").await;

    for task in [&kept, &moved_afterwards, &moved_before] {
        sqlx::query(
            "INSERT INTO risks (team_id, task_id, due_on, reason) VALUES ($1, $2, '2026-06-10', 'not started')",
        )
        .bind(world.team.id)
        .bind(task.id)
        .execute(&world.app.db)
        .await
        .expect("a risk");
    }

    let (from, to) = (date!(2026 - 06 - 09), date!(2026 - 06 - 20));
    let read = figures(&world.ana, &world.team.slug, from, to).await;
    let dates = read.figure("due-dates");
    assert!(dates.said()[0].starts_with("3 of 4 "), "{dates:?}");
    assert_eq!(dates.column(0), [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(dates.column(1), [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let risks = read.figure("risks");
    assert!(risks.said()[0].starts_with("1 of 2 "), "{risks:?}");
    assert_eq!(risks.number("had their date moved"), "1");
    let (from, to) = (date!(2199 - 06 - 01), date!(2199 - 06 - 20));
    let future = figures(&world.ana, &world.team.slug, from, to).await;
    assert!(future.figure("due-dates").nothing.is_some());
    assert!(future.figure("work-in-progress").nothing.is_some());
}
