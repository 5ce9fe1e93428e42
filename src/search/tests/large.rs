//! Search in a large team: by indexes alone.

use sqlx::PgPool;

use crate::{
    people::{access::Access, access::Permission, model::PersonName},
    search::{actions, query::Query, store},
    testing::{
        TestApp, World,
        explain::{enlarge, scanned},
    },
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn no_search_reads_a_table_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    enlarge(&world).await;
    say_much(&world).await;
    let ben = PersonName {
        id: world.people.ben.id.into(),
        name: "Ben".to_owned(),
    };
    let access = Access::enter(&world.app.db, &ben, &world.team.slug, Permission::Read)
        .await
        .expect("Ben's team");
    for query in [
        "login",
        "fix the",
        "xylophone",
        "lantern",
        "fix is:open assignee:me",
        "lantern is:doing",
        "assignee:me",
        "assignee:vera",
        "is:unassigned is:open",
        "-is:done",
        "is:doing",
        "is:late",
        "due:week",
        "due:2030-01-01",
        "label:nothing",
        "priority:urgent",
        "priority:normal",
        "is:watched",
        "board:web is:todo",
        "WEB-1007",
    ] {
        let read = scanned(&world.app.db, async |connection| {
            let understood = actions::understand(&access, &Query::parse(query)).await?;
            let found = store::find(connection, access.team(), &understood.wanted).await;
            found.map(drop)
        });
        assert_eq!(read.await, [""; 0], "{query}");
    }
}

/// Two comments on each task.
async fn say_much(world: &World) {
    sqlx::query(
        r#"
        INSERT INTO comments (team_id, task_id, id, author_id, body, created_as, created_at)
        SELECT tasks.team_id, tasks.id, gen_random_uuid(), $2,
               'The lantern is ' || left(md5(tasks.number::text || n), 8), '{}', tasks.created_at
        FROM tasks, generate_series(1, 2) AS n WHERE tasks.team_id = $1
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ben.id)
    .execute(&world.app.db)
    .await
    .expect("many comments");
    sqlx::query("ANALYZE comments")
        .execute(&world.app.db)
        .await
        .expect("what the planner goes by");
}
