//! Whoever comes late, or again, misses nothing and hears nothing twice.

use sqlx::PgPool;

use super::{Listener, create, last_seq};
use crate::testing::TestApp;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_reader_goes_on_exactly_where_it_left_off(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    // More than are read at once.
    for number in 0..230 {
        create(&world.ben, &world, &format!("Task {number}")).await;
    }
    let now = last_seq(&world).await;
    for after in [before, now - 101, now - 100, now - 99, now - 1] {
        let by_query = Listener::open(&world.vera, &world, &format!("?after={after}"), None).await;
        let by_header = Listener::after(&world.vera, &world, after).await;
        // The header wins: a browser sends it when it comes back to the same address.
        let by_both =
            Listener::open(&world.vera, &world, "?after=0", Some(&after.to_string())).await;
        for mut listener in [by_query, by_header, by_both] {
            for seq in after + 1..=now {
                let heard = listener.next().await;
                assert_eq!((heard.kind.as_str(), heard.id), ("message", Some(seq)));
            }
        }
    }
    // One who is up to date hears what comes next, and so does one who does not say.
    let up_to_date = Listener::after(&world.vera, &world, now).await;
    let silent = Listener::from_now(&world.vera, &world).await;
    create(&world.ben, &world, "The next").await;
    for mut listener in [up_to_date, silent] {
        assert_eq!(listener.next().await.id, Some(now + 1));
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_id_that_cannot_be_gone_on_from_gives_one_resync(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let now = last_seq(&world).await;
    let nonsense = [
        "",
        "x",
        "-1",
        "1.5",
        "999999",
        "9223372036854775807",
        "99999999999999999999",
    ];
    for id in nonsense {
        for mut listener in [
            Listener::open(&world.vera, &world, "", Some(id)).await,
            Listener::open(&world.vera, &world, &format!("?after={id}"), None).await,
        ] {
            let heard = listener.next().await;
            assert_eq!(
                (heard.kind.as_str(), heard.id),
                ("resync", Some(now)),
                "{id}"
            );
        }
    }
    let mut lost = Listener::open(&world.vera, &world, "", Some("lost")).await;
    lost.next().await;
    create(&world.ben, &world, "After the resync").await;
    let heard = lost.next().await;
    assert_eq!((heard.kind.as_str(), heard.id), ("message", Some(now + 1)));

    // Too far behind to be worth replaying.
    sqlx::query("UPDATE event_counters SET last_seq = last_seq + 2000 WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    let mut old = Listener::after(&world.vera, &world, now).await;
    assert_eq!(old.next().await.kind, "resync");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn readers_are_told_to_come_back_at_different_times(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut told = Vec::new();
    for _ in 0..20 {
        let mut listener = Listener::from_now(&world.vera, &world).await;
        let block = listener.block().await.unwrap();
        let pause: u32 = block.strip_prefix("retry: ").unwrap().parse().unwrap();
        assert!((500..=2_500).contains(&pause), "{pause}");
        told.push(pause);
    }
    told.sort_unstable();
    told.dedup();
    assert!(told.len() > 10, "{told:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_event_whose_announcement_was_lost_is_told_a_moment_later(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut vera = Listener::from_now(&world.vera, &world).await;
    let seq: i64 = sqlx::query_scalar(
        r#"
        WITH counter AS (
            UPDATE event_counters SET last_seq = last_seq + 1 WHERE team_id = $1 RETURNING last_seq
        )
        INSERT INTO events (team_id, seq, change_id, kind, actor_id, changes)
        SELECT $1, last_seq, gen_random_uuid(), 'team.renamed', $2, '[]' FROM counter RETURNING seq
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ana.id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    assert_eq!(vera.next().await.id, Some(seq));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn everybody_hears_every_event_once_and_in_order_whenever_they_come(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    let until = before + 8 * 15;
    let mut listeners = Vec::new();
    let mut writers = Vec::new();
    for writer in 0..8 {
        let (ben, into) = (world.ben.clone(), world.clone());
        writers.push(tokio::spawn(async move {
            for number in 0..15 {
                create(&ben, &into, &format!("{writer} {number}")).await;
            }
        }));
        let (vera, into) = (world.vera.clone(), world.clone());
        listeners.push(tokio::spawn(async move {
            let mut last = before;
            // Comes back after every few events, as somebody whose network breaks does.
            while last < until {
                let mut listener = Listener::after(&vera, &into, last).await;
                for _ in 0..=writer * 4 {
                    if last == until {
                        break;
                    }
                    let heard = listener.next().await;
                    assert_eq!((heard.kind.as_str(), heard.id), ("message", Some(last + 1)));
                    last += 1;
                }
            }
        }));
    }
    for task in writers.into_iter().chain(listeners) {
        task.await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_reader_that_is_too_slow_is_told_to_read_again_and_holds_up_nobody(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let before = last_seq(&world).await;
    let mut slow = Listener::from_now(&world.vera, &world).await;
    // The first thing it is told; then it stops reading.
    slow.block().await;
    let mut quick = Listener::from_now(&world.vera, &world).await;
    for number in 0..300 {
        create(&world.ben, &world, &format!("Task {number}")).await;
        assert_eq!(quick.next().await.id, Some(before + 1 + number));
    }
    let heard = slow.next().await;
    assert_eq!(
        (heard.kind.as_str(), heard.id),
        ("resync", Some(before + 300))
    );
    create(&world.ben, &world, "And on").await;
    assert_eq!(slow.next().await.id, Some(before + 301));
}
