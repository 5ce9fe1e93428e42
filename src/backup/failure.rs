//! Why there is no backup, or nothing was restored.

use std::{io, path::Path};

use sqlx::migrate::MigrateError;

/// A sentence for whoever typed the command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Refused(String),
    #[error("{0}: {1}")]
    File(String, io::Error),
    #[error("the file is damaged: {0}. Use another backup; nothing was changed")]
    Damaged(String),
    #[error("the database does not do it: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] MigrateError),
}

impl Failure {
    pub(super) fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// What cannot be done with a file.
    pub(super) fn with(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::File(path.display().to_string(), error)
    }
}

pub type Result<T, E = Failure> = std::result::Result<T, E>;
