//! `GET /teams/{team}/live`: the events of a team as they happen, from where the reader left off. For a display
//! there is `/wall/{token}/live`, which tells that something happened, and not what.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::{Path, Query, State as Extracted},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use rand::Rng as _;
use serde::Deserialize;
use sqlx::PgPool;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{sleep, timeout},
};

use super::{
    feed::{DEADLINE, PAGE, Place, Proof, Told, events_after, message},
    metrics, store,
};
use crate::{
    accounts::session::Session,
    error::{Error, Result},
    people::access::{Access, DisplayAccess, Permission, TeamId},
    server::{serve::Shutdown, state::State, static_files},
};

/// How often a reader hears that the connection stands.
const BEAT: Duration = Duration::from_secs(2);
/// How many missed events are told one by one; with more it is quicker to read the page again.
const MAX_REPLAY: i64 = 1_000;
/// When a browser comes back after an interruption, in milliseconds; not all at once.
const RETRY: std::ops::RangeInclusive<u32> = 500..=2_500;
/// The pause after the log could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// Where to begin.
#[derive(Debug, Deserialize)]
pub struct From {
    /// The number of the last event that the page has seen.
    after: Option<String>,
}

/// Answers `/teams/{team}/live`. A `Last-Event-ID` wins over `after`; without both it begins now.
pub async fn open(
    Extracted(state): Extracted<State>,
    Path(team): Path<String>,
    Query(from): Query<From>,
    session: Option<Extension<Session>>,
    headers: HeaderMap,
) -> Response {
    let after = after(&headers, from);
    answer(begin(&state, &team, session.map(|session| session.0), after).await)
}

/// Answers `/wall/{token}/live` alike.
pub async fn open_on_wall(
    Extracted(state): Extracted<State>,
    Path(token): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Response {
    answer(begin_on_wall(&state, &token, after(&headers, from)).await)
}

fn after(headers: &HeaderMap, from: From) -> Option<String> {
    headers
        .get("last-event-id")
        .map(|id| id.to_str().unwrap_or_default().to_owned())
        .or(from.after)
}

fn answer(begun: Result<Stream>) -> Response {
    match begun {
        Ok(stream) => {
            let headers = [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/event-stream"),
                ),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                // Proxies of the nginx kind would keep the events back.
                (
                    header::HeaderName::from_static("x-accel-buffering"),
                    HeaderValue::from_static("no"),
                ),
            ];
            (headers, stream.into_body()).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.code.status())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, Json(&error)).into_response();
            response.extensions_mut().insert(error.code);
            response
        }
    }
}

async fn begin(
    state: &State,
    team: &str,
    session: Option<Session>,
    after: Option<String>,
) -> Result<Stream> {
    let session = session.ok_or_else(Error::unauthenticated)?;
    let access = Access::enter(&state.db, &session.person, team, Permission::Read).await?;
    let proof = Proof::Session(session.id);
    let mut stream = Stream::begin(state, access.team(), proof, after).await?;
    stream.ready.extend(stream.place.present());
    Ok(stream)
}

async fn begin_on_wall(state: &State, token: &str, after: Option<String>) -> Result<Stream> {
    let access = DisplayAccess::enter(&state.db, token).await?;
    let proof = Proof::WallLink(access.link());
    Stream::begin(state, access.team(), proof, after).await
}

/// Says that the connection stands, and which browser's part the server sends, so that a page that was loaded before an
/// update notices. The comment keeps proxies honest, the event tells the browser.
fn beat() -> Bytes {
    let build = static_files::build();
    format!(": beat\nevent: beat\ndata: {{\"build\":\"{build}\"}}\n\n").into()
}

/// One reader, and what it has been told.
struct Stream {
    db: PgPool,
    shutdown: Shutdown,
    team: TeamId,
    /// Whether the reader may only know that something happened.
    is_blank: bool,
    /// The number of the last event that it was told.
    last: i64,
    /// Whether there is more in the log than it was told.
    is_behind: bool,
    ready: VecDeque<Bytes>,
    place: Place,
}

