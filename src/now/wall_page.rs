//! The Now page on a display: it fills the screen, needs no input and leads nowhere.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    model::{NowView, PersonNow, TaskNow},
    now_page::{AGAIN, Load, Notes, Summary},
};
use crate::{
    error::{Code, Result},
    live::{
        coalesced::at_events_and_every,
        listener::{self, Live},
    },
    ui::{avatar::Avatar, data::PageData, page::Loaded, time::duration},
};

/// How many tasks of nobody a display has room for.
const UNHELD: usize = 3;

#[component]
pub fn WallPage() -> impl IntoView {
    let params = use_params_map();
    let token = params.with_untracked(|params| params.get("token").unwrap_or_default());
    let now = {
        let token = token.clone();
        PageData::new(move || token.clone(), load_wall)
    };
    view! { <Loaded data=now view=move |now| view! { <Wall token=token.clone() loaded=now /> } /> }
}

#[component]
fn Wall(token: String, loaded: NowView) -> impl IntoView {
    let title = format!("Now · {}", loaded.team);
    let now = RwSignal::new(loaded);
    let live = Live::provide();
    follow_feed(token, live, now);
    let updated = move || {
        let clock = now.with(|now| now.clock.clone());
        if live.connected.get() {
            format!("Updated {clock}")
        } else {
            format!("No connection since {clock}")
        }
    };
    let class = move || {
        let (size, _) = now.with(room);
        let lost = if live.connected.get() { "" } else { " lost" };
        format!("wall {size}{lost}")
    };
    view! {
        <Title text=title />
        <main class=class id="content">
            <header class="wall-header">
                <h1>{move || now.with(|now| now.team.clone())}</h1>
                {move || view! { <Summary facts=now.with(|now| now.summary.clone()) /> }}
                <p class="wall-clock">
                    {updated}
                </p>
            </header>
            {move || {
                now.with(|now| {
                    let (_, most) = room(now);
                    let rows = now.people.iter().chain(&now.former).cloned();
                    let rows = rows
                        .enumerate()
                        .map(|(index, row)| {
                            let has_left = index >= now.people.len();
                            view! { <Person row=row has_left=has_left most=most now=now.now /> }
                        })
                        .collect_view();
                    view! {
                        <ul class="wall-people" aria-label="Who is on what">
                            {rows}
                        </ul>
                        <Unheld tasks=now.unheld.clone() now=now.now />
                        <Weeks view=now.clone() />
                    }
                })
            }}
        </main>
    }
}

/// The class for so many rows, and how many tasks of each there is room for.
fn room(now: &NowView) -> (&'static str, usize) {
    match now.people.len().saturating_add(now.former.len()) {
        0..=4 => ("few", 5),
        5..=8 => ("some", 4),
        9..=12 => ("many", 3),
        13..=20 => ("crowd", 2),
        _ => ("crowd full", 1),
    }
}

/// Reads the page again when something happens. A display runs for weeks, so it is loaded anew when the
/// connection comes back, perhaps from a newer server, and when its link does not hold any more.
fn follow_feed(token: String, live: Live, now: RwSignal<NowView>) {
    let seq = now.with_untracked(|now| now.seq);
    let read = {
        let token = token.clone();
        move || {
            let request = load_wall(token.clone());
            async move {
                match request.await {
                    Ok(fresh) if !now.is_disposed() => now.set(fresh),
                    Err(error) if error.code == Code::NotFound => load_anew(),
                    Err(error) => return Err(error),
                    Ok(_) => {}
                }
                Ok(())
            }
        }
    };
    Effect::new(move |_| {
        let name = format!("skateboard wall {token}");
        listener::start_at(live, &name, format!("/wall/{token}/live"), seq);
    });
    let check = read.clone();
    Effect::new(move |before: Option<bool>| {
        let connected = live.connected.get();
        match (before, connected) {
            (Some(false), true) => load_anew(),
            (_, false) => {
                let request = check();
                // It is asked again as long as there is none.
                spawn_local(async move { drop(request.await) });
            }
            _ => {}
        }
        connected
    });
    at_events_and_every(seq, AGAIN, |_| true, read);
}

fn load_anew() {
    // Where the browser refuses, the page says that it is not connected.
    let _ = window().location().reload();
}

#[component]
fn Person(row: PersonNow, has_left: bool, most: usize, now: i64) -> impl IntoView {
    let hidden = row.tasks.len().saturating_sub(most);
    let rest = match (hidden, row.waiting) {
        (0, waiting) => waiting.map(|waiting| format!("{waiting} not started")),
        (hidden, _) => Some(format!("and {hidden} more")),
    };
    let idle = row.in_progress == 0;
    view! {
        <li class="wall-person">
            <h2>
                <Avatar name=row.person.name.clone() />
                <span class="now-name">{row.person.as_holder(has_left)}</span>
                <Load in_progress=row.in_progress over_limit=row.over_limit />
            </h2>
            {idle.then(|| view! { <p class="now-idle">"Nothing in progress"</p> })}
            <ul class="wall-tasks">
                {row
                    .tasks
                    .into_iter()
                    .take(most)
                    .map(|task| view! { <Task task=task now=now /> })
                    .collect_view()}
            </ul>
            {rest.map(|words| view! { <p class="muted wall-rest">{words}</p> })}
        </li>
    }
}

#[component]
fn Task(task: TaskNow, now: i64) -> impl IntoView {
    let state = if task.in_progress {
        format!("for {}", duration(now - task.since))
    } else {
        "not started".to_owned()
    };
    view! {
        <li class="wall-task" class:waits=!task.in_progress>
            <p class="wall-title">{task.title}</p>
            // What asks for something comes first: a line may be too short for the rest.
            <p class="wall-facts">
                <Notes due=task.due notes=task.notes />
                <span class="muted">{task.key} " · " {state}</span>
            </p>
        </li>
    }
}

#[component]
fn Unheld(tasks: Vec<TaskNow>, now: i64) -> impl IntoView {
    let hidden = tasks.len().saturating_sub(UNHELD);
    (!tasks.is_empty()).then(|| {
        view! {
            <section class="wall-unheld" aria-labelledby="wall-unheld">
                <h2 id="wall-unheld">"Held by nobody"</h2>
                <ul class="wall-tasks">
                    {tasks
                        .into_iter()
                        .take(UNHELD)
                        .map(|task| view! { <Task task=task now=now /> })
                        .collect_view()}
                </ul>
                {(hidden > 0).then(|| view! { <p class="muted wall-rest">{format!("and {hidden} more")}</p> })}
            </section>
        }
    })
}

#[component]
fn Weeks(view: NowView) -> impl IntoView {
    let weeks = view.look_back.team;
    let facts = [
        ("finished", weeks.finished),
        ("started", weeks.started),
        ("slipped", weeks.slipped),
    ];
    let words = facts.map(|(what, [last, before])| format!("{last} {what} ({before} before)"));
    view! { <p class="muted wall-weeks">{format!("The last seven days: {}", words.join(", "))}</p> }
}

/// Who is on what, for whoever holds the token of a wall link.
#[server]
pub async fn load_wall(token: String) -> Result<NowView> {
    use crate::{people::access::DisplayAccess, server::request};

    let db = request::state().db;
    let access = DisplayAccess::enter(&db, &token).await?;
    super::store::now(&db, access.team(), None).await
}
