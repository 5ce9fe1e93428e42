//! The demo team's eight weeks: every figure against one that is computed here in another way, out of the tasks as
//! they are and by plain counting.

use sqlx::{PgPool, Row, postgres::PgRow};
use time::{Date, Duration, macros::date};
use uuid::Uuid;

use super::figures;
use crate::{
    demo,
    ids::PersonId,
    insights::{
        measuring::measure,
        metric::{Measured, Metric, Unit},
        model::FiguresView,
        period::{Period, Whom},
    },
    people::{
        access::{Access, Permission},
        model::PersonName,
    },
    testing::{Person, TestApp},
};

/// What the statements below share: the team's own clock, and the first and the last day.
struct Demo {
    db: PgPool,
    team: Uuid,
    access: Access,
    period: Period,
    read: FiguresView,
}

impl Demo {
    /// Rows of a statement with the team as `$1`, the first day as `$2` and the day after the last as `$3`.
    async fn rows(&self, sql: &'static str) -> Vec<PgRow> {
        sqlx::query(sql)
            .bind(self.team)
            .bind(self.period.from)
            .bind(self.period.to + Duration::days(1))
            .fetch_all(&self.db)
            .await
            .unwrap_or_else(|error| panic!("{error}: {sql}"))
    }

    async fn count(&self, sql: &'static str) -> i64 {
        self.rows(sql).await[0].get(0)
    }

    /// Counts by the Monday of their week, for every week of the period.
    async fn by_week(&self, sql: &'static str) -> Vec<i64> {
        let found: Vec<(Date, i64)> = self
            .rows(sql)
            .await
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        let counts = self.period.mondays().into_iter().map(|week| {
            let of_week = found.iter().find(|(monday, _)| *monday == week);
            of_week.map_or(0, |(_, count)| *count)
        });
        counts.collect()
    }

    fn column(&self, figure: &str, index: usize) -> Vec<i64> {
        self.read.figure(figure).column(index)
    }

    /// That a figure says so many of so many.
    #[track_caller]
    fn says_share(&self, figure: &str, place: usize, hits: i64, of: i64) {
        let said = self.read.figure(figure).said()[place].to_owned();
        assert!(
            said.starts_with(&format!("{hits} of {of} ")),
            "{figure}: {said}, not {hits} of {of}"
        );
        assert!(of > 0, "{figure} is tried with nothing");
    }
}

