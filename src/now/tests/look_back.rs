//! The last seven days against the seven before.

use sqlx::PgPool;

use super::{set, task};
use crate::testing::{Browser, TestApp, World};

/// The numbers of the table: team, team before, own, own before.
async fn weeks(world: &World, reader: &Browser) -> Vec<Vec<String>> {
    let page = reader.get(&world.team.path("")).await.expect(200).page();
    let cells = page.texts(".now-weeks tbody td");
    cells.chunks(4).map(<[String]>::to_vec).collect()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_counts_for_the_team_and_for_the_reader_alone(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (ana, ben) = (Some(&world.people.ana), Some(&world.people.ben));
    // The world itself finished and started a task today, and Ben's is in progress.
    let old = task(&world, 2, "Ten days ago", ana).await;
    set(
        &world,
        &old,
        "started_at = now() - interval '11 days', completed_at = now() - interval '10 days'",
    )
    .await;
    let older = task(&world, 2, "A month ago", ana).await;
    set(
        &world,
        &older,
        "started_at = now() - interval '31 days', completed_at = now() - interval '30 days'",
    )
    .await;
    let late = task(&world, 2, "Two days late", ben).await;
    set(
        &world,
        &late,
        "started_at = now() - interval '9 days', due_on = current_date - 2",
    )
    .await;
    let open = task(&world, 0, "Still open", ana).await;
    set(&world, &open, "due_on = current_date - 9").await;
    let in_time = task(&world, 2, "In time", ben).await;
    set(&world, &in_time, "due_on = current_date").await;

    let seen_by_ana = weeks(&world, &world.ana).await;
    let seen_by_ben = weeks(&world, &world.ben).await;
    assert_eq!(
        seen_by_ana,
        [
            ["3", "1", "0", "1"],
            ["3", "2", "0", "1"],
            ["1", "1", "0", "1"]
        ]
    );
    assert_eq!(
        seen_by_ben,
        [
            ["3", "1", "2", "0"],
            ["3", "2", "2", "1"],
            ["1", "1", "1", "0"]
        ]
    );
}
