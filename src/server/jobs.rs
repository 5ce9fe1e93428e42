//! Work that nobody asks for: what is due at a time of its own. Every instance does all of it, so a job
//! has to be safe beside itself; what one instance is at, the others leave out.

use std::{pin::Pin, sync::Arc, time::Duration};

use metrics::counter;
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use super::serve::Shutdown;
use crate::error::{Error, Result};

/// Runs of jobs; labels `name` and `result`: done or failed.
pub const JOBS: &str = "jobs_total";
const DONE: &str = "done";
const FAILED: &str = "failed";

/// One run of a job, which tells how many things it did.
pub type Work = Pin<Box<dyn Future<Output = Result<u64>> + Send>>;

/// How long a run may take to end when the server does.
const PATIENCE: Duration = Duration::from_secs(10);

/// The jobs of this instance.
#[derive(Default)]
pub struct Jobs(JoinSet<()>);

impl Jobs {
    /// Does a piece of work at once and then every so often, until the server ends. A run that panics is one
    /// that failed.
    pub fn start(
        &mut self,
        name: &'static str,
        every: Duration,
        shutdown: Shutdown,
        work: impl Fn() -> Work + Send + Sync + 'static,
    ) {
        self.start_woken(name, every, Arc::default(), shutdown, work);
    }

    /// The same, and also whenever it is woken.
    pub fn start_woken(
        &mut self,
        name: &'static str,
        every: Duration,
        woken: Arc<Notify>,
        shutdown: Shutdown,
        work: impl Fn() -> Work + Send + Sync + 'static,
    ) {
        for result in [DONE, FAILED] {
            counter!(JOBS, "name" => name, "result" => result).absolute(0);
        }
        self.0.spawn(async move {
            let mut times = interval(every);
            times.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    biased;
                    () = shutdown.begun() => return,
                    () = woken.notified() => {}
                    _ = times.tick() => {}
                }
                let outcome = tokio::spawn(work()).await;
                report(name, outcome.unwrap_or_else(|_| Err(Error::internal())));
            }
        });
    }

    /// Waits until the runs that are under way when the shutdown begins have ended, at most for 10 s.
    pub async fn end(self) {
        if timeout(PATIENCE, self.0.join_all()).await.is_err() {
            tracing::warn!("A job took too long to end and was cut off");
        }
    }
}

fn report(name: &'static str, outcome: Result<u64>) {
    let result = if outcome.is_ok() { DONE } else { FAILED };
    counter!(JOBS, "name" => name, "result" => result).increment(1);
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
        let mut jobs = Jobs::default();
        jobs.start(
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
        jobs.end().await;
        assert_eq!(Arc::strong_count(&runs), 1);
    }

    #[tokio::test]
    async fn a_job_that_is_woken_does_not_wait_for_its_time() {
        let (shutdown, woken, ran) = (Shutdown::default(), Arc::default(), Arc::new(Notify::new()));
        let mut jobs = Jobs::default();
        let (waking, told) = (Arc::<Notify>::clone(&woken), ran.clone());
        jobs.start_woken("test", PATIENCE * 100, woken, shutdown.clone(), move || {
            told.notify_one();
            Box::pin(async { Ok(0) })
        });
        ran.notified().await;
        waking.notify_one();
        ran.notified().await;
        shutdown.begin();
        jobs.end().await;
    }

    #[tokio::test]
    async fn what_is_under_way_when_the_server_ends_is_done() {
        let (shutdown, done) = (Shutdown::default(), Arc::new(AtomicU64::new(0)));
        let (begun, counted, ending) = (Arc::new(Notify::new()), done.clone(), shutdown.clone());
        let mut jobs = Jobs::default();
        let told = begun.clone();
        jobs.start("test", PATIENCE, shutdown.clone(), move || {
            let (told, counted, ending) = (told.clone(), counted.clone(), ending.clone());
            Box::pin(async move {
                told.notify_one();
                ending.begun().await;
                tokio::task::yield_now().await;
                Ok(counted.fetch_add(1, Ordering::Relaxed))
            })
        });
        begun.notified().await;
        shutdown.begin();
        jobs.end().await;
        assert_eq!(done.load(Ordering::Relaxed), 1);
    }
}
