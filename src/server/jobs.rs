//! Work that nobody asks for: what is due at a time of its own. Every instance does all of it, so a job
//! has to be safe beside itself; what one instance is at, the others leave out.

use std::{pin::Pin, time::Duration};

use metrics::counter;
use tokio::time::{MissedTickBehavior, interval};

use super::serve::Shutdown;
use crate::error::{Error, Result};

/// Runs of jobs; labels `job` and `result`: done or failed.
pub const JOBS: &str = "jobs_total";

/// One run of a job, which tells how many things it did.
pub type Work = Pin<Box<dyn Future<Output = Result<u64>> + Send>>;

/// Does a piece of work at once and then every so often, until the server ends. What is under way then is not
/// cut off by it, and a run that panics is one that failed.
pub fn start(
    name: &'static str,
    every: Duration,
    shutdown: Shutdown,
    work: impl Fn() -> Work + Send + Sync + 'static,
) {
    tokio::spawn(async move {
        let mut times = interval(every);
        times.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = times.tick() => {}
                () = shutdown.begun() => return,
            }
            let outcome = tokio::spawn(work()).await;
            report(name, outcome.unwrap_or_else(|_| Err(Error::internal())));
        }
    });
}

fn report(name: &'static str, outcome: Result<u64>) {
    let result = if outcome.is_ok() { "done" } else { "failed" };
    counter!(JOBS, "job" => name, "result" => result).increment(1);
    match outcome {
        Ok(0) => {}
        Ok(count) => tracing::info!(job = name, count, "The job {name} did {count} things"),
        Err(error) => tracing::warn!(job = name, error = %error, "The job {name} failed"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_job_goes_on_after_a_failure_and_ends_with_the_server() {
        let (shutdown, runs, ran) = (
            Shutdown::default(),
            Arc::new(AtomicU64::new(0)),
            Arc::new(Notify::new()),
        );
        let (counted, told) = (runs.clone(), ran.clone());
        start(
            "test",
            Duration::from_millis(1),
            shutdown.clone(),
            move || {
                let run = counted.fetch_add(1, Ordering::Relaxed);
                told.notify_one();
                Box::pin(async move {
                    match run {
                        0 => Err(Error::unavailable()),
                        _ => Ok(run),
                    }
                })
            },
        );
        while runs.load(Ordering::Relaxed) < 3 {
            ran.notified().await;
        }
        shutdown.begin();
        while Arc::strong_count(&runs) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
