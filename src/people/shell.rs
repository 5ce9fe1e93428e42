//! What stands around every page of a team: where one is, where one can go, who one is.

pub mod keys;
mod new_role;

use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

use self::{
    keys::{CanDrag, Keys, SecondKey},
    new_role::NewRole,
};
use super::{
    model::{TeamLink, TeamView},
    search_field::Search,
};
use crate::{
    accounts::sign_out::SignOutForm,
    boards::board_page::kept::{KeptBoard, KeptBoardView},
    error::{Code, Error, Result},
    feedback::FeedbackButton,
    live::{
        connection::ConnectionBanner,
        listener::{self, Live},
        looking,
        updated::UpdatedBanner,
    },
    notifications::bell::{Bell, Unread},
    palette::{Palette, PaletteDialog, use_palette},
    tasks::outbox::{self, StrandedFor, StrandedHere},
    ui::{
        avatar::Avatar,
        data::PageData,
        icon::Icon,
        page::{ErrorPage, InsideMain, Loaded},
    },
};

/// The frame of every team page. Pages inside find the [`TeamView`] by [`use_team`].
#[component]
pub fn TeamShell() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("team").unwrap_or_default()));
    let team = PageData::new(move || slug.get(), load_team);
    view! {
        <Loaded
            data=team
            refused=no_team
            view=|team: TeamView| {
                provide_context(team.clone());
                SecondKey::provide();
                CanDrag::provide();
                Palette::provide();
                listen(&team);
                KeptBoard::provide(&team.slug);
                Unread::provide(&team);
                provide_context(InsideMain(format!("/teams/{}", team.slug)));
                let own = TeamLink {
                    slug: team.slug.clone(),
                    name: team.name.clone(),
                };
                let asks = team.asks;
                view! {
                    <TeamHeader team=team.clone() />
                    <PaletteDialog />
                    <ConnectionBanner />
                    <StrandedHere />
                    <UpdatedBanner />
                    <NewRole team=team />
                    <main id="content">
                        <KeptBoardView />
                        <Outlet />
                    </main>
                    <FeedbackButton team=own asks=asks />
                }
            }
        />
    }
}

/// What stands there instead of a team that is not to be had. Whoever was in it may have left words here.
fn no_team(error: Error) -> AnyView {
    let team = use_params_map().with_untracked(|params| params.get("team"));
    let stranded = team
        .filter(|_| error.code == Code::NotFound)
        .map(|team| view! { <StrandedFor team=team /> });
    view! {
        {stranded}
        <ErrorPage error=error />
    }
    .into_any()
}

/// Follows the team's feed, and tells the team what this tab shows.
fn listen(team: &TeamView) {
    let live = Live::provide();
    let (slug, me, seq) = (team.slug.clone(), team.me.id.to_string(), team.seq);
    Effect::new(move |_| {
        listener::start(live, &slug, &me, seq);
        looking::start(&slug);
    });
    outbox::start(team, live);
}

/// The team of the page.
pub fn use_team() -> TeamView {
    expect_context()
}

/// What is at an address of the team that is nobody's.
#[component]
pub fn NoSuchPage() -> impl IntoView {
    view! { <ErrorPage error=Error::not_found() /> }
}

#[component]
fn TeamHeader(team: TeamView) -> impl IntoView {
    let home = format!("/teams/{}", team.slug);
    let of_owners = team.role.may_govern().then(|| {
        view! {
            <Tab home=home.clone() part="insights" words="Insights" />
            <Tab home=home.clone() part="settings" words="Settings" />
        }
    });
    view! {
        <header class="team-header">
            <div class="team-bar">
                <TeamMenu team=team.clone() />
                <nav aria-label="Team" class="team-nav">
                    <Tab home=home.clone() part="" words="Now" />
                    <Tab home=home.clone() part="mine" words="My tasks" />
                    <Tab home=home.clone() part="boards" words="Boards" />
                    <Tab home=home.clone() part="people" words="People" />
                    {of_owners}
                </nav>
                <Search home=home.clone() />
                <OpenPalette />
                <Bell home=home.clone() />
                <Keys home=home />
                <a class="me" href="/account" title="Your account" rel="external">
                    <Avatar name=team.me.name.clone() />
                    <span class="me-name">{team.me.name}</span>
                </a>
                <SignOutForm me=team.me.id />
            </div>
        </header>
    }
}

/// A part of the team's pages. It is marked also on the pages that belong to it without standing
/// below it: tasks are on boards.
#[component]
fn Tab(home: String, part: &'static str, words: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let href = if part.is_empty() {
        home.clone()
    } else {
        format!("{home}/{part}")
    };
    let is_here = move || {
        path.with(|path| {
            let rest = path.strip_prefix(&home).unwrap_or(path);
            match rest.split('/').nth(1).unwrap_or_default() {
                "tasks" | "deleted" => part == "boards",
                here => here == part,
            }
        })
    };
    view! {
        <a href=href aria-current=move || is_here().then_some("page")>
            {words}
        </a>
    }
}

/// The name of the team, and behind it the others of the reader.
#[component]
fn TeamMenu(team: TeamView) -> impl IntoView {
    let others = team
        .teams
        .into_iter()
        .filter(|other| other.slug != team.slug)
        .map(|other| {
            view! {
                <li>
                    <a href=format!("/teams/{}", other.slug) rel="external">
                        {other.name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="menu team-menu">
            <summary title="Switch the team">
                <span class="team-name">{team.name}</span>
            </summary>
            <ul class="menu-list">
                {others}
                <li>
                    <a href="/teams/new" rel="external">
                        "New team"
                    </a>
                </li>
            </ul>
        </details>
    }
}

/// What leads to the command palette without knowing its keys.
#[component]
fn OpenPalette() -> impl IntoView {
    let palette = use_palette();
    view! {
        <button
            type="button"
            class="quiet icon-only only-scripts open-palette"
            aria-label="Command palette"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K"
            title="Go anywhere, do anything (Ctrl+K)"
            on:click=move |_| palette.open()
        >
            <Icon name="command" />
        </button>
    }
}

/// A team and the reader's place in it.
#[server]
pub async fn load_team(team: String) -> Result<TeamView> {
    use super::{access::Permission, store};
    use crate::{feedback, live, notifications, server::request};

    let access = request::access(&team, Permission::Read).await?;
    let (db, team, me) = (access.db(), access.team(), access.person().id);
    let (teams, seq, unread, asks) = tokio::try_join!(
        store::teams_of(db, me),
        live::store::last_seq(db, team),
        notifications::store::unread(db, team, me),
        feedback::actions::is_due(&access),
    )?;
    // Whoever was removed a moment ago has it no more.
    let own = teams
        .iter()
        .find(|team| team.slug == access.slug())
        .ok_or_else(Error::not_found)?;
    Ok(TeamView {
        slug: own.slug.clone(),
        name: own.name.clone(),
        role: access.role(),
        seq,
        unread,
        asks,
        me: access.person().clone(),
        teams,
    })
}
