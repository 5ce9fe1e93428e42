//! The header of the pages that are one's own and no team's: the account, the form for a further team.

use leptos::prelude::*;

use super::{model::TeamLink, search_field::Search, shell::keys::listen_for_search};
use crate::{accounts::sign_out::SignOutForm, ids::PersonId, ui::icon::Icon};

/// The way back to the team, its search, and the way out.
#[component]
pub fn OwnHeader(
    /// The team used last, which is where `/` leads to.
    team: Option<TeamLink>,
    /// Who is signed in.
    me: PersonId,
) -> impl IntoView {
    let (home, name) = match &team {
        Some(team) => (format!("/teams/{}", team.slug), team.name.clone()),
        None => ("/".to_owned(), "Skateboard".to_owned()),
    };
    // Without a team there is nothing to search.
    let search = team.map(|_| {
        listen_for_search();
        view! { <Search home=home.clone() /> }
    });
    view! {
        <header class="team-header own-header">
            <div class="team-bar">
                <a class="team-name" href=home rel="external">
                    <Icon name="arrow-left" />
                    {name}
                </a>
                {search}
                <SignOutForm me=me />
            </div>
        </header>
    }
}
