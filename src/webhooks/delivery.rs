//! The job that delivers. Every instance does it; a lease on the webhook says who has it for the moment, so
//! that what is sent to one target is sent in order, and what is sent to others meanwhile does not wait.

use std::{sync::Arc, time::Duration};

use rand::Rng as _;
use sqlx::PgPool;
use tokio::{sync::Notify, task::JoinSet};

use super::{
    actions,
    model::Topic,
    payload::Payload,
    sender::{Failure, Outcome, Request, Sender},
    store::deliveries::{self, Claimed, Next, Target},
};
use crate::{
    error::Result,
    ids::DeliveryId,
    live,
    server::{serve::Shutdown, settings::Settings, state::State},
};

/// How many deliveries wait.
pub const WAITING: &str = "webhook_deliveries_waiting";
/// How often it is looked whether something is due, when nothing wakes.
pub const HEARTBEAT: Duration = Duration::from_secs(5);

/// How long a lease lasts: much longer than one request. A process that dies leaves it to the others then.
const LEASE: Duration = Duration::from_secs(60);
/// How many targets an instance calls at once.
const AT_ONCE: usize = 16;
/// How many events are looked at in one go.
const PAGE: i64 = 500;
/// How many requests a target gets before others have their turn.
const IN_A_ROW: u64 = 100;
/// After so many failures in a row a webhook is turned off.
pub const MOST_FAILURES: i32 = 15;
/// The first pause, which doubles with every failure, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
const LONGEST_PAUSE: Duration = Duration::from_secs(4 * 60 * 60);

/// Delivers what waits. Clones are the same one.
#[derive(Clone)]
pub struct Deliverer {
    db: PgPool,
    settings: Arc<Settings>,
    shutdown: Shutdown,
    sender: Arc<Sender>,
    woken: Arc<Notify>,
}

impl Deliverer {
    pub fn new(state: &State, woken: Arc<Notify>) -> Self {
        Self::with(
            state.db.clone(),
            state.settings.clone(),
            state.shutdown.clone(),
            woken,
        )
    }

    /// The same, out of its parts.
    pub fn with(
        db: PgPool,
        settings: Arc<Settings>,
        shutdown: Shutdown,
        woken: Arc<Notify>,
    ) -> Self {
        let sender = Arc::new(Sender::new(&settings.webhook_allow));
        Self {
            db,
            settings,
            shutdown,
            sender,
            woken,
        }
    }

    /// Delivers everything that is due and that no other instance delivers, and tells how much was taken.
    pub async fn deliver_due(&self) -> Result<u64> {
        let mut delivered = 0;
        let mut under_way = JoinSet::new();
        loop {
            if !self.shutdown.has_begun() {
                let room = AT_ONCE.saturating_sub(under_way.len());
                let claimed = match deliveries::claim(&self.db, LEASE, room as i64).await {
                    // What is under way is not cut off for it.
                    Err(_) if !under_way.is_empty() => Vec::new(),
                    claimed => claimed?,
                };
                for claimed in claimed {
                    let this = self.clone();
                    under_way.spawn(async move { this.serve(&claimed).await });
                }
            }
            if under_way.is_empty() {
                break;
            }
            tokio::select! {
                ended = under_way.join_next() => {
                    delivered += ended.and_then(std::result::Result::ok).unwrap_or(0);
                }
                () = self.woken.notified() => {}
            }
        }
        let waiting = deliveries::waiting(&self.db).await?;
        metrics::gauge!(WAITING).set(waiting as f64);
        Ok(delivered)
    }

