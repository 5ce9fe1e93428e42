//! The feed in the browser: what was heard, in order, and who wants to know.
//!
//! It is kept beside the pages, because it goes on while one leads to the next. Only a browser uses it.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use leptos::prelude::*;

use super::{
    model::{FeedEvent, Present},
    tabs::{self, Message},
    updated,
};
use crate::error::{Code, Error};

/// How many events are kept for a page that comes a moment later, and for other tabs.
const KEPT: usize = 300;

/// What the pages of a team show of the feed itself.
#[derive(Clone, Copy)]
pub struct Live {
    /// Whether the feed is heard.
    pub connected: RwSignal<bool>,
    /// Who looks at what, in the whole team.
    pub present: RwSignal<Vec<Present>>,
    /// How many deeds of this tab are not sent yet.
    pub unsent: RwSignal<usize>,
    /// Why the first of them is not sent although it was tried.
    pub held: RwSignal<Option<Error>>,
    /// Why the server does not tell this tab anything any more.
    pub shut: RwSignal<Option<Code>>,
    /// Whether the server has become another since the page was loaded.
    pub is_outdated: RwSignal<bool>,
}

/// What a page is told.
pub enum Told<'a> {
    Event(&'a FeedEvent),
    /// Something was missed: read everything again.
    Resync,
}

type Follower = Rc<dyn Fn(&Told)>;

struct Listener {
    live: Live,
    /// The number of the last event that was heard.
    last: i64,
    /// The latest events without a gap, as they came and as they were understood.
    recent: VecDeque<(String, FeedEvent)>,
    /// Who is there, as it was told last.
    presence: Option<String>,
    followers: Vec<(usize, Follower)>,
    next_follower: usize,
    /// When anything was heard, in milliseconds since 1970.
    heard_at: f64,
}

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
    /// Pages that want to follow before the frame around them has begun to listen.
    static EARLY: RefCell<Vec<(usize, Follower)>> = const { RefCell::new(Vec::new()) };
}

impl Live {
    /// Makes the signals that [`use_live`] finds.
    pub fn provide() -> Self {
        let live = Self {
            connected: RwSignal::new(true),
            present: RwSignal::new(Vec::new()),
            unsent: RwSignal::new(0),
            held: RwSignal::new(None),
            shut: RwSignal::new(None),
            is_outdated: RwSignal::new(false),
        };
        provide_context(live);
        live
    }

    /// Whether what is not sent yet has to wait.
    pub fn is_waiting(self) -> bool {
        !self.connected.get() || self.held.with(Option::is_some)
    }
}

/// The feed of the page's team.
pub fn use_live() -> Live {
    expect_context()
}

/// Begins to listen to a team after the event with this number, or goes on if it listens already.
/// `whose` tells apart the people who use one browser one after another.
pub fn start(live: Live, team: &str, whose: &str, seq: i64) {
    let name = format!("skateboard live {team} {whose}");
    start_at(live, &name, format!("/teams/{team}/live"), seq);
}

/// Begins to listen at the address of a stream. Tabs that give the same name share it.
pub fn start_at(live: Live, name: &str, address: String, seq: i64) {
    let is_new = LISTENER.with_borrow_mut(|listener| match listener {
        Some(listener) => {
            live.connected
                .set(listener.live.connected.try_get_untracked().unwrap_or(true));
            listener.live = live;
            false
        }
        None => {
            *listener = Some(Listener {
                live,
                last: seq,
                recent: VecDeque::new(),
                presence: None,
                followers: EARLY.take(),
                next_follower: 0,
                heard_at: js_sys::Date::now(),
            });
            true
        }
    });
    if is_new {
        tabs::join(name, address);
    }
}

/// Tells a component what happens after the event with this number, for as long as it stands. To be
/// called from an effect.
pub fn follow(since: i64, told: impl Fn(&Told) + 'static) {
    let follower: Follower = Rc::new(told);
    let missed = LISTENER.with_borrow(|listener| {
        let listener = listener.as_ref()?;
        (listener.last > since).then(|| listener.since(since))
    });
    match missed {
        None => {}
        Some(Some(events)) => events
            .iter()
            .for_each(|event| follower(&Told::Event(event))),
        Some(None) => follower(&Told::Resync),
    }
    let id = LISTENER.with_borrow_mut(|listener| match listener {
        Some(listener) => {
            listener.next_follower += 1;
            listener.followers.push((listener.next_follower, follower));
            listener.next_follower
        }
        None => EARLY.with_borrow_mut(|early| {
            let id = usize::MAX - early.len();
            early.push((id, follower));
            id
        }),
    });
    on_cleanup(move || {
        EARLY.with_borrow_mut(|early| early.retain(|(other, _)| *other != id));
        LISTENER.with_borrow_mut(|listener| {
            if let Some(listener) = listener {
                listener.followers.retain(|(other, _)| *other != id);
            }
        });
    });
}

