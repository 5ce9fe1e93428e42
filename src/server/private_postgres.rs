//! A Postgres of our own for whoever has none: as durable as any, started and stopped with the application.
//!
//! Everything lies in one folder: the database (`postgres`), its password, its socket, and two locks. It listens on
//! the socket alone. Several processes may use it at once, such as the server and `skateboard user create`; the last
//! one to leave stops it. A lock falls when its process dies, however it dies, so a killed server needs no repair:
//! the next process finds Postgres running and goes on with it. A start that fails, or that a signal ends, leaves
//! nothing running either.

mod folders;
mod programs;

use std::{
    collections::HashMap,
    fs::File,
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    pin::pin,
    time::Duration,
};

use postgresql_embedded::PostgreSQL;
use rustix::process::{Signal, geteuid, kill_process};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::time::{Instant, sleep};
use url::Url;

use self::folders::Folders;
use super::serve::Shutdown;

/// The name of the role that the application uses, which is no superuser, and of its database.
const NAME: &str = "skateboard";
const SUPERUSER: &str = "postgres";
/// It is only part of the socket's name: no port is opened.
const PORT: u16 = 5432;
/// The recovery after a crash reads what was not yet written; it may take this long before we give up.
const RECOVERY: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(50);
/// Where the library finds the programs for a machine that has none.
const RELEASES: &str = "https://github.com/theseus-rs/postgresql-binaries";
/// How long Postgres may take to stop, as for pg_ctl.
const STOPPING: Duration = Duration::from_secs(60);
/// How often a server looks whether its Postgres lives.
const WATCH: Duration = Duration::from_secs(1);
/// How long the last processes of a killed Postgres may take to notice it and go. They hold its memory until then.
const REMNANTS: Duration = Duration::from_secs(30);

/// Durable, small, and reachable through its socket by this user alone.
const PARAMETERS: [(&str, &str); 9] = [
    // The library starts Postgres with -F, made for tests; what comes after it wins.
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("listen_addresses", "''"),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "60"),
    ("shared_buffers", "128MB"),
    ("random_page_cost", "1.1"),
    // Its log would have the values of rows that it refuses.
    ("log_error_verbosity", "terse"),
];

/// Tried in order until the system knows one: sorting and letters of every language, then of few.
const CREATE_DATABASE: [&str; 4] = [
    "CREATE DATABASE skateboard OWNER skateboard TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu \
     ICU_LOCALE 'und' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'",
    "CREATE DATABASE skateboard OWNER skateboard TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'en_US.UTF-8' \
     LC_CTYPE 'en_US.UTF-8'",
    "CREATE DATABASE skateboard OWNER skateboard TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' \
     LC_CTYPE 'C.UTF-8'",
    "CREATE DATABASE skateboard OWNER skateboard TEMPLATE template0 ENCODING 'UTF8'",
];

/// Why the private Postgres does not run, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Postgres refuses to run as root. Run skateboard as another user, or set DATABASE_URL")]
    Root,
    #[error(
        "the path of SKATEBOARD_DATA, {0}, is too long for a socket. Choose one that is at least {1} bytes shorter"
    )]
    LongPath(PathBuf, usize),
    #[error(
        "the folder {0} cannot be used: {1}. Choose another SKATEBOARD_DATA, or give it to this user"
    )]
    Folder(PathBuf, io::Error),
    #[error(
        "Postgres could not be set up or started: {0}. {remedy}",
        remedy = remedy(.0)
    )]
    Start(String),
    #[error(
        "the data were written by Postgres {0}, which this machine does not have and which could not be downloaded \
         ({1}). Install Postgres {0}"
    )]
    Programs(u32, String),
    #[error("Postgres does not let us in: {0}. Is {1} the file that belongs to this data?")]
    Password(sqlx::Error, PathBuf),
    #[error("Postgres runs but could not be prepared: {0}")]
    Prepare(#[from] sqlx::Error),
    #[error("Postgres does not stop. {0} may say why")]
    Stop(PathBuf),
    #[error("interrupted")]
    Interrupted,
}

