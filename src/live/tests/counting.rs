//! What is measured of the feed.

use leptos::server_fn::ServerFn;
use sqlx::PgPool;

use super::{Listener, on_todo};
use crate::{
    accounts::actions::deleting::{Comments, delete},
    live::requests::CountConflict,
    tasks::requests::{ClaimTask, EditTask},
    testing::{TestApp, World},
};

/// The value of a metric, summed over its labels; none when it does not stand there.
async fn metric(world: &World, name: &str) -> Option<f64> {
    let text = world.nobody.get("/metrics").await.expect(200).text();
    let series = text
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.rsplit_once([' ', '}']))
        .filter(|(labels, _)| labels.is_empty() || labels.starts_with('{'));
    series
        .map(|(_, value)| value.trim().parse::<f64>().unwrap())
        .reduce(|sum, value| sum + value)
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_event_is_counted_when_it_lasts(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let app = &world.app;
    // What was written is refused only when it is to last.
    for failing in [
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION fail()",
    ] {
        sqlx::query(failing).execute(&app.db).await.unwrap();
    }
    let before = metric(&world, "events_total").await.unwrap_or_default();
    let ben = world.people.ben.id;
    let leave = async || delete(&app.db, &app.settings, ben.into(), Comments::Stay).await;
    assert!(leave().await.is_err());
    assert_eq!(
        metric(&world, "events_total").await.unwrap_or_default(),
        before
    );

    sqlx::query("DROP TRIGGER fail ON events")
        .execute(&app.db)
        .await
        .unwrap();
    assert!(leave().await.is_ok());
    assert_eq!(metric(&world, "events_total").await, Some(before + 1.0));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_measured_of_the_feed_is_there_from_the_start_and_moves(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let names = [
        "feed_streams",
        "feed_events_delivered_total",
        "feed_lag_seconds_count",
        "feed_resyncs_total",
        "conflicts_total",
        "merges_total",
        "retries_total",
    ];
    let mut before = Vec::new();
    for name in names {
        let value = metric(&world, name).await;
        before.push(value.unwrap_or_else(|| panic!("{name} is not there")));
    }
    let mut vera = Listener::from_now(&world.vera, &world).await;
    let mut lost = Listener::open(&world.vera, &world, "?after=lost", None).await;
    assert_eq!(lost.next().await.kind, "resync");
    let edit = |field: &'static str| [("version", "1"), (field, "Written")];
    on_todo(&world.ben, &world, EditTask::url(), &edit("title")).await;
    assert_eq!(vera.next().await.data["kind"], "task.edited");
    on_todo(&world.ana, &world, EditTask::url(), &edit("description")).await;
    let mut fields = vec![
        ("team", world.team.slug.as_str()),
        ("task", world.todo.key.as_str()),
    ];
    let conflicts = metric(&world, "conflicts_total").await.unwrap();
    fields.extend([("version", "1"), ("title", "Otherwise")]);
    world.ana.call(EditTask::url(), &fields).await.expect(409);
    let team = [("team", world.team.slug.as_str())];
    world
        .ana
        .call(CountConflict::url(), &team)
        .await
        .expect(200);
    assert_eq!(
        metric(&world, "conflicts_total").await,
        Some(conflicts + 2.0)
    );
    world.give_up_the_first(1).await;
    on_todo(&world.ben, &world, ClaimTask::url(), &[]).await;
    for (name, before) in names.into_iter().zip(before) {
        let now = metric(&world, name).await.unwrap();
        assert!(now > before, "{name} was {before} and is {now}");
    }
}
