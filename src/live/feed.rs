//! What wakes the readers of the feed. One LISTEN connection an instance tells that something happened;
//! what it was is read from the log by its number. So a lost message costs a moment and never an event.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::{
    sync::{Notify, broadcast},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use uuid::Uuid;

use super::{
    metrics,
    model::FeedEvent,
    presence::{PresentPeople, Tab, Tellers},
    store::{self, Recorded},
    told::without_deleted,
};
use crate::{
    error::Result,
    ids::{PersonId, SessionId, TaskId, WallLinkId},
    people::{self, access::TeamId},
    server::{database, serve::Shutdown},
    tasks,
};

/// The channels of Postgres.
const EVENTS: &str = "skateboard_events";
const PRESENCE: &str = "skateboard_presence";

/// How often the log is looked at without being woken, and the readers are checked.
const TICK: Duration = Duration::from_secs(2);
/// How long the listening connection is taken to stand without a word, and how long it may then take to say
/// that it does. A network that has forgotten it would never tell.
const QUIET: Duration = Duration::from_secs(2);
const STANDS: Duration = Duration::from_secs(3);
/// The pause before the listening connection is opened again.
const RECONNECT: Duration = Duration::from_millis(500);
/// How long the database may take for one question of the feed. A connection that a network has silently
/// forgotten would be waited for without end.
pub const DEADLINE: Duration = Duration::from_secs(5);
/// How many messages a reader may be behind before it is told to read everything again.
const BEHIND: usize = 256;
/// How many events are read at once.
pub const PAGE: i64 = 100;

/// The feed of all teams, as one instance tells it. Clones are the same feed.
#[derive(Clone)]
pub struct Feed(Arc<Hub>);

struct Hub {
    db: PgPool,
    shutdown: Shutdown,
    started: AtomicBool,
    teams: Mutex<HashMap<Uuid, Arc<TeamFeed>>>,
    readers: Mutex<HashMap<u64, Reader>>,
    tellers: Mutex<Tellers>,
    next_reader: AtomicU64,
    /// Notified when anything is recorded in any team.
    recorded: Arc<Notify>,
}

/// The feed of one team, as long as somebody reads it.
pub struct TeamFeed {
    team: TeamId,
    sender: broadcast::Sender<Told>,
    wake: Notify,
    last: AtomicI64,
    present: Mutex<PresentPeople>,
}

/// One message for all readers of a team.
#[derive(Clone)]
pub enum Told {
    Event { seq: i64, message: Bytes },
    Present(Bytes),
}

struct Reader {
    proof: Proof,
    team: Uuid,
    end: Arc<Notify>,
}

/// What lets a reader stay as long as it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Session(SessionId),
    WallLink(WallLinkId),
}

/// A reader's place at the feed; leaving it is dropping it.
pub struct Place {
    pub receiver: broadcast::Receiver<Told>,
    /// Notified when the reader has to go.
    pub end: Arc<Notify>,
    feed: Arc<TeamFeed>,
    hub: Arc<Hub>,
    number: u64,
}

impl Place {
    /// Who is there now, if anybody is.
    pub fn present(&self) -> Option<Bytes> {
        lock(&self.feed.present).message()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.hub.readers).remove(&self.number);
        metrics::stream_closed();
    }
}

impl Feed {
    pub fn new(db: PgPool, shutdown: Shutdown) -> Self {
        Self(Arc::new(Hub {
            db,
            shutdown,
            started: AtomicBool::new(false),
            teams: Mutex::default(),
            readers: Mutex::default(),
            tellers: Mutex::default(),
            next_reader: AtomicU64::new(0),
            recorded: Arc::default(),
        }))
    }

    /// What is notified from now on when anything is recorded in any team, or may have been.
    pub fn recorded(&self) -> Arc<Notify> {
        self.start();
        self.0.recorded.clone()
    }

    /// Counts that somebody tells what they look at.
    ///
    /// # Errors
    /// 429 when they tell it more often than any number of tabs does.
    pub fn may_tell(&self, person: PersonId) -> Result<()> {
        lock(&self.0.tellers).count(person)
    }