async fn demo(db: PgPool) -> Demo {
    let app = TestApp::new(db.clone());
    let filled = demo::fill(&db, None).await.expect("a demo");
    sqlx::query("UPDATE teams SET time_zone = 'Europe/Berlin' WHERE slug = $1")
        .bind(&filled.team)
        .execute(&db)
        .await
        .expect("a time zone");
    let (team, today): (Uuid, Date) = sqlx::query_as(
        "SELECT team_id, (now() AT TIME ZONE 'Europe/Berlin')::date FROM teams WHERE slug = $1",
    )
    .bind(&filled.team)
    .fetch_one(&db)
    .await
    .expect("the team");
    let (id, name): (Uuid, String) = sqlx::query_as("SELECT id, name FROM people WHERE email = $1")
        .bind(filled.email)
        .fetch_one(&db)
        .await
        .expect("an owner");
    sqlx::query(
        r#"
        INSERT INTO answers (team_id, hour, answers, errors, fast, buckets)
        SELECT $1, date_trunc('hour', now()) - n * interval '7 hours', 100 + n, n % 3, 90,
               ARRAY[0, 0, 50, 40, 0, 0, 0, 0, 0, 0, 0, 0, 10 + n, 0]
        FROM generate_series(0, 150) AS n
        "#,
    )
    .bind(team)
    .execute(&db)
    .await
    .expect("answers");
    // How many tasks of the demo are rescued depends on the hour. One is at least.
    sqlx::query(
        r#"
        INSERT INTO risks (team_id, task_id, due_on, reason)
        SELECT team_id, id, due_on, 'not started' FROM tasks
        WHERE team_id = $1 AND kind = 'done' AND completed_at < due_on
          AND due_on BETWEEN current_date - 40 AND current_date - 10 AND deleted_at IS NULL
          AND board_id IN (SELECT id FROM boards WHERE team_id = $1 AND archived_at IS NULL)
        ORDER BY id LIMIT 1
        ON CONFLICT DO NOTHING
        "#,
    )
    .bind(team)
    .execute(&db)
    .await
    .expect("a rescue");
    let owner = PersonName {
        id: PersonId(id),
        name: name.clone(),
    };
    let period = Period::last_weeks(today, 9);
    let email = filled.email.to_owned();
    let browser = app.signed_in(&Person { id, name, email }).await;
    let access = Access::enter(&db, &owner, &filled.team, Permission::Govern).await;
    Demo {
        read: figures(&browser, &filled.team, period.from, period.to).await,
        access: access.expect("an owner"),
        db,
        team,
        period,
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_figure_of_the_demo_is_what_counting_by_hand_gives(db: PgPool) {
    let demo = demo(db).await;
    assert!((64..=70).contains(&demo.period.days()));
    people(&demo).await;
    tasks(&demo).await;
    work_in_progress(&demo).await;
    times(&demo).await;
    due_dates_and_risks(&demo).await;
    answers(&demo).await;
    promises(&demo).await;
    measured(&demo).await;
    no_names(&demo).await;
}

async fn people(demo: &Demo) {
    let joined = demo
        .count(
            "SELECT count(*) FROM memberships WHERE team_id = $1
             AND (joined_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN $2 AND $3::date - 1",
        )
        .await;
    assert_eq!(joined, 8);
    assert_eq!(demo.read.figure("sign-ups").number("people joined"), "8");
    assert_eq!(demo.column("sign-ups", 0).iter().sum::<i64>(), 8);

    let first = demo
        .rows(
            "WITH first AS (
                 SELECT m.person_id,
                        (SELECT min(e.at) FROM events e WHERE e.team_id = m.team_id AND e.actor_id = m.person_id
                         AND e.task_id IS NOT NULL) - m.joined_at AS touched,
                        (SELECT min(e.at) FROM events e WHERE e.team_id = m.team_id AND e.actor_id = m.person_id
                         AND e.kind = 'task.claimed') - m.joined_at AS claimed
                 FROM memberships m WHERE m.team_id = $1 AND m.role <> 'viewer' AND m.joined_at >= $2::date - 1 AND m.joined_at < $3
             )
             SELECT count(*) FILTER (WHERE touched < interval '1 day'),
                    count(*) FILTER (WHERE claimed < interval '7 days'), count(*) FROM first",
        )
        .await;
    let of: i64 = first[0].get(2);
    demo.says_share("first-steps", 1, first[0].get(0), of);
    demo.says_share("first-steps", 2, first[0].get(1), of);
    assert_eq!(of, 7);

    let by_week = demo
        .by_week(
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(DISTINCT actor_id) FROM events
             WHERE team_id = $1 AND (at AT TIME ZONE 'Europe/Berlin')::date >= $2
               AND (at AT TIME ZONE 'Europe/Berlin')::date < $3 GROUP BY 1",
        )
        .await;
    assert_eq!(demo.column("active-by-week", 0), by_week);
    let by_day: Vec<i64> = demo
        .rows(
            "SELECT (SELECT count(DISTINCT actor_id) FROM events WHERE team_id = $1
                     AND to_char(at AT TIME ZONE 'Europe/Berlin', 'YYYY-MM-DD') = to_char(day, 'YYYY-MM-DD'))
             FROM generate_series($2::date, $3::date - 1, '1 day') AS day ORDER BY day",
        )
        .await
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(demo.column("active-by-day", 0), by_day);

    let back = demo
        .rows(
            "WITH active AS (
                 SELECT DISTINCT actor_id, date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date AS week
                 FROM events WHERE team_id = $1
             )
             SELECT count(next.actor_id), count(*)
             FROM active LEFT JOIN active AS next ON next.actor_id = active.actor_id AND next.week = active.week + 7
             WHERE active.week >= $2 AND active.week + 14 <= $3",
        )
        .await;
    demo.says_share("came-back", 0, back[0].get(0), back[0].get(1));
    // All eight joined in one week, so the weeks of their cohort are those from then on.
    let cohort = demo
        .by_week(
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(DISTINCT actor_id) FROM events
             WHERE team_id = $1 AND at < $3 AND actor_id IN (
                 SELECT person_id FROM memberships WHERE team_id = $1 AND joined_at >= $2::date - 1
             ) GROUP BY 1",
        )
        .await;
    let shown = demo.column("came-back", 1);
    assert_eq!(shown, cohort[cohort.len() - shown.len()..]);
    assert!(demo.column("came-back", 2).iter().all(|of| *of == 8));
}

