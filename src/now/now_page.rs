//! The Now page.

mod look_back;
mod rows;

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

pub use self::rows::{Load, Notes};
use self::{
    look_back::WeeksTable,
    rows::{Former, Frame, People, Unheld},
};
use super::model::{Fact, NowView};
use crate::{
    error::Result,
    live::{coalesced::at_events_and_every, listener::use_live},
    people::{model::TeamView, shell::use_team},
    ui::{
        data::PageData,
        dom::{closest, find, focus},
        focus::when_focus_is_lost,
        page::Loaded,
    },
};

/// How often the page is read when nothing happens.
pub const AGAIN: Duration = Duration::from_secs(60);

#[component]
pub fn NowPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let now = PageData::new(move || slug.clone(), load_now);
    view! { <Loaded data=now view=move |now| view! { <Now team=team.clone() loaded=now /> } /> }
}

#[component]
fn Now(team: TeamView, loaded: NowView) -> impl IntoView {
    let title = format!("Now · {}", team.name);
    let now = RwSignal::new(loaded);
    let clock = RwSignal::new(now.with_untracked(|now| now.now));
    follow_feed(team.slug.clone(), now, clock);
    let quiet = {
        let team = team.clone();
        move || now.with(|now| now.is_quiet().then(|| next_step(&team, now)))
    };
    let summary = Memo::new(move |_| now.with(|now| now.summary.clone()));
    let frame = Frame {
        now: clock,
        home: format!("/teams/{}", team.slug),
        me: team.me.id,
        present: use_live().present,
    };
    let may_write = team.role.may_write();
    let can_take =
        Memo::new(move |_| may_write && now.with(|now| now.has_tasks && now.first_board.is_some()));
    let look_back = Memo::new(move |_| now.with(|now| now.look_back.clone()));
    view! {
        <Title text=title />
        <div class="now-page">
            <header class="now-header">
                <h1>"Now"</h1>
                {move || view! { <Summary facts=summary.get() /> }}
            </header>
            {quiet}
            <section aria-labelledby="now-people">
                <h2 id="now-people" class="visually-hidden">
                    "Who is on what"
                </h2>
                <ul class="now-people">
                    <People
                        rows=Signal::derive(move || now.with(|now| now.people.clone()))
                        frame=frame.clone()
                        can_take=can_take
                    />
                </ul>
            </section>
            <Unheld
                tasks=Signal::derive(move || now.with(|now| now.unheld.clone()))
                frame=frame.clone()
            />
            <Former
                rows=Signal::derive(move || now.with(|now| now.former.clone()))
                frame=frame
                can_take=can_take
            />
            {move || view! { <WeeksTable look_back=look_back.get() /> }}
        </div>
    }
}

/// What is late, at risk, held by nobody, and who has too much or nothing.
#[component]
pub fn Summary(facts: Vec<Fact>) -> impl IntoView {
    view! {
        <ul class="now-summary">
            {facts
                .into_iter()
                .map(|fact| {
                    let class = format!("badge {}", fact.tone.class());
                    view! {
                        <li>
                            <span class=class>{fact.words}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// Reads the page again when something happens. Only what is different is drawn anew.
fn follow_feed(team: String, now: RwSignal<NowView>, clock: RwSignal<i64>) {
    let read = move || {
        let request = load_now_again(team.clone());
        async move {
            let fresh = request.await?;
            if !now.is_disposed() {
                keeping_focus(|| {
                    clock.set(fresh.now);
                    now.set(fresh);
                });
            }
            Ok(())
        }
    };
    let seq = now.with_untracked(|now| now.seq);
    at_events_and_every(seq, AGAIN, |_| true, read);
}

/// Lets the focus stay on a link whose row is drawn anew or moves.
fn keeping_focus(change: impl FnOnce()) {
    let link = document()
        .active_element()
        .filter(|element| closest(element, ".now-page").is_some())
        .and_then(|element| element.get_attribute("href"));
    change();
    let Some(href) = link else {
        return;
    };
    when_focus_is_lost(move || {
        // The link may just be gone again.
        if let Some(link) = find(&format!(".now-page a[href='{href}']")) {
            focus(&link);
        }
    });
}

/// What to do when nothing is in progress: one step, the next one.
fn next_step(team: &TeamView, now: &NowView) -> impl IntoView + use<> {
    let home = format!("/teams/{}", team.slug);
    let may_write = team.role.may_write();
    let (words, step) = match &now.first_board {
        _ if !may_write => ("Nobody is working on anything at the moment.", None),
        None => (
            "The team has no board yet. Tasks live on boards.",
            Some((format!("{home}/boards"), "Create a board".to_owned())),
        ),
        Some(board) if !now.has_tasks => (
            "Nobody is working on anything yet. Add the first task to your board.",
            Some((
                format!("{home}/boards/{}", board.key),
                "Create the first task".to_owned(),
            )),
        ),
        Some(_) if now.team_size == 1 => (
            "Nothing is in progress. You are the only one in the team so far.",
            Some((format!("{home}/people"), "Invite somebody".to_owned())),
        ),
        Some(board) => (
            "Nobody is working on anything at the moment.",
            Some((
                format!("{home}/boards/{}", board.key),
                format!("Take a task from {}", board.name),
            )),
        ),
    };
    view! {
        <div class="empty">
            <p>{words}</p>
            {step
                .map(|(href, label)| {
                    view! {
                        <A href=href attr:class="button primary">
                            {label}
                        </A>
                    }
                })}
        </div>
    }
}

/// Who is on what, for somebody who opens the page. That it was opened is counted, and not by whom.
#[server]
pub async fn load_now(team: String) -> Result<NowView> {
    use crate::{
        insights::{self, model::Happened},
        people::access::Permission,
        server::request,
    };

    let access = request::access(&team, Permission::Read).await?;
    let is_made_again = request::is_made_again();
    let read = super::store::now(access.db(), access.team(), Some(access.person().id));
    let count = async {
        if !is_made_again {
            insights::actions::count(&access, Happened::NowOpened).await;
        }
    };
    let (now, ()) = tokio::join!(read, count);
    now
}

/// The same for a page that is open and reads it again by itself.
#[server]
pub async fn load_now_again(team: String) -> Result<NowView> {
    use crate::{people::access::Permission, server::request};

    let access = request::access_in_passing(&team, Permission::Read).await?;
    super::store::now(access.db(), access.team(), Some(access.person().id)).await
}
