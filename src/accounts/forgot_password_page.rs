//! `/forgot-password`

use leptos::{either::Either, prelude::*, server_fn::ServerFn};

use super::{
    model::Entrance,
    sign_in_page::{DoorPage, load_entrance},
};
use crate::{
    error::Result,
    forms::view::{PlainForm, TextField},
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let entrance = PageData::new(|| (), |()| load_entrance("/account".to_owned()));
    view! {
        <Loaded
            data=entrance
            view=|entrance: Entrance| {
                let content = if entrance.mails {
                    Either::Left(view! { <ResetRequest /> })
                } else {
                    Either::Right(
                        view! {
                            <p>
                                "This server sends no mail. Ask whoever runs it for a link to choose a new password. They make one with this command:"
                            </p>
                            <pre>
                                <code>"skateboard user reset-link"</code>
                            </pre>
                        },
                    )
                };
                view! {
                    <DoorPage heading="Forgot your password?">
                        {content} <p class="door-links">
                            <a href="/sign-in">"Back to sign in"</a>
                        </p>
                    </DoorPage>
                }
            }
        />
    }
}

#[component]
fn ResetRequest() -> impl IntoView {
    view! {
        <PlainForm action=RequestPasswordReset::url() class="form">
            <p>"Enter the address of your account. A link to choose a new password is sent there."</p>
            <TextField
                label="Email"
                name="email"
                kind="email"
                required=true
                autocomplete="username"
                autofocus=true
                maxlength=254
            />
            <button type="submit" class="primary">
                "Send link"
            </button>
        </PlainForm>
    }
}

/// Mails a link to choose a new password, if there is such an account.
#[server]
pub async fn request_password_reset(email: String) -> Result<()> {
    use super::{actions::resetting, model::EmailAddress, visit::Visit};
    use crate::{error::Error, server::request};

    let state = request::state();
    if state.settings.mail.is_none() {
        return Err(Error::forbidden(
            "This server sends no mail. Ask whoever runs it for a link to choose a new password.",
        ));
    }
    let email = EmailAddress::parse(&email)?;
    resetting::request_password_reset(&state.db, &state.settings, &Visit::current(), &email).await
}