/// What helps against what Postgres said when it did not start.
fn remedy(said: &str) -> &'static str {
    let said = said.to_lowercase();
    if said.contains("disk space") || said.contains("no space left") {
        "Make room on the disk of SKATEBOARD_DATA, or choose a folder on another one"
    } else {
        "Install PostgreSQL 15 or newer, or set DATABASE_URL to one that runs"
    }
}

/// The private Postgres, in use by this process until [`Self::release`].
#[derive(Debug)]
pub struct PrivatePostgres {
    folders: Folders,
    password: String,
    users: File,
    /// The end of the program, which a start does not outlast.
    ending: Shutdown,
}

impl PrivatePostgres {
    /// Starts the Postgres whose data is below `folder`, or joins it if it runs. At the first time it is set up. When
    /// that fails, or the program is to end before it is done, what was started for it alone is stopped again.
    ///
    /// # Errors
    /// Says what is in the way and what to do about it.
    pub async fn join(folder: &Path, ending: &Shutdown) -> Result<Self, Error> {
        if geteuid().is_root() {
            return Err(Error::Root);
        }
        let folders = Folders::at(folder)?;
        let in_folder = |error| Error::Folder(folder.to_owned(), error);
        let _turn = unless_ending(ending, folders.take_turn()).await?;
        let users = folders.users().map_err(in_folder)?;
        users.lock_shared().map_err(in_folder)?;
        let password = folders.stored_password().map_err(in_folder)?;
        let postgres = Self {
            folders,
            password,
            users,
            ending: ending.clone(),
        };

        let Err(error) = postgres.make_ready().await else {
            return Ok(postgres);
        };
        if let Err(error) = postgres.leave().await {
            tracing::error!("The private Postgres was left running: {error}");
        }
        // The signal may have reached the programs of Postgres, too, and made them fail.
        Err(match ending.has_begun() {
            true => Error::Interrupted,
            false => error,
        })
    }

    async fn make_ready(&self) -> Result<(), Error> {
        let superuser = self.join_or_start().await?;
        unless_ending(&self.ending, self.prepare(superuser)).await
    }

    /// For sqlx and every other client of this user. It holds the password.
    #[must_use]
    pub fn url(&self) -> String {
        // The base is a URL, and a name and a password of letters fit into every URL.
        let mut url = Url::parse("postgres://localhost").expect("a URL");
        let _ = url.set_username(NAME);
        let _ = url.set_password(Some(&self.password));
        url.set_path(NAME);
        url.query_pairs_mut()
            .append_pair("host", &self.folders.socket.to_string_lossy());
        let _ = url.set_port(Some(PORT));
        url.into()
    }

    /// Ends the use by this process. Whoever leaves last stops Postgres.
    ///
    /// # Errors
    /// When Postgres did not stop. Its data is safe all the same.
    pub async fn release(self) -> Result<(), Error> {
        let _turn = self.folders.take_turn().await?;
        self.leave().await
    }

    /// The same, for whoever has the turn already.
    async fn leave(&self) -> Result<(), Error> {
        self.users
            .unlock()
            .map_err(|error| Error::Folder(self.folders.root.clone(), error))?;
        let others_use_it = self.users.try_lock().is_err();
        if others_use_it {
            return Ok(());
        }
        self.stop().await
    }

    /// Stops Postgres as `pg_ctl stop` does: connections are cut, and what was committed stays. It needs no program,
    /// which the library would look for in the wrong place if it was downloaded.
    async fn stop(&self) -> Result<(), Error> {
        let begun = Instant::now();
        while let Some(postmaster) = self.folders.postmaster() {
            if begun.elapsed() > STOPPING {
                return Err(Error::Stop(self.folders.log()));
            }
            // It may have gone since.
            let _ = kill_process(postmaster, Signal::INT);
            sleep(POLL).await;
        }
        Ok(())
    }

