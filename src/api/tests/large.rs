//! Lists of a large team: by indexes alone.

use sqlx::PgPool;
use time::{OffsetDateTime, macros::date};
use uuid::Uuid;

use crate::{
    boards, comments,
    ids::{ColumnId, PersonId},
    live,
    people::{self, access::Access, access::Permission, model::PersonName},
    search::{
        actions,
        query::{Due, Query},
        store::{self, Condition},
    },
    testing::{
        TestApp, World,
        explain::{MANY, enlarge, scanned},
    },
};

/// What can be asked of a list of tasks, each by itself and some together.
fn asked(world: &World) -> Vec<Vec<Condition>> {
    let column = |index: usize| Condition::InColumn(ColumnId(world.columns[index].id));
    let since = |days: i64| {
        let moment = OffsetDateTime::now_utc() - time::Duration::days(days);
        Condition::ChangedSince(moment)
    };
    let kind = |kind: &str| Condition::Kind(kind.parse().expect("a kind"));
    vec![
        vec![],
        vec![Condition::OnBoardOfKey("WEB".to_owned())],
        vec![Condition::OnBoardOfKey("NONE".to_owned())],
        vec![column(0)],
        vec![column(2)],
        vec![kind("doing")],
        vec![Condition::HeldBy(vec![PersonId(world.people.ben.id)])],
        vec![Condition::Unassigned],
        vec![Condition::Labelled("design".to_owned())],
        vec![Condition::Due(Due::Before(date!(2001 - 01 - 01)))],
        vec![since(1)],
        vec![since(1_000), column(0)],
        vec![
            Condition::OnBoardOfKey("WEB".to_owned()),
            kind("done"),
            since(1),
        ],
    ]
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn no_list_reads_a_table_from_end_to_end(db: PgPool) {
    let world = TestApp::new(db).world().await;
    enlarge(&world).await;
    let ben = PersonName {
        id: world.people.ben.id.into(),
        name: "Ben".to_owned(),
    };
    let db = &world.app.db;
    let access = Access::enter(db, &ben, &world.team.slug, Permission::Read);
    let access = access.await.expect("Ben's team");
    let team = access.team();
    for (number, conditions) in asked(&world).into_iter().enumerate() {
        let understood = actions::understand(&access, &Query::default()).await;
        let mut wanted = understood.expect("a query").wanted;
        let conditions = conditions.into_iter().map(|condition| (false, condition));
        wanted.conditions.extend(conditions);
        let read = scanned(db, async |connection| {
            store::list(connection, team, &wanted).await.map(drop)
        });
        assert_eq!(
            read.await,
            [""; 0],
            "tasks, number {number}: {:?}",
            wanted.conditions
        );
    }
    let task = world.todo.id.into();
    let beginning = (OffsetDateTime::UNIX_EPOCH, Uuid::nil());
    let read = scanned(db, async |connection| {
        live::store::told_after(&mut *connection, team, i64::from(MANY), 51).await?;
        live::store::told_of_task(&mut *connection, team, task, i64::MAX, 51).await?;
        comments::store::of_task_after(&mut *connection, team, task, beginning, 51).await?;
        boards::store::one(&mut *connection, team, "WEB").await?;
        let nobody = PersonId(Uuid::nil());
        people::store::members_after(&mut *connection, team, nobody, 51).await?;
        boards::store::page(&mut *connection, team, "", 51)
            .await
            .map(drop)
    });
    assert_eq!(read.await, [""; 0], "events, comments, boards or members");
}
