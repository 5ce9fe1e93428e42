//! Decisions as files, for whoever is signed in and governs the team.

use axum::{
    extract::{Path, Request, State as Extracted},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::actions;
use crate::{
    accounts::{model::sign_in_address, session::Session},
    error::{Code, Error, Result},
    forms,
    ids::HypothesisId,
    people::access::{Access, Permission},
    server::state::State,
};

/// Answers `GET /teams/{team}/insights/decisions.md`: all decisions of a team.
pub async fn all(
    Extracted(state): Extracted<State>,
    Path(team): Path<String>,
    request: Request,
) -> Response {
    let session = session(&request);
    let outcome = async {
        let access = access(&state, session, &team).await?;
        let name = format!("{}-decisions.md", access.slug());
        Ok(file(&name, actions::records(&access).await?))
    };
    let outcome = outcome.await;
    answer(&state, &request, outcome)
}

/// Answers `GET /teams/{team}/insights/hypotheses/{hypothesis}/record.md`: what was decided about one hypothesis.
pub async fn one(
    Extracted(state): Extracted<State>,
    Path((team, hypothesis)): Path<(String, String)>,
    request: Request,
) -> Response {
    let session = session(&request);
    let outcome = async {
        let access = access(&state, session, &team).await?;
        let id: HypothesisId = hypothesis.parse().map_err(|_| Error::not_found())?;
        let name = format!("decision-{id}.md");
        Ok(file(&name, actions::record(&access, id).await?))
    };
    let outcome = outcome.await;
    answer(&state, &request, outcome)
}

fn session(request: &Request) -> Result<Session> {
    let session = request.extensions().get::<Session>().cloned();
    session.ok_or_else(Error::unauthenticated)
}

async fn access(state: &State, session: Result<Session>, team: &str) -> Result<Access> {
    let session = session?;
    Access::enter(&state.db, &session.person, team, Permission::Govern).await
}

fn file(name: &str, text: String) -> Response {
    let kind = "text/markdown; charset=utf-8";
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    // Slugs and ids have nothing that would have to be quoted.
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

fn answer(state: &State, request: &Request, outcome: Result<Response>) -> Response {
    match outcome {
        Ok(response) => response,
        Err(error) if error.code == Code::Unauthenticated => {
            let location = sign_in_address(&request.uri().to_string());
            (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
        }
        Err(error) => forms::layer::refuse(&state.settings, request, error),
    }
}