    /// Delivers to one webhook as long as something is due, and gives its lease back.
    async fn serve(&self, claimed: &Claimed) -> u64 {
        let mut delivered = 0;
        for _ in 0..IN_A_ROW {
            if self.shutdown.has_begun() {
                break;
            }
            match self.deliver_next(claimed).await {
                Ok(Some(was_taken)) => delivered += u64::from(was_taken),
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(error = %error, "What a webhook was to be told could not be read or written down");
                    break;
                }
            }
        }
        if let Err(error) = deliveries::release(&self.db, claimed).await {
            tracing::warn!(error = %error, "A webhook's lease has to run out");
        }
        delivered
    }

    /// Delivers the first that waits, and tells whether it was taken. None when nothing is due.
    async fn deliver_next(&self, claimed: &Claimed) -> Result<Option<bool>> {
        let Some(target) = deliveries::renew(&self.db, claimed, LEASE).await? else {
            return Ok(None);
        };
        if target.is_on {
            self.enqueue(claimed, &target).await?;
        }
        let next = deliveries::next(&self.db, claimed, target.is_on).await?;
        let Some(next) = next.filter(|next| next.is_due) else {
            return Ok(None);
        };
        let outcome = self.send(claimed, &target, &next).await?;
        let was_taken = outcome.failure.is_none();
        let result = if was_taken { "delivered" } else { "failed" };
        metrics::counter!("webhook_deliveries_total", "result" => result).increment(1);
        self.settle(claimed, &target, &next, outcome).await?;
        Ok(Some(was_taken))
    }

    /// Turns the events after the cursor into deliveries, and moves the cursor.
    async fn enqueue(&self, claimed: &Claimed, target: &Target) -> Result<()> {
        let mut cursor = target.last_seq;
        loop {
            let events = live::store::kinds_after(&self.db, claimed.team, cursor, PAGE).await?;
            let Some((last, ..)) = events.last() else {
                return Ok(());
            };
            let (last, count) = (*last, events.len());
            let wanted: Vec<(DeliveryId, i64, String)> = events
                .into_iter()
                .filter(|(_, kind, is_recent)| {
                    *is_recent && target.topics.contains(&Topic::of(kind))
                })
                .map(|(seq, kind, _)| (DeliveryId::new(), seq, kind))
                .collect();
            deliveries::enqueue(&self.db, claimed, cursor, last, &wanted).await?;
            if count < PAGE as usize {
                return Ok(());
            }
            cursor = last;
        }
    }

    async fn send(&self, claimed: &Claimed, target: &Target, next: &Next) -> Result<Outcome> {
        let event = match next.seq {
            Some(seq) => {
                let told = live::store::told_after(&self.db, claimed.team, seq - 1, 1).await?;
                told.into_iter().next()
            }
            None => None,
        };
        let payload = Payload {
            id: next.id,
            kind: &next.kind,
            team: &target.team_slug,
            event,
        };
        let request = Request {
            url: &target.url,
            secret: &target.secret,
            delivery: next.id,
            kind: &next.kind,
            body: payload.body(),
        };
        Ok(self.sender.send(request).await)
    }

    async fn settle(
        &self,
        claimed: &Claimed,
        target: &Target,
        next: &Next,
        outcome: Outcome,
    ) -> Result<()> {
        let Some(failure) = &outcome.failure else {
            return deliveries::delivered(&self.db, claimed, next.id, &outcome).await;
        };
        tracing::debug!(webhook = %claimed.webhook, why = failure.why, "A webhook's target did not take a delivery");
        if next.is_asked {
            return deliveries::failed_once(&self.db, claimed, next.id, &outcome).await;
        }
        let pause = with_jitter(pause(next.attempts));
        let why = why_off(failure);
        let turned_off = deliveries::failed(
            &self.db,
            claimed,
            next.id,
            &outcome,
            pause,
            MOST_FAILURES,
            &why,
        )
        .await?;
        if turned_off {
            metrics::counter!("webhooks_disabled_total").increment(1);
            tracing::warn!(webhook = %claimed.webhook, "A webhook was turned off after {MOST_FAILURES} failures in a row");
            actions::tell_owners(&self.db, &self.settings, claimed, target, &why).await;
        }
        Ok(())
    }
}

/// Why a webhook was turned off, for its owners.
fn why_off(last: &Failure) -> String {
    format!(
        "{MOST_FAILURES} attempts in a row failed. The last: {}",
        last.why
    )
}

/// Longer after each failure of the same delivery: 15 s, 30 s, a minute, up to four hours.
fn pause(failures_before: i32) -> Duration {
    let doubled = FIRST_PAUSE.as_secs() << failures_before.clamp(0, 20);
    Duration::from_secs(doubled).min(LONGEST_PAUSE)
}

/// Give or take a fifth, so that what failed together does not come back together.
fn with_jitter(pause: Duration) -> Duration {
    pause.mul_f64(rand::rng().random_range(0.8..1.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_longer_than_the_one_before_and_all_are_most_of_a_day() {
        let pauses: Vec<u64> = (0..MOST_FAILURES - 1)
            .map(|failures| pause(failures).as_secs())
            .collect();
        assert_eq!(pauses[..4], [15, 30, 60, 120]);
        assert_eq!(pauses.last(), Some(&LONGEST_PAUSE.as_secs()));
        assert!(pauses.is_sorted());
        let hours = pauses.iter().sum::<u64>() / 3600;
        assert!((16..24).contains(&hours), "{hours}");
        assert_eq!(pause(i32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn jitter_stays_near() {
        for _ in 0..100 {
            let seconds = with_jitter(Duration::from_secs(100)).as_secs();
            assert!((80..=120).contains(&seconds), "{seconds}");
        }
    }
}
