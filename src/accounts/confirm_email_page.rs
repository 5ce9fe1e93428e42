//! `/confirm-email`, opened by a one-time link.

use leptos::{prelude::*, server_fn::ServerFn};

use super::sign_in_page::DoorPage;
use crate::{
    error::Result,
    forms::view::PlainForm,
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let address = PageData::new(|| (), |()| load_confirmation());
    view! {
        <Loaded
            data=address
            view=|address: String| {
                view! {
                    <DoorPage heading="Confirm your address">
                        <PlainForm action=ConfirmEmail::url() class="form">
                            <p>
                                "From now on " <strong>{address}</strong>
                                " is the address that you sign in with."
                            </p>
                            <button type="submit" class="primary">
                                "Confirm address"
                            </button>
                        </PlainForm>
                    </DoorPage>
                }
            }
        />
    }
}

/// The address that the link confirms which this browser opened.
#[server]
pub async fn load_confirmation() -> Result<String> {
    use super::{actions::confirming, visit::Carried};
    use crate::server::request;

    let state = request::state();
    let token = Carried::EmailConfirmation
        .read(&state.settings)
        .unwrap_or_default();
    confirming::address_to_confirm(&state.db, &token).await
}

/// Confirms the address by the link that this browser opened.
#[server]
pub async fn confirm_email() -> Result<()> {
    use super::{actions::confirming, visit::Carried};
    use crate::server::request;

    let state = request::state();
    let token = Carried::EmailConfirmation
        .read(&state.settings)
        .unwrap_or_default();
    confirming::confirm_email(&state.db, &state.settings, &token).await?;
    request::set_cookie(&Carried::EmailConfirmation.forget(&state.settings));
    request::redirect(match request::session() {
        Some(_) => "/account",
        None => "/sign-in",
    });
    Ok(())
}
