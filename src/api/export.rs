//! `/teams/{team}/export`: everything that is the team's, to take along.

use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{auth::Entered, input::Params, problem::Problem};
use crate::exports::answer::{Format, export};

/// In which form a team is taken along.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `json` is the whole team, for owners; `csv` is its tasks, for everybody in it.
    #[param(inline, value_type = Option<FormatName>, example = "csv")]
    format: Option<String>,
}

/// The name of a format.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the document names it")]
pub enum FormatName {
    Json,
    Csv,
}

/// Export a team
///
/// Everything that is the team's as one JSON document, out of which it can be brought back; or its tasks as a
/// table. What is each person's own is in neither. Both are read from one snapshot and written while they are read.
#[utoipa::path(
    get,
    path = "/teams/{team}/export",
    tag = "teams",
    params(Asked),
    responses(
        (
            status = 200,
            description = "The team, or its tasks",
            content(
                (serde_json::Value = "application/json"),
                (String = "text/csv"),
            )
        ),
        (status = 403, description = "The whole team is its owners' to take"),
    )
)]
pub async fn export_team(
    access: Entered,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let format = Format::parse(asked.format.as_deref())?;
    Ok(export(&access, format).await?)
}
