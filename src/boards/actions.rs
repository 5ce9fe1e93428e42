//! What can be done with a board. Each deed: allowed? valid? then store, record, commit.

use super::{
    model::{BoardKey, BoardName},
    store,
};
use crate::{
    columns::{
        self,
        model::{ColumnKind, ColumnView},
        store::NewColumn,
    },
    error::{Code, Error, Result},
    ids::{BoardId, ColumnId},
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::access::Access,
};

/// Creates a board with its first columns. The same creation again gives the same board.
///
/// # Errors
/// 409 when the id was used for something else, or when another board of the team has or had the key.
pub async fn create_board(
    access: &Access,
    id: BoardId,
    key: &BoardKey,
    name: &BoardName,
) -> Result<()> {
    let mut change = Change::begin(access).await?;
    match create(&mut change, id, key, name).await {
        Ok(_) => change.commit().await.map(drop),
        Err(refused) if refused.code == Code::Conflict => {
            // Two equal creations at once meet at the key, so it is asked again who was first.
            drop(change);
            if store::was_created_as(access.db(), access.team(), id, key, name).await? {
                return Ok(());
            }
            Err(refused)
        }
        Err(error) => Err(error),
    }
}

/// Creates a board with its first columns inside a change, and gives the columns.
///
/// # Errors
/// 409 when the id or the key is taken.
pub async fn create(
    change: &mut Change,
    id: BoardId,
    key: &BoardKey,
    name: &BoardName,
) -> Result<Vec<ColumnView>> {
    let team = change.access().team();
    let author = change.access().person().id;
    if !store::insert(change.connection(), team, id, key, name, author).await? {
        return Err(Error::new(
            Code::Conflict,
            "This form was used already. Reload the page to create another board.",
        ));
    }
    let first: Vec<_> = ColumnKind::ALL
        .into_iter()
        .map(|kind| NewColumn {
            id: ColumnId::new(),
            name: kind.label(),
            kind,
        })
        .collect();
    columns::store::start(change.connection(), team, id, &first).await?;
    change.record(NewEvent {
        kind: "board.created",
        board: Some(id),
        task: None,
        changes: vec![
            FieldChange::new("key", None, Some(key.as_str().to_owned())),
            FieldChange::new("name", None, Some(name.as_str().to_owned())),
        ],
    });
    for column in &first {
        change.record(columns::actions::created(id, column));
    }
    Ok(first
        .iter()
        .map(|column| ColumnView {
            id: column.id,
            name: column.name.to_owned(),
            kind: column.kind,
            wip_limit: None,
            version: 1,
        })
        .collect())
}
