//! `/register`

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use super::{model::Entrance, sign_in_page::DoorPage};
use crate::{
    error::Result,
    forms::view::{OwnTimeZone, PlainForm, TextField},
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn RegisterPage() -> impl IntoView {
    let query = use_query_map();
    let invitation =
        Memo::new(move |_| query.with(|query| query.get("invitation").unwrap_or_default()));
    let entrance = PageData::new(move || invitation.get(), load_registration);
    view! {
        <Loaded
            data=entrance
            view=|entrance: Entrance| {
                if entrance.open || entrance.empty || entrance.invited {
                    view! { <RegisterForm entrance /> }.into_any()
                } else {
                    view! { <InvitationNeeded /> }.into_any()
                }
            }
        />
    }
}

#[component]
fn RegisterForm(entrance: Entrance) -> impl IntoView {
    view! {
        <DoorPage heading="Create your account">
            {entrance
                .empty
                .then(|| {
                    view! {
                        <p class="muted">
                            "You are the first here. Create your account and your team, then invite the others."
                        </p>
                    }
                })}
            {entrance
                .joining
                .map(|team| {
                    view! { <p class="muted">"You are joining " <strong>{team}</strong> "."</p> }
                })}
            <PlainForm action=Register::url() class="form">
                <TextField label="Your name" name="name" required=true autocomplete="name" maxlength=80 autofocus=true />
                <TextField
                    label="Email"
                    name="email"
                    kind="email"
                    required=true
                    autocomplete="username"
                    maxlength=254
                />
                <TextField
                    label="Password"
                    name="password"
                    kind="password"
                    required=true
                    minlength=8
                    autocomplete="new-password"
                    hint="At least 8 characters. A few words in a row are easy to remember and hard to guess."
                />
                {(!entrance.invited)
                    .then(|| {
                        view! {
                            <TextField
                                label="Team name"
                                name="team_name"
                                required=true
                                autocomplete="organization"
                                maxlength=80
                            />
                            <OwnTimeZone />
                        }
                    })}
                <button type="submit" class="primary">
                    "Create account"
                </button>
            </PlainForm>
            {(!entrance.empty)
                .then(|| {
                    view! {
                        <p class="door-links">
                            <a href="/sign-in">"Sign in instead"</a>
                        </p>
                    }
                })}
        </DoorPage>
    }
}

/// `/register/sent`: the same words for a known and an unknown address.
#[component]
pub fn RegistrationSentPage() -> impl IntoView {
    view! {
        <DoorPage heading="Look into your mail">
            <p>
                "A link is on its way to the address that you entered. Open it within one day to confirm that the address is yours; then sign in."
            </p>
            <p class="door-links">
                <a href="/register">"Enter another address"</a>
                <a href="/sign-in">"Sign in"</a>
            </p>
        </DoorPage>
    }
}

#[component]
fn InvitationNeeded() -> impl IntoView {
    view! {
        <DoorPage heading="An invitation is needed">
            <p>
                "Accounts here are made by invitation. Ask somebody of your team to send you a link, and open it in this browser."
            </p>
            <p class="door-links">
                <a href="/sign-in">"Sign in instead"</a>
            </p>
        </DoorPage>
    }
}

/// What the page needs to know. An invitation in its address moves into a cookie.
#[server]
pub async fn load_registration(invitation: String) -> Result<Entrance> {
    use super::{sign_in_page::load_entrance, visit::Carried};
    use crate::{error::Code, people::actions::invitation_offer, server::request};

    let settings = request::state().settings;
    if !invitation.is_empty() {
        request::set_cookie(&Carried::Invitation.keep(&settings, &invitation));
        request::redirect("/register");
    }
    let mut entrance = load_entrance(String::new()).await?;
    if let Some(token) = Carried::Invitation.read(&settings) {
        let offer = invitation_offer(&request::state().db, &token).await;
        entrance.joining = offer.as_ref().ok().map(|offer| offer.team.clone());
        entrance.invited = offer.is_ok();
        if offer.is_err_and(|error| error.code == Code::NotFound) {
            request::set_cookie(&Carried::Invitation.forget(&settings));
        }
    }
    Ok(entrance)
}

/// Makes an account and signs in.
#[server]
pub async fn register(
    name: String,
    email: String,
    password: String,
    team_name: Option<String>,
    time_zone: Option<String>,
) -> Result<()> {
    use super::{
        actions::{
            registering::{self, NewAccount, Place, Registered},
            signing_in,
        },
        model::{EmailAddress, FullName, Password},
        session,
        visit::{Carried, Visit},
    };
    use crate::{people::model::TeamName, server::request};

    let state = request::state();
    let account = NewAccount {
        name: FullName::parse(&name)?,
        email: EmailAddress::parse(&email)?,
        password: Password::parse("password", &password)?,
        time_zone: time_zone.unwrap_or_default(),
        place: match Carried::Invitation.read(&state.settings) {
            Some(token) => Place::Invitation(token),
            None => Place::NewTeam(TeamName::parse(&team_name.unwrap_or_default())?),
        },
    };
    let visit = Visit::current();
    match registering::register(&state.db, &state.settings, &visit, account).await? {
        Registered::In { session, team } => {
            if let Some(before) = request::session() {
                signing_in::sign_out(&state.db, &before).await?;
            }
            request::set_cookie(&session::cookie(&state.settings, session));
            request::set_cookie(&Carried::Invitation.forget(&state.settings));
            request::redirect(&format!("/teams/{team}"));
        }
        Registered::Asked => request::redirect("/register/sent"),
    }
    Ok(())
}
