//! Signing out, from wherever one is.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use crate::{
    error::Result, people::model::TeamView, tasks::outbox::may_drop_unsent, ui::icon::Icon,
};

/// A button that ends the session. Where there is little room only its icon is seen.
#[component]
pub fn SignOutForm() -> impl IntoView {
    let me = use_context::<TeamView>().map(|team| team.me.id);
    let sign_out = move |event: SubmitEvent| {
        if !may_drop_unsent(me) {
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
