//! What becomes of the teams of a deleted account.

use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::{
    PASSWORD, delete_own, is_signed_in,
    quirin::{leave_traces, quirin},
};
use crate::{
    people::model::Role,
    testing::{Ask, TestApp, seed},
};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_last_owner_of_a_team_with_others_stays_until_there_is_another(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let refused = delete_own(&world.ana, PASSWORD, false).await.expect(409);
    assert!(refused.error().unwrap().message.contains("Blue Lantern"));
    let page = world.ana.get("/account").await.page();
    assert!(
        !page.has_button("Delete account"),
        "what cannot be done is not offered"
    );
    assert!(page.shows("you are the last owner") && page.link("Blue Lantern").is_some());

    // Of two owners who go at once one stays.
    let oda = app.person("Oda").await;
    seed::member(&app.db, world.team.id, &oda, Role::Owner).await;
    let other = app.signed_in(&oda).await;
    let (first, second) = tokio::join!(
        delete_own(&world.ana, PASSWORD, false),
        delete_own(&other, PASSWORD, false)
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", first.text(), second.text());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_that_nobody_else_is_in_goes_with_everything_in_it(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    let (other, beside) = (app.world().await, app.world().await);
    leave_traces(&world, &quirin(&world, Role::Member).await).await;
    let rows = async |team: Uuid| {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT table_name::text FROM information_schema.columns
             WHERE table_schema = 'public' AND column_name = 'team_id' ORDER BY 1",
        )
        .fetch_all(&app.db)
        .await
        .unwrap();
        let mut rows = 0;
        for table in tables {
            let query = format!("SELECT count(*) FROM {table} WHERE team_id = $1");
            let found: i64 = sqlx::query_scalar(AssertSqlSafe(query))
                .bind(team)
                .fetch_one(&app.db)
                .await
                .unwrap();
            rows += found;
        }
        rows
    };
    let (stays, full) = (rows(beside.team.id).await, rows(world.team.id).await);
    assert!(full > 20, "{full}");
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id <> $2")
        .bind(world.team.id)
        .bind(world.people.ana.id)
        .execute(&app.db)
        .await
        .unwrap();

    let page = world.ana.get("/account").await.page();
    assert!(page.shows("Nobody else is in Blue Lantern."));
    delete_own(&world.ana, PASSWORD, false).await.expect(200);
    assert_eq!(rows(world.team.id).await, 0);
    assert_eq!(rows(beside.team.id).await, stays);
    other.ana.get(&other.team.path("")).await.expect(200);
    // Whoever was in it is not hurt.
    assert!(is_signed_in(&world.ben).await);
    world.ben.get("/account").await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_with_a_deleted_account_comes_back_out_of_its_export(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    delete_own(&world.ben, PASSWORD, false).await.expect(200);
    let export = world
        .ana
        .ask(Ask::page(&world.team.path("/export")))
        .await
        .expect(200);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &export.body).unwrap();
    let returned = crate::exports::operator::import_team(&app.db, file.path(), |_| {})
        .await
        .unwrap();
    assert_eq!(returned.new_people, [""; 0]);
    let copy = format!("/teams/{}/boards/WEB", returned.slug);
    assert!(
        world
            .ana
            .get(&copy)
            .await
            .expect(200)
            .page()
            .shows("Deleted account")
    );
}
