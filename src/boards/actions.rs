//! What can be done with a board. Each deed: allowed? valid? then store, record, commit.

use super::{
    merge::{meanwhile, settle},
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
    insights::actions::counting_conflicts,
    live::{
        change::{Change, NewEvent},
        merge::{self, Versions, Wanted},
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
    let changes = vec![
        FieldChange::new("key", None, Some(key.as_str().to_owned())),
        FieldChange::new("name", None, Some(name.as_str().to_owned())),
    ];
    change.record(NewEvent::of_board("board.created", id, changes));
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

/// Gives a board another name, on the ground of the version that the person saw, or of whatever stands.
///
/// # Errors
/// 409 with both names when somebody else renamed it since `base`, or when the board is archived.
pub async fn rename_board(
    access: &Access,
    board: BoardId,
    base: Option<i64>,
    name: &BoardName,
) -> Result<()> {
    counting_conflicts(access, rename(access, board, base, name)).await
}

async fn rename(
    access: &Access,
    board: BoardId,
    base: Option<i64>,
    name: &BoardName,
) -> Result<()> {
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let held = store::hold_alone(change.connection(), team, board)
        .await?
        .open()?;
    let versions = Versions {
        base: base.unwrap_or(held.version),
        now: held.version,
    };
    let meanwhile = meanwhile(&mut change, board, None, versions).await?;
    let wanted = vec![Wanted {
        field: "name",
        yours: name.as_str().to_owned(),
        theirs: held.name,
        before: None,
    }];
    let changes = settle(&meanwhile, versions, wanted)?;
    if changes.is_empty() {
        return Ok(());
    }
    store::rename(change.connection(), team, board, name).await?;
    change.record(NewEvent::of_board("board.renamed", board, changes));
    change.commit().await?;
    merge::count(&meanwhile);
    Ok(())
}

/// Puts a board away: it can be read and not be changed. One that is away already stays so.
pub async fn archive_board(access: &Access, board: BoardId) -> Result<()> {
    set_archived(access, board, true).await
}

/// Brings a board back as it was.
pub async fn restore_board(access: &Access, board: BoardId) -> Result<()> {
    set_archived(access, board, false).await
}

async fn set_archived(access: &Access, board: BoardId, archived: bool) -> Result<()> {
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let held = store::hold_alone(change.connection(), team, board).await?;
    if held.archived == archived {
        return Ok(());
    }
    store::set_archived(change.connection(), team, board, archived).await?;
    let word = |archived: bool| Some(if archived { "yes" } else { "no" }.to_owned());
    let kind = if archived {
        "board.archived"
    } else {
        "board.restored"
    };
    let version = (held.version + 1).to_string();
    let changes = vec![
        FieldChange::new("archived", word(!archived), word(archived)),
        FieldChange::new("version", None, Some(version)),
    ];
    change.record(NewEvent::of_board(kind, board, changes));
    change.commit().await.map(drop)
}
