//! The way to Postgres: the pool, the migrations, and the only way to open a transaction.

use std::{ops::DerefMut, time::Duration};

use sqlx::{
    Acquire as _, ConnectOptions, Connection as _, PgConnection, PgPool, Postgres,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgDatabaseError, PgListener, PgPoolOptions},
};
use tokio::time::timeout;
use tracing::Instrument as _;

use crate::error::{Code, Error, Result};

/// Every migration of this binary, in order.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How long a request waits for a connection before it is told that the database is away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// How long a connection may take to say that it still stands. There is time left to ask some others, and
/// to open another.
const STANDS: Duration = Duration::from_millis(500);

/// How long BEGIN and COMMIT may take. Nobody can give them up from outside, and a network that has
/// forgotten the connection never answers.
const DECIDED: Duration = Duration::from_secs(10);

/// Opens a pool without connecting yet, so that the server starts and says "away" while Postgres is.
pub fn connect(url: &str, max_connections: u32) -> Result<PgPool, sqlx::Error> {
    let options = url
        .parse::<PgConnectOptions>()?
        .application_name("skateboard")
        .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_millis(500))
        .log_statements(tracing::log::LevelFilter::Trace)
        .options([
            ("statement_timeout", "10s"),
            // A change may wait for two locks, one after the other, and the answer is due within 3 s.
            ("lock_timeout", "1500ms"),
            ("idle_in_transaction_session_timeout", "15s"),
        ]);
    Ok(PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // sqlx asks the same at both ends, but without a deadline: a connection that a firewall has
        // forgotten would keep its place in the pool for as long as TCP hopes.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async { stands(connection).await.map(|()| true) }))
        .after_release(|connection, _| Box::pin(async { stands(connection).await.map(|()| true) }))
        .connect_lazy_with(options))
}

/// Asks a connection whether it still stands, and sends what it has left to say, such as a rollback.
async fn stands(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    timeout(STANDS, connection.ping())
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)?
}

/// A connection of its own, beside the pool, that hears what is announced on some channels.
pub async fn listen(db: &PgPool, channels: &[&str]) -> Result<PgListener, sqlx::Error> {
    let own = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with((*db.connect_options()).clone());
    let mut listener = PgListener::connect_with(&own).await?;
    listener.listen_all(channels.iter().copied()).await?;
    Ok(listener)
}

/// Asks a listening connection whether it still stands. What is announced meanwhile is heard afterwards.
pub async fn ping(listener: &mut PgListener) -> Result<(), sqlx::Error> {
    listener.acquire().await?.ping().await
}

/// Brings the schema up to this binary, or says why it cannot.
///
/// # Errors
/// When another instance holds the migration lock for too long, when a migration fails, or when the
/// database has been migrated by a newer binary.
pub async fn migrate(db: &PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    let mut connection = db.acquire().await?;
    MIGRATOR.run(&mut *connection).await
}

/// How the schema of a database stands to this binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// So many migrations are due.
    Behind(usize),
    /// It has this migration, which the binary does not know.
    Newer(i64),
}

