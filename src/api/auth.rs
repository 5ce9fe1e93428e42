//! Who asks, and what they may do. A token acts as its person, never more: this is the only way from a request
//! into a team, and no handler has another.

use std::ops::Deref;

use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State as Extracted},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;
use crate::{
    accounts::tokens::{self, Scope, TokenHolder},
    answers::door::Door,
    error::{Code, Error, Result},
    people::access::{Access, Permission},
    server::state::{PersonOfRequest, State},
};

/// Whoever holds the token of a request.
#[derive(Clone, Debug)]
pub struct Caller(pub TokenHolder);

/// The layer that finds the person behind a token, and lets a token that only reads do nothing else.
pub async fn layer(
    Extracted(state): Extracted<State>,
    mut request: Request,
    next: Next,
) -> Response {
    match admit(&state, request.method(), request.headers()).await {
        Ok(holder) => {
            let person = holder.person.id;
            request.extensions_mut().insert(Caller(holder));
            let mut response = next.run(request).await;
            response.extensions_mut().insert(PersonOfRequest(person));
            response
        }
        Err(error) => refuse(error, request.headers()),
    }
}

async fn admit(state: &State, method: &Method, headers: &HeaderMap) -> Result<TokenHolder> {
    let token = bearer(headers).ok_or_else(Error::unauthenticated)?;
    let holder = tokens::authenticate(&state.db, token).await?;
    state.requests.count(holder.person.id)?;
    if holder.scope != Scope::Write && permission(method) != Permission::Read {
        return Err(Error::forbidden(
            "This token may only read. Make another one for changes.",
        ));
    }
    Ok(holder)
}

/// The token of `Authorization: Bearer …`. A cookie is nobody here.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let value = given.next().filter(|_| given.next().is_none())?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn refuse(error: Error, headers: &HeaderMap) -> Response {
    if error.code != Code::Unauthenticated {
        return Problem::from(error).into_response();
    }
    let is_given = headers.contains_key(header::AUTHORIZATION);
    let (detail, challenge) = if is_given {
        (
            "This token is not valid: it is unknown, expired or revoked.",
            r#"Bearer realm="Skateboard", error="invalid_token""#,
        )
    } else {
        (
            "Send a token as Authorization: Bearer …. Tokens are made on the page of your account.",
            r#"Bearer realm="Skateboard""#,
        )
    };
    let error = Error::new(Code::Unauthenticated, detail);
    let mut response = Problem::from(error).into_response();
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    );
    response
}

/// What a method needs. Nothing here is for owners alone.
fn permission(method: &Method) -> Permission {
    match *method {
        Method::GET | Method::HEAD => Permission::Read,
        _ => Permission::Write,
    }
}

/// The team that the path names, entered by whoever holds the token.
pub struct Entered(Access);

impl Deref for Entered {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.0
    }
}

impl FromRequestParts<State> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        let caller = parts.extensions.get().cloned();
        caller.ok_or_else(|| Error::unauthenticated().into())
    }
}

impl FromRequestParts<State> for Entered {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let Caller(holder) = Caller::from_request_parts(parts, state).await?;
        let path = RawPathParams::from_request_parts(parts, state).await;
        let path = path.map_err(|_| Error::not_found())?;
        let team = path.iter().find(|(name, _)| *name == "team");
        let (_, slug) = team.ok_or_else(Error::not_found)?;
        let needed = permission(&parts.method);
        let (person, only) = (&holder.person, holder.team);
        let access = Access::enter_only(&state.db, person, only, slug, needed).await?;
        if let Some(door) = parts.extensions.get::<Door>() {
            door.opened(access.team());
        }
        Ok(Self(access))
    }
}
