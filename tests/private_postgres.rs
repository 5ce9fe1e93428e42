//! The private Postgres, through the binary: durable, found again, and never left behind. It lets a whole server run
//! here, so that what one writes down and sends away is looked at, too.
#![cfg(all(feature = "ssr", unix))]

use std::{
    fs::{self, OpenOptions},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::{fs::chown, process::CommandExt as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;
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
        Server::start(&mut self.command())
    }

    /// Lets Postgres recover from an archive that does not answer, so that its start has no end. Gives a file that is
    /// there once the archive was asked.
    fn recover_for_ever(&self) -> PathBuf {
        let asked = self.folder.path().join("asked");
        let recovery = self.recovery();
        fs::write(&recovery, "").expect("a file");
        if geteuid().is_root() {
            chown(&recovery, Some(NOBODY), Some(NOBODY)).expect("root may");
        }
        let mut settings = OpenOptions::new()
            .append(true)
            .open(self.data().join("postgres/postgresql.conf"))
            .expect("the settings");
        let asked_path = asked.display();
        writeln!(
            settings,
            "restore_command = 'touch {asked_path}; exec sleep 600'"
        )
        .expect("written");
        asked
    }

    /// The file whose presence lets Postgres recover from an archive.
    fn recovery(&self) -> PathBuf {
        self.data().join("postgres/recovery.signal")
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

struct Server {
    process: Child,
    /// The host and the port that it listens on.
    address: String,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the program");
        let mut said = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut said).expect("a line");
        let address = said
            .trim_end()
            .strip_prefix("Skateboard is at http://")
            .map(|address| address.trim_end_matches('/').to_owned())
            .filter(|address| address.starts_with("127.0.0.1:"))
            .unwrap_or_else(|| panic!("{said}"));
        Self { process, address }
    }

    /// Opens a page.
    fn get(&self, path: &str) {
        let mut connection = TcpStream::connect(&self.address).expect("a connection");
        let host = &self.address;
        write!(
            connection,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }

    fn end_with(mut self, signal: Signal) -> bool {
        kill_process(Pid::from_child(&self.process), signal).expect("it runs");
        self.process.wait().expect("it ends").success()
    }
}

/// Whether a program ends well. It has to end soon.
async fn ends_well(program: &mut Child) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(status) = program.try_wait().expect("it is ours") {
            return status.success();
        }
        if Instant::now() > deadline {
            program.kill().expect("it is ours");
            panic!("it does not end");
        }
        tokio::task::yield_now().await;
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
        ("SHOW log_error_verbosity", "terse"),
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

#[tokio::test]
async fn a_signal_while_it_starts_ends_both() {
    let machine = Machine::new();
    let server = machine.serve();
    machine.mark().await;
    assert!(server.end_with(Signal::TERM));

    let asked = machine.recover_for_ever();
    for (arguments, signal, is_fine) in [
        (&["check"][..], Signal::TERM, false),
        (&[], Signal::TERM, true),
        (&[], Signal::INT, true),
    ] {
        let _ = fs::remove_file(&asked);
        let mut command = machine.command();
        let mut program = command.args(arguments).spawn().expect("the program");
        let deadline = Instant::now() + Duration::from_secs(60);
        while !asked.exists() {
            assert!(Instant::now() < deadline, "Postgres does not recover");
            tokio::task::yield_now().await;
        }
        kill_process(Pid::from_child(&program), signal).expect("it runs");
        assert_eq!(ends_well(&mut program).await, is_fine, "{arguments:?}");
        assert_eq!(machine.postgres(), None, "{arguments:?}");
    }

    fs::remove_file(machine.recovery()).expect("it is there");
    let server = machine.serve();
    machine.assert_marked().await;
    assert!(server.end_with(Signal::TERM));
}

#[tokio::test]
async fn a_start_that_fails_leaves_nothing_running() {
    let machine = Machine::new();
    assert!(machine.serve().end_with(Signal::TERM));
    fs::write(machine.data().join("postgres.password"), "another one").expect("a file");
    let check = machine
        .command()
        .arg("check")
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(!check.status.success(), "{said}");
    assert!(said.contains("Postgres does not let us in"), "{said}");
    assert_eq!(machine.postgres(), None);
}

#[test]
fn the_log_for_machines_is_json_line_by_line() {
    let machine = Machine::new();
    let mut command = machine.command();
    command.env("LOG_FORMAT", "json").stderr(Stdio::piped());
    let mut server = Server::start(&mut command);
    server.get("/register");
    let mut stderr = server.process.stderr.take().expect("it is piped");
    assert!(server.end_with(Signal::TERM));
    let mut log = String::new();
    stderr.read_to_string(&mut log).expect("text");
    for line in log.lines() {
        let said: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        for field in ["timestamp", "level", "message"] {
            assert!(said[field].is_string(), "{field} is missing: {line}");
        }
    }
    assert!(log.contains("Starting the private Postgres"), "{log}");
    assert!(log.contains("GET /register"), "{log}");
}

/// What a collector of traces was sent: the headers of each request.
type Sent = Arc<Mutex<Vec<HeaderMap>>>;

/// Something that takes what is sent to a collector of traces, and its address.
async fn collector() -> (String, Sent) {
    let sent = Sent::default();
    let taken = sent.clone();
    let take = move |headers: HeaderMap, _: Bytes| async move {
        taken.lock().expect("nobody panicked").push(headers);
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/v1/traces", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), sent)
}

// The collector answers while the test waits for a process.
#[tokio::test(flavor = "multi_thread")]
async fn traces_go_out_as_the_settings_of_opentelemetry_say() {
    let (endpoint, sent) = collector().await;
    let machine = Machine::new();
    let serve = |settings: &[(&str, &str)]| {
        let mut command = machine.command();
        command
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)
            .envs(settings.iter().copied());
        let server = Server::start(&mut command);
        server.get("/register");
        // At its end it sends what is left.
        assert!(server.end_with(Signal::TERM));
        std::mem::take(&mut *sent.lock().expect("nobody panicked"))
    };
    let known = ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20key");
    let requests = serve(&[known]);
    assert!(!requests.is_empty());
    for headers in requests {
        assert_eq!(headers["authorization"], "Bearer key");
    }
    // All of them, or none: a share between would be left to chance.
    let share = ("OTEL_TRACES_SAMPLER", "traceidratio");
    assert!(!serve(&[share, ("OTEL_TRACES_SAMPLER_ARG", "1")]).is_empty());
    assert!(serve(&[share, ("OTEL_TRACES_SAMPLER_ARG", "0")]).is_empty());
}
