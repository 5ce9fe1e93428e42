//! Taking a backup: every table as it was when the transaction began.

use std::io::Write;

use sqlx::{ConnectOptions as _, Connection as _, PgConnection, PgPool};

use super::{
    LEFT_OUT,
    failure::{Failure, Result},
    file::{Head, Taken, Writer},
    store,
};

/// Reads the database into a file. Nobody who writes meanwhile is held up, and what they write is not in it.
///
/// # Errors
/// When the database holds nothing, and when it or the file does not do it.
pub async fn take<W: Write>(db: &PgPool, to: &mut Writer<'_, W>) -> Result<Taken> {
    let mut connection = connect(db, "skateboard backup").await?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the connection is this command's own and ends with it"
    )]
    let mut transaction = connection.begin().await?;
    let taken_at = store::hold_still(&mut transaction).await?;
    let migrations = store::migrations(&mut transaction).await?;
    if migrations.is_empty() {
        return Err(Failure::refused(
            "the database is empty: there is nothing to back up",
        ));
    }
    let mut tables = store::tables(&mut transaction).await?;
    tables.retain(|table| !LEFT_OUT.iter().any(|(name, _)| *name == table.name));
    to.head(&Head::new(taken_at, migrations, tables.clone()))?;
    let mut rows = 0;
    for table in &tables {
        store::copy_out(&mut transaction, table, |data| to.data(data)).await?;
        rows += to.end_table()?;
    }
    to.end(tables.len())?;
    Ok(Taken {
        tables: tables.len(),
        rows,
    })
}

/// A connection of its own, which may take its time.
pub async fn connect(db: &PgPool, name: &str) -> Result<PgConnection> {
    let options = (*db.connect_options())
        .clone()
        .application_name(name)
        .options([
            ("statement_timeout", "0"),
            ("lock_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "0"),
            ("timezone", "UTC"),
            ("datestyle", "ISO"),
            ("intervalstyle", "postgres"),
            ("extra_float_digits", "1"),
        ]);
    Ok(options.connect().await?)
}
