//! Signing out, from wherever one is.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use crate::{
    error::Result,
    ids::PersonId,
    live::{connection::stop_without_connection, listener::Live},
    tasks::outbox::may_drop_unsent,
    ui::{announce::use_announcer, icon::Icon},
};

/// A button that ends the session. Where there is little room only its icon is seen.
#[component]
pub fn SignOutForm(
    /// Who is signed in.
    me: PersonId,
) -> impl IntoView {
    let (live, announcer) = (use_context::<Live>(), use_announcer());
    let sign_out = move |event: SubmitEvent| {
        if !stop_without_connection(&event, live, announcer) && !may_drop_unsent(me) {
            event.prevent_default();
        }
    };
    view! {
        <form method="post" action=SignOut::url() class="sign-out" on:submit=sign_out>
            <button type="submit" class="quiet" title="Sign out">
                <Icon name="sign-out" />
                <span>"Sign out"</span>
            </button>
        </form>
    }
}

/// Ends the session of this browser.
#[server]
pub async fn sign_out() -> Result<()> {
    use super::{actions::signing_in, session};
    use crate::server::request;

    let state = request::state();
    if let Some(session) = request::session() {
        signing_in::sign_out(&state.db, &session).await?;
    }
    request::set_cookie(&session::forget(&state.settings));
    request::redirect("/sign-in");
    Ok(())
}
