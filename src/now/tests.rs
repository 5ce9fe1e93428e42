//! The Now page, driven from outside.

mod attention;
mod large;
mod look_back;
mod remark;
mod wall;

use sqlx::{AssertSqlSafe, PgPool};

use crate::testing::{Page, Person, TestApp, World, seed};

/// Changes a row of a task behind everybody's back: `started_at = now() - interval '3 days'`.
async fn set(world: &World, task: &seed::Task, what: &str) {
    let sql = format!("UPDATE tasks SET {what} WHERE team_id = $1 AND id = $2");
    sqlx::query(AssertSqlSafe(sql))
        .bind(world.team.id)
        .bind(task.id)
        .execute(&world.app.db)
        .await
        .expect("a task");
}

/// A task in one of the three columns of the board, of somebody or nobody.
async fn task(world: &World, column: usize, title: &str, holder: Option<&Person>) -> seed::Task {
    let (db, team) = (&world.app.db, world.team.id);
    let column = &world.columns[column];
    let task = seed::task(db, team, &world.people.ana, column, title).await;
    if let Some(holder) = holder {
        seed::assign(db, team, &task, holder).await;
    }
    task
}

/// The page as Vera, a viewer, reads it.
async fn page(world: &World) -> Page {
    let answer = world.vera.get(&world.team.path("")).await;
    answer.expect(200).page()
}

/// What stands in the row of somebody.
async fn row(world: &World, name: &str) -> String {
    let rows = page(world).await.texts(".now-row");
    rows.into_iter()
        .find(|row| row.contains(name))
        .unwrap_or_else(|| panic!("no row of {name}"))
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_says_who_is_on_what_and_what_nobody_holds(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let [_, doing, _] = &world.columns;
    let ana = &world.people.ana;
    seed::task(&world.app.db, world.team.id, ana, doing, "Answer the phone").await;
    let page = world
        .vera
        .get(&world.team.path(""))
        .await
        .expect(200)
        .page();
    assert_eq!(page.heading(), "Now");
    let rows = page.texts(".now-row");
    assert_eq!(
        rows.len(),
        2,
        "a viewer who holds nothing is left out: {rows:?}"
    );
    let ana = row(&world, "Ana").await;
    assert!(ana.contains("Nothing in progress"), "{ana}");
    let ben = row(&world, "Ben").await;
    let key = world.doing.key.clone();
    for words in ["Ben", "Draw the sign", &key, "Website", "for "] {
        assert!(ben.contains(words), "{ben}");
    }
    let unheld = page.texts(".now-unheld").concat();
    assert!(unheld.contains("Answer the phone"), "{unheld}");
    assert!(!page.shows("Choose a colour"), "it waits to be started");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn late_follows_the_time_zone_of_the_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let due_on_day_in = |zone: &'static str| {
        let db = world.app.db.clone();
        let (team, task) = (world.team.id, world.doing.id);
        async move {
            sqlx::query(
                "UPDATE tasks SET due_on = (now() AT TIME ZONE $3)::date WHERE team_id = $1 AND id = $2",
            )
            .bind(team)
            .bind(task)
            .bind(zone)
            .execute(&db)
            .await
            .expect("a due date");
        }
    };
    let sets_zone = |zone: &'static str| {
        let db = world.app.db.clone();
        let team = world.team.id;
        async move {
            sqlx::query("UPDATE teams SET time_zone = $2 WHERE team_id = $1")
                .bind(team)
                .bind(zone)
                .execute(&db)
                .await
                .expect("a time zone");
        }
    };
    // Between these two zones there is always a date line: the first is a day ahead of the second.
    due_on_day_in("Etc/GMT+12").await;
    sets_zone("Pacific/Kiritimati").await;
    let late = world.ana.get(&world.team.path("")).await.expect(200).page();
    assert!(late.texts(".now-row").concat().contains("Late, "));
    sets_zone("Etc/GMT+12").await;
    let today = world.ana.get(&world.team.path("")).await.expect(200).page();
    assert!(!today.texts(".now-row").concat().contains("Late, "));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_empty_team_is_offered_the_one_next_step(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world
        .otto
        .get(&world.other_team.path(""))
        .await
        .expect(200)
        .page();
    assert_eq!(page.texts(".empty a"), ["Create a board"]);
    let form = world.otto.get("/teams/new").await.expect(200).page();
    let form = form.form("Create team").fill("Team name", "Fresh");
    let page = world.otto.submit(form).await.expect(200).page();
    assert_eq!(page.texts(".empty a"), ["Create the first task"]);
}
