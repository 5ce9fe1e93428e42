//! Takes connections, and ends well: deadlines on headers, a cap on connections, a bounded shutdown.
//!
//! `axum::serve` has no header deadline, and a half-sent request would hold up its shutdown.

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use futures_util::FutureExt as _;
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tower::ServiceExt as _;

/// Open connections; further ones wait in the system's queue until one ends.
const MAX_CONNECTIONS: usize = 2_000;
/// Bytes of a request's headers, with its first line.
const MAX_HEADER_BYTES: usize = 32 * 1024;
/// Requests that one HTTP/2 connection may have under way.
const MAX_HTTP2_STREAMS: u32 = 100;
/// How often a quiet HTTP/2 connection is asked whether it lives, and how long it may take to answer.
const HTTP2_PING: Duration = Duration::from_secs(20);
/// How often it is looked whether a new connection has sent its first request, when the end has begun.
const FIRST_LOOK: Duration = Duration::from_millis(10);
/// The pause after a failed accept: the system has run out of something that only time brings back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, Copy)]
struct Deadlines {
    /// For a client to send the headers of a request.
    headers: Duration,
    /// For requests that are under way when the shutdown begins.
    drain: Duration,
    /// For a connection without a request under way when the shutdown begins.
    idle: Duration,
}

const DEADLINES: Deadlines = Deadlines {
    headers: Duration::from_secs(10),
    drain: Duration::from_secs(10),
    idle: Duration::from_millis(500),
};

/// Tells every part of the server that it is time to end. Clones hear the same.
#[derive(Debug, Clone)]
pub struct Shutdown {
    begun: watch::Sender<bool>,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self {
            begun: watch::Sender::new(false),
        }
    }
}

impl Shutdown {
    /// A shutdown that begins with the first SIGINT or SIGTERM; a second one ends the process at once.
    ///
    /// # Errors
    /// When the system refuses to hand the signals over.
    #[cfg(unix)]
    pub fn on_signals() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let shutdown = Self::default();
        let begun = shutdown.clone();
        tokio::spawn(async move {
            loop {
                let signal = tokio::select! {
                    _ = interrupt.recv() => "SIGINT",
                    _ = terminate.recv() => "SIGTERM",
                };
                if begun.has_begun() {
                    tracing::warn!(signal, "A second {signal}: ending at once");
                    std::process::exit(130);
                }
                tracing::info!(signal, "Shutting down after {signal}");
                begun.begin();
            }
        });
        Ok(shutdown)
    }

    /// Begins the shutdown.
    pub fn begin(&self) {
        self.begun.send_replace(true);
    }

    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.begun.borrow()
    }

    /// Returns as soon as the shutdown has begun. Endless answers (event streams) end on it.
    pub async fn begun(&self) {
        // It fails only when every sender is gone, and this is one.
        let _ = self.begun.subscribe().wait_for(|begun| *begun).await;
    }
}

/// Listens on `address`.
///
/// # Errors
/// When the address is taken, is not this machine's, or needs more rights, with a sentence that says what to do.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program listens there. Stop it, or choose another port with LEPTOS_SITE_ADDR"
            }
            io::ErrorKind::AddrNotAvailable => "this machine has no such address. Change LEPTOS_SITE_ADDR",
            io::ErrorKind::PermissionDenied => {
                "the system does not permit it. Choose a port from 1024 on with LEPTOS_SITE_ADDR"
            }
            _ => return error,
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {advice}"))
    })
}

/// Serves until the shutdown begins, then lets the requests that are under way finish, at most for 10 s.
///
/// Each request carries `ConnectInfo<SocketAddr>`: the other end of the connection, which may be a proxy.
/// A listener that fails is tried again.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    serve_within(DEADLINES, listener, router, shutdown).await;
}

