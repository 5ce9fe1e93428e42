//! Exports as the server answers with them. REST and the pages share [`team_json`] and [`tasks_csv`].

use std::time::Duration;

use axum::{
    extract::{Path, Query, Request, State as Extracted},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::writing::{Document, body};
use crate::{
    accounts::{limits::Limit, model::sign_in_address, session::Session},
    error::{Code, Error, Result},
    forms,
    people::access::{Access, Permission},
    server::state::State,
};

/// Exports that one person asks for. Each holds a connection to Postgres while it is read.
const EXPORTS: Limit = Limit::new("exports_per_person", 30, Duration::from_secs(3600));

/// What is wanted of a team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Json,
    Csv,
}

impl Format {
    /// # Errors
    /// A field error on `format`.
    pub fn parse(text: Option<&str>) -> Result<Self> {
        match text.unwrap_or("json") {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            _ => Err(Error::field("format", "The format is json or csv.")),
        }
    }

    /// Whom it is for: the whole team is its owners' to take, the tasks everybody's in it.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Json => Permission::Govern,
            Self::Csv => Permission::Read,
        }
    }
}

/// A team in a format, to whoever has the permission of the format.
///
/// # Errors
/// 403 without the permission, 429 after too many, 503 when the database is away.
pub async fn export(access: &Access, format: Format) -> Result<Response> {
    match format {
        Format::Json => team_json(access).await,
        Format::Csv => tasks_csv(access).await,
    }
}

/// The whole team as JSON.
///
/// # Errors
/// 403 to everybody but owners, 429 after too many.
pub async fn team_json(access: &Access) -> Result<Response> {
    if !access.role().may_govern() {
        return Err(Error::forbidden("Only an owner of the team can do this."));
    }
    EXPORTS
        .count(access.db(), &access.person().id.to_string())
        .await?;
    let body = body(access.db(), Document::Team(access.clone())).await?;
    metrics::counter!("exports_total", "what" => "team").increment(1);
    Ok(file(
        body,
        "application/json",
        &format!("{}.json", access.slug()),
    ))
}

/// The tasks of the team as CSV.
///
/// # Errors
/// 429 after too many.
pub async fn tasks_csv(access: &Access) -> Result<Response> {
    EXPORTS
        .count(access.db(), &access.person().id.to_string())
        .await?;
    let body = body(access.db(), Document::Tasks(access.clone())).await?;
    metrics::counter!("exports_total", "what" => "tasks").increment(1);
    Ok(file(
        body,
        "text/csv; charset=utf-8",
        &format!("{}-tasks.csv", access.slug()),
    ))
}

fn file(body: axum::body::Body, kind: &'static str, name: &str) -> Response {
    // A slug has nothing that would have to be quoted.
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    if let Ok(named) = named {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Asked {
    format: Option<String>,
}

/// Answers `GET /teams/{team}/export`, for who is signed in.
pub async fn of_team(
    Extracted(state): Extracted<State>,
    Path(team): Path<String>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Response {
    let session = session(&request);
    let outcome = async {
        let format = Format::parse(asked.format.as_deref())?;
        let session = session?;
        let access = Access::enter(&state.db, &session.person, &team, format.permission()).await?;
        export(&access, format).await
    };
    match outcome.await {
        Ok(response) => response,
        Err(error) => refuse(&state, &request, error),
    }
}

/// Answers `GET /account/data`: what is kept of whoever is signed in.
pub async fn of_person(Extracted(state): Extracted<State>, request: Request) -> Response {
    let session = session(&request);
    let outcome = async {
        let person = session?.person.id;
        EXPORTS.count(&state.db, &person.to_string()).await?;
        let body = body(&state.db, Document::Person(person)).await?;
        metrics::counter!("exports_total", "what" => "person").increment(1);
        Ok(file(body, "application/json", "my-data.json"))
    };
    match outcome.await {
        Ok(response) => response,
        Err(error) => refuse(&state, &request, error),
    }
}

fn session(request: &Request) -> Result<Session> {
    let session = request.extensions().get::<Session>().cloned();
    session.ok_or_else(Error::unauthenticated)
}

fn refuse(state: &State, request: &Request, error: Error) -> Response {
    if error.code == Code::Unauthenticated {
        let location = sign_in_address(&request.uri().to_string());
        return (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    }
    forms::layer::refuse(&state.settings, request, error)
}
