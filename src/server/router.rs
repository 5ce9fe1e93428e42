//! The router: which request goes where, and through which layers.

use axum::{
    Router,
    extract::{Request, State as Extracted},
    http::StatusCode,
    middleware,
    response::{Html, IntoResponse, Response},
    routing::any,
};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};

use super::state::State;
use crate::{
    app::{App, shell},
    error::Error,
    forms,
    ui::page::ErrorPage,
};

/// Everything that the server answers.
pub fn router(state: State) -> Router {
    let pages = Router::new()
        .leptos_routes_with_context(&state, generate_route_list(App), provide(&state), {
            let options = state.leptos.clone();
            move || shell(options.clone())
        })
        .route_layer(middleware::from_fn_with_state(
            state.clone(),
            forms::layer::remember,
        ));
    let actions = Router::new()
        .route("/actions/{*action}", any(action))
        .route_layer(middleware::from_fn_with_state(
            state.clone(),
            forms::layer::answer,
        ));
    Router::new().merge(pages).merge(actions).with_state(state)
}

async fn action(Extracted(state): Extracted<State>, request: Request) -> impl IntoResponse {
    leptos_axum::handle_server_fns_with_context(provide(&state), request).await
}

fn provide(state: &State) -> impl Fn() + Clone + Send + Sync + use<> {
    let state = state.clone();
    move || provide_context(state.clone())
}

/// An error page outside the app, for what fails before or around it.
pub fn error_page(error: &Error) -> Response {
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = Owner::new().with(|| view! { <ErrorPage error=error.clone() /> }.to_html());
    (status, Html(page)).into_response()
}
