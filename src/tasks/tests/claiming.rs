//! No work is done twice: taking a task is atomic, and who comes second is told.

use super::*;
use crate::testing::{TestApp, seed};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn claiming_takes_a_task_and_starts_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let board = world.ben.get(&world.team.path("/boards/WEB")).await.page();
    let form = board.form("Claim");
    assert_eq!(form.field("task").value, world.todo.key);
    world.ben.submit(form).await.expect(200);
    let after = row(&world, &world.todo).await;
    assert_eq!(after.assignee_id, Some(world.people.ben.id));
    assert_eq!(after.column_id, Some(world.columns[1].id));
    assert_eq!((after.kind.as_str(), after.started), ("doing", true));
    assert_eq!(after.version, 2);
    let second = in_column(&world, &world.columns[1]).await;
    assert_eq!(second, [&*world.doing.key, &*world.todo.key]);

    let events = events(&world, &world.todo).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, "task.claimed");
    assert_eq!(events[0].change("assignee"), Some((None, Some("Ben"))));
    let moved = (Some("To do"), Some("In progress"));
    assert_eq!(events[0].change("column"), Some(moved));
    assert_eq!(events[0].change("version"), Some((None, Some("2"))));
    let page = world.vera.get(&task_path(&world, &world.todo)).await.page();
    assert!(page.shows("Ben claimed this; moved this from To do to In progress"));
    assert!(!page.has_button("Claim"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_twenty_who_claim_one_has_it_and_the_others_are_told(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    let people = world.more_members(20).await;
    for task in [&world.todo, &first_of(&world, &world.columns[1]).await] {
        let before = in_column(&world, &world.columns[1]).await.len();
        let answers = at_once(people.clone().into_iter().map(|browser| {
            let (world, task) = (world.clone(), task.clone());
            async move { claim(&browser, &world, &task).await }
        }))
        .await;
        let (won, lost): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1);
        assert_eq!(lost.len(), 19);
        let (winner, since): (String, i64) = sqlx::query_as(
            r#"
            SELECT people.name, extract(epoch FROM date_trunc('second', assigned_at))::bigint
            FROM tasks JOIN people ON people.id = assignee_id
            WHERE tasks.team_id = $1 AND tasks.id = $2
            "#,
        )
        .bind(world.team.id)
        .bind(task.id)
        .fetch_one(&world.app.db)
        .await
        .unwrap();
        for answer in lost {
            let error = answer.expect(409).error().unwrap();
            let since_when = format!("{winner} has this task, since ");
            assert!(error.message.starts_with(&since_when), "{}", error.message);
            let told = error.conflict.unwrap();
            assert_eq!((told.by.as_str(), told.at), (winner.as_str(), since));
            assert_eq!(told.version, 2);
        }
        assert_eq!(kinds(&world, task).await, ["task.claimed"]);
        let after = in_column(&world, &world.columns[1]).await;
        let moved = usize::from(task.key == world.todo.key);
        assert_eq!(after.len(), before + moved);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_two_who_claim_at_once_one_has_it_a_hundred_times(
    options: PgPoolOptions,
    connection: PgConnectOptions,
) {
    let world = TestApp::new(wide(options, connection).await).world().await;
    for _ in 0..100 {
        let task = first_of(&world, &world.columns[0]).await;
        let answers = at_once([&world.ana, &world.ben].map(|browser| {
            let (browser, world, task) = (browser.clone(), world.clone(), task.clone());
            async move { claim(&browser, &world, &task).await }
        }))
        .await;
        let holder = row(&world, &task).await.assignee_id;
        let [ana, ben] = answers.try_into().unwrap_or_else(|_| panic!("two answers"));
        let (lost, winner) = if ana.status == 200 {
            (ben, &world.people.ana)
        } else {
            (ana.expect(409), &world.people.ben)
        };
        assert_eq!(holder, Some(winner.id));
        let told = conflict(lost);
        assert_eq!(told.by, winner.name);
        assert_eq!(kinds(&world, &task).await, ["task.claimed"]);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_comes_second_is_offered_the_first_free_task_of_that_column(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (team, ana) = (world.team.id, &world.people.ana);
    let held = first_of(&world, &world.columns[0]).await;
    seed::assign(&world.app.db, team, &held, ana).await;
    let later = first_of(&world, &world.empty_column).await;
    let offered = async |task: &Task| {
        let error = claim(&world.ana, &world, task).await.expect(409).error();
        error.unwrap().offer.map(|offer| (offer.key, offer.title))
    };
    // Nobody has `todo`, which is above what is claimed twice.
    let twice = first_of(&world, &world.columns[0]).await;
    claim(&world.ben, &world, &twice).await.expect(200);
    let first = Some((world.todo.key.clone(), "Choose a colour".to_owned()));
    assert_eq!(offered(&twice).await, first);
    // What lies in another column comes after it, even when the task itself has moved on.
    let there = first_of(&world, &world.empty_column).await;
    claim(&world.ben, &world, &there).await.expect(200);
    assert_eq!(
        offered(&there).await.map(|(key, _)| key),
        Some(later.key.clone())
    );
    // What was in progress before anybody had it is offered before what is not begun.
    let begun = first_of(&world, &world.columns[1]).await;
    assert_eq!(
        offered(&world.doing).await.map(|(key, _)| key),
        Some(begun.key)
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn when_nothing_is_free_nothing_is_offered(db: PgPool) {
    let world = TestApp::new(db).world().await;
    claim(&world.ben, &world, &world.todo).await.expect(200);
    let error = claim(&world.ana, &world, &world.todo)
        .await
        .expect(409)
        .error();
    let error = error.unwrap();
    assert!(error.message.starts_with("Ben has this task"));
    assert_eq!(error.offer, None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_javascript_the_offer_is_a_link_on_the_board_and_on_the_task(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let twice = first_of(&world, &world.columns[0]).await;
    for path in ["/boards/WEB".to_owned(), format!("/tasks/{}", twice.key)] {
        let page = world.ben.get(&world.team.path(&path)).await.page();
        let form = page.form("Claim").fill("task", &twice.key);
        claim(&world.ana, &world, &twice).await.expect(200);
        let refused = world.ben.submit(form).await.expect(200).page();
        let links = refused.attributes("[role=alert] a", "href");
        let said = refused.alerts();
        assert_eq!(links, [task_path(&world, &world.todo)], "{path}: {said:?}");
        sqlx::query("UPDATE tasks SET assignee_id = NULL WHERE id = $1")
            .bind(twice.id)
            .execute(&world.app.db)
            .await
            .unwrap();
    }
}

/// A task in a column that nobody has.
async fn first_of(world: &World, column: &Column) -> Task {
    seed::task(
        &world.app.db,
        world.team.id,
        &world.people.ana,
        column,
        "Free",
    )
    .await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_task_that_is_started_already_is_only_assigned(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let review =
        seed::last_column(&world.app.db, world.team.id, world.board, "Review", "doing").await;
    let task = first_of(&world, &review).await;
    claim(&world.ben, &world, &task).await.expect(200);
    let after = row(&world, &task).await;
    assert_eq!(after.column_id, Some(review.id));
    assert_eq!(after.assignee_id, Some(world.people.ben.id));
    assert_eq!(events(&world, &task).await[0].change("column"), None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_a_column_to_work_in_a_claim_only_assigns(db: PgPool) {
    let world = TestApp::new(db).world().await;
    sqlx::query("UPDATE columns SET kind = 'todo' WHERE team_id = $1 AND kind = 'doing'")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    claim(&world.ben, &world, &world.todo).await.expect(200);
    let after = row(&world, &world.todo).await;
    assert_eq!(after.column_id, Some(world.columns[0].id));
    assert_eq!((after.kind.as_str(), after.started), ("todo", false));
    assert_eq!(after.assignee_id, Some(world.people.ben.id));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_done_is_not_claimed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let error = claim(&world.ben, &world, &world.done)
        .await
        .expect(409)
        .error()
        .unwrap();
    assert!(error.message.contains("done already"), "{}", error.message);
    assert!(error.conflict.is_none());
    let page = world.ben.get(&task_path(&world, &world.done)).await.page();
    assert!(!page.has_button("Claim"));
    assert_eq!(row(&world, &world.done).await.assignee_id, None);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn claiming_ones_own_task_again_changes_nothing(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = row(&world, &world.doing).await;
    claim(&world.ben, &world, &world.doing).await.expect(200);
    assert_eq!(row(&world, &world.doing).await, before);
    assert_eq!(kinds(&world, &world.doing).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_javascript_who_comes_second_reads_who_has_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let form = world
        .ben
        .get(&task_path(&world, &world.todo))
        .await
        .page()
        .form("Claim");
    claim(&world.ana, &world, &world.todo).await.expect(200);
    let page = world.ben.submit(form).await.expect(200).page();
    let alerts = page.alerts().join(" ");
    assert!(alerts.contains("Ana has this task, since"), "{alerts}");
}
