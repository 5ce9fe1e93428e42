//! The page that an invitation's link opens.

use leptos::{either::Either, prelude::*, server_fn::ServerFn};

use super::{
    model::{InvitationPageView, Role},
    requests::{JoinTeam, load_invitation},
};
use crate::{
    accounts::sign_in_page::DoorPage,
    error::{Code, Error},
    forms::view::PlainForm,
    ui::{
        data::PageData,
        page::{ErrorPage, Loaded, answer_with},
    },
};

#[component]
pub fn InvitationPage() -> impl IntoView {
    let invitation = PageData::new(|| (), |()| load_invitation());
    view! {
        <Loaded
            data=invitation
            view=|invitation| view! { <Invitation invitation=invitation /> }
            refused=cannot_be_used
        />
    }
}

/// Whoever comes here by a link that is over is often nobody's member yet: no team to go to.
fn cannot_be_used(error: Error) -> AnyView {
    if error.code != Code::NotFound {
        return view! { <ErrorPage error=error /> }.into_any();
    }
    answer_with(&error);
    view! {
        <DoorPage heading="This invitation cannot be used">
            <p>
                "It may have been used already, withdrawn, or expired. Ask whoever sent it for a new one."
            </p>
            <p class="door-links">
                <a href="/sign-in">"Sign in"</a>
            </p>
        </DoorPage>
    }
    .into_any()
}

#[component]
fn Invitation(invitation: InvitationPageView) -> impl IntoView {
    let InvitationPageView {
        offer,
        me,
        is_member,
    } = invitation;
    let role = match offer.role {
        Role::Owner => "an owner",
        Role::Member => "a member",
        Role::Viewer => "a viewer, who can read everything",
    };
    let title = format!("Join {}", offer.team);
    let home = format!("/teams/{}", offer.slug);
    let next_step = match me {
        Some(_) if is_member => Either::Left(view! {
            <p>"You are in this team already."</p>
            <p>
                <a class="button" href=home rel="external">
                    "Go to the team"
                </a>
            </p>
        }),
        Some(me) => Either::Right(Either::Left(view! {
            <PlainForm action=JoinTeam::url()>
                <p>"You are signed in as " <strong>{me.name}</strong> "."</p>
                <button type="submit" class="primary">
                    "Join"
                </button>
            </PlainForm>
        })),
        None => Either::Right(Either::Right(view! {
            <p class="actions">
                <a class="button primary" href="/register" rel="external">
                    "Create an account"
                </a>
                <a class="button" href="/sign-in?next=/invitations" rel="external">
                    "Sign in and join"
                </a>
            </p>
        })),
    };
    view! {
        <DoorPage heading=title>
            <p>
                {offer.invited_by} " invites you to the team " <strong>{offer.team}</strong>
                " as " {role} "."
            </p>
            {next_step}
        </DoorPage>
    }
}
