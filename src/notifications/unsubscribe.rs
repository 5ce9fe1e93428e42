//! The link in a digest that ends it. Programs that look at links only get a page; ending is a POST, by the
//! button on that page or by the mail program itself (RFC 8058). Whoever has the mail needs no session.

use axum::{
    extract::{Path, State as Extracted},
    http::header,
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

use super::store::digests;
use crate::{
    accounts::token,
    error::{Error, Result},
    server::{bare_page::bare_page, error_pages::error_page, state::State},
};

/// Answers `GET /unsubscribe/{token}`.
pub async fn ask(Extracted(state): Extracted<State>, Path(token): Path<String>) -> Response {
    let team = digests::team_of_link(&state.db, &token::hash(&token)).await;
    answer(team, |team| {
        let words = format!("You will get no more mails about your tasks in {team}.");
        view! {
            <h1>"End the daily digest"</h1>
            <p>{words}</p>
            <form method="post">
                <button type="submit" class="primary">
                    "End the digest"
                </button>
            </form>
        }
        .into_any()
    })
}

/// Answers `POST /unsubscribe/{token}`, whatever is in its body.
pub async fn end(Extracted(state): Extracted<State>, Path(token): Path<String>) -> Response {
    let team = digests::end(&state.db, &token::hash(&token)).await;
    answer(team, |team| {
        let words = format!(
            "You get no more digests of {team}. You can have them again on the page of your notifications there."
        );
        view! {
            <h1>"The digest has ended"</h1>
            <p>{words}</p>
        }
        .into_any()
    })
}

fn answer(team: Result<Option<String>>, page: impl FnOnce(String) -> AnyView) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    match team.and_then(|team| team.ok_or_else(Error::not_found)) {
        Ok(team) => (no_store, Html(bare_page("Daily digest", || page(team)))).into_response(),
        Err(error) => (no_store, error_page(&error, "")).into_response(),
    }
}
