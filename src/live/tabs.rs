//! One stream a browser, however many tabs: whoever holds a Web Lock has it and hands on what it hears.
//! When that tab is closed its lock is free, and the next one takes over where it left off.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

use super::listener;

/// How often it is looked whether anything is heard. The server beats every 2 s.
const LOOK: Duration = Duration::from_secs(1);
/// Silence, in milliseconds, after which the connection counts as lost.
const LOST: f64 = 4_000.0;
/// Silence after which a stream that says that it is open is opened anew, and how often after that.
const RENEW: f64 = 6_000.0;

/// What a tab hears and hands on.
pub(super) struct Message {
    pub kind: String,
    pub id: Option<i64>,
    pub data: String,
}

impl Message {
    pub fn event(seq: i64, data: &str) -> Self {
        Self {
            kind: "message".to_owned(),
            id: Some(seq),
            data: data.to_owned(),
        }
    }

    pub fn presence(data: &str) -> Self {
        Self {
            kind: "presence".to_owned(),
            id: None,
            data: data.to_owned(),
        }
    }

    /// As text for the other tabs: the kind, the number, and the rest.
    fn to_text(&self) -> String {
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        format!("{}\n{id}\n{}", self.kind, self.data)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '\n');
        Some(Self {
            kind: parts.next()?.to_owned(),
            id: parts.next()?.parse().ok(),
            data: parts.next()?.to_owned(),
        })
    }
}

/// How this tab hears the feed.
struct Tab {
    address: String,
    channel: Option<BroadcastChannel>,
    stream: Option<EventSource>,
    /// Whether this tab has the stream.
    leads: bool,
    /// When the stream was opened, in milliseconds since 1970.
    opened_at: f64,
}

thread_local! {
    static TAB: RefCell<Option<Tab>> = const { RefCell::new(None) };
}

/// Begins to hear the stream at an address, by itself or through another tab of the same name.
pub(super) fn join(name: &str, address: String) {
    let channel = BroadcastChannel::new(name).ok();
    if let Some(channel) = &channel {
        let heard = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
            if let Some(message) = event
                .data()
                .as_string()
                .and_then(|text| Message::from_text(&text))
            {
                hear_tab(message);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
    }
    TAB.set(Some(Tab {
        address,
        channel,
        stream: None,
        leads: false,
        opened_at: 0.0,
    }));
    with_lock(name, lead);
    hand_on(&hello());
    // The page is listening until it is left, and so is this.
    let _ = set_interval_with_handle(look, LOOK);
    at_window("online", renew);
    at_window("offline", || listener::connected(false));
    at_window("focus", look);
}

/// Asks the tab that leads for what happened since this page was read.
fn hello() -> Message {
    Message {
        kind: "hello".to_owned(),
        id: Some(listener::last()),
        data: String::new(),
    }
}

/// Runs something as soon as no other tab holds the lock of this name, which this tab then holds until it
/// is closed. Where there are no locks it runs at once: each tab is on its own then.
pub fn with_lock(name: &str, granted: impl FnOnce() + 'static) {
    let granted = Rc::new(Cell::new(Some(granted)));
    let request = || -> Result<(), JsValue> {
        let locks = Reflect::get(&window().navigator(), &"locks".into())?;
        let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
        let granted = granted.clone();
        let held = Closure::<dyn FnMut() -> Promise>::new(move || {
            if let Some(granted) = granted.take() {
                granted();
            }
            // It is never resolved, so the lock is held.
            Promise::new(&mut |_, _| {})
        });
        request.call2(&locks, &name.into(), held.as_ref())?;
        held.forget();
        Ok(())
    };
    if request().is_err()
        && let Some(granted) = granted.take()
    {
        granted();
    }
}

fn lead() {
    TAB.with_borrow_mut(|tab| {
        if let Some(tab) = tab {
            tab.leads = true;
            tab.open();
        }
    });
}

impl Tab {
    /// Opens the stream where this tab left off. The browser opens it again by itself after an
    /// interruption, unless the server refused.
    fn open(&mut self) {
        if let Some(old) = self.stream.take() {
            old.close();
        }
        self.opened_at = js_sys::Date::now();
        let address = format!("{}?after={}", self.address, listener::last());
        let Ok(stream) = EventSource::new(&address) else {
            return;
        };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
            let message = Message {
                kind: event.type_(),
                id: event.last_event_id().parse().ok(),
                data: event.data().as_string().unwrap_or_default(),
            };
            hand_on(&message);
            listener::hear(&message);
        });
        for kind in ["message", "resync", "presence", "beat"] {
            // It fails for no kind of event.
            let _ = stream.add_event_listener_with_callback(kind, heard.as_ref().unchecked_ref());
        }
        // One a stream, and there are few.
        heard.forget();
        self.stream = Some(stream);
    }

    fn is_closed(&self) -> bool {
        self.stream
            .as_ref()
            .is_none_or(|stream| stream.ready_state() == EventSource::CLOSED)
    }
}

/// Notices silence, and does something about it.
fn look() {
    let silence = listener::silence();
    if silence > LOST {
        listener::connected(false);
    }
    let is_time = TAB.with_borrow(|tab| {
        tab.as_ref().is_some_and(|tab| {
            let since = js_sys::Date::now() - tab.opened_at;
            tab.leads && since > RENEW && (tab.is_closed() || silence > RENEW)
        })
    });
    if is_time {
        renew();
    }
}

/// Opens the stream anew, in the tab that has it. Its first beat tells which server this is.
pub fn renew() {
    TAB.with_borrow_mut(|tab| {
        if let Some(tab) = tab.as_mut().filter(|tab| tab.leads) {
            tab.open();
        }
    });
}

/// Hands on what was heard to the other tabs.
fn hand_on(message: &Message) {
    TAB.with_borrow(|tab| {
        if let Some(channel) = tab.as_ref().and_then(|tab| tab.channel.as_ref()) {
            // A tab that cannot be told asks when it notices.
            let _ = channel.post_message(&message.to_text().into());
        }
    });
}

/// Takes in what another tab says.
fn hear_tab(message: Message) {
    if message.kind != "hello" {
        return listener::hear(&message);
    }
    let leads = TAB.with_borrow(|tab| tab.as_ref().is_some_and(|tab| tab.leads));
    let Some(since) = message.id.filter(|_| leads) else {
        return;
    };
    match listener::missed_since(since) {
        Some(messages) => messages.iter().for_each(hand_on),
        None => hand_on(&Message {
            kind: "behind".to_owned(),
            id: Some(listener::last()),
            data: String::new(),
        }),
    }
}

/// Runs something at an event of the window, for as long as the page is open.
pub fn at_window(name: &str, run: impl Fn() + 'static) {
    let closure = Closure::<dyn Fn()>::new(run);
    // It fails for no kind of event.
    let _ = window().add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}
