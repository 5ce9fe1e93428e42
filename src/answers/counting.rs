//! Adding up in memory, and writing the sums down now and then.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use sqlx::PgPool;
use uuid::Uuid;

use super::{door::Door, store};
use crate::{
    accounts::session,
    error::Result,
    server::{metrics::BOUNDARIES, settings::Settings},
};

/// How often the sums are written down, and so what is lost at most when the process is killed.
pub const EVERY: Duration = Duration::from_secs(30);

/// One for each boundary, and one for what took longer.
const BUCKETS: usize = BOUNDARIES.len() + 1;
/// What a person takes for at once.
const FAST: Duration = Duration::from_millis(250);
/// While the database is away the sums wait: each for so long a time, and so many of them.
const SPAN: Duration = Duration::from_secs(600);
const MOST_BATCHES: usize = 24;
/// Teams that are counted between two writings. Further ones are not.
const MOST_TEAMS: usize = 5_000;
/// Visitors whose team is remembered. With more, all are forgotten.
const MOST_VISITORS: usize = 10_000;

/// What became of the requests of one team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub answers: i64,
    pub errors: i64,
    pub fast: i64,
    pub buckets: [i64; BUCKETS],
}

impl Sum {
    fn count(&mut self, status: StatusCode, took: Duration) {
        let seconds = took.as_secs_f64();
        let bucket = BOUNDARIES.iter().position(|most| seconds <= *most);
        self.answers += 1;
        self.errors += i64::from(status.is_server_error());
        self.fast += i64::from(took <= FAST);
        self.buckets[bucket.unwrap_or(BOUNDARIES.len())] += 1;
    }

    fn add(&mut self, other: &Self) {
        self.answers += other.answers;
        self.errors += other.errors;
        self.fast += other.fast;
        for (here, there) in self.buckets.iter_mut().zip(other.buckets) {
            *here += there;
        }
    }
}

/// The sums since some moment.
struct Batch {
    since: Instant,
    sums: HashMap<Uuid, Sum>,
}

/// What this instance has counted and not yet written. Clones count into the same.
#[derive(Clone, Default)]
pub struct Answers(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// The newest is the last.
    batches: Mutex<VecDeque<Batch>>,
    /// The team whose door a visitor opened last, by the hash of what proves who it is.
    visitors: Mutex<HashMap<u64, Uuid>>,
    hashing: RandomState,
}

/// Who asks, as far as it has to be known to find the team of an answer that failed before any door.
#[derive(Clone, Copy, Debug)]
pub struct Visitor(u64);

impl Answers {
    /// Who sends these headers, if they prove anything.
    pub fn visitor(&self, settings: &Settings, headers: &HeaderMap) -> Option<Visitor> {
        let hash = match headers.get(AUTHORIZATION) {
            Some(token) => self.0.hashing.hash_one(token.as_bytes()),
            None => self
                .0
                .hashing
                .hash_one(session::token_of(settings, headers)?),
        };
        Some(Visitor(hash))
    }

    /// Counts an answer whose head took so long. One that failed before any door was opened, as all do while the
    /// database is away, counts for the team that the visitor was in last.
    pub fn count(
        &self,
        door: &Door,
        visitor: Option<Visitor>,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let team = match (door.team(), visitor) {
            (Some(team), visitor) => {
                if let Some(visitor) = visitor {
                    self.remember(visitor, team);
                }
                team
            }
            (None, Some(visitor)) if status.is_server_error() && is_met(route) => {
                match lock(&self.0.visitors).get(&visitor.0) {
                    Some(team) => *team,
                    None => return,
                }
            }
            _ => return,
        };
        let mut batches = lock(&self.0.batches);
        if batches
            .back()
            .is_none_or(|last| last.since.elapsed() >= SPAN)
        {
            batches.push_back(Batch {
                since: Instant::now(),
                sums: HashMap::new(),
            });
            forget_oldest(&mut batches);
        }
        if let Some(last) = batches.back_mut()
            && (last.sums.len() < MOST_TEAMS || last.sums.contains_key(&team))
        {
            last.sums.entry(team).or_default().count(status, took);
        }
    }

    fn remember(&self, Visitor(visitor): Visitor, team: Uuid) {
        let mut visitors = lock(&self.0.visitors);
        if visitors.len() >= MOST_VISITORS && !visitors.contains_key(&visitor) {
            visitors.clear();
        }
        visitors.insert(visitor, team);
    }

    /// Adds to the table what was counted since the last time.
    ///
    /// # Errors
    /// When the database is away. What was not written waits for the next time.
    pub async fn write(&self, db: &PgPool) -> Result<()> {
        let mut waiting = std::mem::take(&mut *lock(&self.0.batches));
        while let Some(batch) = waiting.pop_front() {
            if let Err(error) = store::add(db, &batch.sums, batch.since.elapsed()).await {
                waiting.push_front(batch);
                self.put_back(waiting);
                return Err(error);
            }
        }
        Ok(())
    }

    fn put_back(&self, mut failed: VecDeque<Batch>) {
        let mut batches = lock(&self.0.batches);
        while let Some(older) = failed.pop_back() {
            match batches.front_mut() {
                Some(newer) if newer.since.duration_since(older.since) < SPAN => {
                    newer.since = older.since;
                    for (team, sum) in &older.sums {
                        newer.sums.entry(*team).or_default().add(sum);
                    }
                }
                _ => batches.push_front(older),
            }
        }
        forget_oldest(&mut batches);
    }
}

fn forget_oldest(batches: &mut VecDeque<Batch>) {
    while batches.len() > MOST_BATCHES {
        batches.pop_front();
    }
}

/// Whether somebody waits for the answer. What a page asks again and again by itself is met by nobody.
fn is_met(route: &str) -> bool {
    !route.ends_with("/live") && !route.starts_with("/actions/skateboard/live/")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Deletes what was counted more than 400 days ago, and tells how many hours that was.
///
/// # Errors
/// When the database is away.
pub async fn forget_old(db: &PgPool) -> Result<u64> {
    let mut forgotten = 0;
    loop {
        match store::forget_old(db).await? {
            0 => return Ok(forgotten),
            some => forgotten += some,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(answers: &[(u16, u64)]) -> Sum {
        let mut sum = Sum::default();
        for (status, milliseconds) in answers {
            let status = StatusCode::from_u16(*status).expect("a status");
            sum.count(status, Duration::from_millis(*milliseconds));
        }
        sum
    }

    #[test]
    fn an_answer_is_in_the_first_bucket_that_it_fits_in() {
        let sum = sum(&[(200, 1), (200, 250), (404, 251), (500, 11_000)]);
        assert_eq!((sum.answers, sum.errors, sum.fast), (4, 1, 2));
        assert_eq!(sum.buckets, [1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn what_waits_for_the_database_is_bounded() {
        let now = Instant::now();
        let answers = Answers::default();
        let batch = |minutes: u64, team: Uuid| Batch {
            since: now + Duration::from_secs(60 * minutes),
            sums: HashMap::from([(team, sum(&[(200, 5)]))]),
        };
        let team = Uuid::nil();
        for minutes in 0..60 * 24 {
            let failed = std::mem::take(&mut *lock(&answers.0.batches));
            lock(&answers.0.batches).push_back(batch(minutes, team));
            answers.put_back(failed);
        }
        let batches = lock(&answers.0.batches);
        assert_eq!(batches.len(), MOST_BATCHES);
        assert!(batches.iter().all(|batch| batch.sums[&team].answers == 10));
    }
}
