//! The figures of a large team.

use sqlx::PgPool;
use time::{Date, Duration};

use crate::{
    ids::PersonId,
    insights::{
        period::Period,
        store::{activity, answers, counts, due, flow},
    },
    people::{
        access::{Access, Permission},
        model::PersonName,
    },
    testing::{TestApp, World, explain},
};

/// Lets the log tell how the tasks of the large team came to be where they are.
async fn tell(world: &World) {
    sqlx::query(
        r#"
        UPDATE events SET
            kind = CASE WHEN events.kind = 'task.created' THEN events.kind ELSE 'task.moved' END,
            at = CASE WHEN events.kind = 'task.created' THEN events.at ELSE completed_at END,
            changes = jsonb_build_array(CASE WHEN events.kind = 'task.created'
                THEN jsonb_build_object('field', 'column', 'to', 'To do', 'to_id', $2::uuid)
                ELSE jsonb_build_object('field', 'column', 'from', 'To do', 'from_id', $2::uuid,
                                        'to', 'Done', 'to_id', $3::uuid) END)
        FROM tasks
        WHERE events.team_id = $1 AND tasks.team_id = $1 AND tasks.id = task_id
          AND (events.kind = 'task.created' OR tasks.kind = 'done')
        "#,
    )
    .bind(world.team.id)
    .bind(world.columns[0].id)
    .bind(world.columns[2].id)
    .execute(&world.app.db)
    .await
    .expect("a log");
    for sql in ["VACUUM ANALYZE events", "VACUUM ANALYZE tasks"] {
        sqlx::query(sql)
            .execute(&world.app.db)
            .await
            .expect("what the planner goes by");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn they_read_no_table_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    explain::enlarge(&world).await;
    tell(&world).await;
    let ana = PersonName {
        id: PersonId(world.people.ana.id),
        name: "Ana".to_owned(),
    };
    let access = Access::enter(&db, &ana, &world.team.slug, Permission::Govern)
        .await
        .expect("access");
    let today: Date = sqlx::query_scalar("SELECT (now() AT TIME ZONE 'UTC')::date")
        .fetch_one(&db)
        .await
        .expect("today");
    let (team, period) = (access.team(), Period::last_weeks(today, 2));
    let all = Period {
        from: today - Duration::days(700),
        to: today,
    };
    let scanned = explain::scanned(&db, async |connection| {
        activity::joined(&mut *connection, team, period, None).await?;
        activity::first_teammate(&mut *connection, team).await?;
        activity::active_days(&mut *connection, team, period, None).await?;
        activity::changes_by_person(&mut *connection, team, period, None).await?;
        let tasks = flow::tasks(&mut *connection, team, period, None).await?;
        assert!(tasks.len() > 2_000, "{}", tasks.len());
        let days = flow::day_ends(&mut *connection, team, period).await?;
        assert_eq!(days.len() as i64, period.days());
        assert!(
            !due::dates(&mut *connection, team, period, None)
                .await?
                .is_empty()
        );
        due::risks(&mut *connection, team, period).await?;
        counts::by_day(&mut *connection, team, period, None).await?;
        answers::by_day(&mut *connection, team, period)
            .await
            .map(drop)
    });
    assert_eq!(scanned.await, [""; 0]);
    // Everything there ever was is asked for seldom, and answered all the same.
    let tasks = flow::tasks(&db, team, all, None).await.expect("all tasks");
    assert!(tasks.len() as i64 > i64::from(explain::MANY) / 10 * 9);
}
