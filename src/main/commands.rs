//! The commands that do one thing and end.

use std::{io::IsTerminal as _, path::Path};

use skateboard::{
    accounts::{actions::deleting::Comments, operator},
    backup, demo, exports,
    imports::{
        self,
        model::TrelloPreview,
        operator::{Outcome, Wanted},
    },
    server::{
        database::{self, Schema},
        settings::{Command, ImportCommand, Settings, UserCommand},
    },
    ui::words::counted,
};
use sqlx::{PgPool, migrate::MigrateError};

use super::{
    Failure,
    opening::{explain, explain_backup, migrate_at_once},
};

pub(super) async fn run_command(
    command: Command,
    settings: &Settings,
    db: &PgPool,
) -> Result<(), Failure> {
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
