//! `/account`: one's name, address and password, one's API tokens, where one is signed in, and the way out.

pub mod deleting;
pub mod tokens;

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use self::{deleting::DeletionSection, tokens::Tokens};
use super::model::{AccountView, SessionView};
use crate::{
    error::Result,
    exports::account_data::AccountData,
    feedback::FeedbackButton,
    forms::view::{PlainForm, TextField},
    people::own_header::OwnHeader,
    ui::{data::PageData, page::Loaded, time::Ago},
};

#[component]
pub fn AccountPage() -> impl IntoView {
    let account = PageData::new(|| (), |()| load_account());
    view! {
        <Loaded data=account view=|account: AccountView| view! { <Account account=account /> } />
    }
}

#[component]
fn Account(account: AccountView) -> impl IntoView {
    let feedback = account
        .team
        .clone()
        .map(|team| view! { <FeedbackButton team=team /> });
    view! {
        <Title text="Account" />
        <OwnHeader team=account.team me=account.id />
        <main id="content" class="account">
            <h1>"Account"</h1>
            <section aria-labelledby="name-heading">
                <h2 id="name-heading" class="visually-hidden">"Name"</h2>
                <PlainForm action=ChangeName::url() class="form">
                    <TextField
                        label="Your name"
                        name="name"
                        value=account.name
                        required=true
                        autocomplete="name"
                        maxlength=80
                    />
                    <button type="submit">"Save name"</button>
                </PlainForm>
            </section>
            <section aria-labelledby="email-heading">
                <h2 id="email-heading" class="visually-hidden">"Email"</h2>
                <PlainForm action=ChangeEmail::url() class="form">
                    <TextField
                        label="Email"
                        name="email"
                        kind="email"
                        value=account.email
                        required=true
                        autocomplete="email"
                        maxlength=254
                    />
                    <CurrentPassword />
                    <button type="submit">"Change address"</button>
                </PlainForm>
            </section>
            <section aria-labelledby="password-heading">
                <h2 id="password-heading">"Password"</h2>
                <PlainForm action=ChangePassword::url() class="form">
                    <CurrentPassword />
                    <TextField
                        label="New password"
                        name="new_password"
                        kind="password"
                        required=true
                        minlength=8
                        autocomplete="new-password"
                        hint="At least 8 characters. Every other browser is signed out, and your API tokens end."
                    />
                    <button type="submit">"Change password"</button>
                </PlainForm>
            </section>
            <Tokens tokens=account.tokens now=account.now />
            <Sessions sessions=account.sessions now=account.now />
            <AccountData />
            <DeletionSection departure=account.departure />
        </main>
        {feedback}
    }
}

#[component]
fn CurrentPassword() -> impl IntoView {
    view! {
        <TextField
            label="Current password"
            name="current_password"
            kind="password"
            required=true
            autocomplete="current-password"
        />
    }
}

#[component]
fn Sessions(sessions: Vec<SessionView>, now: i64) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.this_one);
    view! {
        <section aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">"Where you are signed in"</h2>
            <ul class="sessions">
                {sessions
                    .into_iter()
                    .map(|session| {
                        view! {
                            <li class="session">
                                <strong>{session.device}</strong>
                                <span class="muted">
                                    {if session.this_one {
                                        view! { "this one" }.into_any()
                                    } else {
                                        view! {
                                            "last seen "
                                            <Ago at=session.last_seen_at now=now />
                                        }
                                            .into_any()
                                    }}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <PlainForm action=SignOutEverywhereElse::url()>
                <button type="submit" disabled=!others>
                    "Sign out everywhere else"
                </button>
                {(!others).then(|| view! { <p class="field-note">"You are signed in nowhere else."</p> })}
            </PlainForm>
        </section>
    }
}

/// One's own account, its API tokens and its open sessions.
#[server]
pub async fn load_account() -> Result<AccountView> {
    use super::actions::changing;
    use crate::server::request;

    changing::account(&request::state().db, &request::signed_in()?).await
}

/// Changes the name that others see.
#[server]
pub async fn change_name(name: String) -> Result<()> {
    use super::{actions::changing, model::FullName};
    use crate::server::request;

    let session = request::signed_in()?;
    changing::change_name(&request::state().db, &session, &FullName::parse(&name)?).await
}

/// Changes the address that one signs in with, at once or once the new address has confirmed it.
#[server]
pub async fn change_email(email: String, current_password: String) -> Result<()> {
    use super::{
        actions::changing::{self, EmailChange},
        model::EmailAddress,
        visit::Visit,
    };
    use crate::server::request;

    let (state, session) = (request::state(), request::signed_in()?);
    let new = EmailAddress::parse(&email)?;
    let visit = Visit::current();
    let change = changing::change_email(
        &state.db,
        &state.settings,
        &visit,
        &session,
        &new,
        &current_password,
    )
    .await?;
    if change == EmailChange::Asked {
        request::redirect("/account?done=request_email_change");
    }
    Ok(())
}

/// Changes the password and ends every other session and every API token.
#[server]
pub async fn change_password(current_password: String, new_password: String) -> Result<()> {
    use super::{actions::changing, model::Password, visit::Visit};
    use crate::server::request;

    let (state, session) = (request::state(), request::signed_in()?);
    let new = Password::parse("new_password", &new_password)?;
    let visit = Visit::current();
    changing::change_password(
        &state.db,
        &state.settings,
        &visit,
        &session,
        &new,
        &current_password,
    )
    .await
}

/// Ends every session but this one.
#[server]
pub async fn sign_out_everywhere_else() -> Result<()> {
    use super::actions::changing;
    use crate::server::request;

    let session = request::signed_in()?;
    changing::sign_out_everywhere_else(&request::state().db, &session).await
}
