//! What the binary can be told to do.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::Given;
use crate::accounts::model::tokens::{Scope, TokenLifetime};

/// The command line: what to do, and the settings to do it with.
#[derive(Debug, Parser)]
#[command(
    name = "skateboard",
    version,
    about = "A self-hosted task board for small development teams"
)]
pub struct CommandLine {
    #[command(flatten)]
    pub given: Given,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the binary can do.
#[derive(Debug, Clone, Default, Subcommand)]
pub enum Command {
    /// Serve the application (the default)
    #[default]
    Serve,
    /// Bring the database's schema up to this version
    Migrate,
    /// Check the settings and the database, then exit
    Check,
    /// Fill a team with believable people and work, to look around in
    ///
    /// It gets eight people with accounts, three boards with about 200 tasks, and eight weeks of history. The board
    /// that it began with gets a few finished tasks and is archived.
    Demo {
        /// An empty team to fill, as in its address [default: a new one]
        ///
        /// It has to be as it was founded: its owner alone, the board that it began with, and no task. A team with
        /// further members is refused, because invented people and work do not come out of it again. Invite those who
        /// are to look around as well once it is filled; invitations that nobody has used yet are not in the way.
        #[arg(long, value_name = "TEAM")]
        team: Option<String>,
    },
    /// Write everything into one file, also while the server runs
    Backup {
        /// The file to write
        file: PathBuf,
        /// Overwrite the file if it is there
        #[arg(long)]
        force: bool,
    },
    /// Put a backup into the database, all of it or nothing; no server may be using it
    Restore {
        /// The file that backup wrote
        file: PathBuf,
        /// Put it in the place of what is there
        #[arg(long)]
        replace: bool,
    },
    /// Make, help, disable and delete accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Bring in what other programs exported
    #[command(subcommand)]
    Import(ImportCommand),
}

/// What can be brought in.
#[derive(Debug, Clone, Subcommand)]
pub enum ImportCommand {
    /// A team out of its own export, with everything that was in it
    Team {
        /// The file
        file: PathBuf,
    },
    /// A board of Trello, exported as JSON
    Trello {
        /// The file
        file: PathBuf,
        /// The team that gets the board, as in its address [default: the only one]
        #[arg(long, value_name = "SLUG")]
        team: Option<String>,
        /// Whoever imports it: an owner or a member of the team [default: its first owner]
        #[arg(long = "as", value_name = "EMAIL")]
        as_email: Option<String>,
        /// The key of the board [default: out of its name]
        #[arg(long)]
        key: Option<String>,
        /// What archived cards become
        #[arg(long, value_parser = ["done", "deleted", "skip"], default_value = "done")]
        archived: String,
        /// What archived lists become: archived (no column, their cards count as archived) or columns
        #[arg(long, value_parser = ["archived", "columns"], default_value = "archived")]
        closed_lists: String,
        /// Who is who: a name in Trello and an Email here; or a CSV file with both in each row
        #[arg(long, value_name = "NAME=EMAIL|FILE")]
        people: Vec<String>,
        /// Only say what would come
        #[arg(long)]
        dry_run: bool,
    },
}

/// What the operator does with accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// Make an account and print the link to choose its password
    Create {
        /// The address that the person signs in with
        email: String,
        /// The name that others see
        name: String,
        /// A new team that the person owns; without it they are invited into one later
        #[arg(long, value_name = "NAME")]
        team: Option<String>,
    },
    /// Print a link to choose a new password
    ResetLink {
        /// The address that the person signs in with
        email: String,
    },
    /// Make an API token, by which a program acts as the person, and print it
    Token {
        /// The address that the person signs in with
        email: String,
        /// What the token is for
        #[arg(long)]
        name: String,
        /// What the token allows: read or write
        #[arg(long, default_value = "read")]
        scope: Scope,
        /// The address of the only team that it lets into, such as blue-lantern in /teams/blue-lantern; without it
        /// all teams of the person
        #[arg(long, value_name = "TEAM")]
        team: Option<String>,
        /// For how many days it works, up to 365
        #[arg(long, value_name = "DAYS", default_value = "90", value_parser = TokenLifetime::parse)]
        days: TokenLifetime,
    },
    /// Keep a person out and end their sessions and API tokens
    Disable {
        /// The address that the person signs in with
        email: String,
    },
    /// Delete an account for good; what the person did in their teams stays without their name
    Delete {
        /// The address that the person signs in with
        email: String,
        /// Delete the person's comments and feedback too
        #[arg(long)]
        comments: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}
