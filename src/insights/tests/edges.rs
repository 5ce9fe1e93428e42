//! No data, one person, one day, no period, nobody's business, and a clock that is put forward and back.

use sqlx::PgPool;
use time::{
    OffsetDateTime,
    macros::{date, datetime},
};
use uuid::Uuid;

use leptos::server_fn::ServerFn;

use super::{add, deed, figures, put, redate};
use crate::{
    insights::{model::FiguresView, requests::LoadFigures},
    testing::{Ask, TestApp, World},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn where_there_is_nothing_yet_it_says_what_would_bring_something(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (team, from, to) = (
        &world.other_team.slug,
        date!(2026 - 06 - 01),
        date!(2026 - 07 - 31),
    );
    let read = figures(&world.otto, team, from, to).await;
    let all: Vec<_> = read
        .usage
        .iter()
        .chain(&read.promises)
        .flat_map(|group| &group.figures)
        .collect();
    assert_eq!(all.len(), 17);
    for figure in all.iter().filter(|figure| figure.id != "first-steps") {
        let nothing = figure.nothing.as_deref().unwrap_or_default();
        assert!(
            nothing.starts_with("Nothing in this period. ") && nothing.len() > 37,
            "{figure:?}"
        );
        assert!(
            figure.plot.is_none() && figure.numbers.is_empty(),
            "{figure:?}"
        );
    }
    let steps = read.figure("first-steps");
    assert_eq!(steps.number("no teammate yet"), "–");
    assert!(steps.said()[1].starts_with("none to count: "), "{steps:?}");
    let page = world
        .otto
        .get(&format!("/teams/{team}/insights"))
        .await
        .expect(200)
        .page();
    assert!(page.shows("Nothing in this period. Add a task to a board."));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn one_person_alone_has_figures(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (team, board, task) = (&*world.other_team.slug, Uuid::now_v7(), Uuid::now_v7());
    let call = async |path: &str, fields: &[(&str, &str)]| {
        let fields: Vec<_> = [("team", team)]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        world
            .otto
            .call(&format!("/actions/skateboard/{path}"), &fields)
            .await
            .expect(200);
    };
    let (board_id, task_id) = (board.to_string(), task.to_string());
    let fields = [("id", &*board_id), ("name", "Shop"), ("key", "SHOP")];
    call("boards/requests/create_board", &fields).await;
    let columns: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM columns WHERE board_id = $1 ORDER BY position")
            .bind(board)
            .fetch_all(&world.app.db)
            .await
            .expect("the columns");
    let (first, last) = (columns[0].to_string(), columns[2].to_string());
    let fields = [
        ("board", &*board_id),
        ("column", &*first),
        ("id", &*task_id),
        ("title", "Open the shop"),
    ];
    call("tasks/requests/create_task", &fields).await;
    call("tasks/requests/claim_task", &[("task", "SHOP-1")]).await;
    call(
        "tasks/requests/move_task",
        &[("task", "SHOP-1"), ("column", &last)],
    )
    .await;

    let read: FiguresView = world
        .otto
        .call(LoadFigures::url(), &[("team", team)])
        .await
        .value();
    assert_eq!(read.figure("sign-ups").number("person joined"), "1");
    assert_eq!(
        read.figure("active-by-week").number("in the whole period"),
        "1"
    );
    assert_eq!(read.figure("created-and-finished").number("finished"), "1");
    assert!(read.figure("completion").said()[0].starts_with("1 of 1 "));
    assert!(read.figure("claims").said()[0].starts_with("0 of 1 "));
    assert_eq!(read.figure("first-steps").number("no teammate yet"), "–");
    assert_eq!(read.figure("came-back").column(2), [1]);
    // It took no time at all, and is still no division by zero.
    assert_eq!(
        read.figure("how-long").number("from started to done"),
        "less than an hour"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_only_joined_is_not_active(db: PgPool) {
    let world = TestApp::new(db).world().await;
    deed(&world, &world.ben, "claim_task", &world.todo, &[]).await;
    let nora = world.app.person("Nora").await;
    let nora = world.app.signed_in(&nora).await;
    let link = format!("/invitations/{}", world.invitation.token);
    nora.ask(Ask::page(&link)).await.expect(303);
    let page = nora.get("/invitations").await.expect(200).page();
    nora.submit(page.form("Join")).await.expect(200);
    assert_eq!(world.events("member.joined").await.len(), 1);

    let team = [("team", &*world.team.slug)];
    let read: FiguresView = world.ana.call(LoadFigures::url(), &team).await.value();
    let active = read.figure("active-by-week");
    assert_eq!(active.number("in the whole period"), "1");
}

async fn in_berlin(db: PgPool) -> World {
    let world = TestApp::new(db).world().await;
    sqlx::query("UPDATE teams SET time_zone = 'Europe/Berlin' WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .expect("another time zone");
    world
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_day_begins_and_ends_by_the_teams_clock_also_when_it_is_changed(db: PgPool) {
    let world = in_berlin(db).await;
    // The last minute before and the first of the day, the last of the day and the first after it.
    let forward = [
        datetime!(2026-03-28 22:59 UTC),
        datetime!(2026-03-28 23:00 UTC),
        datetime!(2026-03-29 21:59 UTC),
        datetime!(2026-03-29 22:00 UTC),
    ];
    let back = [
        datetime!(2026-10-24 21:59 UTC),
        datetime!(2026-10-24 22:00 UTC),
        datetime!(2026-10-25 22:59 UTC),
        datetime!(2026-10-25 23:00 UTC),
    ];
    for moment in forward.into_iter().chain(back) {
        let task = add(&world, "Change the clock").await;
        redate(&world, &task, &[moment]).await;
    }
    for (before, day, after, stood) in [
        (
            date!(2026 - 03 - 28),
            date!(2026 - 03 - 29),
            date!(2026 - 03 - 30),
            1,
        ),
        (
            date!(2026 - 10 - 24),
            date!(2026 - 10 - 25),
            date!(2026 - 10 - 26),
            5,
        ),
    ] {
        let read = figures(&world.ana, &world.team.slug, before, after).await;
        let created = read.figure("created-and-finished");
        assert_eq!(created.column(0), [1, 2, 1], "{day}");
        let progress = read.figure("work-in-progress");
        assert_eq!(progress.names().len(), 3);
        assert_eq!(
            progress.column(0),
            [stood + 1, stood + 3, stood + 4],
            "{day}"
        );
        assert_eq!(read.figure("active-by-day").column(0), [1, 1, 1], "{day}");

        let alone = figures(&world.ana, &world.team.slug, day, day).await;
        let created = alone.figure("created-and-finished");
        assert_eq!((created.column(0), created.names().len()), (vec![2], 1));
        assert_eq!(alone.figure("work-in-progress").column(0), [stood + 3]);
    }
    // Over both changes no day is missing and none is there twice.
    let read = figures(
        &world.ana,
        &world.team.slug,
        date!(2026 - 03 - 01),
        date!(2026 - 10 - 31),
    )
    .await;
    let mut days = read.figure("work-in-progress").names();
    assert_eq!(days.len(), 245);
    days.sort();
    days.dedup();
    assert_eq!(days.len(), 245);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_due_date_is_over_when_its_day_ends_by_the_teams_clock(db: PgPool) {
    let world = in_berlin(db).await;
    let begun = datetime!(2026-10-20 08:00 UTC);
    for (title, done) in [
        ("In time", datetime!(2026-10-25 22:59 UTC)),
        ("Too late", datetime!(2026-10-25 23:00 UTC)),
    ] {
        let task = add(&world, title).await;
        let due = [("version", "1"), ("due_on", "2026-10-25")];
        deed(&world, &world.ben, "edit_task", &task, &due).await;
        put(&world, &task, 2).await;
        let moments: [OffsetDateTime; 3] = [begun, begun, done];
        redate(&world, &task, &moments).await;
    }
    let day = date!(2026 - 10 - 25);
    let read = figures(&world.ana, &world.team.slug, day, day).await;
    assert_eq!(read.figure("due-dates").rows(), [["1", "1"]]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_no_period_is_refused_at_its_field(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (from, to, field) in [
        ("2026-03-02", "2026-03-01", "to"),
        ("2026-02-30", "2026-03-01", "from"),
        ("2026-03-01", "", "to"),
        ("2020-03-01", "2026-03-01", "from"),
    ] {
        let fields = [("team", &*world.team.slug), ("from", from), ("to", to)];
        let refused = world
            .ana
            .call(LoadFigures::url(), &fields)
            .await
            .expect(422);
        assert!(
            refused
                .error()
                .is_some_and(|error| error.on(field).is_some()),
            "{from} {to}"
        );
        let path = world.team.path(&format!("/insights?from={from}&to={to}"));
        let page = world.ana.get(&path).await.expect(422).page();
        assert_eq!(page.heading(), "Insights");
        assert_eq!(page.alerts().len(), 1, "{:?}", page.alerts());
        assert_eq!(page.value("From").as_deref(), Some(from));
        assert_eq!(page.value("To").as_deref(), Some(to));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_an_owner_reads_the_insights_of_a_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path("/insights");
    let fields = [("team", &*world.team.slug)];
    for (browser, status) in [
        (&world.ana, 200),
        (&world.ben, 403),
        (&world.vera, 403),
        (&world.otto, 404),
    ] {
        browser.get(&path).await.expect(status);
        browser
            .call(LoadFigures::url(), &fields)
            .await
            .expect(status);
    }
    assert!(world.ana.get(&path).await.page().link("Insights").is_some());
    let now = world.ben.get(&world.team.path("")).await.page();
    assert!(now.link("Insights").is_none());
}