impl Stream {
    async fn begin(
        state: &State,
        team: TeamId,
        proof: Proof,
        after: Option<String>,
    ) -> Result<Self> {
        // The place first: what is recorded after it was taken is told there, what was before is in the log.
        let place = state.feed.join(team, proof).await?;
        let now = store::last_seq(&state.db, team).await?;
        let retry = rand::rng().random_range(RETRY);
        let mut stream = Self {
            db: state.db.clone(),
            shutdown: state.shutdown.clone(),
            team,
            is_blank: matches!(proof, Proof::WallLink(_)),
            last: now,
            is_behind: false,
            ready: VecDeque::from([format!("retry: {retry}\n\n").into(), beat()]),
            place,
        };
        match after.map(|after| after.parse::<i64>()) {
            None => {}
            Some(Ok(after)) if (now - MAX_REPLAY..=now).contains(&after) && after >= 0 => {
                stream.last = after;
                stream.is_behind = after < now;
            }
            Some(_) => stream.resync(now),
        }
        Ok(stream)
    }

    /// An event as this reader may have it.
    fn told(&self, seq: i64, message: Bytes) -> Bytes {
        if self.is_blank {
            format!("id: {seq}\ndata: {{}}\n\n").into()
        } else {
            message
        }
    }

    fn into_body(self) -> Body {
        Body::from_stream(futures_util::stream::unfold(self, async |mut stream| {
            let message = stream.next().await?;
            Some((Ok::<_, Infallible>(message), stream))
        }))
    }

    /// Tells the reader to read everything again, and goes on from there.
    fn resync(&mut self, now: i64) {
        metrics::resynced();
        self.last = now;
        self.is_behind = false;
        let message = format!("id: {now}\nevent: resync\ndata: {{\"seq\":{now}}}\n\n");
        self.ready.push_back(message.into());
    }

    /// The next message, or none when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            // Also for one who has much to catch up with.
            if self.is_over() {
                return None;
            }
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            if self.is_behind && !matches!(timeout(DEADLINE, self.read_on()).await, Ok(Ok(()))) {
                // The database is away. The reader hears that we are not.
                tokio::select! {
                    () = self.place.end.notified() => return None,
                    () = self.shutdown.begun() => return None,
                    () = sleep(PAUSE) => return Some(beat()),
                }
            }
            if !self.ready.is_empty() {
                continue;
            }
            tokio::select! {
                biased;
                () = self.shutdown.begun() => return None,
                () = self.place.end.notified() => return None,
                told = self.place.receiver.recv() => match told {
                    Ok(Told::Event { seq, .. }) if seq <= self.last => {}
                    Ok(Told::Event { seq, message }) if seq == self.last + 1 => {
                        self.last = seq;
                        metrics::delivered();
                        return Some(self.told(seq, message));
                    }
                    Ok(Told::Event { .. }) => self.is_behind = true,
                    Ok(Told::Present(_)) if self.is_blank => {}
                    Ok(Told::Present(message)) => return Some(message),
                    Err(RecvError::Lagged(_)) => {
                        let now = timeout(DEADLINE, store::last_seq(&self.db, self.team)).await;
                        match now {
                            Ok(Ok(now)) => self.resync(now),
                            _ => self.is_behind = true,
                        }
                    }
                    Err(RecvError::Closed) => return None,
                },
                () = sleep(BEAT) => return Some(beat()),
            }
        }
    }

    /// Whether the reader has to go, or the process ends.
    fn is_over(&self) -> bool {
        self.shutdown.has_begun() || self.place.end.notified().now_or_never().is_some()
    }

    /// Reads on in the log, from what the reader was told last.
    async fn read_on(&mut self) -> Result<()> {
        let events = events_after(&self.db, self.team, self.last).await?;
        self.is_behind = events.len() >= PAGE as usize;
        for (_, event) in events {
            self.last = event.seq;
            metrics::delivered();
            self.ready.push_back(self.told(event.seq, message(&event)));
        }
        Ok(())
    }
}