    /// Gives a reader a place. Everything that is recorded from now on will be told there.
    pub async fn join(&self, team: TeamId, proof: Proof) -> Result<Place> {
        self.start();
        let id = team.uuid();
        let last = store::last_seq(&self.0.db, team).await?;
        let (feed, receiver) = {
            let mut teams = lock(&self.0.teams);
            let feed = teams.entry(id).or_insert_with(|| {
                let feed = Arc::new(TeamFeed::new(team, last));
                tokio::spawn(self.clone().tell(feed.clone()));
                feed
            });
            (feed.clone(), feed.sender.subscribe())
        };
        let end = Arc::new(Notify::new());
        let number = self.0.next_reader.fetch_add(1, Ordering::Relaxed);
        let reader = Reader {
            proof,
            team: id,
            end: end.clone(),
        };
        lock(&self.0.readers).insert(number, reader);
        metrics::stream_opened();
        Ok(Place {
            receiver,
            end,
            feed,
            hub: self.0.clone(),
            number,
        })
    }

    /// Nothing runs, and no connection is held, before the first reader comes.
    fn start(&self) {
        if self.0.started.swap(true, Ordering::Relaxed) {
            return;
        }
        let (listening, ticking) = (self.clone(), self.clone());
        let (first, second) = (self.0.shutdown.clone(), self.0.shutdown.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = listening.listen() => {}
                () = first.begun() => {}
            }
        });
        tokio::spawn(async move {
            tokio::select! {
                () = ticking.tick() => {}
                () = second.begun() => {}
            }
        });
    }

    async fn listen(&self) {
        loop {
            if let Err(error) = self.hear().await {
                tracing::warn!(error = %error, "The feed does not hear the database");
            }
            sleep(RECONNECT).await;
        }
    }

    async fn hear(&self) -> sqlx::Result<()> {
        let mut listener = timeout(DEADLINE, database::listen(&self.0.db, &[EVENTS, PRESENCE]))
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)??;
        // What was announced before the connection stood is in the log.
        self.wake_all();
        loop {
            let Ok(heard) = timeout(QUIET, listener.try_recv()).await else {
                timeout(STANDS, database::ping(&mut listener))
                    .await
                    .map_err(|_| sqlx::Error::PoolTimedOut)??;
                continue;
            };
            let Some(heard) = heard? else {
                self.wake_all();
                continue;
            };
            match heard.channel() {
                EVENTS => {
                    self.0.recorded.notify_one();
                    let team = heard.payload().parse().ok();
                    if let Some(feed) = team.and_then(|team| self.team(team)) {
                        feed.wake.notify_one();
                    }
                }
                _ => self.see(heard.payload()),
            }
        }
    }

    fn see(&self, payload: &str) {
        let Ok(tab) = serde_json::from_str::<Tab>(payload) else {
            return;
        };
        if let Some(feed) = self.team(tab.team) {
            lock(&feed.present).see(tab);
            feed.tell_who_is_present();
        }
    }

    fn team(&self, team: Uuid) -> Option<Arc<TeamFeed>> {
        lock(&self.0.teams).get(&team).cloned()
    }

    fn all_teams(&self) -> Vec<Arc<TeamFeed>> {
        lock(&self.0.teams).values().cloned().collect()
    }

    fn wake_all(&self) {
        self.0.recorded.notify_one();
        for feed in self.all_teams() {
            feed.wake.notify_one();
        }
    }

    async fn tick(&self) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let feeds = self.all_teams();
            for feed in &feeds {
                lock(&feed.present).forget_who_left();
                feed.tell_who_is_present();
            }
            if feeds.is_empty() {
                continue;
            }
            // A database that is away is asked again at the next tick.
            let _ = timeout(DEADLINE, self.catch_up(&feeds)).await;
            let _ = timeout(DEADLINE, self.dismiss()).await;
        }
    }

    /// Wakes what the log is ahead of, and what nobody reads any more.
    async fn catch_up(&self, feeds: &[Arc<TeamFeed>]) -> Result<()> {
        let ids: Vec<_> = feeds.iter().map(|feed| feed.team.uuid()).collect();
        let last: HashMap<_, _> = store::last_seqs(&self.0.db, &ids)
            .await?
            .into_iter()
            .collect();
        for feed in feeds {
            let told = feed.last.load(Ordering::Relaxed);
            let is_behind = last.get(&feed.team.uuid()).is_some_and(|last| *last > told);
            if is_behind || feed.sender.receiver_count() == 0 {
                feed.wake.notify_one();
            }
        }
        Ok(())
    }

    /// Ends the streams of those who have signed out, were removed, or whose session is over, and of
    /// displays whose link was revoked.
    async fn dismiss(&self) -> Result<()> {
        let (mut sessions, mut displays) = (Vec::new(), Vec::new());
        for Reader { proof, team, end } in lock(&self.0.readers).values() {
            match proof {
                Proof::Session(session) => sessions.push(((*session, *team), end.clone())),
                Proof::WallLink(link) => displays.push(((*link, *team), end.clone())),
            }
        }
        let asked: Vec<_> = sessions.iter().map(|(asked, _)| *asked).collect();
        let mut stays = vec![false; sessions.len()];
        for place in store::may_go_on(&self.0.db, &asked).await? {
            stays[place] = true;
        }
        for ((_, end), stays) in sessions.iter().zip(stays) {
            if !stays {
                end.notify_one();
            }
        }
        if displays.is_empty() {
            return Ok(());
        }
        let asked: Vec<_> = displays.iter().map(|(asked, _)| *asked).collect();
        let still_open = people::store::wall_links::still_open(&self.0.db, &asked).await?;
        for ((link, _), end) in &displays {
            if !still_open.contains(link) {
                end.notify_one();
            }
        }
        Ok(())
    }

    /// Tells the readers of one team what is recorded, until nobody reads it any more.
    async fn tell(self, feed: Arc<TeamFeed>) {
        loop {
            tokio::select! {
                () = feed.wake.notified() => {}
                () = self.0.shutdown.begun() => return,
            }
            if self.ends(&feed) {
                return;
            }
            match timeout(DEADLINE, self.tell_what_is_new(&feed)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(error = %error, "The feed could not be read"),
                Err(_) => tracing::warn!("The feed was not read in time"),
            }
        }
    }

    async fn tell_what_is_new(&self, feed: &TeamFeed) -> Result<()> {
        loop {
            let last = feed.last.load(Ordering::Relaxed);
            let events = events_after(&self.0.db, feed.team, last).await?;
            let now = OffsetDateTime::now_utc();
            for (at, event) in &events {
                metrics::event_read(now - *at);
                feed.last.store(event.seq, Ordering::Relaxed);
                // It fails when nobody listens.
                let _ = feed.sender.send(Told::Event {
                    seq: event.seq,
                    message: message(event),
                });
            }
            if events.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    /// Ends a feed that has no readers. Nobody can join it meanwhile.
    fn ends(&self, feed: &TeamFeed) -> bool {
        let mut teams = lock(&self.0.teams);
        let ends = feed.sender.receiver_count() == 0;
        if ends {
            teams.remove(&feed.team.uuid());
        }
        ends
    }
}

impl TeamFeed {
    fn new(team: TeamId, last: i64) -> Self {
        Self {
            team,
            sender: broadcast::Sender::new(BEHIND),
            wake: Notify::new(),
            last: AtomicI64::new(last),
            present: Mutex::default(),
        }
    }

    fn tell_who_is_present(&self) {
        if let Some(message) = lock(&self.present).news() {
            let _ = self.sender.send(Told::Present(message));
        }
    }
}

/// The next events of a team after one of them, with the cards that they are about.
pub async fn events_after(
    db: &PgPool,
    team: TeamId,
    seq: i64,
) -> Result<Vec<(OffsetDateTime, FeedEvent)>> {
    let recorded = store::after(db, team, seq, PAGE).await?;
    let mut tasks: Vec<TaskId> = recorded
        .iter()
        .filter_map(|recorded| recorded.event.task)
        .collect();
    tasks.sort_unstable();
    tasks.dedup();
    let cards = if tasks.is_empty() {
        Default::default()
    } else {
        tasks::store::cards_of(db, team, &tasks).await?
    };
    let with_card = |Recorded { at, mut event }| {
        event.card = event.task.and_then(|task| cards.get(&task).cloned());
        without_deleted(&event.kind, &mut event.changes);
        (at, event)
    };
    Ok(recorded.into_iter().map(with_card).collect())
}

/// An event as a server-sent one.
pub fn message(event: &FeedEvent) -> Bytes {
    // Neither has a map with keys that are no text, so it cannot fail; and JSON has no line breaks.
    let data = serde_json::to_string(event).unwrap_or_default();
    format!("id: {}\ndata: {data}\n\n", event.seq).into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
