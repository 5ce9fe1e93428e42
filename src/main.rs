//! Server entry: settings, database, migrations, serve.

use std::{io::IsTerminal as _, path::Path, process::ExitCode, sync::Arc, time::Duration};

use clap::Parser as _;
use leptos::config::LeptosOptions;
use rustix::process::geteuid;
use skateboard::{
    accounts::{
        actions::deleting::{self, Comments},
        operator, tokens,
    },
    answers::counting::{self, Answers},
    api::counting::Requests,
    backup, demo, exports,
    imports::{
        self,
        model::TrelloPreview,
        operator::{Outcome, Wanted},
    },
    insights,
    live::feed::Feed,
    notifications,
    server::{
        database::{self, Schema},
        jobs::{Jobs, Work},
        log, metrics,
        private_postgres::PrivatePostgres,
        router,
        serve::{Shutdown, listen, serve},
        settings::{Command, CommandLine, Database, ImportCommand, Settings, UserCommand},
        state::State,
        static_files,
    },
    tasks,
    ui::words::counted,
    webhooks::{self, delivery::Deliverer},
};
use sqlx::{PgPool, migrate::MigrateError};

/// Connections of the pool. The private Postgres allows 60, for all processes that use it.
const MAX_CONNECTIONS: u32 = 20;
/// How long a start waits for a database that starts at the same time.
const DATABASE_PATIENCE: Duration = Duration::from_secs(30);

/// How long the end waits for what is still to be written.
const LAST_WORDS: Duration = Duration::from_secs(2);

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

async fn run_command(command: Command, settings: &Settings, db: &PgPool) -> Result<(), Failure> {
    match command {
        Command::Serve => {}
        Command::Migrate => {
            migrate_at_once(db).await?;
            println!("The database is up to date.");
        }
        Command::Demo { team } => {
            migrate_at_once(db).await?;
            let filled = demo::fill(db, team.as_deref()).await?;
            println!("The team {} is filled.", filled.team);
            println!(
                "Sign in as {} with the password {}",
                filled.email, filled.password
            );
        }
        Command::Check => {
            db.acquire()
                .await
                .map_err(|error| explain(db, MigrateError::Execute(error)))?;
            let schema = database::schema(db)
                .await
                .map_err(|error| explain(db, MigrateError::Execute(error)))?;
            let due = match schema {
                Schema::Newer(version) => {
                    return Err(explain(db, MigrateError::VersionMissing(version)));
                }
                Schema::Behind(1) => " One migration is due: the next start runs it.".to_owned(),
                Schema::Behind(due) => {
                    format!(" {due} migrations are due: the next start runs them.")
                }
                Schema::Current => " No migration is due.".to_owned(),
            };
            println!("The settings fit together and the database answers.{due}");
        }
        Command::Backup { file, force } => {
            let taken = backup::to_file(db, &file, force)
                .await
                .map_err(|failure| explain_backup(db, failure))?;
            println!("{} holds {taken}.", file.display());
        }
        Command::Restore { file, replace } => {
            let restored = backup::restore(db, &file, replace)
                .await
                .map_err(|failure| explain_backup(db, failure))?;
            println!("Restored {restored}. Everybody has to sign in again.");
        }
        Command::User(command) => {
            migrate_at_once(db).await?;
            run_user_command(command, settings, db).await?;
        }
        Command::Import(command) => {
            migrate_at_once(db).await?;
            run_import_command(command, settings, db).await?;
        }
    }
    Ok(())
}

async fn run_user_command(
    command: UserCommand,
    settings: &Settings,
    db: &PgPool,
) -> Result<(), Failure> {
    match command {
        UserCommand::Create { email, name, team } => {
            let link = operator::create_user(db, settings, &email, &name, team.as_deref()).await?;
            println!("{link}");
            eprintln!("The link works once, for three days.");
        }
        UserCommand::ResetLink { email } => {
            println!("{}", operator::reset_link(db, settings, &email).await?);
            eprintln!("The link works once, for three days.");
        }
        UserCommand::Token {
            email,
            name,
            scope,
            team,
            days,
        } => {
            let team = team.as_deref();
            println!(
                "{}",
                operator::make_token(db, &email, &name, scope, team, days).await?
            );
            eprintln!(
                "Whoever holds the token acts as {email} for {}. It is shown only now.",
                counted(days.days(), "day", "days")
            );
        }
        UserCommand::Disable { email } => {
            operator::disable_user(db, &email).await?;
            println!("The account is disabled. Its sessions and API tokens are over.");
        }
        UserCommand::Delete {
            email,
            comments,
            yes,
        } => {
            if !yes {
                eprintln!("{}", operator::about_to_delete(db, &email).await?);
                confirm().await?;
            }
            let comments = if comments {
                Comments::Go
            } else {
                Comments::Stay
            };
            operator::delete_user(db, settings, &email, comments).await?;
            println!("The account is deleted. Backups that were taken before still hold it.");
        }
    }
    Ok(())
}

