//! The Now page.

mod summary;

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use self::summary::Summary;
use super::model::{NowView, PersonNow, TaskNow};
use crate::{
    error::Result,
    ids::PersonId,
    live::coalesced::at_events,
    people::{model::TeamView, shell::use_team},
    ui::{
        avatar::Avatar,
        page::Loaded,
        time::{due, duration, exact},
    },
};

/// So many tasks at once are a lot for one person.
const A_LOT: usize = 5;

#[component]
pub fn NowPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let now = Resource::new_blocking(move || slug.clone(), load_now);
    view! { <Loaded data=now view=move |now| view! { <Now team=team.clone() loaded=now /> } /> }
}

/// What all rows of the page are told by.
#[derive(Clone)]
struct Frame {
    /// The server's clock, in seconds since 1970, when the page was read last.
    now: RwSignal<i64>,
    today: String,
    home: String,
    me: PersonId,
    /// Whether there can be something that the reader could take.
    can_take: bool,
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
    let summary =
        move || now.with(|now| (!now.is_quiet()).then(|| view! { <Summary now=now.clone() /> }));
    let home = format!("/teams/{}", team.slug);
    let may_write = team.role.may_write();
    let frame = Signal::derive(move || {
        now.with(|now| Frame {
            now: clock,
            today: now.today.clone(),
            home: home.clone(),
            me: team.me.id,
            can_take: may_write && now.has_tasks && now.first_board.is_some(),
        })
    });
    view! {
        <Title text=title />
        <div class="now-page">
            <header class="now-header">
                <h1>"Now"</h1>
                {summary}
            </header>
            {quiet}
            <section aria-labelledby="now-people">
                <h2 id="now-people" class="visually-hidden">
                    "Who is on what"
                </h2>
                <ul class="now-people">
                    <People rows=Signal::derive(move || now.with(|now| now.people.clone())) frame=frame />
                </ul>
            </section>
            <Unheld tasks=Signal::derive(move || now.with(|now| now.unheld.clone())) frame=frame />
            <Former rows=Signal::derive(move || now.with(|now| now.former.clone())) frame=frame />
        </div>
    }
}

/// Reads the page again when something happens that it may show. Only what is different is drawn anew.
fn follow_feed(team: String, now: RwSignal<NowView>, clock: RwSignal<i64>) {
    let read = move || {
        let request = load_now(team.clone());
        async move {
            let fresh = request.await?;
            if !now.is_disposed() {
                clock.set(fresh.now);
                now.set(fresh);
            }
            Ok(())
        }
    };
    let seq = now.with_untracked(|now| now.seq);
    at_events(seq, |event| !event.kind.starts_with("comment."), read);
}

/// The rows of people. One is drawn anew when something in it is different.
#[component]
fn People(rows: Signal<Vec<PersonNow>>, frame: Signal<Frame>) -> impl IntoView {
    let each = move || {
        let frame = frame.get();
        let rows = rows.get().into_iter();
        rows.map(|row| (row, frame.clone())).collect::<Vec<_>>()
    };
    view! {
        <For each=each key=|(row, frame)| (row.clone(), frame.today.clone(), frame.can_take) let:row>
            <PersonRow row=row.0 frame=row.1 />
        </For>
    }
}

#[component]
fn PersonRow(row: PersonNow, frame: Frame) -> impl IntoView {
    let is_me = row.person.id == frame.me;
    let count = row.tasks.len();
    let load = match count {
        0 | 1 => None,
        A_LOT.. => Some(("badge warning", format!("{count} at once"))),
        _ => Some(("count", count.to_string())),
    };
    let tasks = if row.tasks.is_empty() {
        let boards = (is_me && frame.can_take).then(|| format!("{}/boards", frame.home));
        Either::Left(view! {
            <p class="muted now-idle">
                "Nothing in progress"
                {boards
                    .map(|href| {
                        view! {
                            ". "
                            <A href=href>"Take a task"</A>
                        }
                    })}
            </p>
        })
    } else {
        Either::Right(view! { <Tasks tasks=row.tasks frame=frame /> })
    };
    view! {
        <li class="now-row" class:mine=is_me>
            <h3 class="now-person">
                <Avatar name=row.person.name.clone() />
                <span class="now-name">
                    {row.person.name} {is_me.then(|| view! { <span class="muted now-you">" (you)"</span> })}
                </span>
                {load
                    .map(|(class, words)| {
                        view! { <span class=class>{words} <span class="visually-hidden">" in progress"</span></span> }
                    })}
            </h3>
            {tasks}
        </li>
    }
}

#[component]
fn Unheld(tasks: Signal<Vec<TaskNow>>, frame: Signal<Frame>) -> impl IntoView {
    let some = Memo::new(move |_| tasks.with(|tasks| !tasks.is_empty()));
    view! {
        <Show when=move || some.get()>
            <section class="now-unheld" aria-labelledby="now-unheld">
                <h2 id="now-unheld">"In progress, held by nobody"</h2>
                {move || view! { <Tasks tasks=tasks.get() frame=frame.get() /> }}
            </section>
        </Show>
    }
}

#[component]
fn Former(rows: Signal<Vec<PersonNow>>, frame: Signal<Frame>) -> impl IntoView {
    let some = Memo::new(move |_| rows.with(|rows| !rows.is_empty()));
    view! {
        <Show when=move || some.get()>
            <section class="now-former" aria-labelledby="now-former">
                <h2 id="now-former">"Held by former members"</h2>
                <ul class="now-people">
                    <People rows=rows frame=frame />
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn Tasks(tasks: Vec<TaskNow>, frame: Frame) -> impl IntoView {
    view! {
        <ul class="now-tasks">
            {tasks
                .into_iter()
                .map(|task| view! { <TaskLine task=task frame=frame.clone() /> })
                .collect_view()}
        </ul>
    }
}

#[component]
fn TaskLine(task: TaskNow, frame: Frame) -> impl IntoView {
    let Frame {
        now, today, home, ..
    } = frame;
    let since = exact(task.since);
    let is_soon = task.is_soon(&today);
    let due = task.due_on.map(|date| {
        view! {
            <span class="due" class:late=task.is_overdue class:soon=is_soon>
                {due(&date, &today)}
            </span>
        }
    });
    let state = if task.in_progress {
        "for "
    } else {
        "not started, since "
    };
    view! {
        <li class="now-task">
            <span class="task-key">{task.key.clone()}</span>
            " "
            <span class="now-title">
                <A href=format!("{home}/tasks/{}", task.key)>{task.title}</A>
                " "
                <span class="muted now-board">{task.board}</span>
            </span>
            " "
            <span class="muted now-since">
                {state}
                <time datetime=since.clone() title=since.replace('T', " ").replace('Z', " UTC")>
                    {move || duration(now.get() - task.since)}
                </time>
            </span>
            " "
            {due}
        </li>
    }
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

/// Who is on what.
#[server]
pub async fn load_now(team: String) -> Result<NowView> {
    use crate::{people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    super::store::now(access.db(), access.team()).await
}