async fn tasks(demo: &Demo) {
    // The demo opens nothing again, so the tasks as they are tell the same as the log. Those that are deleted are left
    // out with all their past.
    let created = demo
        .by_week(
            "SELECT date_trunc('week', created_at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM tasks
             WHERE team_id = $1 AND deleted_at IS NULL AND (created_at AT TIME ZONE 'Europe/Berlin')::date >= $2
               AND (created_at AT TIME ZONE 'Europe/Berlin')::date < $3 GROUP BY 1",
        )
        .await;
    let finished = demo
        .by_week(
            "SELECT date_trunc('week', completed_at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM tasks
             WHERE team_id = $1 AND kind = 'done' AND (completed_at AT TIME ZONE 'Europe/Berlin')::date >= $2
               AND (completed_at AT TIME ZONE 'Europe/Berlin')::date < $3 GROUP BY 1",
        )
        .await;
    assert!(finished.iter().sum::<i64>() > 50, "{finished:?}");
    assert_eq!(demo.column("created-and-finished", 0), created);
    assert_eq!(demo.column("created-and-finished", 1), finished);
    let done = demo
        .count(
            "SELECT count(*) FROM tasks WHERE team_id = $1 AND kind = 'done'
             AND (created_at AT TIME ZONE 'Europe/Berlin')::date >= $2 AND created_at < $3",
        )
        .await;
    demo.says_share("completion", 0, done, created.iter().sum());
    assert_eq!(demo.column("completion", 0).iter().sum::<i64>(), done);
}

async fn work_in_progress(demo: &Demo) {
    let days = demo
        .rows(
            "SELECT count(*) FILTER (WHERE created_at < ends AND (started_at IS NULL OR started_at >= ends)),
                    count(*) FILTER (WHERE started_at < ends AND (completed_at IS NULL OR completed_at >= ends)),
                    count(*) FILTER (WHERE completed_at < ends
                                       AND completed_at >= $2::date::timestamp AT TIME ZONE 'Europe/Berlin')
             FROM generate_series($2::date, $3::date - 1, '1 day') AS day
             CROSS JOIN LATERAL (SELECT (day + interval '1 day')::timestamp AT TIME ZONE 'Europe/Berlin' AS ends) AS it
             CROSS JOIN tasks WHERE team_id = $1 AND deleted_at IS NULL
               AND board_id IN (SELECT id FROM boards WHERE team_id = $1 AND archived_at IS NULL)
             GROUP BY day ORDER BY day",
        )
        .await;
    for column in 0..3 {
        let counted: Vec<i64> = days.iter().map(|row| row.get(column)).collect();
        assert_eq!(demo.column("work-in-progress", column), counted, "{column}");
        assert!(counted.iter().any(|count| *count > 3));
    }
}

async fn times(demo: &Demo) {
    let shown = demo.read.figure("how-long").rows();
    for (row, sql) in [
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days), percentile_cont(0.85) WITHIN GROUP (ORDER BY days), count(*)
         FROM (SELECT extract(epoch FROM started_at - created_at)::float8 / 86400 AS days FROM tasks
               WHERE team_id = $1 AND started_at >= ($2::date)::timestamp AT TIME ZONE 'Europe/Berlin'
                 AND started_at < ($3::date)::timestamp AT TIME ZONE 'Europe/Berlin') AS took",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days), percentile_cont(0.85) WITHIN GROUP (ORDER BY days), count(*)
         FROM (SELECT extract(epoch FROM completed_at - started_at)::float8 / 86400 AS days FROM tasks
               WHERE team_id = $1 AND completed_at >= ($2::date)::timestamp AT TIME ZONE 'Europe/Berlin'
                 AND completed_at < ($3::date)::timestamp AT TIME ZONE 'Europe/Berlin') AS took",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days), percentile_cont(0.85) WITHIN GROUP (ORDER BY days), count(*)
         FROM (SELECT extract(epoch FROM completed_at - created_at)::float8 / 86400 AS days FROM tasks
               WHERE team_id = $1 AND completed_at >= ($2::date)::timestamp AT TIME ZONE 'Europe/Berlin'
                 AND completed_at < ($3::date)::timestamp AT TIME ZONE 'Europe/Berlin') AS took",
    ]
    .into_iter()
    .enumerate()
    {
        let counted = demo.rows(sql).await;
        let (median, p85, count): (f64, f64, i64) =
            (counted[0].get(0), counted[0].get(1), counted[0].get(2));
        let counted = [format!("{median:.2}"), format!("{p85:.2}"), count.to_string()];
        assert_eq!(shown[row], counted, "{row}");
    }
    let points = demo
        .read
        .figure("how-long")
        .plot
        .as_deref()
        .unwrap_or_default();
    let finished: i64 = demo.column("created-and-finished", 1).iter().sum();
    assert_eq!(points.matches("class=\"point\"").count() as i64, finished);
}