async fn serve_within(
    deadlines: Deadlines,
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let cut = Shutdown::default();
    let take = |(stream, peer, place): Accepted| {
        let connection = Connection {
            router: router.clone(),
            peer,
            shutdown: shutdown.clone(),
            deadlines,
        };
        let cut = cut.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = connection.serve(stream) => {}
                () = cut.begun() => {}
            }
            drop(place);
        });
    };
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = shutdown.begun() => break,
        };
        match accepted {
            Ok(accepted) => take(accepted),
            Err(error) => {
                tracing::warn!(error = %error, "Could not accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    // Those that the system has let in already would be cut off by closing the door.
    while let Some(Ok(accepted)) = accept(&listener, &places).now_or_never() {
        take(accepted);
    }
    drop(listener);
    drain(&places, &cut, deadlines.drain).await;
}

/// A connection, the other end of it, and its place among all.
type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<Accepted> {
    let place = places
        .clone()
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}

/// Every connection holds a place, so when all places are free all connections have ended.
async fn drain(places: &Semaphore, cut: &Shutdown, deadline: Duration) {
    let all = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
    if timeout(deadline, places.acquire_many(all)).await.is_err() {
        let open = MAX_CONNECTIONS - places.available_permits();
        tracing::warn!(open, "Cutting {open} connections that did not end in time");
        cut.begin();
        let _ = places.acquire_many(all).await;
    }
}

struct Connection {
    router: Router,
    peer: SocketAddr,
    shutdown: Shutdown,
    deadlines: Deadlines,
}

/// What the requests of one connection are doing.
#[derive(Default)]
struct Activity {
    any_request: AtomicBool,
    under_way: AtomicUsize,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let activity = Arc::new(Activity::default());
        let service = service_fn({
            let activity = activity.clone();
            let router = self.router.clone();
            let peer = self.peer;
            move |request| answer(router.clone(), request, peer, activity.clone())
        });
        let builder = builder(self.deadlines.headers);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));

        let ended = tokio::select! {
            ended = connection.as_mut() => Some(ended),
            () = no_request_in_time(&activity, self.deadlines.headers) => return,
            () = self.shutdown.begun() => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                // A connection that was just opened has a request on its way.
                tokio::select! {
                    _ = connection.as_mut() => return,
                    () = first_request(&activity, self.deadlines.idle) => {}
                }
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection.as_mut() => ended,
                    () = nothing_under_way(&activity, self.deadlines.idle) => return,
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error = %error, "A connection ended with an error");
        }
    }
}

fn builder(header_timeout: Duration) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(MAX_HEADER_BYTES)
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING)
        .keep_alive_timeout(HTTP2_PING)
        .max_concurrent_streams(MAX_HTTP2_STREAMS)
        .max_header_list_size(MAX_HEADER_BYTES as u32);
    builder
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    activity: Arc<Activity>,
) -> Result<http::Response<Body>, std::convert::Infallible> {
    let under_way = UnderWay::begin(activity);
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let answer = router.oneshot(request).await?;
    Ok(answer.map(|body| under_way.until_sent(body)))
}

