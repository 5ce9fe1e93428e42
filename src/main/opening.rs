//! The database that a command works on: opened, migrated and closed, and what is said when it is not there.

use std::time::Duration;

use skateboard::{
    backup,
    server::{
        database,
        private_postgres::PrivatePostgres,
        serve::Shutdown,
        settings::{Database, Settings},
    },
};
use sqlx::{PgPool, migrate::MigrateError};

use super::Failure;

/// Connections of the pool. The private Postgres allows 60, for all processes that use it.
const MAX_CONNECTIONS: u32 = 20;
/// How long a start waits for a database that starts at the same time.
const DATABASE_PATIENCE: Duration = Duration::from_secs(30);

/// Gives up when the program is to end, and leaves nothing running when it fails.
pub(super) async fn open_database(
    settings: &Settings,
    ending: &Shutdown,
) -> Result<(PgPool, Option<PrivatePostgres>), Failure> {
    let folder = match &settings.database {
        Database::Given(url) => {
            return Ok((database::connect(url.reveal(), MAX_CONNECTIONS)?, None));
        }
        Database::Private(folder) => folder,
    };
    let private = PrivatePostgres::join(folder, ending).await?;
    match database::connect(&private.url(), MAX_CONNECTIONS) {
        Ok(db) => Ok((db, Some(private))),
        Err(error) => {
            private.release().await?;
            Err(error.into())
        }
    }
}

/// Works beside the server until the program is to end, and lets no start go on after that.
pub(super) async fn keep_running(private: Option<&PrivatePostgres>) {
    if let Some(private) = private {
        private.keep_running().await;
    }
}

pub(super) async fn close_database(
    db: PgPool,
    private: Option<PrivatePostgres>,
) -> Result<(), Failure> {
    // A request that was cut may still hold a connection, and it may not hold up the end.
    let _ = tokio::time::timeout(Duration::from_secs(2), db.close()).await;
    match private {
        Some(private) => Ok(private.release().await?),
        None => Ok(()),
    }
}

/// Migrates, and waits for nothing: whoever typed the command is told at once.
pub(super) async fn migrate_at_once(db: &PgPool) -> Result<(), Failure> {
    let migrated = database::migrate(db).await;
    migrated.map_err(|error| explain(db, error))
}

/// Migrates, and waits a while for a database that is not there yet.
pub(super) async fn migrate(db: &PgPool, shutdown: &Shutdown) -> Result<(), Failure> {
    let begun = tokio::time::Instant::now();
    loop {
        let error = match database::migrate(db).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let is_away = matches!(
            &error,
            MigrateError::Execute(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))
        );
        if !is_away || shutdown.has_begun() || begun.elapsed() > DATABASE_PATIENCE {
            return Err(explain(db, error));
        }
        tracing::warn!("Waiting for the database at {}: {error}", place(db));
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

pub(super) fn explain(db: &PgPool, error: MigrateError) -> Failure {
    match error {
        MigrateError::VersionMissing(version) => format!(
            "the database is newer than this program: it has migration {version}. Use a newer skateboard"
        )
        .into(),
        MigrateError::Execute(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => {
            format!(
                "the database at {} does not answer. Check DATABASE_URL, and that Postgres runs",
                place(db)
            )
            .into()
        }
        other => format!("the database could not be migrated: {other}").into(),
    }
}

/// Says where the database was looked for, if it is not there.
pub(super) fn explain_backup(db: &PgPool, failure: backup::Failure) -> Failure {
    match failure {
        backup::Failure::Database(error @ (sqlx::Error::PoolTimedOut | sqlx::Error::Io(_))) => {
            explain(db, MigrateError::Execute(error))
        }
        other => other.into(),
    }
}

/// Where the database is expected, without what nobody else may know.
fn place(db: &PgPool) -> String {
    let options = db.connect_options();
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}
