//! Restoring a backup: the whole file is read and judged first, then everything is put in at once.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, PgPool, migrate::Migrator};

use super::{
    failure::{Failure, Result},
    file::{Head, Reader, Taken},
    store::{self, Holds},
    taking::connect,
};
use crate::{
    server::{database::MIGRATOR, hex::hex},
    ui::words::counted,
};

/// Puts what a backup holds into the database, whose schema is then that of this program. `replace` lets it take the
/// place of what is there.
///
/// # Errors
/// In a sentence, and nothing has changed: when the file is damaged or newer than this program, when a server uses the
/// database, or when it holds something that is not to be replaced.
pub async fn restore(db: &PgPool, path: &Path, replace: bool) -> Result<Taken> {
    let reader = Reader::open(path)?;
    let until = schema_of(&reader.head)?;
    judge(reader)?;
    let mut connection = connect(db, "skateboard restore").await?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the connection is this command's own and ends with it"
    )]
    let mut transaction = connection.begin().await?;
    make_room(&mut transaction, replace).await?;
    until.run(&mut *transaction).await?;
    store::set_triggers(&mut transaction, false).await?;
    let taken = fill(&mut transaction, path).await?;
    store::set_triggers(&mut transaction, true).await?;
    MIGRATOR.run(&mut *transaction).await?;
    transaction.commit().await?;
    store::analyze(&mut connection).await?;
    Ok(taken)
}

/// Reads a backup to its end.
fn judge(mut reader: Reader) -> Result<()> {
    for table in reader.head.tables.clone() {
        while reader.block(&table.name)?.is_some() {}
    }
    reader.end()
}

/// The migrations that make the schema the backup was taken from.
fn schema_of(head: &Head) -> Result<Migrator> {
    let known: Vec<_> = MIGRATOR.iter().collect();
    for (place, applied) in head.migrations.iter().enumerate() {
        match known.get(place) {
            Some(own)
                if own.version != applied.version || hex(&own.checksum) != applied.checksum =>
            {
                return Err(Failure::refused(format!(
                    "the backup is of another skateboard: its migration {} is not this one's",
                    applied.version
                )));
            }
            Some(_) => {}
            None => {
                return Err(Failure::refused(format!(
                    "the backup was taken from a newer database: it has migration {}. Restore it with skateboard {} or newer",
                    applied.version, head.skateboard
                )));
            }
        }
    }
    let until = known.into_iter().take(head.migrations.len()).cloned();
    Ok(Migrator::with_migrations(until.collect()))
}

async fn make_room(connection: &mut PgConnection, replace: bool) -> Result<()> {
    if store::others(connection).await? > 0 {
        return Err(Failure::refused(
            "a server is using the database. Stop it first, then restore",
        ));
    }
    match store::holds(connection).await? {
        Holds::Nothing => {}
        Holds::Others => {
            return Err(Failure::refused(
                "the database holds tables that are not Skateboard's. Restore into a database of its own",
            ));
        }
        Holds::Ours { teams, people } if !replace => {
            return Err(Failure::refused(format!(
                "the database holds {} and {}. Add --replace to put the backup in their place; they are gone then",
                counted(teams, "team", "teams"),
                counted(people, "person", "people")
            )));
        }
        Holds::Ours { .. } => {}
    }
    store::clear(connection).await
}

async fn fill(connection: &mut PgConnection, path: &Path) -> Result<Taken> {
    let mut reader = Reader::open(path)?;
    let tables = reader.head.tables.clone();
    let mut rows = 0;
    for table in &tables {
        rows += store::copy_in(connection, table, || reader.block(&table.name)).await?;
    }
    reader.end()?;
    Ok(Taken {
        tables: tables.len(),
        rows,
    })
}
