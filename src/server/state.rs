//! What every request can reach.

use std::sync::{Arc, OnceLock};

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use sqlx::PgPool;

use super::{serve::Shutdown, settings::Settings};
use crate::{answers::counting::Answers, api::counting::Requests, error::Code, live::feed::Feed};

/// Shared by all requests of the process; nothing in it outlives the process or is a source of truth.
#[derive(Clone)]
pub struct State {
    pub db: PgPool,
    pub settings: Arc<Settings>,
    pub leptos: LeptosOptions,
    /// Endless answers end on it.
    pub shutdown: Shutdown,
    pub feed: Feed,
    pub answers: Answers,
    pub requests: Requests,
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<State> for PgPool {
    fn from_ref(state: &State) -> Self {
        state.db.clone()
    }
}

impl FromRef<State> for Arc<Settings> {
    fn from_ref(state: &State) -> Self {
        state.settings.clone()
    }
}

/// The person a request came from, in the response's extensions, for its log line.
#[derive(Clone, Copy, Debug)]
pub struct PersonOfRequest(pub crate::ids::PersonId);

/// Why a page that is being rendered is refused, in the request's extensions. Other answers carry the [`Code`] in
/// their own.
#[derive(Clone, Debug, Default)]
pub struct PageRefusal(Arc<OnceLock<Code>>);

impl PageRefusal {
    /// Notes the reason. The first one stays.
    pub fn because(&self, code: Code) {
        // It fails only if there is a reason already.
        let _ = self.0.set(code);
    }

    pub fn code(&self) -> Option<Code> {
        self.0.get().copied()
    }
}
