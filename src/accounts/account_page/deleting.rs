//! The section of `/account` by which one deletes one's account, and what is said before.

use leptos::{prelude::*, server_fn::ServerFn};

use super::CurrentPassword;
use crate::{
    error::Result,
    forms::view::PlainForm,
    people::model::{DepartureView, TeamLink},
};

/// What deleting one's account does, and the form that does it, where it can be done.
#[component]
pub fn DeletionSection(departure: DepartureView) -> impl IntoView {
    let DepartureView { needs_owner, ends } = departure;
    let stops = !needs_owner.is_empty();
    let may_delete = !stops;
    view! {
        <section id="delete" class="deletion" aria-labelledby="delete-heading">
            <h2 id="delete-heading">"Delete account"</h2>
            <p>
                "Your name, address, password, sessions, API tokens, settings and notifications are deleted at once. Nobody can bring them back. The address can be used for a new account."
            </p>
            <p>
                "What you did in your teams is their work and stays, under “Deleted account”: tasks, comments and history. Mentions of you lose your name. Tasks that you hold stay assigned until somebody takes them over."
            </p>
            <p class="muted">
                "What others wrote about you in their own words stays, and so do mails that were sent and backups, until whoever runs this server throws them away."
            </p>
            {(!ends.is_empty())
                .then(|| {
                    view! {
                        <p>
                            <strong>"Nobody else is in " {names(ends)} "."</strong>
                            " Everything in it is deleted too."
                        </p>
                    }
                })}
            {stops
                .then(|| {
                    view! {
                        <p>
                            "Others are in a team of which you are the last owner. Make one of them an owner, or remove them, before you delete your account:"
                        </p>
                        <ul>
                            {needs_owner
                                .into_iter()
                                .map(|team| {
                                    view! {
                                        <li>
                                            <a href=format!("/teams/{}/people", team.slug) rel="external">
                                                {team.name}
                                            </a>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                })}
            {may_delete
                .then(|| {
                    view! {
                        <PlainForm action=DeleteAccount::url() class="form">
                            <CurrentPassword />
                            <label class="choice">
                                <input type="checkbox" name="comments" value="on" />
                                <span>"Delete my comments too"</span>
                            </label>
                            <button type="submit" class="danger">
                                "Delete account"
                            </button>
                        </PlainForm>
                    }
                })}
        </section>
    }
}

fn names(teams: Vec<TeamLink>) -> String {
    let names: Vec<String> = teams.into_iter().map(|team| team.name).collect();
    names.join(", ")
}

/// Deletes the account of whoever is signed in, and their comments too if that is asked for.
#[server]
pub async fn delete_account(current_password: String, comments: Option<String>) -> Result<()> {
    use crate::{
        accounts::{
            actions::deleting::{self, Comments},
            session,
            visit::Visit,
        },
        server::request,
    };

    let (state, me) = (request::state(), request::signed_in()?);
    let comments = match comments {
        Some(_) => Comments::Go,
        None => Comments::Stay,
    };
    let visit = Visit::current();
    deleting::delete_own(
        &state.db,
        &state.settings,
        &visit,
        &me,
        &current_password,
        comments,
    )
    .await?;
    request::set_cookie(&session::forget(&state.settings));
    request::redirect("/sign-in");
    Ok(())
}
