//! A new team: its slug, its owner, its log, its first board.

use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    accounts::limits::Limit,
    boards::{
        self,
        model::{BoardKey, BoardName},
    },
    error::{Code, Error, Result},
    ids::BoardId,
    live::{
        self,
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::{
        access::Access,
        model::{PersonName, Role, TeamName, TeamSettings},
        slug, store,
    },
    server::database::Transaction,
};

/// The name of the board that a new team finds.
const FIRST_BOARD: &str = "Team board";

/// Founds a team inside a transaction, which may have made the founder's account just before. The
/// change that comes back holds the founder's [`Access`] and lasts once it is committed.
pub async fn found_team(
    transaction: Transaction,
    db: &PgPool,
    founder: &PersonName,
    name: &TeamName,
) -> Result<Change> {
    found(transaction, db, founder, Uuid::now_v7(), name)
        .await?
        .ok_or_else(Error::internal)
}

/// Further teams that one person founds.
const FOUNDINGS: Limit = Limit::new("teams_per_person", 20, Duration::from_secs(3600));

/// Founds a further team under an id that the founder chose, and gives its slug. The same request
/// again gives the same team.
///
/// # Errors
/// 409 when the id was used for something else, 429 after too many.
pub async fn create_team(
    db: &PgPool,
    founder: &PersonName,
    id: Uuid,
    name: &TeamName,
    time_zone: &str,
) -> Result<String> {
    FOUNDINGS.count(db, &founder.id.to_string()).await?;
    let transaction = Transaction::begin(db).await?;
    match found(transaction, db, founder, id, name).await? {
        Some(mut change) => {
            begin_in_zone(&mut change, time_zone).await?;
            let slug = change.access().slug().to_owned();
            change.commit().await?;
            Ok(slug)
        }
        None => store::founded_as(db, id, founder.id, name.as_str())
            .await?
            .ok_or_else(|| {
                Error::new(
                    Code::Conflict,
                    "This form was used already. Reload the page to found another team.",
                )
            }),
    }
}

/// Sets the clock of a team that is being founded to that of its founder. A zone that nobody knows
/// leaves it at UTC.
pub async fn begin_in_zone(change: &mut Change, time_zone: &str) -> Result<()> {
    let team = change.access().team();
    let Some(time_zone) = store::time_zone(change.connection(), time_zone).await? else {
        return Ok(());
    };
    let settings = TeamSettings {
        time_zone,
        ..store::hold_settings(change.connection(), team).await?
    };
    store::set_settings(change.connection(), team, &settings).await
}

/// The change that founds a team, or nothing when there is a team of this id.
async fn found(
    mut transaction: Transaction,
    db: &PgPool,
    founder: &PersonName,
    id: Uuid,
    name: &TeamName,
) -> Result<Option<Change>> {
    for slug in slug::candidates(name.as_str()) {
        if !store::insert_team(transaction.connection(), id, &slug, name.as_str()).await? {
            if store::exists(transaction.connection(), id).await? {
                return Ok(None);
            }
            continue;
        }
        let access = Access::founder(db, id, &slug, founder);
        let team = access.team();
        store::join(transaction.connection(), team, founder.id, Role::Owner).await?;
        live::store::start_log(transaction.connection(), team).await?;
        let mut change = Change::proved(transaction, access);
        let named = FieldChange::new("name", None, Some(name.as_str().to_owned()));
        change.record(NewEvent::of_team("team.created", vec![named]));
        let key = BoardKey::parse(&slug::first_board_key(name.as_str()))?;
        let board = BoardName::parse(FIRST_BOARD)?;
        boards::actions::create(&mut change, BoardId::new(), &key, &board).await?;
        return Ok(Some(change));
    }
    Err(Error::internal())
}
