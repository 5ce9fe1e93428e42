//! Writing an answer while it is read from the database.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::body::{Body, Bytes};
use futures_util::StreamExt as _;
use sqlx::PgPool;
use tokio::{
    sync::{
        Semaphore,
        mpsc::{self, Sender},
    },
    time::timeout,
};

use super::{person, store, table, team};
use crate::{
    accounts::limits,
    error::{Code, Error, Result},
    ids::PersonId,
    people::access::Access,
    server::database::Transaction,
};

/// Text is handed on in pieces of about this many bytes.
const PIECE: usize = 64 * 1024;
/// How long an export may take, and a reader may pause: it holds a connection to Postgres.
const WHOLE: Duration = Duration::from_secs(15 * 60);
const PAUSE: Duration = Duration::from_secs(30);

/// So many exports are written at once: a quarter of the pool, so that slow readers of them hold up nothing else.
const AT_ONCE: usize = 5;
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));

/// What is being written, and the snapshot that it is read from.
pub struct Writer {
    pub snapshot: Transaction,
    sender: Sender<Result<Bytes, std::io::Error>>,
    text: Vec<u8>,
}

impl Writer {
    pub async fn write(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        self.text.extend_from_slice(text.as_ref());
        if self.text.len() >= PIECE {
            return self.hand_on().await;
        }
        Ok(())
    }

    async fn hand_on(&mut self) -> Result<()> {
        let piece = std::mem::take(&mut self.text);
        let sent = timeout(PAUSE, self.sender.send(Ok(piece.into()))).await;
        // Nobody reads any more, or too slowly.
        sent.map_err(|_| Error::unavailable())?
            .map_err(|_| Error::unavailable())
    }
}

/// What can be written.
pub enum Document {
    /// A whole team, as JSON.
    Team(Access),
    /// The tasks of a team, as CSV.
    Tasks(Access),
    /// What is kept of a person, as JSON.
    Person(PersonId),
}

impl Document {
    async fn write(self, writer: &mut Writer) -> Result<()> {
        match self {
            Self::Team(access) => team::write(writer, access.team()).await?,
            Self::Tasks(access) => table::write(writer, access.team()).await?,
            Self::Person(person) => person::write(writer, person).await?,
        }
        writer.hand_on().await
    }
}

/// A body with a document out of one snapshot. When it fails it breaks off, so that nobody takes it for whole.
///
/// # Errors
/// 429 when too many are being written, 503 when there is no snapshot to be had.
pub async fn body(db: &PgPool, document: Document) -> Result<Body> {
    let place = PLACES.clone().try_acquire_owned().map_err(|_| {
        limits::count_refusal("exports_at_once");
        Error {
            retry_after: Some(10),
            ..Error::new(
                Code::TooManyRequests,
                "Other exports are being written. Try again in a moment.",
            )
        }
    })?;
    let mut snapshot = Transaction::begin(db).await?;
    store::hold_still(snapshot.connection()).await?;
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        let _place = place;
        let mut writer = Writer {
            snapshot,
            sender: sender.clone(),
            text: Vec::new(),
        };
        let outcome = timeout(WHOLE, document.write(&mut writer)).await;
        if let Err(error) = outcome.unwrap_or_else(|_| Err(Error::unavailable())) {
            tracing::warn!(error = %error, "An export broke off");
            let broken = std::io::Error::other("the export broke off");
            // Whoever left hears nothing.
            let _ = sender.send(Err(broken)).await;
        }
    });
    let pieces = futures_util::stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    // Whoever compresses it asks once more after its end.
    Ok(Body::from_stream(pieces.fuse()))
}
