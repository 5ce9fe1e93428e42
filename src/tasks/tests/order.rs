//! The order of a column holds however often people put something into one spot.

use super::*;
use crate::{
    columns::model::{ColumnKind, ColumnView},
    ids::{BoardId, ColumnId, PersonId, TaskId},
    live::change::Change,
    people::{
        access::{Access, Permission},
        model::PersonName,
    },
    tasks::{
        position::{self, Place},
        store::{self, NewTask},
    },
    testing::TestApp,
};

const INSERTS: usize = 10_000;

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn ten_thousand_inserts_in_one_spot_keep_their_order_and_short_keys(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ben = PersonName {
        id: PersonId(world.people.ben.id),
        name: "Ben".to_owned(),
    };
    let access = Access::enter(&world.app.db, &ben, &world.team.slug, Permission::Write)
        .await
        .unwrap();
    let (team, board) = (access.team(), BoardId(world.board));
    let column = ColumnView {
        id: ColumnId(world.empty_column.id),
        name: "Some day".to_owned(),
        kind: ColumnKind::Todo,
        wip_limit: None,
        version: 1,
    };
    let mut change = Change::begin(&access).await.unwrap();
    let created_as = Value::Null;
    let mut order = Vec::new();
    for number in 0..=INSERTS {
        // Each one right behind the first, before all the others.
        let place = order
            .first()
            .map_or(Place::End, |first| Place::After(*first));
        let connection = change.connection();
        let position = position::find(connection, team, board, &column, None, place)
            .await
            .unwrap();
        assert!(position.len() <= 48, "{} bytes", position.len());
        let id = TaskId::new();
        let task = NewTask {
            id,
            board,
            column: column.id,
            kind: column.kind,
            position: &position,
            title: "One of many",
            author: ben.id,
            created_as: &created_as,
        };
        store::insert(connection, team, task)
            .await
            .unwrap()
            .unwrap();
        order.insert(number.min(1), id);
        if number % 250 == 0 {
            // Postgres cleans up after a transaction, not inside of it.
            change.commit().await.unwrap();
            change = Change::begin(&access).await.unwrap();
        }
    }
    let stored = store::in_order(change.connection(), team, board, column.id)
        .await
        .unwrap();
    assert_eq!(stored.len(), INSERTS + 1);
    assert!(stored.iter().map(|(id, _)| id).eq(&order));
    assert!(stored.windows(2).all(|pair| pair[0].1 < pair[1].1));
    let longest = stored.iter().map(|(_, position)| position.len()).max();
    assert!(longest <= Some(48), "{longest:?}");
}