/// The number of the last event that was heard.
pub(super) fn last() -> i64 {
    LISTENER.with_borrow(|listener| listener.as_ref().map_or(0, |listener| listener.last))
}

/// Whether the feed is heard.
pub(super) fn is_connected() -> bool {
    LISTENER.with_borrow(|listener| {
        let connected = listener.as_ref().map(|listener| listener.live.connected);
        connected.is_none_or(|connected| connected.try_get_untracked().unwrap_or(true))
    })
}

/// Milliseconds since anything was heard.
pub fn silence() -> f64 {
    let heard_at = LISTENER
        .with_borrow(|listener| listener.as_ref().map_or(0.0, |listener| listener.heard_at));
    js_sys::Date::now() - heard_at
}

/// What another tab has missed since an event; none when it is no longer known.
pub(super) fn missed_since(seq: i64) -> Option<Vec<Message>> {
    LISTENER.with_borrow(|listener| {
        let listener = listener.as_ref()?;
        let first = listener.first();
        let mut messages: Vec<_> = (seq + 1 >= first).then(|| {
            let events = listener.recent.iter().filter(|(_, event)| event.seq > seq);
            events
                .map(|(text, event)| Message::event(event.seq, text))
                .collect()
        })?;
        messages.extend(listener.presence.as_deref().map(Message::presence));
        Some(messages)
    })
}

/// Takes in why the server told this tab nothing when it was asked, or that nothing is in the way.
pub(super) fn shut(why: Option<Code>) {
    let live = LISTENER.with_borrow(|listener| listener.as_ref().map(|listener| listener.live));
    // The frame of the page may just be gone.
    if let Some(live) = live
        && live
            .shut
            .try_get_untracked()
            .is_some_and(|before| before != why)
    {
        live.shut.set(why);
    }
}

/// Says whether the feed is heard.
pub(super) fn connected(is: bool) {
    let live = LISTENER.with_borrow(|listener| listener.as_ref().map(|listener| listener.live));
    let Some(live) = live else {
        return;
    };
    if live.connected.try_get_untracked() == Some(!is) {
        live.connected.set(is);
    }
}

/// Says that the page is older than the server.
fn outdated() {
    let live = LISTENER.with_borrow(|listener| listener.as_ref().map(|listener| listener.live));
    if let Some(live) = live
        && live.is_outdated.try_get_untracked() == Some(false)
    {
        live.is_outdated.set(true);
    }
}

/// Takes in what came from the server, or from the tab that hears it.
pub(super) fn hear(message: &Message) {
    connected(true);
    if message.kind == "beat" && updated::is_from_another(&message.data) {
        outdated();
    }
    let seq = message.id;
    let event = match message.kind.as_str() {
        "message" => serde_json::from_str::<FeedEvent>(&message.data).ok(),
        _ => None,
    };
    let told = LISTENER.with_borrow_mut(|listener| {
        let listener = listener.as_mut()?;
        listener.heard_at = js_sys::Date::now();
        match (message.kind.as_str(), event) {
            ("message", Some(event)) if seq == Some(listener.last + 1) => {
                listener.last += 1;
                listener
                    .recent
                    .push_back((message.data.clone(), event.clone()));
                if listener.recent.len() > KEPT {
                    listener.recent.pop_front();
                }
                Some(Some(event))
            }
            ("message", _) if seq.is_some_and(|seq| seq <= listener.last) => None,
            // Another tab knows no more of what was missed; what is heard already is no miss.
            ("behind", _) if seq.is_some_and(|seq| seq <= listener.last) => None,
            ("message" | "resync" | "behind", _) => {
                listener.last = seq.unwrap_or(listener.last);
                listener.recent.clear();
                Some(None)
            }
            ("presence", _) => {
                listener.presence = Some(message.data.clone());
                if let Ok(present) = serde_json::from_str(&message.data) {
                    // The frame of the page may just be gone.
                    let _ = listener.live.present.try_set(present);
                }
                None
            }
            _ => None,
        }
    });
    let Some(event) = told else {
        return;
    };
    let followers: Vec<_> = LISTENER.with_borrow(|listener| {
        let followers = listener.iter().flat_map(|listener| &listener.followers);
        followers.map(|(_, follower)| follower.clone()).collect()
    });
    let told = event.as_ref().map_or(Told::Resync, Told::Event);
    for follower in followers {
        follower(&told);
    }
}

impl Listener {
    /// The number of the first event that is kept, or of the next one.
    fn first(&self) -> i64 {
        self.recent
            .front()
            .map_or(self.last + 1, |(_, event)| event.seq)
    }

    /// The events after one of them, if all of them are known.
    fn since(&self, seq: i64) -> Option<Vec<FeedEvent>> {
        (seq + 1 >= self.first()).then(|| {
            let events = self.recent.iter().map(|(_, event)| event);
            events.filter(|event| event.seq > seq).cloned().collect()
        })
    }
}