async fn due_dates_and_risks(demo: &Demo) {
    let dates = demo
        .rows(
            "SELECT count(*) FILTER (WHERE kept), count(*), count(*) FILTER (WHERE kept AND risky), count(*) FILTER (WHERE risky)
             FROM (
                 SELECT coalesce((completed_at AT TIME ZONE 'Europe/Berlin')::date <= due_on, false) AS kept,
                        (team_id, id) IN (SELECT team_id, task_id FROM risks) AS risky
                 FROM tasks WHERE team_id = $1 AND due_on >= $2 AND due_on < $3
                   AND due_on < (now() AT TIME ZONE 'Europe/Berlin')::date AND deleted_at IS NULL
                   AND board_id IN (SELECT id FROM boards WHERE team_id = $1 AND archived_at IS NULL)
             ) AS due",
        )
        .await;
    let [kept, all, rescued, risky] = [0, 1, 2, 3].map(|column| dates[0].get::<i64, _>(column));
    demo.says_share("due-dates", 0, kept, all);
    demo.says_share("risks", 0, rescued, risky);
    let shown = demo.column("due-dates", 0).iter().sum::<i64>();
    assert_eq!(shown, kept);
    assert!(
        kept > 0 && kept < all && rescued > 0 && rescued < risky,
        "{kept} {all} {rescued} {risky}"
    );
}

async fn answers(demo: &Demo) {
    let sums = demo
        .rows(
            "SELECT sum(errors)::bigint, sum(fast)::bigint, sum(answers)::bigint FROM answers WHERE team_id = $1
             AND hour >= ($2::date)::timestamp AT TIME ZONE 'Europe/Berlin'
             AND hour < ($3::date)::timestamp AT TIME ZONE 'Europe/Berlin'",
        )
        .await;
    demo.says_share("errors", 0, sums[0].get(0), sums[0].get(2));
    demo.says_share("response-times", 0, sums[0].get(1), sums[0].get(2));
    // Of each row 90 answers took up to 10 ms, and as many again or fewer nearly ten seconds.
    assert_eq!(
        demo.read.figure("response-times").number("for half"),
        "≤ 10 ms"
    );
    assert_eq!(
        demo.column("errors", 1).iter().sum::<i64>(),
        sums[0].get::<i64, _>(0)
    );
}

