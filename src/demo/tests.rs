//! What the demo makes, and the teams that it leaves alone.

use sqlx::{PgPool, Row as _};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::{fill, story};
use crate::{
    error::Code,
    hypotheses::{
        self,
        model::{Standing, Verdict},
    },
    people::{
        self,
        access::{Access, Permission},
        model::Role,
    },
    testing::{Person, TestApp, seed},
};

/// A team as it is founded: an owner and a board.
struct Founded {
    db: PgPool,
    id: Uuid,
    slug: &'static str,
    owner: Person,
    board: Uuid,
    todo: seed::Column,
}

async fn found(db: &PgPool, slug: &'static str, key: &str) -> Founded {
    let owner = seed::person(db, "Olga").await;
    let id = seed::team(db, slug, "Blue Whales").await;
    seed::member(db, id, &owner, Role::Owner).await;
    let (board, [todo, ..]) = seed::board(db, id, &owner, key, "Team board").await;
    Founded {
        db: db.clone(),
        id,
        slug,
        owner,
        board,
        todo,
    }
}

impl Founded {
    async fn change(&self, sql: &'static str) {
        sqlx::query(sql)
            .bind(self.id)
            .bind(self.board)
            .execute(&self.db)
            .await
            .unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    async fn add(&self, name: &str, role: Role) -> Person {
        let person = seed::person(&self.db, name).await;
        seed::member(&self.db, self.id, &person, role).await;
        person
    }
}

/// That the demo does not come into a team, says why, and leaves it as it was.
async fn refused(db: &PgPool, slug: &str, code: Code, reason: &str) {
    let error = fill(db, Some(slug)).await.err().expect("a refusal");
    assert_eq!(error.code, code, "{slug}: {}", error.message);
    assert!(error.message.contains(reason), "{slug}: {}", error.message);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM people WHERE email = $1")
        .bind(story::PEOPLE[0].1)
        .fetch_one(db)
        .await
        .expect("a count");
    assert_eq!(left, 0, "{slug}");
    let happened: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM events JOIN teams USING (team_id) WHERE slug = $1",
    )
    .bind(slug)
    .fetch_one(db)
    .await
    .expect("a count");
    assert_eq!(happened, 0, "{slug}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_demo_that_is_refused_leaves_nobody_behind(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let db = &world.app.db;
    refused(db, &world.team.slug, Code::Conflict, "it has tasks").await;
    refused(db, "there-is-none", Code::NotFound, "").await;
    let empty = world.other_team.slug.as_str();
    let filled = fill(db, Some(empty)).await;
    assert_eq!(filled.expect("an empty team").team, empty);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_team_that_is_not_as_it_was_founded_is_refused(db: PgPool) {
    let conflict = Code::Conflict;

    let team = found(&db, "with-a-task", "ONE").await;
    let task = seed::task(&db, team.id, &team.owner, &team.todo, "Real work").await;
    seed::delete(&db, team.id, &team.owner, &task).await;
    refused(&db, team.slug, conflict, "it has tasks").await;

    let team = found(&db, "with-a-past", "ONE").await;
    team.change("UPDATE task_numbers SET last_number = 3 WHERE team_id = $1 AND board_id = $2")
        .await;
    refused(&db, team.slug, conflict, "its board was worked on").await;

    let team = found(&db, "with-a-board", "ONE").await;
    seed::board(&db, team.id, &team.owner, "TWO", "Another").await;
    refused(&db, team.slug, conflict, "it has a further board").await;

    let team = found(&db, "with-an-old-board", "ONE").await;
    let (old, _) = seed::board(&db, team.id, &team.owner, "OLD", "Put away").await;
    seed::archive(&db, team.id, old).await;
    refused(&db, team.slug, conflict, "it has a further board").await;

    let team = found(&db, "put-away", "ONE").await;
    seed::archive(&db, team.id, team.board).await;
    refused(&db, team.slug, conflict, "its board was worked on").await;

    let team = found(&db, "without-a-column", "ONE").await;
    team.change("DELETE FROM columns WHERE team_id = $1 AND board_id = $2 AND kind = 'doing'")
        .await;
    refused(&db, team.slug, conflict, "its board was worked on").await;

    let team = found(&db, "with-a-key", story::BOARDS[0].key).await;
    refused(&db, team.slug, conflict, "has a key that the demo needs").await;

    for (slug, role) in [
        ("with-an-owner", Role::Owner),
        ("with-a-member", Role::Member),
        ("with-a-viewer", Role::Viewer),
    ] {
        let team = found(&db, slug, "ONE").await;
        team.add("Paul", role).await;
        refused(&db, slug, conflict, "somebody besides its owner is in it").await;
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_owner_who_is_alone_can_fill_their_team(db: PgPool) {
    let team = found(&db, "as-founded", "ONE").await;
    seed::invitation(&db, team.id, &team.owner, Role::Member).await;
    let gone = team.add("Quentin", Role::Member).await;
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE person_id = $1")
        .bind(gone.id)
        .execute(&db)
        .await
        .expect("a former member");

    let filled = fill(&db, Some(team.slug)).await.expect("a demo");
    assert_eq!(filled.team, team.slug);
    let boards: Vec<(String, bool)> = sqlx::query_as(
        "SELECT key, archived_at IS NOT NULL FROM boards WHERE team_id = $1 ORDER BY archived_at NULLS FIRST, key",
    )
    .bind(team.id)
    .fetch_all(&db)
    .await
    .expect("the boards");
    let boards: Vec<(&str, bool)> = boards.iter().map(|(key, away)| (&**key, *away)).collect();
    let expected = [
        ("API", false),
        ("MOB", false),
        ("WEB", false),
        ("ONE", true),
    ];
    assert_eq!(boards, expected);
    learned(&db, team.slug).await;
    let again = fill(&db, Some(team.slug)).await.err().expect("a refusal");
    assert_eq!(again.code, Code::Conflict);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_new_team_has_what_the_demo_promises(db: PgPool) {
    let filled = fill(&db, None).await.expect("a demo");
    let count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&db)
            .await
            .unwrap_or_else(|error| panic!("{error}: {sql}"))
    };

    // This database has no other team.
    assert_eq!(count("SELECT count(*) FROM teams").await, 1);
    assert_eq!(filled.team, "lantern-works");
    let members = "SELECT count(*) FROM memberships WHERE removed_at IS NULL";
    assert_eq!(count(members).await, 8);
    let boards = "SELECT count(*) FROM boards WHERE archived_at IS NULL";
    assert_eq!(count(boards).await, 3);
    let tasks = count("SELECT count(*) FROM tasks WHERE deleted_at IS NULL").await;
    assert!((180..=220).contains(&tasks), "{tasks} tasks");
    for kind in ["todo", "doing", "done"] {
        let empty: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM boards WHERE archived_at IS NULL AND NOT EXISTS (
                 SELECT FROM tasks WHERE board_id = boards.id AND kind = $1 AND deleted_at IS NULL
             )",
        )
        .bind(kind)
        .fetch_one(&db)
        .await
        .expect("a count");
        assert_eq!(empty, 0, "boards without anything {kind}");
    }

    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE due_on < current_date), count(*) FILTER (WHERE due_on > current_date),
                count(*) FILTER (WHERE due_on < current_date AND kind <> 'done'),
                count(*) FILTER (WHERE description <> ''), count(*) FILTER (WHERE description LIKE '%](https://%'),
                count(*) FILTER (WHERE description LIKE '%```%'), count(*) FILTER (WHERE description LIKE '%- [ ]%'),
                count(*) FILTER (WHERE description LIKE '%- [x]%')
         FROM tasks WHERE deleted_at IS NULL",
    )
    .fetch_one(&db)
    .await
    .expect("the tasks");
    let [
        past,
        future,
        late,
        described,
        linked,
        code,
        unticked,
        ticked,
    ] = [0, 1, 2, 3, 4, 5, 6, 7].map(|column| row.get::<i64, _>(column));
    assert!(
        past >= 50 && future >= 5 && late >= 1,
        "{past} {future} {late}"
    );
    assert!(
        (tasks / 4..=tasks / 2).contains(&described),
        "{described} of {tasks}"
    );
    assert!(
        linked > 0 && code > 0 && unticked > 0 && ticked > 0,
        "{linked} {code} {unticked} {ticked}"
    );
    let unfinished =
        "SELECT count(*) FROM tasks WHERE kind = 'done' AND description LIKE '%- [ ]%'";
    assert_eq!(count(unfinished).await, 0, "what is done is ticked");
    let comments = "SELECT count(*) FROM comments WHERE deleted_at IS NULL";
    assert!(count(comments).await > 100);
    let silent = "SELECT count(*) FROM memberships
                  WHERE role <> 'viewer' AND NOT EXISTS (SELECT FROM comments WHERE author_id = person_id)";
    assert_eq!(
        count(silent).await,
        0,
        "everybody who may has said something"
    );