    /// Starts Postgres again whenever it has died, until the program is to end.
    pub async fn keep_running(&self) {
        while !self.ending.has_begun() {
            tokio::select! {
                () = sleep(WATCH) => {}
                () = self.ending.begun() => return,
            }
            if self.folders.running() {
                continue;
            }
            tracing::error!("The private Postgres has died and is started again");
            if let Err(error) = self.start_again().await
                && !self.ending.has_begun()
            {
                tracing::error!("The private Postgres could not be started again: {error}");
            }
        }
    }

    async fn start_again(&self) -> Result<(), Error> {
        let _turn = unless_ending(&self.ending, self.folders.take_turn()).await?;
        // Another process that uses it may have been quicker.
        self.join_or_start().await?.close().await?;
        Ok(())
    }

    async fn join_or_start(&self) -> Result<PgConnection, Error> {
        if self.folders.running() {
            tracing::info!(folder = %self.folders.root.display(), "Joining the private Postgres that already runs");
            let joined = unless_ending(&self.ending, self.wait_until_ready()).await;
            // One that was killed a moment ago still seems to run.
            if joined.is_ok() || self.folders.running() {
                return joined;
            }
        }
        self.start().await?;
        unless_ending(&self.ending, self.wait_until_ready()).await
    }

    async fn start(&self) -> Result<(), Error> {
        let folder = self.folders.root.display();
        let programs = programs::find(self.folders.version());
        match &programs {
            Some(programs) => {
                tracing::info!(%folder, programs = %programs.display(), "Starting the private Postgres");
            }
            None => {
                tracing::info!(%folder, "Starting the private Postgres; its programs are downloaded first if need be");
            }
        }
        self.folders.keep_log_small();
        let mut library = self.library(programs.as_deref());
        self.set_up(&mut library, programs.is_none()).await?;
        let begun = Instant::now();
        loop {
            if self.ending.has_begun() {
                return Err(Error::Interrupted);
            }
            let Err(error) = self.bring_up(&mut library).await else {
                return Ok(());
            };
            // Its own deadline is shorter than a recovery may take.
            if self.folders.running() {
                return Ok(());
            }
            let log = self.folders.end_of_log();
            let held = ["shared memory block", "lock file"]
                .iter()
                .any(|held| log.contains(held));
            if !held || begun.elapsed() > REMNANTS {
                return Err(Error::Start(format!("{error}\n{log}")));
            }
            sleep(POLL * 10).await;
        }
    }

    /// Makes the data if there are none, with programs that may have to be downloaded. The end of the program breaks
    /// off a download. It waits for initdb, which would go on alone and leave half of the data to the next start.
    async fn set_up(&self, library: &mut PostgreSQL, may_download: bool) -> Result<(), Error> {
        let has_data = self.folders.version().is_some();
        let mut setting_up = pin!(library.setup());
        let done = tokio::select! {
            done = &mut setting_up => done,
            () = self.ending.begun() => {
                let makes_data = !has_data && self.folders.database.exists();
                if may_download && !makes_data {
                    return Err(Error::Interrupted);
                }
                setting_up.await
            }
        };
        let downloaded = self.folders.version().filter(|_| may_download);
        done.map_err(|error| match downloaded {
            Some(version) => Error::Programs(version, error.to_string()),
            None => Error::Start(error.to_string()),
        })
    }

    /// Lets pg_ctl start Postgres. When the program is to end meanwhile, Postgres is told to stop as soon as it has
    /// written down its number: pg_ctl, left alone, would go on with the start.
    async fn bring_up(&self, library: &mut PostgreSQL) -> postgresql_embedded::Result<()> {
        let mut starting = pin!(library.start());
        tokio::select! {
            started = &mut starting => return started,
            () = self.ending.begun() => {}
        }
        loop {
            tokio::select! {
                started = &mut starting => return started,
                () = sleep(POLL) => {}
            }
            if let Some(postmaster) = self.folders.postmaster() {
                // It may have gone since.
                let _ = kill_process(postmaster, Signal::INT);
            }
        }
    }

