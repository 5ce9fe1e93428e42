//! How often something may be tried. The attempts are counted in Postgres, outside the transaction of
//! the request that they limit, so that they are not undone with it and count for all instances.

use std::{net::IpAddr, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use super::store;
use crate::error::{Code, Error, Result};

/// So many attempts in a window of time.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is limited, in the metrics and in the bucket.
    pub name: &'static str,
    pub attempts: i32,
    pub window: Duration,
}

impl Limit {
    pub const fn new(name: &'static str, attempts: i32, window: Duration) -> Self {
        Self {
            name,
            attempts,
            window,
        }
    }

    /// Counts an attempt of `who`.
    ///
    /// # Errors
    /// 429 with the seconds to wait when there were too many.
    pub async fn count(&self, db: &PgPool, who: &str) -> Result<()> {
        limit(db, &self.bucket(who), self.attempts, self.window)
            .await
            .inspect_err(|error| {
                if error.code == Code::TooManyRequests {
                    count_refusal(self.name);
                }
            })
    }

    /// Takes the last attempt of `who` back, because it was a good one.
    pub async fn forgive(&self, db: &PgPool, who: &str) -> Result<()> {
        store::forgive_attempt(db, &self.bucket(who)).await
    }

    /// Nobody who reads the table learns who tried what.
    pub(super) fn bucket(&self, who: &str) -> String {
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(who.as_bytes()));
        format!("{}:{hash}", self.name)
    }
}

/// Counts a refusal in the metrics, by the name of what is limited. So does a limit that is kept in memory.
pub fn count_refusal(limit: &'static str) {
    metrics::counter!("limited_total", "limit" => limit).increment(1);
}

/// Counts an attempt in a bucket, of which there may be `max` in each `window`.
///
/// # Errors
/// 429 with the seconds to wait when there were too many.
pub async fn limit(db: &PgPool, bucket: &str, max: i32, window: Duration) -> Result<()> {
    let count = store::count_attempt(db, bucket, window.as_secs_f64()).await?;
    if count.attempts <= max {
        return Ok(());
    }
    Err(too_many(count.seconds_left))
}

/// The refusal of one attempt too many, so many seconds before there may be others.
pub fn too_many(seconds_left: u32) -> Error {
    Error {
        retry_after: Some(seconds_left.max(1)),
        ..Error::new(
            Code::TooManyRequests,
            format!("Too many attempts. Try again in {}.", wait(seconds_left)),
        )
    }
}

fn wait(seconds: u32) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60..=90 => "a minute".to_owned(),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// The client as it is counted. A household or a server has a whole /64 of IPv6 to choose from.
pub fn client_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
