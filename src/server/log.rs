//! The log: text for people or JSON for machines, on the standard error; and what else listens to it.

use std::io::IsTerminal as _;

use tracing_subscriber::{
    EnvFilter, Layer as _, Registry, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use super::{
    queries::QueryTimes,
    settings::{LogFormat, Settings},
    traces::{Traces, TracesLayer},
};

/// Begins to write the log, to measure statements and, where a collector is named, to send traces to it.
pub fn start(settings: &Settings) -> Option<Traces> {
    let traces = settings.otlp_endpoint.as_ref().and_then(Traces::to);
    // The filter was parsed with the settings.
    let filter = EnvFilter::try_new(&settings.log_filter).expect("a filter that parses");
    let lines = fmt::layer::<Registry>()
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = match settings.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(QueryTimes::default().with_filter(QueryTimes::filter()))
        .with(
            traces
                .as_ref()
                .map(|traces| traces.layer().with_filter(TracesLayer::filter())),
        )
        .init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, "A panic: {message}");
    }));
    traces
}
