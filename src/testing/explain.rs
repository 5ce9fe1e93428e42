//! What queries read in a large team, by Postgres's own count. The text of a checked query cannot be
//! taken out of its macro, and a plan made by hand is not the one that runs.

use sqlx::{PgConnection, PgPool};

use super::World;

/// How often the work is done: often enough that Postgres also tries the plan that suits all values.
const TIMES: usize = 8;

/// The tasks of a large team: enough that no plan of Postgres's reads them all where an index will do. One in fifty
/// is open, and of those one in twenty in progress.
pub const MANY: i32 = 50_000;

/// Fills the world's board with [`MANY`] tasks and twice as many events, and counts them for the planner.
pub async fn enlarge(world: &World) {
    let [todo, doing, done] = &world.columns;
    sqlx::query(
        r#"
        INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, description, assignee_id,
                           assigned_at, due_on, created_as, created_by, created_at, started_at, completed_at, updated_at)
        SELECT $1, gen_random_uuid(), $2, 1000 + n,
               CASE kind WHEN 'todo' THEN $3 WHEN 'doing' THEN $4 ELSE $5 END, kind,
               decode(lpad(to_hex(n), 8, '0') || '80', 'hex'),
               (ARRAY['Fix', 'Draw', 'Write', 'Measure', 'Explain'])[1 + n % 5] || ' the '
                   || (ARRAY['login', 'invoice', 'map', 'report', 'header', 'query', 'theme'])[1 + n % 7] || ' of '
                   || left(md5(n::text), 6),
               repeat(md5(n::text) || ' ', 4),
               CASE n % 3 WHEN 0 THEN $6 WHEN 1 THEN $7 END,
               CASE WHEN n % 3 < 2 THEN now() - interval '3 days' END,
               CASE WHEN n % 2 = 0 THEN current_date + n % 200 - 20 END,
               '{}', $6, done_at - interval '9 days',
               CASE WHEN kind <> 'todo' THEN done_at - interval '3 days' END,
               CASE WHEN kind = 'done' THEN done_at END, done_at
        FROM (
            SELECT n, now() - n * interval '7 minutes' AS done_at,
                   CASE WHEN n % 50 > 0 THEN 'done' WHEN n % 1000 > 0 THEN 'todo' ELSE 'doing' END AS kind
            FROM generate_series(1, $8) AS n
        ) AS made
        "#,
    )
    .bind(world.team.id)
    .bind(world.board)
    .bind(todo.id)
    .bind(doing.id)
    .bind(done.id)
    .bind(world.people.ana.id)
    .bind(world.people.ben.id)
    .bind(MANY)
    .execute(&world.app.db)
    .await
    .expect("many tasks");
    sqlx::query(
        r#"
        INSERT INTO events (team_id, seq, change_id, kind, at, actor_id, board_id, task_id, changes)
        SELECT $1, last_seq + row_number() OVER (ORDER BY tasks.created_at, did), gen_random_uuid(), 'task.' || did,
               tasks.created_at, $2, tasks.board_id, tasks.id, '[]'
        FROM event_counters, tasks, unnest('{created,edited}'::text[]) AS did
        WHERE event_counters.team_id = $1 AND tasks.team_id = $1
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ana.id)
    .execute(&world.app.db)
    .await
    .expect("their events");
    sqlx::query(
        "UPDATE event_counters SET last_seq = (SELECT max(seq) FROM events WHERE team_id = $1) WHERE team_id = $1",
    )
    .bind(world.team.id)
    .execute(&world.app.db)
    .await
    .expect("the number of the last");
    sqlx::query("UPDATE task_numbers SET last_number = 1000 + $2 WHERE team_id = $1")
        .bind(world.team.id)
        .bind(MANY)
        .execute(&world.app.db)
        .await
        .expect("the number of the last task");
    sqlx::query("ANALYZE")
        .execute(&world.app.db)
        .await
        .expect("what the planner goes by");
}

/// The large tables that some work read from end to end. It is given one connection, on which alone
/// Postgres has to have counted.
pub async fn scanned<E: std::fmt::Debug>(
    db: &PgPool,
    work: impl AsyncFn(&mut PgConnection) -> Result<(), E>,
) -> Vec<String> {
    let mut connection = db.acquire().await.expect("a connection");
    let before = scans(&mut connection).await;
    for _ in 0..TIMES {
        work(&mut connection).await.expect("the work");
    }
    let after = scans(&mut connection).await;
    after
        .into_iter()
        .filter(|row| !before.contains(row))
        .map(|(table, _)| table)
        .collect()
}

/// How often each large table was read from end to end so far.
async fn scans(connection: &mut PgConnection) -> Vec<(String, i64)> {
    // What a connection has counted is told when this statement is over.
    sqlx::query("SELECT pg_stat_force_next_flush()")
        .execute(&mut *connection)
        .await
        .expect("the counts of this connection");
    sqlx::query_as(
        r#"
        SELECT pg_class.relname::text, seq_scan FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid
        WHERE reltuples > 10000 ORDER BY pg_class.relname
        "#,
    )
    .fetch_all(connection)
    .await
    .expect("the counts")
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_scan_is_noticed_and_the_use_of_an_index_is_none(db: PgPool) {
    let world = super::TestApp::new(db).world().await;
    enlarge(&world).await;
    let by_index = scanned(&world.app.db, async |connection| {
        sqlx::query("SELECT FROM tasks WHERE team_id = $1 AND id = $2")
            .bind(world.team.id)
            .bind(world.todo.id)
            .execute(connection)
            .await
            .map(drop)
    });
    assert_eq!(by_index.await, [""; 0]);
    let all = scanned(&world.app.db, async |connection| {
        sqlx::query("SELECT count(*) FROM tasks WHERE title LIKE '%x%'")
            .execute(connection)
            .await
            .map(drop)
    });
    assert_eq!(all.await, ["tasks"]);
}
