//! The router: which request goes where, and through which layers.

use axum::{
    Router, middleware,
    routing::{get, post},
};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};

use super::{executor, health::Health, layers, state::State};
use crate::{
    accounts, api,
    app::{App, shell},
    exports, forms, hypotheses, imports, live, notifications, people,
};

/// Everything that the server answers.
pub fn router(state: State) -> Router {
    executor::start();
    let render = {
        let options = state.leptos.clone();
        move || shell(options.clone())
    };
    let beside = Router::new()
        .route("/invitations/{token}", get(people::link::open))
        .route(
            "/reset-password/{token}",
            get(accounts::link::reset_password),
        )
        .route("/confirm-email/{token}", get(accounts::link::confirm_email))
        .route(
            "/unsubscribe/{token}",
            get(notifications::unsubscribe::ask).post(notifications::unsubscribe::end),
        )
        .route("/account/data", get(exports::answer::of_person))
        .route("/teams/{team}/export", get(exports::answer::of_team))
        .route(
            "/teams/{team}/insights/decisions.md",
            get(hypotheses::answer::all),
        )
        .route(
            "/teams/{team}/insights/hypotheses/{hypothesis}/record.md",
            get(hypotheses::answer::one),
        )
        .route("/teams/{team}/live", get(live::stream::open))
        .route("/wall/{token}/live", get(live::stream::open_on_wall));
    let uploads = Router::new().route("/teams/{team}/import/file", post(imports::uploads::receive));
    // Leptos routes the pages and the server functions.
    let application = Router::new()
        .leptos_routes_with_context(
            &state,
            generate_route_list(App),
            provide(&state),
            render.clone(),
        )
        .fallback(leptos_axum::render_app_async_with_context(
            provide(&state),
            render,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            forms::layer::around,
        ))
        .merge(beside);
    let health = Health::new(
        (*state.db.connect_options()).clone(),
        state.shutdown.clone(),
    );
    let known = |routes: Router<State>| {
        routes
            .layer(middleware::from_fn_with_state(
                state.clone(),
                forms::layer::text,
            ))
            .layer(middleware::from_fn_with_state(
                state.clone(),
                accounts::session::layer,
            ))
            .with_state(state.clone())
    };
    // There a cookie is nobody, so it stands outside of the sessions.
    let api = api::router(&state).with_state(state.clone());
    let application = known(application).merge(api);
    layers::service(application, known(uploads), &state, health)
}

fn provide(state: &State) -> impl Fn() + Clone + Send + Sync + use<> {
    let state = state.clone();
    move || provide_context(state.clone())
}

#[cfg(test)]
mod tests {
    use leptos_router::SsrMode;

    use super::{App, executor, generate_route_list};

    /// What was refused is said by the page itself when none of its forms has, and only a finished page knows its forms.
    #[tokio::test]
    async fn every_page_is_finished_before_it_is_answered() {
        executor::start();
        let pages = generate_route_list(App);
        assert!(pages.len() > 20, "the pages were not found");
        for page in pages {
            assert_eq!(*page.mode(), SsrMode::Async, "{}", page.path());
        }
    }
}
