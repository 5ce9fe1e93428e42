//! The private Postgres, through the binary: durable, found again, and never left behind.
#![cfg(all(feature = "ssr", unix))]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::{fs::chown, process::CommandExt as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;

/// Postgres and the server refuse to run as root, so root runs them as `nobody`.
const NOBODY: u32 = 65_534;

/// A data folder, the program, and whoever may use both.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        // Short, because the socket's path is.
        let folder = tempfile::Builder::new()
            .prefix("sk")
            .tempdir_in("/tmp")
            .expect("a folder");
        if geteuid().is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("root may");
            // The checkout may lie where nobody else can read.
            fs::copy(
                env!("CARGO_BIN_EXE_skateboard"),
                folder.path().join("skateboard"),
            )
            .expect("a copy");
        }
        Self { folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("it's data")
    }

    fn command(&self) -> Command {
        let mut command = if geteuid().is_root() {
            let mut command = Command::new(self.folder.path().join("skateboard"));
            command.uid(NOBODY).gid(NOBODY);
            command
        } else {
            Command::new(env!("CARGO_BIN_EXE_skateboard"))
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("SKATEBOARD_DATA", self.data())
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .current_dir("/");
        command
    }

    /// Starts the server and waits until it says where it is.
    fn serve(&self) -> Server {
        let mut process = self
            .command()
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut said = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut said).expect("a line");
        assert!(
            said.starts_with("Skateboard is at http://127.0.0.1:"),
            "{said}"
        );
        Server(process)
    }

    fn postgres(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.data().join("postgres/postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.parse().ok()?)
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.options())
            .await
            .expect("Postgres answers")
    }

    async fn answers(&self) -> bool {
        PgConnection::connect_with(&self.options()).await.is_ok()
    }

    fn options(&self) -> PgConnectOptions {
        let password =
            fs::read_to_string(self.data().join("postgres.password")).expect("a password");
        PgConnectOptions::new_without_pgpass()
            .socket(self.data().join("socket"))
            .username("skateboard")
            .password(&password)
            .database("skateboard")
    }

    async fn mark(&self) {
        sqlx::raw_sql("CREATE TABLE mark (); INSERT INTO mark DEFAULT VALUES")
            .execute(&mut self.connect().await)
            .await
            .expect("written");
    }

    async fn assert_marked(&self) {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM mark")
            .fetch_one(&mut self.connect().await)
            .await
            .expect("the table is there");
        assert_eq!(count, 1);
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // A test that failed half-way leaves nothing running.
        if let Some(postgres) = self.postgres() {
            let _ = kill_process(postgres, Signal::QUIT);
        }
    }
}

struct Server(Child);

impl Server {
    fn end_with(mut self, signal: Signal) -> bool {
        kill_process(Pid::from_child(&self.0), signal).expect("it runs");
        self.0.wait().expect("it ends").success()
    }
}

async fn shown(connection: &mut PgConnection, statement: &'static str) -> String {
    sqlx::query_scalar(statement)
        .fetch_one(connection)
        .await
        .expect("a setting")
}

#[tokio::test]
async fn it_is_durable_and_closed_to_everybody_else() {
    let machine = Machine::new();
    let server = machine.serve();
    let mut connection = machine.connect().await;
    for (statement, value) in [
        ("SHOW fsync", "on"),
        ("SHOW full_page_writes", "on"),
        ("SHOW synchronous_commit", "on"),
        ("SHOW listen_addresses", ""),
        ("SHOW is_superuser", "off"),
        ("SELECT lower('É') || upper('я')", "éЯ"),
    ] {
        assert_eq!(
            shown(&mut connection, statement).await,
            value,
            "{statement}"
        );
    }
    drop(connection);
    assert!(server.end_with(Signal::TERM));
}

#[tokio::test]
async fn it_stops_with_the_server_and_keeps_the_data() {
    let machine = Machine::new();
    let server = machine.serve();
    machine.mark().await;
    assert!(server.end_with(Signal::TERM));
    assert_eq!(machine.postgres(), None);

    let server = machine.serve();
    machine.assert_marked().await;
    assert!(server.end_with(Signal::INT));
    assert_eq!(machine.postgres(), None);
}

#[tokio::test]
async fn after_the_server_was_killed_the_next_one_goes_on_with_it() {
    let machine = Machine::new();
    let server = machine.serve();
    machine.mark().await;
    let postgres = machine.postgres();
    assert!(!server.end_with(Signal::KILL));

    let server = machine.serve();
    assert_eq!(machine.postgres(), postgres);
    machine.assert_marked().await;
    assert!(server.end_with(Signal::TERM));
    assert_eq!(machine.postgres(), None);
}

#[tokio::test]
async fn after_both_were_killed_the_data_is_recovered() {
    let machine = Machine::new();
    let server = machine.serve();
    machine.mark().await;
    kill_process(machine.postgres().expect("it runs"), Signal::KILL).expect("it runs");
    assert!(!server.end_with(Signal::KILL));

    let server = machine.serve();
    machine.assert_marked().await;
    assert!(server.end_with(Signal::TERM));
}

#[tokio::test]
async fn a_running_server_starts_it_again_when_it_dies() {
    let machine = Machine::new();
    let server = machine.serve();
    machine.mark().await;
    let killed = machine.postgres().expect("it runs");
    kill_process(killed, Signal::KILL).expect("it runs");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !machine.answers().await {
        assert!(Instant::now() < deadline, "it is not started again");
        tokio::task::yield_now().await;
    }
    assert_ne!(machine.postgres(), Some(killed));
    machine.assert_marked().await;
    assert!(server.end_with(Signal::TERM));
    assert_eq!(machine.postgres(), None);
}

#[tokio::test]
async fn a_command_joins_the_server_and_stops_only_what_it_started() {
    let machine = Machine::new();
    let server = machine.serve();
    let postgres = machine.postgres();
    assert!(
        machine
            .command()
            .arg("check")
            .status()
            .expect("it runs")
            .success()
    );
    assert_eq!(machine.postgres(), postgres);
    machine.mark().await;
    assert!(server.end_with(Signal::TERM));

    assert!(
        machine
            .command()
            .arg("migrate")
            .status()
            .expect("it runs")
            .success()
    );
    assert_eq!(machine.postgres(), None);
}

#[tokio::test]
async fn two_servers_share_it_and_the_last_one_stops_it() {
    let machine = Machine::new();
    let (first, second) = (machine.serve(), machine.serve());
    assert!(first.end_with(Signal::TERM));
    machine.mark().await;
    machine.assert_marked().await;
    assert!(second.end_with(Signal::TERM));
    assert_eq!(machine.postgres(), None);
}
