//! Server entry: settings, database, migrations, serve.

// Without their paths these would lie beside this file, among the slices of the library.
#[path = "main/commands.rs"]
mod commands;
#[path = "main/jobs.rs"]
mod jobs;
#[path = "main/opening.rs"]
mod opening;
#[path = "main/serving.rs"]
mod serving;

use std::process::ExitCode;

use clap::Parser as _;
use skateboard::server::{
    log,
    serve::Shutdown,
    settings::{Command, CommandLine, Settings},
};

use self::{
    commands::run_command,
    opening::{close_database, open_database},
    serving::run_server,
};

/// Why the command ended early, in a sentence for whoever typed it.
type Failure = Box<dyn std::error::Error>;

/// The system's allocator keeps what many threads hashed passwords in; this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let CommandLine { given, command } = CommandLine::parse();
    let settings = match Settings::understand(given) {
        Ok(settings) => settings,
        Err(problems) => return failed(&problems),
    };
    let traces = log::start(&settings);
    let done = run(command.unwrap_or_default(), settings).await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failed(&*failure),
    }
}

fn failed(failure: &dyn std::error::Error) -> ExitCode {
    eprintln!("skateboard: {failure}");
    ExitCode::FAILURE
}

async fn run(command: Command, settings: Settings) -> Result<(), Failure> {
    if matches!(command, Command::Serve) {
        return run_server(settings).await;
    }
    let interrupted = Shutdown::on_signals()?;
    let (db, private) = open_database(&settings, &interrupted).await?;
    let done = tokio::select! {
        done = run_command(command, &settings, &db) => done,
        () = interrupted.begun() => Err("interrupted".into()),
    };
    close_database(db, private).await?;
    done
}
