//! REST for scripts, below `/api/v1`: thin entrances to the same actions as the pages.
//!
//! A request passes [`layer`], which lets a change run to its end, and [`auth`], which finds the person behind
//! its token and counts how often they ask. A handler reads what it is given and asks an action; what comes back
//! is one of the [`shapes`], or a [`problem`]. A handler that is not documented cannot be mounted: [`resources`]
//! takes both at once.

pub mod auth;
mod boards;
mod columns;
mod comments;
pub mod counting;
pub mod docs_page;
mod document;
pub mod etag;
mod events;
mod export;
mod history;
pub mod input;
mod layer;
mod me;
mod members;
mod now;
pub mod page;
pub mod problem;
pub mod shapes;
mod similar;
mod tasks;
mod teams;

#[cfg(test)]
mod tests;

use axum::{
    Json, Router, middleware,
    response::IntoResponse,
    routing::{any, get},
};
use serde_json::Value;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::Error,
    server::{settings::Settings, state::State},
};
use problem::Problem;

/// Where the resources are.
const PREFIX: &str = "/api/v1";

/// Every resource. What a handler says in `utoipa::path` is where it is mounted.
fn resources() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(document::Head::openapi())
        .routes(routes!(me::get_me))
        .routes(routes!(teams::get_team))
        .routes(routes!(members::list_members))
        .routes(routes!(now::get_now))
        .routes(routes!(boards::list_boards, boards::create_board))
        .routes(routes!(
            boards::get_board,
            boards::edit_board,
            boards::archive_board
        ))
        .routes(routes!(columns::list_columns, columns::create_column))
        .routes(routes!(
            columns::get_column,
            columns::edit_column,
            columns::remove_column
        ))
        .routes(routes!(
            columns::get_column_of_team,
            columns::edit_column_of_team,
            columns::remove_column_of_team
        ))
        .routes(routes!(tasks::list_tasks, tasks::create_task))
        .routes(routes!(
            tasks::get_task,
            tasks::edit_task,
            tasks::delete_task
        ))
        .routes(routes!(tasks::claim_task))
        .routes(routes!(tasks::move_task))
        .routes(routes!(tasks::restore_task))
        .routes(routes!(comments::list_comments, comments::create_comment))
        .routes(routes!(history::list_history))
        .routes(routes!(similar::list_similar_tasks))
        .routes(routes!(events::list_events))
        .routes(routes!(export::export_team))
}

/// The document of the API.
pub fn document(settings: &Settings) -> Value {
    document::complete(resources().into_openapi(), settings)
}

/// Everything below `/api`.
pub fn router(state: &State) -> Router<State> {
    let document = document(&state.settings);
    let page = docs_page::page(&document);
    let (resources, _) = resources().split_for_parts();
    let resources =
        resources.route_layer(middleware::from_fn_with_state(state.clone(), auth::layer));
    Router::new()
        .nest(PREFIX, resources)
        .route(
            "/api/v1/openapi.json",
            get(|| async move { Json(document) }),
        )
        .route("/api/docs", get(|| async move { docs_page::answer(page) }))
        .route("/api", any(nothing))
        .route("/api/", any(nothing))
        .route("/api/{*nothing}", any(nothing))
        .layer(middleware::from_fn(layer::around))
}

async fn nothing() -> impl IntoResponse {
    Problem::from(Error::not_found())
}
