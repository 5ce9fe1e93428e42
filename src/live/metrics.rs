//! What is counted and measured of the feed.

use metrics::{counter, gauge, histogram};
use time::Duration;

/// Event streams that are open.
pub const STREAMS: &str = "feed_streams";
/// Events handed to a stream.
pub const DELIVERED: &str = "feed_events_delivered_total";
/// Times that a reader was told to read everything again.
pub const RESYNCS: &str = "feed_resyncs_total";
/// Seconds from the change to its being read for the streams.
pub const LAG: &str = "feed_lag_seconds";

pub fn stream_opened() {
    gauge!(STREAMS).increment(1.0);
}

pub fn stream_closed() {
    gauge!(STREAMS).decrement(1.0);
}

pub fn delivered() {
    counter!(DELIVERED).increment(1);
}

pub fn resynced() {
    counter!(RESYNCS).increment(1);
}

pub fn event_read(lag: Duration) {
    // The clocks of two machines may differ.
    histogram!(LAG).record(lag.as_seconds_f64().max(0.0));
}
