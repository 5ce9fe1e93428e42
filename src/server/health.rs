//! Whether the server lives, and whether it can work. Monitors and proxies ask this, many times.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;
use serde::Serialize;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{sync::Mutex, time::timeout};

use super::serve::Shutdown;

/// How long the database may take to answer before it counts as away.
const DEADLINE: Duration = Duration::from_secs(1);
/// How much of that a connection may take that was opened before.
const KEPT_DEADLINE: Duration = Duration::from_millis(300);
/// How long an answer of the database is given again, so that asking often costs it nothing.
const FRESH: Duration = Duration::from_millis(500);

/// Asks the database over a connection of its own: the pool may be exhausted while all is well.
#[derive(Clone)]
pub struct Health(Arc<Inner>);

struct Inner {
    started: Instant,
    database: PgConnectOptions,
    shutdown: Shutdown,
    probe: Mutex<Probe>,
}

#[derive(Default)]
struct Probe {
    connection: Option<PgConnection>,
    last: Option<(Instant, bool)>,
}

#[derive(Serialize)]
struct Report {
    status: Condition,
    version: &'static str,
    timestamp: String,
    uptime_seconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<Condition>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Condition {
    Up,
    Down,
}

impl From<bool> for Condition {
    fn from(up: bool) -> Self {
        if up { Self::Up } else { Self::Down }
    }
}

impl Health {
    /// Connects at the first question, not now.
    #[must_use]
    pub fn new(database: PgConnectOptions, shutdown: Shutdown) -> Self {
        Self(Arc::new(Inner {
            started: Instant::now(),
            database: database
                .application_name("skateboard health")
                .disable_statement_logging(),
            shutdown,
            probe: Mutex::default(),
        }))
    }

    /// Whether the database answers. Several questions at once wait for one answer.
    pub async fn database_is_up(&self) -> bool {
        let mut probe = self.0.probe.lock().await;
        if let Some((at, up)) = probe.last
            && at.elapsed() < FRESH
        {
            return up;
        }
        // A connection that does not answer in time is dropped, not asked again.
        let kept = probe.connection.take();
        let asked = timeout(DEADLINE, ping(kept, &self.0.database)).await;
        probe.connection = asked.ok().flatten();
        let up = probe.connection.is_some();
        probe.last = Some((Instant::now(), up));
        up
    }

    fn report(&self, status: bool, database: Option<bool>) -> Response {
        let report = Report {
            status: status.into(),
            version: env!("CARGO_PKG_VERSION"),
            timestamp: OffsetDateTime::now_utc()
                .format(&Rfc3339)
                .unwrap_or_default(),
            uptime_seconds: self.0.started.elapsed().as_secs(),
            database: database.map(Into::into),
        };
        let code = if status {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (code, Json(report)).into_response()
    }
}

async fn ping(kept: Option<PgConnection>, database: &PgConnectOptions) -> Option<PgConnection> {
    if let Some(mut connection) = kept
        && matches!(timeout(KEPT_DEADLINE, connection.ping()).await, Ok(Ok(())))
    {
        return Some(connection);
    }
    // The database may have been restarted since, or the network forgot the connection.
    let mut connection = database.connect().await.ok()?;
    connection.ping().await.ok()?;
    Some(connection)
}

/// `/health` and its two parts.
pub fn routes<S: Clone + Send + Sync + 'static>(health: Health) -> Router<S> {
    Router::new()
        .route("/health", get(ready))
        .route("/health/ready", get(ready))
        .route("/health/live", get(live))
        .with_state(health)
}

/// The process answers. Restarting it would not bring the database back, so that is not asked.
async fn live(State(health): State<Health>) -> Response {
    health.report(true, None)
}

/// Requests can be sent here: the database answers, and the server is not about to end.
async fn ready(State(health): State<Health>) -> Response {
    let database = health.database_is_up().await;
    health.report(database && !health.0.shutdown.has_begun(), Some(database))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::Request;
    use serde_json::Value;
    use tokio::net::TcpListener;
    use tower::ServiceExt;

    use super::*;

    async fn ask(health: &Health, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = routes(health.clone())
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 10_000).await.expect("a body");
        (status, serde_json::from_slice(&body).expect("JSON"))
    }

    fn away(port: u16) -> Health {
        Health::new(
            PgConnectOptions::new_without_pgpass()
                .host("127.0.0.1")
                .port(port),
            Shutdown::default(),
        )
    }

    #[tokio::test]
    async fn without_a_database_the_server_lives_and_is_not_ready() {
        // Nothing listens on port 1.
        let health = away(1);
        let (status, body) = ask(&health, "/health/live").await;
        assert_eq!(
            (status, &body["status"]),
            (StatusCode::OK, &Value::from("UP"))
        );
        for path in ["/health", "/health/ready"] {
            let (status, body) = ask(&health, path).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(
                (&body["status"], &body["database"]),
                (&"DOWN".into(), &"DOWN".into())
            );
            let names: Vec<_> = body
                .as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect();
            assert_eq!(
                names,
                [
                    "database",
                    "status",
                    "timestamp",
                    "uptime_seconds",
                    "version"
                ]
            );
        }
    }

    #[tokio::test]
    async fn a_database_that_is_silently_dead_is_given_up_in_time() {
        // It accepts connections and never says a word.
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let health = away(listener.local_addr().expect("an address").port());
        let begun = Instant::now();
        let (status, _) = ask(&health, "/health/ready").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(begun.elapsed() < DEADLINE * 2);
    }

    #[sqlx::test(migrations = false)]
    async fn with_a_database_the_server_is_ready_until_it_shuts_down(
        _: sqlx::postgres::PgPoolOptions,
        database: PgConnectOptions,
    ) {
        let shutdown = Shutdown::default();
        let health = Health::new(database, shutdown.clone());
        let (status, body) = ask(&health, "/health").await;
        assert_eq!(
            (status, &body["database"]),
            (StatusCode::OK, &Value::from("UP"))
        );
        shutdown.begin();
        let (status, body) = ask(&health, "/health/ready").await;
        assert_eq!(
            (status, &body["status"]),
            (StatusCode::SERVICE_UNAVAILABLE, &Value::from("DOWN"))
        );
        assert_eq!(body["database"], "UP");
    }
}