    away(&db).await;
    history(&db).await;
    learned(&db, &filled.team).await;
}

/// What was deleted and what was put away, each when the log says so.
async fn away(db: &PgPool) {
    let deleted: Vec<(String, OffsetDateTime, bool)> = sqlx::query_as(
        "SELECT title, deleted_at, EXISTS (
             SELECT FROM events WHERE task_id = tasks.id AND kind = 'task.deleted' AND at = deleted_at
                 AND actor_id = deleted_by
         ) FROM tasks WHERE deleted_at IS NOT NULL",
    )
    .fetch_all(db)
    .await
    .expect("the deleted");
    assert!((2..=3).contains(&deleted.len()), "{deleted:?}");
    let now = OffsetDateTime::now_utc();
    for (title, at, is_told) in &deleted {
        // Early enough to be no accident of a moment ago, and late enough to be restored for weeks.
        let ago = now - *at;
        assert!(
            ago > Duration::hours(1) && ago < Duration::days(7),
            "{title}"
        );
        assert!(*is_told, "{title}");
    }

    let boards: Vec<(String, OffsetDateTime, bool, i64, i64)> = sqlx::query_as(
        "SELECT name, archived_at,
                EXISTS (SELECT FROM events WHERE board_id = boards.id AND kind = 'board.archived' AND at = archived_at),
                (SELECT count(*) FROM tasks WHERE board_id = boards.id AND kind = 'done' AND deleted_at IS NULL),
                (SELECT count(*) FROM tasks WHERE board_id = boards.id AND updated_at < archived_at)
         FROM boards WHERE archived_at IS NOT NULL",
    )
    .fetch_all(db)
    .await
    .expect("the boards that were put away");
    let [(name, at, is_told, done, before)] = boards.as_slice() else {
        panic!("{boards:?}");
    };
    assert_eq!(name, "Team board");
    assert!(now - *at > Duration::days(28), "{at}");
    assert!(*is_told);
    assert!(*done >= 3 && done == before, "{done} {before}");
    let all: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM tasks JOIN boards ON boards.id = board_id WHERE archived_at IS NOT NULL",
    )
    .fetch_one(db)
    .await
    .expect("a count");
    assert_eq!(all, *done);
}

