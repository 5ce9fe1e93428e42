//! Traces for an OpenTelemetry collector, where `OTEL_EXPORTER_OTLP_ENDPOINT` names one: each request with its route
//! and status, and below it each statement with its name and its time.
//!
//! Spans are put into a queue and sent by a thread of their own. When the collector is away the queue fills up and
//! further spans are dropped: no request waits for it. They hold what the metrics hold, and the number of the request;
//! no path, no text that anybody typed, and nobody's name.

use std::{
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};

use opentelemetry::{
    Context, KeyValue,
    trace::{
        SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _,
    },
};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{
        BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider, Span as SdkSpan,
    },
};
use tokio::runtime::Handle;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::Context as LayerContext,
    registry::LookupSpan,
};
use url::Url;

use super::{
    queries::{self, QueryTimes},
    request_log::{self, is_routine},
};

/// Spans that wait for being sent; a second of a busy server.
const QUEUE: usize = 4_096;
/// How often they are sent.
const EVERY: Duration = Duration::from_secs(5);
/// How long the collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the end waits for the last of them.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// The way to the collector.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Begins to send to a collector. To be called inside the runtime.
    pub fn to(endpoint: &Url) -> Option<Self> {
        Self::sending_every(endpoint, EVERY)
    }

    fn sending_every(endpoint: &Url, every: Duration) -> Option<Self> {
        let address = format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(address)
            .with_timeout(PATIENCE)
            .build();
        let exporter = match exporter {
            Ok(exporter) => exporter,
            Err(error) => {
                eprintln!("skateboard: no traces are sent: {error}");
                return None;
            }
        };
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_scheduled_delay(every)
            .build();
        let about = Resource::builder()
            .with_service_name(env!("CARGO_PKG_NAME"))
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        Some(Self {
            provider: SdkTracerProvider::builder()
                .with_span_processor(
                    BatchSpanProcessor::builder(exporter)
                        .with_batch_config(batches)
                        .build(),
                )
                .with_resource(about)
                .build(),
        })
    }

    /// What makes spans of the log.
    pub fn layer(&self) -> TracesLayer {
        TracesLayer {
            tracer: self.provider.tracer(env!("CARGO_PKG_NAME")),
            queries: QueryTimes::default(),
        }
    }

    /// Sends what is left. The end does not wait long for a collector that is away.
    pub async fn end(self) {
        // It waits for the thread that sends, which needs this runtime.
        let ended =
            tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(LAST_WORDS));
        if !matches!(ended.await, Ok(Ok(()))) {
            tracing::warn!("The last traces were not sent");
        }
    }
}

/// The layer of the log that makes a span of each request and of each statement in it.
pub struct TracesLayer {
    tracer: SdkTracer,
    queries: QueryTimes,
}

impl TracesLayer {
    /// The spans of requests, and what sqlx tells of statements.
    pub fn filter() -> Targets {
        QueryTimes::filter().with_target(request_log::TARGET, LevelFilter::INFO)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TracesLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: LayerContext<'_, S>) {
        let mut request = Request::default();
        attributes.record(&mut request);
        if is_routine(&request.route) {
            return;
        }
        let Some(span) = context.span(id) else {
            return;
        };
        let begun = SpanBuilder::from_name(format!("{} {}", request.method, request.route))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", request.method),
                KeyValue::new("http.route", request.route),
                KeyValue::new("skateboard.request_id", request.request_id),
            ]);
        let begun: SdkSpan = self.tracer.build_with_context(begun, &Context::new());
        span.extensions_mut()
            .insert(Context::new().with_span(begun));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: LayerContext<'_, S>) {
        let mut request = Request::default();
        values.record(&mut request);
        let (Some(status), Some(span)) = (request.status, context.span(id)) else {
            return;
        };
        if let Some(trace) = span.extensions().get::<Context>() {
            let span = trace.span();
            span.set_attribute(KeyValue::new("http.response.status_code", status));
            if status >= 500 {
                span.set_attribute(KeyValue::new("error.type", status.to_string()));
                span.set_status(Status::error(""));
            }
            // What it has begun may go on, but it is answered.
            span.end();
        }
    }

    fn on_event(&self, event: &Event<'_>, context: LayerContext<'_, S>) {
        if event.metadata().target() != queries::TARGET {
            return;
        }
        let Some(span) = context.event_span(event) else {
            return;
        };
        let extensions = span.extensions();
        let Some(trace) = extensions.get::<Context>() else {
            return;
        };
        let (name, seconds) = self.queries.told(event);
        let now = SystemTime::now();
        let took = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let statement = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Client)
            .with_start_time(now.checked_sub(took).unwrap_or(now))
            .with_attributes([
                KeyValue::new("db.system.name", "postgresql"),
                KeyValue::new("db.query.summary", name),
            ]);
        let mut statement = self.tracer.build_with_context(statement, trace);
        opentelemetry::trace::Span::end_with_timestamp(&mut statement, now);
    }
}

