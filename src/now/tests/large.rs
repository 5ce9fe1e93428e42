//! The page of a large team.

use sqlx::PgPool;

use crate::{
    ids::PersonId,
    now::store,
    people::{
        access::{Access, Permission},
        model::PersonName,
    },
    testing::{TestApp, explain},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_reads_no_table_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db.clone()).world().await;
    explain::enlarge(&world).await;
    let vera = PersonName {
        id: PersonId(world.people.vera.id),
        name: "Vera".to_owned(),
    };
    let access = Access::enter(&db, &vera, &world.team.slug, Permission::Read)
        .await
        .expect("access");
    let scanned = explain::scanned(&db, async |connection| {
        let now = store::now(connection, access.team(), Some(vera.id)).await;
        now.map(|now| assert!(now.people.len() == 2 && !now.unheld.is_empty()))
    });
    assert_eq!(scanned.await, [""; 0]);
}