async fn promises(demo: &Demo) {
    let mut total = Vec::new();
    for (figure, column, sql) in [
        (
            "now-opened",
            0,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM usage
             WHERE team_id = $1 AND kind = 'now.opened' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
        (
            "claims",
            0,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM events
             WHERE team_id = $1 AND kind = 'task.claimed' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
        (
            "claims",
            1,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM usage
             WHERE team_id = $1 AND kind = 'claim.refused' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
        (
            "warnings",
            0,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM usage
             WHERE team_id = $1 AND kind = 'similar.shown' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
        (
            "warnings",
            1,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM usage
             WHERE team_id = $1 AND kind = 'similar.taken' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
        (
            "warnings",
            2,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM usage
             WHERE team_id = $1 AND kind = 'similar.ignored' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
        (
            "conflicts",
            0,
            "SELECT date_trunc('week', at AT TIME ZONE 'Europe/Berlin')::date, count(*) FROM usage
             WHERE team_id = $1 AND kind = 'conflict.caught' AND at >= $2::date - 1 AND at < $3::date + 1 GROUP BY 1",
        ),
    ] {
        let counted = demo.by_week(sql).await;
        assert_eq!(demo.column(figure, column), counted, "{figure} {column}");
        let sum: i64 = counted.iter().sum();
        assert!(sum > 0, "{figure} {column} is tried with nothing");
        total.push(sum);
    }
    let [_, taken, refused, shown, followed, ..] = total[..] else {
        panic!("{total:?}");
    };
    demo.says_share("claims", 0, refused, refused + taken);
    demo.says_share("warnings", 0, followed, shown);
}

/// What hypotheses get is what the page says, and for some people what is theirs.
async fn measured(demo: &Demo) {
    let all = |metric| measure(&demo.access, metric, demo.period, Whom::Everybody);
    for (metric, figure, place) in [
        (Metric::Activated, "first-steps", 1),
        (Metric::FirstClaim, "first-steps", 2),
        (Metric::Returning, "came-back", 0),
        (Metric::Finished, "completion", 0),
        (Metric::DueKept, "due-dates", 0),
        (Metric::ClaimsRefused, "claims", 0),
        (Metric::WarningsTaken, "warnings", 0),
        (Metric::RisksRescued, "risks", 0),
        (Metric::AnsweredFast, "response-times", 0),
    ] {
        let Ok(Measured::Share { hits, of }) = all(metric).await else {
            panic!("{metric:?} is no share");
        };
        demo.says_share(figure, place, hits as i64, of as i64);
    }
    let Ok(Measured::Share { hits, of }) = all(Metric::AnsweredWithoutError).await else {
        panic!("answers without an error are a share");
    };
    demo.says_share("errors", 0, (of - hits) as i64, of as i64);

    let workers = demo
        .count("SELECT count(DISTINCT assignee_id) FROM tasks WHERE team_id = $1 AND kind = 'done' AND completed_at BETWEEN $2 AND $3")
        .await;
    let Ok(Measured::Values(finished)) = all(Metric::FinishedByPerson).await else {
        panic!("finished tasks are values");
    };
    assert_eq!(finished.len() as i64, workers);
    let weeks = demo.period.days() as f64 / 7.0;
    let sum: i64 = demo.column("created-and-finished", 1).iter().sum();
    assert!((finished.iter().sum::<f64>() * weeks - sum as f64).abs() < 1e-6);

    let me = demo.access.person().id;
    let mine = async |metric| {
        let whom = Whom::People(vec![me]);
        measure(&demo.access, metric, demo.period, whom)
            .await
            .expect("a measure")
    };
    let changes: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT change_id) FROM events WHERE team_id = $1 AND actor_id = $2
         AND NOT (kind = 'member.joined' OR kind = 'member.left')
         AND (at AT TIME ZONE 'Europe/Berlin')::date BETWEEN $3 AND $4",
    )
    .bind(demo.team)
    .bind(me.0)
    .bind(demo.period.from)
    .bind(demo.period.to)
    .fetch_one(&demo.db)
    .await
    .expect("a number");
    assert_eq!(
        mine(Metric::ChangesByPerson).await,
        Measured::Values(vec![changes as f64 / weeks])
    );
    for metric in Metric::ALL {
        let nobody = measure(&demo.access, metric, demo.period, Whom::People(Vec::new())).await;
        let nothing = match metric.unit() {
            Unit::Share => Measured::Share { hits: 0, of: 0 },
            Unit::Days | Unit::AWeek => Measured::Values(Vec::new()),
        };
        if metric.is_by_person() {
            assert_eq!(nobody, Ok(nothing), "{metric:?} of nobody");
        }
    }
    let early = Period {
        from: date!(2001 - 01 - 01),
        to: date!(2001 - 01 - 31),
    };
    for metric in Metric::ALL {
        let none = measure(&demo.access, metric, early, Whom::Everybody).await;
        let is_nothing = match none.expect("a measure") {
            Measured::Share { of, .. } => of == 0,
            Measured::Values(values) => values.is_empty(),
        };
        assert!(is_nothing, "{metric:?}");
    }
}

/// No figure names anybody, nor any task.
async fn no_names(demo: &Demo) {
    let said = serde_json::to_string(&demo.read).expect("the figures");
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM people UNION SELECT title FROM tasks")
            .fetch_all(&demo.db)
            .await
            .expect("the names");
    assert!(names.len() > 100);
    for name in names {
        assert!(!said.contains(&name), "{name}");
    }
    let ids: Vec<String> = sqlx::query_scalar("SELECT id::text FROM people")
        .fetch_all(&demo.db)
        .await
        .expect("ids");
    assert!(ids.iter().all(|id| !said.contains(id)));
}
