//! `/sign-in`

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::model::Entrance;
use crate::{
    error::Result,
    forms::view::{FormState, PlainForm, TextField},
    ui::{data::PageData, page::Loaded},
};

/// The frame of the pages before the door: one card in the middle.
#[component]
pub fn DoorPage(
    /// What the page is for: its heading and its title.
    #[prop(into)]
    heading: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=heading.clone() />
        <main id="content" class="door">
            <p class="door-product">"Skateboard"</p>
            <section class="door-card">
                <h1>{heading}</h1>
                {children()}
            </section>
        </main>
    }
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let next = Memo::new(move |_| query.with(|query| query.get("next").unwrap_or_default()));
    let entrance = PageData::new(move || next.get(), load_entrance);
    view! {
        <Loaded
            data=entrance
            view=|entrance: Entrance| {
                let may_register = entrance.open || entrance.empty || entrance.invited;
                let is_sent_here = entrance.next != "/";
                let was_refused = FormState::of(SignIn::url(), None).error.with_untracked(Option::is_some);
                view! {
                    <DoorPage heading="Sign in">
                        {is_sent_here.then(|| view! { <p class="muted">"Sign in to go on to the page that you asked for."</p> })}
                        {entrance.kept.then(|| view! { <p class="muted">"What you typed is kept and comes back when you have signed in."</p> })}
                        <PlainForm action=SignIn::url() class="form">
                            <input type="hidden" name="next" value=entrance.next />
                            <TextField
                                label="Email"
                                name="email"
                                kind="email"
                                required=true
                                autocomplete="username"
                                autofocus=!was_refused
                            />
                            <TextField
                                label="Password"
                                name="password"
                                kind="password"
                                required=true
                                autocomplete="current-password"
                                autofocus=was_refused
                            />
                            <button type="submit" class="primary">
                                "Sign in"
                            </button>
                        </PlainForm>
                        <p class="door-links">
                            <a href="/forgot-password">"Forgot your password?"</a>
                            {may_register.then(|| view! { <a href="/register">"Create an account"</a> })}
                        </p>
                        {(!may_register)
                            .then(|| {
                                view! {
                                    <p class="muted small">
                                        "No account? Ask somebody of your team for an invitation link."
                                    </p>
                                }
                            })}
                    </DoorPage>
                }
            }
        />
    }
}

/// What the pages before the door need to know. Whoever is signed in already is sent on.
#[server]
pub async fn load_entrance(next: String) -> Result<Entrance> {
    use super::{model::same_site_path, store, visit::Carried};
    use crate::{
        forms,
        server::{request, settings::Registration},
    };

    let state = request::state();
    let next = same_site_path(&next).to_owned();
    if request::session().is_some() {
        request::redirect(&next);
    }
    let kept = forms::layer::is_kept_at(&state, &request::parts().headers, &next).await;
    Ok(Entrance {
        next,
        open: state.settings.registration == Registration::Open,
        empty: store::is_empty(&state.db).await?,
        mails: state.settings.mail.is_some(),
        invited: Carried::Invitation.read(&state.settings).is_some(),
        joining: None,
        kept,
    })
}

/// Lets a person in who knows the password.
#[server]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<()> {
    use super::{actions::signing_in, model::same_site_path, session, visit::Visit};
    use crate::server::request;

    let state = request::state();
    let visit = Visit::current();
    let token = signing_in::sign_in(&state.db, &visit, &email, &password).await?;
    if let Some(before) = request::session() {
        signing_in::sign_out(&state.db, &before).await?;
    }
    request::set_cookie(&session::cookie(&state.settings, token));
    request::redirect(same_site_path(next.as_deref().unwrap_or_default()));
    Ok(())
}