/// The first bytes decide between HTTP/1 and HTTP/2, and hyper sets no deadline on that.
async fn no_request_in_time(activity: &Activity, deadline: Duration) {
    sleep(deadline).await;
    if activity.any_request.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Returns when a request has begun, or none did in time.
async fn first_request(activity: &Activity, deadline: Duration) {
    let begun = async {
        while !activity.any_request.load(Ordering::Relaxed) {
            sleep(FIRST_LOOK).await;
        }
    };
    // Whether there is one does not matter any more.
    let _ = timeout(deadline, begun).await;
}

/// A half-sent request is nothing under way: whoever sent it has no answer to lose.
async fn nothing_under_way(activity: &Activity, pause: Duration) {
    loop {
        sleep(pause).await;
        if activity.under_way.load(Ordering::Relaxed) == 0 {
            return;
        }
    }
}

/// Counts a request until the last byte of its answer was handed over, or it was given up.
struct UnderWay(Arc<Activity>);

impl UnderWay {
    fn begin(activity: Arc<Activity>) -> Self {
        activity.any_request.store(true, Ordering::Relaxed);
        activity.under_way.fetch_add(1, Ordering::Relaxed);
        Self(activity)
    }

    fn until_sent(self, body: Body) -> Body {
        use http_body_util::BodyExt as _;
        Body::new(body.map_frame(move |frame| {
            let _ = &self;
            frame
        }))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        task::JoinHandle,
    };

    use super::*;

    const SOON: Deadlines = Deadlines {
        headers: Duration::from_millis(200),
        drain: Duration::from_millis(500),
        idle: Duration::from_millis(20),
    };
    /// No deadline of the test itself, only far beyond all of the above.
    const LONG: Duration = Duration::from_secs(30);

    async fn start(router: Router) -> (SocketAddr, Shutdown, JoinHandle<()>) {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shutdown = Shutdown::default();
        let server = tokio::spawn(serve_within(SOON, listener, router, shutdown.clone()));
        (address, shutdown, server)
    }

    async fn send(address: SocketAddr, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(bytes).await.expect("sent");
        stream
    }

    async fn until_closed(mut stream: TcpStream) -> String {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_handler_sees_the_other_end_of_the_connection() {
        let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
        let (address, ..) = start(Router::new().route("/", get(peer))).await;
        let stream = send(
            address,
            b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        )
        .await;
        let own = stream.local_addr().expect("an address").to_string();
        assert!(until_closed(stream).await.ends_with(&own));
    }

    #[tokio::test]
    async fn a_request_that_is_never_finished_is_given_up() {
        for half in [
            &b""[..],
            b"P",
            b"GET / HTTP/1.1\r\nhost:",
            b"PRI * HTTP/2.0\r\n\r\n",
        ] {
            let (address, ..) = start(Router::new()).await;
            let stream = send(address, half).await;
            timeout(LONG, until_closed(stream))
                .await
                .unwrap_or_else(|_| panic!("{half:?} is waited for"));
        }
    }

    #[tokio::test]
    async fn headers_that_are_too_large_are_refused() {
        let (address, ..) = start(Router::new()).await;
        let mut request = b"GET / HTTP/1.1\r\nhost: x\r\nx-much: ".to_vec();
        request.resize(MAX_HEADER_BYTES + 100, b'a');
        let stream = send(address, &request).await;
        assert!(until_closed(stream).await.starts_with("HTTP/1.1 431 "));
    }

    #[tokio::test]
    async fn a_half_sent_request_does_not_hold_up_the_shutdown() {
        let (address, shutdown, server) = start(Router::new()).await;
        let half = send(address, b"POST / HTTP/1.1\r\nhost: x\r\ncontent-le").await;
        shutdown.begin();
        timeout(LONG, server)
            .await
            .expect("an end")
            .expect("a clean end");
        drop(half);
    }

    #[tokio::test]
    async fn a_request_that_is_under_way_is_answered_before_the_server_ends() {
        let (entered, mut has_entered) = tokio::sync::mpsc::channel::<()>(1);
        let shutdown_seen = Shutdown::default();
        let release = shutdown_seen.clone();
        let slow = move || async move {
            entered.send(()).await.expect("the test listens");
            release.begun().await;
            "done"
        };
        let (address, shutdown, server) = start(Router::new().route("/", get(slow))).await;
        let stream = send(address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        has_entered.recv().await;
        shutdown.begin();
        shutdown_seen.begin();
        assert!(until_closed(stream).await.ends_with("done"));
        server.await.expect("a clean end");
    }

    #[tokio::test]
    async fn a_request_that_never_ends_is_cut_after_the_drain() {
        let (entered, mut has_entered) = tokio::sync::mpsc::channel::<()>(1);
        let endless = move || async move {
            entered.send(()).await.expect("the test listens");
            pending::<()>().await;
        };
        let (address, shutdown, server) = start(Router::new().route("/", get(endless))).await;
        let stream = send(address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        has_entered.recv().await;
        shutdown.begin();
        timeout(LONG, server)
            .await
            .expect("an end")
            .expect("a clean end");
        drop(stream);
    }

    #[tokio::test]
    async fn a_taken_port_is_said_in_a_sentence() {
        let (address, ..) = start(Router::new()).await;
        let said = listen(address)
            .await
            .expect_err("the port is taken")
            .to_string();
        assert!(
            said.contains(&address.to_string()) && said.contains("LEPTOS_SITE_ADDR"),
            "{said}"
        );
    }
}