/// Looks how the schema stands, and changes nothing.
pub async fn schema(db: &PgPool) -> Result<Schema, sqlx::Error> {
    let has_any =
        sqlx::query_scalar!(r#"SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS "has!""#)
            .fetch_one(db)
            .await?;
    let applied: Vec<i64> = match has_any {
        true => sqlx::query!("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(db)
            .await?
            .into_iter()
            .map(|migration| migration.version)
            .collect(),
        false => Vec::new(),
    };
    let known: Vec<i64> = MIGRATOR.iter().map(|migration| migration.version).collect();
    if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
        return Ok(Schema::Newer(*newer));
    }
    Ok(match known.len() - applied.len() {
        0 => Schema::Current,
        due => Schema::Behind(due),
    })
}

/// A transaction that survives being dropped at any point.
///
/// `Pool::begin` of sqlx 0.9 is not cancel-safe: when the caller goes away during BEGIN, the
/// connection returns to the pool with a transaction open (launchbadge/sqlx#4385). Here BEGIN and
/// COMMIT run in tasks of their own, so that a dropped request lets them finish first.
pub struct Transaction(sqlx::Transaction<'static, Postgres>);

impl Transaction {
    pub async fn begin(db: &PgPool) -> Result<Self> {
        let db = db.clone();
        #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
        let begun =
            tokio::spawn(timeout(DECIDED, async move { db.begin().await }).in_current_span());
        match begun.await.map_err(|_| Error::internal())? {
            Ok(begun) => Ok(Self(begun?)),
            Err(_) => Err(Error::unavailable()),
        }
    }

    /// Makes the change last. Success may be answered only after this.
    pub async fn commit(self) -> Result<()> {
        let committed = tokio::spawn(timeout(DECIDED, self.0.commit()).in_current_span());
        match committed.await.map_err(|_| Error::internal())? {
            Err(_) => {
                tracing::warn!("the database fell silent during a commit");
                Err(Error::uncertain())
            }
            // The connection broke before the database could say whether it did.
            Ok(Err(sqlx::Error::Io(error))) => {
                tracing::warn!(error = %error, "the database went away during a commit");
                Err(Error::uncertain())
            }
            Ok(committed) => Ok(committed?),
        }
    }

    pub fn connection(&mut self) -> &mut PgConnection {
        self.0.deref_mut()
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::RowNotFound) {
            return Self::not_found();
        }
        if let Some(refused) = error.as_database_error().and_then(refused_by_constraint) {
            return refused;
        }
        if is_contended(&error) {
            return Self::new(Code::Contended, "Something else was done at the same time.");
        }
        if is_away(&error) {
            tracing::warn!(error = %error, "the database is away");
            return Self::unavailable();
        }
        log_failure(&error);
        Self::internal()
    }
}

/// Says in the log why a query failed, and nothing that anybody typed. Postgres puts the values of a row into the
/// detail of what it says, which Debug would print, and one that it cannot read (class 22) into the message itself.
fn log_failure(error: &sqlx::Error) {
    let Some(said) = error
        .as_database_error()
        .and_then(|said| said.try_downcast_ref::<PgDatabaseError>())
    else {
        tracing::error!(error = %error, "a query failed");
        return;
    };
    let message = if said.code().starts_with("22") {
        "a value could not be read or does not fit"
    } else {
        said.message()
    };
    tracing::error!(
        error = message,
        code = said.code(),
        table = said.table(),
        constraint = said.constraint(),
        routine = said.routine(),
        "a query failed"
    );
}

/// What a named constraint means to the person who filled in the form: constraint, field, sentence.
pub(crate) const CONSTRAINTS: &[(&str, &str, &str)] = &[
    (
        "api_tokens_name_length",
        "name",
        "A token's name has 1 to 80 characters.",
    ),
    ("api_tokens_scope", "scope", "The scope is read or write."),
    (
        "boards_key_form",
        "key",
        "A key is 1 to 10 letters and digits and begins with a letter.",
    ),
    (
        "boards_key_key",
        "key",
        "Another board of the team has this key.",
    ),
    (
        "boards_name_length",
        "name",
        "A board's name has 1 to 80 characters.",
    ),
    ("columns_kind", "kind", "The kind is todo, doing or done."),
    (
        "columns_name_key",
        "name",
        "Another column of the board has this name.",
    ),
    (
        "columns_name_length",
        "name",
        "A column's name has 1 to 40 characters.",
    ),
    (
        "columns_wip_limit_range",
        "wip_limit",
        "A limit is a number from 1 to 999.",
    ),
    (
        "comments_body_length",
        "body",
        "A comment has 1 to 20,000 characters.",
    ),
    (
        "decisions_reason_length",
        "reason",
        "A reason has 1 to 2,000 characters.",
    ),
    ("decisions_verdict", "verdict", "Choose pivot or persevere."),
    (
        "feedback_in_the_way_length",
        "in_the_way",
        "An answer has up to 2,000 characters.",
    ),
    (
        "feedback_missing_length",
        "missing",
        "An answer has up to 2,000 characters.",
    ),
    (
        "feedback_most_useful_length",
        "most_useful",
        "An answer has up to 2,000 characters.",
    ),
    ("feedback_tags_count", "tag", "Feedback has up to 10 tags."),
    (
        "feedback_words",
        "most_useful",
        "Answer at least one of the three questions.",
    ),
    (
        "hypotheses_because_length",
        "because",
        "Each part has 1 to 200 characters.",
    ),
    (
        "hypotheses_if_we_length",
        "if_we",
        "Each part has 1 to 200 characters.",
    ),
    (
        "hypotheses_period",
        "ends_on",
        "A period has an end, within a year.",
    ),
    (
        "hypotheses_sample_range",
        "sample",
        "This is a number of observations from 6 to 100000.",
    ),
    (
        "hypotheses_target_range",
        "target",
        "A target is a number from 0 to 10000.",
    ),
    (
        "hypotheses_then_it_length",
        "then_it",
        "Each part has 1 to 200 characters.",
    ),
    (
        "imports_file_key",
        "file",
        "This file was imported into the team already.",
    ),
    (
        "invitations_role",
        "role",
        "The role is owner, member or viewer.",
    ),
    (
        "memberships_role",
        "role",
        "The role is owner, member or viewer.",
    ),
    (
        "people_email_key",
        "email",
        "There is an account with this address already. Sign in instead.",
    ),
    (
        "people_email_length",
        "email",
        "This is not an email address.",
    ),
    (
        "people_name_length",
        "name",
        "A name has 1 to 80 characters.",
    ),
    (
        "tasks_assignee_fkey",
        "assignee",
        "This person is not in the team.",
    ),
    (
        "tasks_column_fkey",
        "column",
        "This column is not on the board any more.",
    ),
    (
        "tasks_description_length",
        "description",
        "A description has up to 50,000 characters.",
    ),
    (
        "tasks_due_on_range",
        "due_on",
        "A due date lies between 2000 and 2199.",
    ),
    (
        "tasks_labels_count",
        "labels",
        "A task has up to 20 labels.",
    ),
    (
        "tasks_priority",
        "priority",
        "The priority is low, normal, high or urgent.",
    ),
    (
        "tasks_title_length",
        "title",
        "A title has 1 to 200 characters.",
    ),
    (
        "teams_in_progress_limit_range",
        "in_progress_limit",
        "A limit is a number from 1 to 20.",
    ),
    (
        "teams_name_length",
        "team_name",
        "A team's name has 1 to 80 characters.",
    ),
    (
        "teams_slug_form",
        "slug",
        "An address has small letters, digits and hyphens.",
    ),
    ("teams_slug_key", "slug", "Another team has this address."),
    (
        "teams_stale_after_days_range",
        "stale_after_days",
        "This is a number of days from 1 to 60.",
    ),
    (
        "teams_working_days_range",
        "working_days",
        "Choose at least one working day.",
    ),
    ("toggles_mode", "mode", "Choose off, on, or on for a share."),
    (
        "toggles_share_range",
        "share",
        "A share is a whole number from 0 to 100.",
    ),
    (
        "webhooks_url_length",
        "url",
        "An address has up to 500 characters.",
    ),
];

fn refused_by_constraint(error: &dyn sqlx::error::DatabaseError) -> Option<Error> {
    let constraint = error.constraint()?;
    let (_, field, message) = CONSTRAINTS.iter().find(|(name, ..)| *name == constraint)?;
    let code = if error.is_unique_violation() {
        Code::Conflict
    } else {
        Code::Invalid
    };
    Some(Error {
        code,
        ..Error::field(*field, *message)
    })
}

/// Whether a transaction was given up for another: a deadlock or a failed serialisation.
fn is_contended(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.starts_with("40"))
}

/// Whether the database, rather than the query, is the reason. The codes are those of Postgres:
/// 53 insufficient resources, 55P03 lock timeout, 57 operator intervention, 08 connection.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| {
            code == "55P03"
                || ["53", "57", "08"]
                    .iter()
                    .any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}
