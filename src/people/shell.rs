//! What stands around every page of a team: where one is, where one can go, who one is.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::use_params_map,
};

use super::model::TeamView;
use crate::{
    accounts::sign_out::SignOutForm,
    error::Result,
    ui::page::{InsideMain, Loaded},
};

/// The frame of every team page. Pages inside find the [`TeamView`] by [`use_team`].
#[component]
pub fn TeamShell() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("team").unwrap_or_default()));
    let team = Resource::new_blocking(move || slug.get(), load_team);
    view! {
        <Loaded
            data=team
            view=|team: TeamView| {
                provide_context(team.clone());
                provide_context(InsideMain);
                view! {
                    <TeamHeader team=team />
                    <main id="content">
                        <Outlet />
                    </main>
                }
            }
        />
    }
}

/// The team of the page.
pub fn use_team() -> TeamView {
    expect_context()
}

#[component]
fn TeamHeader(team: TeamView) -> impl IntoView {
    let home = format!("/teams/{}", team.slug);
    view! {
        <header class="team-header">
            <a class="team-name" href=home.clone()>
                {team.name.clone()}
            </a>
            <nav aria-label="Team" class="team-nav">
                <A href=home.clone() exact=true>
                    "Now"
                </A>
                <A href=format!("{home}/boards")>"Boards"</A>
                <A href=format!("{home}/people")>"People"</A>
            </nav>
            <details class="menu">
                <summary>{team.me.name.clone()}</summary>
                <div class="menu-list">
                    {team
                        .teams
                        .iter()
                        .filter(|other| other.slug != team.slug)
                        .map(|other| {
                            view! {
                                <a href=format!("/teams/{}", other.slug) rel="external">
                                    {other.name.clone()}
                                </a>
                            }
                        })
                        .collect_view()}
                    <a href="/teams/new">"New team"</a>
                    <a href="/account">"Account"</a>
                    <SignOutForm />
                </div>
            </details>
        </header>
    }
}

/// A team and the reader's place in it.
#[server]
pub async fn load_team(team: String) -> Result<TeamView> {
    use super::{access::Permission, store};
    use crate::server::request;

    let access = request::access(&team, Permission::Read).await?;
    Ok(TeamView {
        slug: access.slug().to_owned(),
        name: store::team_name(access.db(), access.team()).await?,
        role: access.role(),
        me: access.person().clone(),
        teams: store::teams_of(access.db(), access.person().id).await?,
    })
}