    /// The library stops Postgres when it is dropped; here the locks decide on that.
    fn library(&self, programs: Option<&Path>) -> ManuallyDrop<PostgreSQL> {
        let socket_folder = quoted_for_the_shell(&format!("\"{}\"", self.folders.socket.display()));
        let mut configuration: HashMap<_, _> = PARAMETERS
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        configuration.insert("unix_socket_directories".to_owned(), socket_folder);
        let downloaded = self.folders.root.join("programs");
        // Every field is named: the library's defaults create temporary folders as soon as they are asked for.
        ManuallyDrop::new(PostgreSQL::new(postgresql_embedded::Settings {
            releases_url: RELEASES.to_owned(),
            version: self.folders.version_to_download(),
            installation_dir: programs.map_or(downloaded, Path::to_owned),
            trust_installation_dir: programs.is_some(),
            data_dir: self.folders.database.clone(),
            temporary: false,
            username: SUPERUSER.to_owned(),
            password_file: self.folders.password.clone(),
            password: self.password.clone(),
            host: "localhost".to_owned(),
            port: PORT,
            // Set in the configuration, where a space in the path does no harm.
            socket_dir: None,
            timeout: Some(RECOVERY),
            configuration,
        }))
    }

    async fn wait_until_ready(&self) -> Result<PgConnection, Error> {
        let options = self.options(SUPERUSER, "postgres");
        let begun = Instant::now();
        let mut patience = 0;
        loop {
            let error = match options.connect().await {
                Ok(connection) => return Ok(connection),
                Err(error) => error,
            };
            // 28: invalid authorization. All else (no socket yet, 57P03: starting up) passes.
            let refused = error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| code.starts_with("28"));
            if refused {
                return Err(Error::Password(error, self.folders.password.clone()));
            }
            if !self.folders.running() || begun.elapsed() > RECOVERY {
                return Err(Error::Start(format!(
                    "{error}\n{}",
                    self.folders.end_of_log()
                )));
            }
            patience += 1;
            if patience % 200 == 0 {
                tracing::info!(
                    "Waiting for the private Postgres, which may be recovering from a crash: {error}"
                );
            }
            sleep(POLL).await;
        }
    }

    async fn prepare(&self, mut superuser: PgConnection) -> Result<(), Error> {
        // A utility statement takes no parameters, so the password travels in a setting.
        sqlx::query("SELECT set_config('skateboard.password', $1, false)")
            .bind(&self.password)
            .execute(&mut superuser)
            .await?;
        sqlx::query(
            "DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'skateboard') THEN
                    EXECUTE format('CREATE ROLE skateboard LOGIN PASSWORD %L', current_setting('skateboard.password'));
                END IF;
            END $$",
        )
        .execute(&mut superuser)
        .await?;
        let is_there: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
                .bind(NAME)
                .fetch_one(&mut superuser)
                .await?;
        if !is_there {
            create_database(&mut superuser).await?;
        }
        superuser.close().await?;
        Ok(())
    }

    fn options(&self, user: &str, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.folders.socket)
            .port(PORT)
            .username(user)
            .password(&self.password)
            .database(database)
    }
}

async fn create_database(superuser: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut created = Ok(());
    for statement in CREATE_DATABASE {
        created = sqlx::query(statement)
            .execute(&mut *superuser)
            .await
            .map(drop);
        if created.is_ok() {
            break;
        }
    }
    created
}

/// pg_ctl hands the options to a shell.
fn quoted_for_the_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Gives something up when the program is to end.
async fn unless_ending<T>(
    ending: &Shutdown,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::select! {
        done = work => done,
        () = ending.begun() => Err(Error::Interrupted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_its_quotation_marks() {
        assert_eq!(quoted_for_the_shell("it's $HOME"), r"'it'\''s $HOME'");
    }
}
