//! A change runs to its end whatever becomes of whoever asked for it, and begins anew when the database gave
//! it up for the sake of another that ran at the same time.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::Instrument as _;

use crate::error::{Code, Error, Result};

/// How often a change is tried that the database gives up.
const ATTEMPTS: u32 = 4;
/// The pause before that, longer each time.
const CONTENTION_PAUSE: Duration = Duration::from_millis(20);
/// How long a change may take. Every wait in it is shorter, but for the answer to a question that the
/// network has lost: whoever asked would hold a connection to Postgres for ever.
const DEADLINE: Duration = Duration::from_secs(12);

/// Does some work in a task of its own, which a client that hangs up does not end.
///
/// # Errors
/// 503 when it takes too long, 500 when it panics.
pub async fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T> {
    match tokio::spawn(timeout(DEADLINE, work).in_current_span()).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(Error::uncertain()),
        Err(_) => Err(Error::internal()),
    }
}

/// Tries something once more from its beginning when the database gave it up.
///
/// # Errors
/// Those of the last attempt; 503 when all were given up.
pub async fn retried<T, A: Future<Output = Result<T>>>(
    mut attempt: impl FnMut() -> A,
) -> Result<T> {
    for number in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.code == Code::Contended => {
                metrics::counter!("retries_total").increment(1);
                sleep(CONTENTION_PAUSE * number).await;
            }
            outcome => return outcome,
        }
    }
    match attempt().await {
        Err(error) if error.code == Code::Contended => Err(Error::unavailable()),
        outcome => outcome,
    }
}