/// Asks whoever typed the command whether they mean it.
async fn confirm() -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err("nobody is there to be asked: say --yes".into());
    }
    eprint!("Type yes to go on: ");
    // In a thread that nobody waits for, so that Ctrl-C ends the command while it reads.
    let (answered, answer) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        // Nobody listens any more once the command has ended.
        let _ = answered.send(read.map(|_| line));
    });
    match answer.await?? {
        yes if yes.trim().eq_ignore_ascii_case("yes") => Ok(()),
        _ => Err("nothing was deleted".into()),
    }
}

async fn run_import_command(
    command: ImportCommand,
    settings: &Settings,
    db: &PgPool,
) -> Result<(), Failure> {
    match command {
        ImportCommand::Team { file } => import_team(&file, settings, db).await,
        ImportCommand::Trello {
            file,
            team,
            as_email,
            key,
            archived,
            closed_lists,
            people,
            dry_run,
        } => {
            let wanted = Wanted {
                team,
                as_email,
                key,
                archived: archived.parse()?,
                closed_lists: closed_lists.parse()?,
                people,
                dry_run,
            };
            import_trello(&file, wanted, settings, db).await
        }
    }
}

async fn import_trello(
    file: &Path,
    wanted: Wanted,
    settings: &Settings,
    db: &PgPool,
) -> Result<(), Failure> {
    let tell = |made, of| eprintln!("{made} of {}", counted(of, "task", "tasks"));
    match imports::operator::import_trello(db, file, wanted, tell).await? {
        Outcome::Imported(imported, board) => {
            eprintln!(
                "Imported: {} and {}.",
                counted(imported.tasks, "task", "tasks"),
                counted(imported.comments, "comment", "comments")
            );
            println!("{}", settings.link(&board));
        }
        Outcome::Already(board) => {
            eprintln!("This file was imported already. Nothing was changed.");
            println!("{}", settings.link(&board));
        }
        Outcome::Preview(preview) => print_preview(&preview),
    }
    Ok(())
}

async fn import_team(file: &Path, settings: &Settings, db: &PgPool) -> Result<(), Failure> {
    let tell = |rows| {
        if rows % 10_000 < 500 {
            eprintln!("{rows} rows");
        }
    };
    let returned = exports::operator::import_team(db, file, tell).await?;
    eprintln!(
        "The team {} is back: {}.",
        returned.name,
        counted(returned.rows, "row", "rows")
    );
    for email in &returned.new_people {
        eprintln!("There is a new account for {email}: `user reset-link {email}` lets them in.");
    }
    println!("{}", settings.link(&format!("/teams/{}", returned.slug)));
    Ok(())
}

fn print_preview(preview: &TrelloPreview) {
    println!("{} becomes the board {}.", preview.name, preview.key);
    for (words, counts) in [
        ("This will come:", &preview.comes),
        ("This will not:", &preview.stays),
    ] {
        println!("{words}");
        for (_, words) in counts {
            println!("  {words}");
        }
    }
    println!("Lists:");
    for list in &preview.lists {
        println!("  {}: {}", list.name, list.kind.label());
    }
    println!("People:");
    for member in &preview.members {
        let person = member.proposed.as_ref();
        let person = person.map_or("nobody here", |person| person.name.as_str());
        println!("  {} is {person}", member.name);
    }
    for note in &preview.notes {
        println!("{note}");
    }
}

async fn run_server(settings: Settings) -> Result<(), Failure> {
    if geteuid().is_root() && !root_is_fine() {
        return Err(
            "it does not serve as root. Run it as another user; script/server does so by itself"
                .into(),
        );
    }
    let shutdown = Shutdown::on_signals()?;
    metrics::start();
    tokio::spawn(metrics::keep_up());
    if !static_files::is_complete() {
        tracing::warn!(
            "The browser's part is missing: build with script/build, not with cargo build"
        );
    }
    // The port first: if it is taken, nothing has been started in vain.
    let listener = listen(settings.site_addr).await?;
    let settings = settings.listening_on(listener.local_addr()?);

    let (db, private) = match open_database(&settings, &shutdown).await {
        // Told to end before it served anybody: that is an end like any other.
        Err(_) if shutdown.has_begun() => return Ok(()),
        opened => opened?,
    };
    let served = match migrate(&db, &shutdown).await {
        Ok(()) => {
            let state = State {
                db: db.clone(),
                leptos: leptos_options(&settings),
                settings: Arc::new(settings),
                feed: Feed::new(db.clone(), shutdown.clone()),
                shutdown: shutdown.clone(),
                answers: Answers::default(),
                requests: Requests::default(),
            };
            let jobs = start_jobs(&state);
            let service = router::router(state.clone());
            println!("Skateboard is at {}", state.settings.link("/"));
            tokio::join!(
                serve(listener, service, shutdown),
                keep_running(private.as_ref())
            );
            jobs.end().await;
            write_answers(&state).await;
            Ok(())
        }
        Err(failure) => Err(failure),
    };
    close_database(db, private).await?;
    served
}

