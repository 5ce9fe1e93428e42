//! The Now page, driven from outside.

use sqlx::PgPool;

use crate::testing::{TestApp, seed};

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
    let ana = rows.first().expect("Ana's row");
    for words in ["Ana", "Nothing in progress"] {
        assert!(ana.contains(words), "{words:?} is not in {ana:?}");
    }
    let ben = rows.get(1).expect("Ben's row");
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
