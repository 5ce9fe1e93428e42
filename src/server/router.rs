//! The router: which request goes where, and through which layers.

use axum::{
    Router,
    http::{StatusCode, header::RETRY_AFTER},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};

use super::{executor, health::Health, layers, state::State, static_files};
use crate::{
    accounts, api,
    app::{App, shell},
    error::{Code, Error},
    exports, forms, hypotheses, imports, live, notifications, people,
    ui::page::title_of,
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

/// An error page outside the app, for what fails before or around it. Its way out leads to `back`; empty is the
/// same address again.
pub fn error_page(error: &Error, back: &str) -> Response {
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = error.message.clone();
    let fields: Vec<_> = error
        .fields
        .iter()
        .filter(|field| field.message != message)
        .map(|field| field.message.clone())
        .map(|words| view! { <p>{words}</p> })
        .collect();
    let title = title_of(error.code);
    let (way_out, words) = match error.code {
        Code::NotFound => ("/", "Go to your team"),
        _ if back.is_empty() => ("", "Try again"),
        _ => (back, "Go back"),
    };
    let way_out = way_out.to_owned();
    // What was typed is still in the browser, if the form was not sent anew.
    let typed = (!back.is_empty()).then(
        || view! { <p>"What you typed is still there when you go back in your browser."</p> },
    );
    let page = bare_page(title, || {
        view! {
            <h1>{title}</h1>
            <p>{message}</p>
            {fields}
            {typed}
            <p>
                <a class="button" href=way_out>
                    {words}
                </a>
            </p>
        }
        .into_any()
    });
    let mut response = (status, Html(page)).into_response();
    response.extensions_mut().insert(error.code);
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A document outside the app, for what has to do without it.
pub fn bare_page(title: &'static str, content: impl FnOnce() -> AnyView) -> String {
    bare_page_of("error-page", title, content)
}

/// The same, with a class of its own.
pub fn bare_page_of(
    class: &'static str,
    title: &'static str,
    content: impl FnOnce() -> AnyView,
) -> String {
    let stylesheet = static_files::browser_assets().css;
    Owner::new().with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{title} " · Skateboard"</title>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <link rel="stylesheet" href=stylesheet />
                </head>
                <body>
                    <main class=class id="content">
                        {content()}
                    </main>
                </body>
            </html>
        }
        .to_html()
    })
}
