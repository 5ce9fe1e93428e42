//! A program that is told by webhooks, on this machine.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify};

/// How it answers one request.
pub enum Answer {
    Status(u16),
    Saying(u16, &'static str),
    RedirectTo(String),
    /// Well, but not before this is notified.
    After(Arc<Notify>),
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Takes everything, but for what it is told to answer otherwise.
#[derive(Clone)]
pub struct Target {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    /// Notified when something arrives.
    pub arrived: Arc<Notify>,
}

impl Target {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let target = Self {
            url: format!("http://{}/hook", listener.local_addr().expect("an address")),
            received: Arc::default(),
            answers: Arc::default(),
            arrived: Arc::default(),
        };
        let router = Router::new().fallback(take).with_state(target.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        target
    }

    /// Answers the next requests like this, one after the other.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().expect("a lock").extend(answers);
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("a lock").clone()
    }

    /// The titles of the tasks that it was told of, in order.
    pub fn titles(&self) -> Vec<String> {
        let received = self.received();
        let titles = received.iter().map(|request| {
            let body = request.json();
            let changes = body["event"]["changes"].as_array().cloned();
            changes
                .unwrap_or_default()
                .iter()
                .find(|change| change["field"] == "title")
                .map_or(String::new(), |change| {
                    change["to"].as_str().unwrap_or_default().to_owned()
                })
        });
        titles.collect()
    }
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name}"))
            .to_str()
            .expect("text")
    }
}

async fn take(State(target): State<Target>, headers: HeaderMap, body: Bytes) -> Response {
    target.received.lock().expect("a lock").push(Received {
        headers,
        body: body.to_vec(),
    });
    target.arrived.notify_one();
    let answer = target.answers.lock().expect("a lock").pop_front();
    let status = |status| StatusCode::from_u16(status).expect("a status");
    match answer {
        None => StatusCode::OK.into_response(),
        Some(Answer::Status(code)) => status(code).into_response(),
        Some(Answer::Saying(code, words)) => (status(code), words).into_response(),
        Some(Answer::RedirectTo(url)) => (StatusCode::FOUND, [(LOCATION, url)]).into_response(),
        Some(Answer::After(gate)) => {
            gate.notified().await;
            StatusCode::OK.into_response()
        }
    }
}
