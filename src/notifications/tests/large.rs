//! The bell and the digest of a large team.

use sqlx::{PgConnection, PgPool};

use crate::{
    error::Result,
    ids::PersonId,
    notifications::store::{self, digests},
    people::{
        access::{Access, Permission, TeamId},
        model::PersonName,
    },
    testing::{TestApp, explain},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nothing_is_read_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    sqlx::query(
        r#"
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, actor_id, change_id, created_at,
                                   read_at)
        SELECT $1, gen_random_uuid(), 100000 - n, $2, 'assigned', $3, $4, gen_random_uuid(), now() - n * interval '1 minute',
               CASE WHEN n % 100 > 0 THEN now() END
        FROM generate_series(1, 20000) AS n
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ben.id)
    .bind(world.doing.id)
    .bind(world.people.ana.id)
    .execute(&db)
    .await
    .unwrap();
    explain::enlarge(&world).await;
    sqlx::raw_sql(
        "UPDATE tasks SET due_on = current_date + 1 WHERE number % 3000 = 1100; ANALYZE tasks;",
    )
    .execute(&db)
    .await
    .unwrap();
    let ben = PersonName {
        id: PersonId(world.people.ben.id),
        name: "Ben".to_owned(),
    };
    let access = Access::enter(&db, &ben, &world.team.slug, Permission::Read)
        .await
        .unwrap();
    let (team, ben) = (access.team(), ben.id);
    let scanned = explain::scanned(&db, async |connection| read(connection, team, ben).await);
    assert_eq!(scanned.await, [""; 0]);
}

async fn read(connection: &mut PgConnection, team: TeamId, ben: PersonId) -> Result<()> {
    assert!(store::unread(&mut *connection, team, ben).await? > 200);
    let (first, older) = store::page(&mut *connection, team, ben, None).await?;
    assert_eq!(first.len(), 50);
    store::page(&mut *connection, team, ben, older).await?;
    store::insert_due(&mut *connection).await?;
    let (due, _) = digests::due_this_week(&mut *connection, team, ben).await?;
    assert!(!due.is_empty());
    digests::due(&mut *connection, None).await?;
    Ok(())
}
