//! What every request can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use sqlx::PgPool;

use super::{serve::Shutdown, settings::Settings};
use crate::{answers::counting::Answers, live::feed::Feed};

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
