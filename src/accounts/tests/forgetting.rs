//! What goes by itself when its time is over.

use sqlx::PgPool;

use super::count;
use crate::{accounts::actions::deleting::forget_old, testing::TestApp};

const ACTION_OF_NAME: &str = "/actions/skateboard/accounts/account_page/change_name";

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_over_goes_by_itself_also_where_nobody_comes_by(db: PgPool) {
    let app = TestApp::new(db);
    let world = app.world().await;
    world
        .ben
        .post(ACTION_OF_NAME, &[("name", "")])
        .await
        .expect(303);
    assert_eq!(forget_old(&app.db).await.unwrap(), 0, "nothing is over yet");
    let stay = count(&app.db, "SELECT count(*) FROM sessions").await;
    for old in [
        "UPDATE sessions SET last_seen_at = now() - interval '31 days' WHERE id = (SELECT min(id::text)::uuid FROM sessions)",
        "UPDATE account_links SET expires_at = now() - interval '25 hours' WHERE purpose = 'reset_password'",
        "INSERT INTO rate_limits (bucket, window_start) VALUES ('x', now() - interval '49 hours')",
        "UPDATE refused_forms SET created_at = now() - interval '25 hours'",
    ] {
        sqlx::query(old).execute(&app.db).await.unwrap();
    }
    assert_eq!(forget_old(&app.db).await.unwrap(), 4);
    assert_eq!(
        count(&app.db, "SELECT count(*) FROM sessions").await,
        stay - 1
    );
    assert_eq!(
        count(&app.db, "SELECT count(*) FROM account_links").await,
        1
    );
}
