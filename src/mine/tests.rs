//! My tasks, driven from outside.

use sqlx::PgPool;

use crate::{
    people::{
        access::{Access, Permission},
        model::PersonName,
    },
    testing::{
        Page, TestApp, World,
        explain::{enlarge, scanned},
        seed,
    },
};

async fn mine(world: &World) -> Page {
    let path = world.team.path("/mine");
    world.ben.get(&path).await.expect(200).page()
}

/// Gives Ben a task that is due so many days from the team's today.
async fn bens(world: &World, title: &str, days: Option<i32>) {
    let [todo, ..] = &world.columns;
    let people = &world.people;
    let (db, team) = (&world.app.db, world.team.id);
    let task = seed::task(db, team, &people.ana, todo, title).await;
    seed::assign(db, team, &task, &people.ben).await;
    seed::due(db, team, &task, days).await;
}

/// The days on which the team works, as `{1,2}`.
async fn set_working_days(world: &World, working_days: &str) {
    sqlx::query("UPDATE teams SET working_days = $2::text::smallint[] WHERE team_id = $1")
        .bind(world.team.id)
        .bind(working_days)
        .execute(&world.app.db)
        .await
        .expect("working days");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn my_tasks_stand_in_the_section_of_their_due_date(db: PgPool) {
    let world = TestApp::new(db).world().await;
    bens(&world, "Sweep the yard", Some(-1)).await;
    bens(&world, "Oil the door", Some(0)).await;
    bens(&world, "Order planks", Some(8)).await;
    let page = mine(&world).await;
    assert_eq!(page.heading(), "My tasks");
    let sections = page.texts(".mine-section h2");
    assert_eq!(sections, ["Late 1", "Today 1", "Later 1", "No date 1"]);
    let lines = page.texts(".mine-task");
    for (line, words) in lines.iter().zip([
        ["Sweep the yard", "Late, "],
        ["Oil the door", "Due today"],
        ["Order planks", "Due "],
        ["Draw the sign", "Website · In progress"],
    ]) {
        for words in words {
            assert!(line.contains(words), "{words:?} is not in {line:?}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn this_week_is_the_week_of_the_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    bens(&world, "Order planks", Some(1)).await;
    let today: i32 =
        sqlx::query_scalar("SELECT extract(isodow FROM now() AT TIME ZONE 'UTC')::int")
            .fetch_one(&world.app.db)
            .await
            .expect("the day of the week");
    let tomorrow = today % 7 + 1;
    // A week that begins tomorrow, and one that began today.
    for (works, section) in [(tomorrow, "Later 1"), (today, "This week 1")] {
        set_working_days(&world, &format!("{{{works}}}")).await;
        let sections = mine(&world).await.texts(".mine-section h2");
        assert_eq!(sections, [section, "No date 1"]);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_done_deleted_or_put_away_is_no_task_of_mine(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ben = &world.people.ben;
    for task in [&world.done, &world.deleted] {
        seed::assign(&world.app.db, world.team.id, task, ben).await;
    }
    assert_eq!(mine(&world).await.texts(".mine-task").len(), 1);
    seed::archive(&world.app.db, world.team.id, world.board).await;
    let page = mine(&world).await;
    assert!(page.texts(".mine-task").is_empty());
    assert_eq!(page.texts(".empty a"), ["Find a task that nobody has"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_one_watches_and_does_not_hold_is_listed_below(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path(&format!("/tasks/{}", world.todo.key));
    let open = || async { world.vera.get(&path).await.expect(200).page() };
    let answer = world.vera.submit(open().await.form("Watch")).await;
    assert!(answer.expect(200).page().has_button("Unwatch"));
    let list = || async {
        let page = world.vera.get(&world.team.path("/mine")).await;
        page.expect(200).page()
    };
    let page = list().await;
    assert_eq!(page.texts(".mine-section h2"), ["Watching 1"]);
    let line = page.texts(".mine-task").concat();
    assert!(
        line.contains("Choose a colour") && line.contains("Nobody"),
        "{line}"
    );
    assert!(page.shows("Viewers hold no tasks."));
    world
        .vera
        .submit(open().await.form("Unwatch"))
        .await
        .expect(200);
    assert!(list().await.texts(".mine-section").is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_comments_watches(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let path = world.team.path(&format!("/tasks/{}", world.todo.key));
    let page = world.ana.get(&path).await.expect(200).page();
    let form = page.form("Add comment").fill("Comment", "Or yellow?");
    world.ana.submit(form).await.expect(200);
    let page = world.ana.get(&world.team.path("/mine")).await.expect(200);
    assert_eq!(page.page().texts(".mine-section h2"), ["Watching 1"]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobody_else_watches_by_that(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let key = world.todo.key.as_str();
    let team = world.team.slug.as_str();
    let fields = [("team", team), ("task", key)];
    let url = "/actions/skateboard/tasks/requests/watch_task";
    assert_eq!(world.ben.call(url, &fields).await.status, 200);
    assert_eq!(world.ben.call(url, &fields).await.status, 200, "again");
    let watchers: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT person_id FROM watchers")
        .fetch_all(&world.app.db)
        .await
        .expect("the watchers");
    assert_eq!(watchers, [world.people.ben.id]);
    assert!(world.events("task.watched").await.is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn no_list_of_my_tasks_reads_a_table_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    enlarge(&world).await;
    for (person, name) in [(world.people.ben.id, "Ben"), (world.people.vera.id, "Vera")] {
        let me = PersonName {
            id: person.into(),
            name: name.to_owned(),
        };
        let access = Access::enter(&world.app.db, &me, &world.team.slug, Permission::Read);
        let access = access.await.expect("the team");
        let read = scanned(&world.app.db, async |connection| {
            let mine = super::store::mine(connection, access.team(), me.id).await;
            mine.map(drop)
        });
        assert_eq!(read.await, [""; 0], "{name}");
    }
}