/// A hypothesis that runs and one that was decided after it had ended, both measured, and each step of them in the log.
async fn learned(db: &PgPool, slug: &str) {
    let owner = people::store::first_owner(db, slug)
        .await
        .expect("the people")
        .expect("an owner");
    let access = Access::enter(db, &owner, slug, Permission::Govern)
        .await
        .expect("the owner's team");
    let hypotheses = hypotheses::actions::hypotheses(&access)
        .await
        .expect("the hypotheses");
    let [running] = hypotheses.open.as_slice() else {
        panic!("{:?}", hypotheses.open);
    };
    assert_eq!(running.standing, Standing::Running);
    let progress = running.progress.as_ref().expect("what is measured so far");
    assert!(progress.plot.is_some(), "{progress:?}");

    let decisions = hypotheses::actions::decisions(&access)
        .await
        .expect("the decisions");
    let [decided] = decisions.as_slice() else {
        panic!("{decisions:?}");
    };
    assert_eq!(decided.decision.verdict, Verdict::Persevere);
    // The work ends at other hours of the day whenever the demo is filled.
    let reached = ["Very likely reached", "Likely reached"];
    assert!(reached.contains(&decided.evidence.as_str()), "{decided:?}");

    let told: Vec<(bool, bool, bool)> = sqlx::query_as(
        "SELECT (created_at AT TIME ZONE 'UTC')::date <= starts_on AND CASE
                    WHEN decided_at IS NULL THEN ends_on > current_date
                    ELSE ends_on < (decided_at AT TIME ZONE 'UTC')::date
                END,
                EXISTS (
                    SELECT FROM events
                    WHERE kind = 'hypothesis.created' AND at = created_at AND actor_id = created_by
                ),
                decided_at IS NULL OR EXISTS (
                    SELECT FROM events WHERE kind = 'decision.taken' AND at = decided_at AND actor_id = decided_by
                )
         FROM hypotheses LEFT JOIN decisions ON hypothesis_id = id",
    )
    .fetch_all(db)
    .await
    .expect("the hypotheses");
    assert_eq!(told, [(true, true, true); 2]);
}

/// Eight weeks, of which none is empty, and a log that tells every version of every task.
async fn history(db: &PgPool) {
    let (first, last): (OffsetDateTime, OffsetDateTime) =
        sqlx::query_as("SELECT min(at), max(at) FROM events")
            .fetch_one(db)
            .await
            .expect("the log");
    let now = OffsetDateTime::now_utc();
    assert!(now - first >= Duration::days(56), "{first}");
    assert!(last <= now, "{last}");
    let days: Vec<Date> = sqlx::query_scalar(
        "SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM events WHERE task_id IS NOT NULL ORDER BY 1",
    )
    .fetch_all(db)
    .await
    .expect("the days");
    for week in 0..8 {
        let begins = (first + Duration::weeks(week)).date();
        let span = begins..begins + Duration::weeks(1);
        let worked = days.iter().filter(|day| span.contains(*day)).count();
        assert!(worked >= 4, "{worked} days with work in week {week}");
    }
    let order: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY seq) AS is_back FROM events) AS log WHERE is_back",
    )
    .fetch_one(db)
    .await
    .expect("a count");
    assert_eq!(order, 0, "the log goes back in time");
    let untold: Vec<String> = sqlx::query_scalar(
        "SELECT title FROM tasks
         WHERE version <> (SELECT count(*) FROM events WHERE task_id = tasks.id AND kind LIKE 'task.%')",
    )
    .fetch_all(db)
    .await
    .expect("the tasks");
    assert!(untold.is_empty(), "{untold:?}");
    let nobodys: Vec<String> = sqlx::query_scalar(
        "SELECT title FROM tasks WHERE description <> '' AND NOT EXISTS (
             SELECT FROM events
             WHERE task_id = tasks.id AND changes @> jsonb_build_array(
                 jsonb_build_object('field', 'description', 'to', description)
             )
         )",
    )
    .fetch_all(db)
    .await
    .expect("the tasks");
    assert!(nobodys.is_empty(), "{nobodys:?}");
}
