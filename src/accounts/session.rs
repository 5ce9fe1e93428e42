//! Who is signed in: a random token in a cookie, of which only the hash is stored.

use axum::{
    extract::{Request, State as Extracted},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use cookie::{Cookie, time::Duration};
use sqlx::PgExecutor;

use super::{store, token};
use crate::{
    error::Result,
    forms,
    ids::{PersonId, SessionId},
    people::model::PersonName,
    server::{
        cookies,
        settings::Settings,
        state::{PersonOfRequest, State},
    },
};

/// A signed-in person. The session layer puts it into the extensions of every request that carries
/// a valid cookie.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonName,
    pub email: String,
    /// The address of the team whose page was opened last.
    pub last_team: Option<String>,
}

impl Session {
    pub fn person_id(&self) -> PersonId {
        self.person.id
    }
}

const SESSION: &str = "skateboard";

/// The longest that anybody stays signed in; 30 days without a visit end a session earlier. Both are
/// checked by the database's clock.
const LIFETIME_DAYS: i32 = 180;

/// Finds out who a request comes from. When the database is away nobody is taken for signed out.
pub async fn layer(
    Extracted(state): Extracted<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(token) = token_of(&state.settings, request.headers()) else {
        return next.run(request).await;
    };
    let session = match find(&state, &token).await {
        Ok(Some(session)) => session,
        Ok(None) => return next.run(request).await,
        Err(error) => return forms::layer::refuse(&state.settings, &request, error),
    };
    let person = session.person_id();
    request.extensions_mut().insert(session);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(PersonOfRequest(person));
    response
}

/// The token that a request carries, whether it is worth anything or not.
pub fn token_of(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    cookies::read(settings, headers, SESSION)
}

async fn find(state: &State, token: &str) -> Result<Option<Session>> {
    let Some(found) = store::session(&state.db, &token::hash(token)).await? else {
        return Ok(None);
    };
    if found.seen_long_ago {
        store::touch_session(&state.db, found.session.id).await?;
    }
    Ok(Some(found.session))
}

/// Signs a person in under a new token, which belongs into [`cookie`]. Nobody gets in when the password that was
/// `verified`, by its hash, is not the person's any more.
pub async fn start(
    db: impl PgExecutor<'_>,
    person: PersonId,
    verified: &str,
    user_agent: &str,
) -> Result<Option<String>> {
    let token = token::random();
    let agent: String = user_agent
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    let is_in = store::insert_session(
        db,
        SessionId::new(),
        &token::hash(&token),
        person,
        verified,
        &agent,
        LIFETIME_DAYS,
    )
    .await?;
    Ok(is_in.then_some(token))
}

/// The cookie that carries the token of a session.
pub fn cookie(settings: &Settings, token: String) -> Cookie<'static> {
    cookies::make(
        settings,
        SESSION,
        token,
        Duration::days(LIFETIME_DAYS.into()),
    )
}

/// What makes a browser drop its session.
pub fn forget(settings: &Settings) -> Cookie<'static> {
    cookies::forget(settings, SESSION)
}