/// What the span of a request says.
#[derive(Default)]
struct Request {
    request_id: String,
    method: String,
    route: String,
    status: Option<i64>,
}

impl Visit for Request {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "method" => value.clone_into(&mut self.method),
            "route" => value.clone_into(&mut self.route),
            "request_id" => value.clone_into(&mut self.request_id),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = i64::try_from(value).ok();
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// Sends requests inside the server's runtime: the thread that asks for it has none.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
    /// Whether it was said that the collector is away.
    is_away: AtomicBool,
}

impl Client {
    fn new() -> Option<Self> {
        // It fails only when there is one already, and then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(PATIENCE).build();
        Some(Self {
            client: client.ok()?,
            runtime: Handle::try_current().ok()?,
            is_away: AtomicBool::new(false),
        })
    }
}

type Answering<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for Client {
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: http::Request<Bytes>,
    ) -> Answering<'async_trait>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            let client = self.client.clone();
            let sent = self.runtime.spawn(async move {
                let answer = client.execute(request.try_into()?).await?;
                let status = answer.status();
                let body = answer.bytes().await?;
                let mut answer = http::Response::new(body);
                *answer.status_mut() = status;
                Ok::<_, reqwest::Error>(answer)
            });
            let answer = sent.await?;
            let is_away = !matches!(&answer, Ok(answer) if answer.status().is_success());
            if self.is_away.swap(is_away, Ordering::Relaxed) != is_away {
                if is_away {
                    tracing::warn!(
                        "The collector of traces does not take them; what it misses is dropped"
                    );
                } else {
                    tracing::info!("The collector of traces takes them again");
                }
            }
            Ok(answer?)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Router, body::Bytes as Body, routing::post};
    use sqlx::PgPool;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::testing::TestApp;

    type Bodies = Arc<Mutex<Vec<Body>>>;

    /// Something that takes what is sent to a collector, and its address.
    async fn collector() -> (Url, Bodies) {
        let bodies = Bodies::default();
        let taken = bodies.clone();
        let take = move |headers: http::HeaderMap, body: Body| async move {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            taken.lock().unwrap().push(body);
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let endpoint = format!("http://{address}").parse().expect("a URL");
        (endpoint, bodies)
    }

    /// How often a text is in what was sent: texts stand in the format as they are.
    fn count(bodies: &Bodies, text: &str) -> usize {
        let bodies = bodies.lock().unwrap();
        let in_one = |body: &Body| {
            body.windows(text.len())
                .filter(|part| *part == text.as_bytes())
                .count()
        };
        bodies.iter().map(in_one).sum()
    }

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn a_collector_gets_requests_and_statements_and_nothing_of_anybody(db: PgPool) {
        let (endpoint, bodies) = collector().await;
        let world = TestApp::new(db).world().await;
        let traces = Traces::to(&endpoint).expect("traces");
        let log =
            tracing_subscriber::registry().with(traces.layer().with_filter(TracesLayer::filter()));
        let listening = tracing::subscriber::set_default(log);
        let board = world.team.path("/boards/WEB");
        world.ana.get(&board).await.expect(200);
        world.nobody.get("/health/live").await.expect(200);
        let search = world.team.path("/search?q=lantern");
        world.ana.get(&search).await.expect(200);
        drop(listening);
        traces.end().await;

        for text in [
            "GET /teams/{team}/boards/{key}",
            "http.response.status_code",
            "people.membership",
            "postgresql",
            "skateboard.request_id",
        ] {
            assert!(count(&bodies, text) > 0, "{text} was not sent");
        }
        let cookie = world.ana.cookie("skateboard").expect("a session");
        for text in [
            "/health",
            "lantern",
            "SELECT",
            &world.team.slug,
            &world.people.ana.email,
            "Choose a colour",
            &cookie,
        ] {
            assert_eq!(count(&bodies, text), 0, "{text} was sent");
        }
    }

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn nobody_waits_for_a_collector_that_is_away(db: PgPool) {
        // A port that was free a moment ago.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let endpoint = format!("http://{address}").parse().expect("a URL");
        let world = TestApp::new(db).world().await;
        let traces = Traces::sending_every(&endpoint, Duration::from_millis(1)).expect("traces");
        let log =
            tracing_subscriber::registry().with(traces.layer().with_filter(TracesLayer::filter()));
        let listening = tracing::subscriber::set_default(log);
        for _ in 0..20 {
            world.ana.get(&world.team.path("")).await.expect(200);
        }
        drop(listening);
        let begun = std::time::Instant::now();
        traces.end().await;
        assert!(begun.elapsed() < 2 * LAST_WORDS);
    }
}