/// Writes down what was counted since the last time. The end does not wait for a database that is away.
async fn write_answers(state: &State) {
    let written = tokio::time::timeout(LAST_WORDS, state.answers.write(&state.db));
    if !matches!(written.await, Ok(Ok(()))) {
        tracing::warn!("The last answers were not counted: the database is away");
    }
}

/// What this instance does by itself, as does every other.
fn start_jobs(state: &State) -> Jobs {
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(60 * 60);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let mut jobs = Jobs::default();
    let mut start = |name, every, work: fn(State) -> Work| {
        let state = state.clone();
        jobs.start(name, every, state.shutdown.clone(), move || {
            work(state.clone())
        });
    };
    start("purge_tasks", DAY, |state| {
        Box::pin(async move { tasks::purge::purge(&state.db).await })
    });
    start("purge_tokens", DAY, |state| {
        Box::pin(async move { tokens::purge(&state.db).await })
    });
    start("forget_sessions", HOUR, |state| {
        Box::pin(async move { deleting::forget_old(&state.db).await })
    });
    start("purge_usage", DAY, |state| {
        Box::pin(async move { insights::actions::forget_old(&state.db).await })
    });
    start("note_risks", HOUR, |state| {
        Box::pin(async move { insights::actions::note_risks(&state.db).await })
    });
    start("count_answers", counting::EVERY, |state| {
        Box::pin(async move { state.answers.write(&state.db).await.map(|()| 0) })
    });
    start("purge_answers", DAY, |state| {
        Box::pin(async move { counting::forget_old(&state.db).await })
    });
    start("purge_notifications", DAY, |state| {
        Box::pin(async move { notifications::actions::purge(&state.db).await })
    });
    start("forget_uploads", 5 * MINUTE, |_| {
        Box::pin(async { Ok(imports::uploads::forget_old()) })
    });
    start("send_digests", MINUTE, |state| {
        Box::pin(async move {
            notifications::digest::send_due(&state.db, &state.settings, &state.shutdown).await
        })
    });
    start("purge_webhooks", DAY, |state| {
        Box::pin(async move { webhooks::actions::purge(&state.db).await })
    });
    start("tell_due", 10 * MINUTE, |state| {
        Box::pin(async move { notifications::actions::tell_due(&state.db).await })
    });
    let recorded = state.feed.recorded();
    let deliverer = Deliverer::new(state, recorded.clone());
    jobs.start_woken(
        "deliver_webhooks",
        webhooks::delivery::HEARTBEAT,
        recorded,
        state.shutdown.clone(),
        move || {
            let deliverer = deliverer.clone();
            Box::pin(async move { deliverer.deliver_due().await })
        },
    );
    jobs
}

/// Only script/dev says so, and only a build for development listens.
fn root_is_fine() -> bool {
    cfg!(debug_assertions) && std::env::var_os("SKATEBOARD_ALLOW_ROOT").is_some()
}

/// Gives up when the program is to end, and leaves nothing running when it fails.
async fn open_database(
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
async fn keep_running(private: Option<&PrivatePostgres>) {
    if let Some(private) = private {
        private.keep_running().await;
    }
}

async fn close_database(db: PgPool, private: Option<PrivatePostgres>) -> Result<(), Failure> {
    // A request that was cut may still hold a connection, and it may not hold up the end.
    let _ = tokio::time::timeout(Duration::from_secs(2), db.close()).await;
    match private {
        Some(private) => Ok(private.release().await?),
        None => Ok(()),
    }
}

/// Migrates, and waits for nothing: whoever typed the command is told at once.
async fn migrate_at_once(db: &PgPool) -> Result<(), Failure> {
    let migrated = database::migrate(db).await;
    migrated.map_err(|error| explain(db, error))
}

/// Migrates, and waits a while for a database that is not there yet.
async fn migrate(db: &PgPool, shutdown: &Shutdown) -> Result<(), Failure> {
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

fn explain(db: &PgPool, error: MigrateError) -> Failure {
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
fn explain_backup(db: &PgPool, failure: backup::Failure) -> Failure {
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

/// Where `cargo leptos watch` says that the page is to be loaded again.
fn reload_port() -> u32 {
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo-leptos says it, and not the operator"
    )]
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok();
    port.and_then(|port| port.parse().ok()).unwrap_or(3001)
}

fn leptos_options(settings: &Settings) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(env!("CARGO_PKG_NAME"))
        .site_root("target/site")
        .site_pkg_dir("pkg")
        .site_addr(settings.site_addr)
        .reload_port(reload_port())
        .build()
}
