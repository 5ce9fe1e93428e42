//! What is counted and measured of the feed.

use metrics::{counter, gauge, histogram};
use time::Duration;

/// Conflicts that were shown; label `told`: when the edit was saved and refused, or at once, to somebody
/// who was still typing.
pub const CONFLICTS: &str = "conflicts_total";
const SAVING: &str = "saving";
const AT_ONCE: &str = "at_once";
/// Edits that last beside what others had changed meanwhile.
pub const MERGES: &str = "merges_total";

/// Event streams that are open.
pub const STREAMS: &str = "feed_streams";
/// Events handed to a stream.
pub const DELIVERED: &str = "feed_events_delivered_total";
/// Times that a reader was told to read everything again.
pub const RESYNCS: &str = "feed_resyncs_total";
/// Seconds from the change to its being read for the streams.
pub const LAG: &str = "feed_lag_seconds";

/// What has not happened yet is zero, not absent.
pub fn begin() {
    gauge!(STREAMS).set(0.0);
    for name in [DELIVERED, RESYNCS, MERGES] {
        counter!(name).absolute(0);
    }
    for told in [SAVING, AT_ONCE] {
        counter!(CONFLICTS, "told" => told).absolute(0);
    }
    // To name it is to show it, without a measured time.
    drop(histogram!(LAG));
}

pub fn conflict_refused() {
    counter!(CONFLICTS, "told" => SAVING).increment(1);
}

pub fn conflict_told_at_once() {
    counter!(CONFLICTS, "told" => AT_ONCE).increment(1);
}

pub fn merged() {
    counter!(MERGES).increment(1);
}

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
