//! The page that an invitation's link opens.

use leptos::{either::Either, prelude::*, server_fn::ServerFn};

use super::{
    model::{InvitationPageView, Role},
    requests::{JoinTeam, load_invitation},
};
use crate::{accounts::sign_in_page::DoorPage, forms::view::PlainForm, ui::page::Loaded};

#[component]
pub fn InvitationPage() -> impl IntoView {
    let invitation = Resource::new_blocking(|| (), |()| load_invitation());
    view! {
        <Loaded
            data=invitation
            view=|invitation| view! { <Invitation invitation=invitation /> }
        />
    }
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
                    "Sign in"
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
