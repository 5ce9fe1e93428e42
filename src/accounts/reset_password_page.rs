//! `/reset-password`, opened by a one-time link.

use leptos::{either::Either, prelude::*, server_fn::ServerFn};

use super::sign_in_page::DoorPage;
use crate::{
    error::Result,
    forms::view::{PlainForm, TextField},
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let usable = PageData::new(|| (), |()| load_reset());
    view! {
        <Loaded
            data=usable
            view=|usable: bool| {
                if usable {
                    Either::Left(view! { <NewPassword /> })
                } else {
                    Either::Right(view! { <LinkIsOver /> })
                }
            }
        />
    }
}

#[component]
fn NewPassword() -> impl IntoView {
    view! {
        <DoorPage heading="Choose a new password">
            <PlainForm action=ResetPassword::url() class="form">
                <TextField
                    label="New password"
                    name="password"
                    kind="password"
                    required=true
                    minlength=8
                    autofocus=true
                    autocomplete="new-password"
                    hint="At least 8 characters. Every browser that is signed in to your account is signed out."
                />
                <button type="submit" class="primary">
                    "Change password"
                </button>
            </PlainForm>
        </DoorPage>
    }
}

#[component]
fn LinkIsOver() -> impl IntoView {
    view! {
        <DoorPage heading="This link cannot be used">
            <p>"It may have been used already, or it is too old."</p>
            <p class="door-links">
                <a href="/forgot-password">"Ask for a new one"</a>
                <a href="/sign-in">"Sign in"</a>
            </p>
        </DoorPage>
    }
}

/// Whether the link that this browser opened can still be used.
#[server]
pub async fn load_reset() -> Result<bool> {
    use super::{actions::resetting, visit::Carried};
    use crate::server::request;

    let state = request::state();
    match Carried::PasswordReset.read(&state.settings) {
        Some(token) => resetting::can_reset(&state.db, &token).await,
        None => Ok(false),
    }
}

/// Sets a new password by the link that this browser opened, and ends every session of the account.
#[server]
pub async fn reset_password(password: String) -> Result<()> {
    use super::{actions::resetting, model::Password, session, visit::Carried};
    use crate::server::request;

    let state = request::state();
    let token = Carried::PasswordReset
        .read(&state.settings)
        .unwrap_or_default();
    let password = Password::parse("password", &password)?;
    resetting::reset_password(&state.db, &state.settings, &token, &password).await?;
    request::set_cookie(&Carried::PasswordReset.forget(&state.settings));
    request::set_cookie(&session::forget(&state.settings));
    request::redirect("/sign-in");
    Ok(())
}
