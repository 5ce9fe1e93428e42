//! The Now page.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;

use super::model::{NowView, PersonNow, TaskNow};
use crate::{
    error::Result,
    people::{model::TeamView, shell::use_team},
    ui::{
        avatar::Avatar,
        page::Loaded,
        time::{day, duration, exact},
    },
};

#[component]
pub fn NowPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let now = Resource::new_blocking(move || slug.clone(), load_now);
    view! { <Loaded data=now view=move |now| view! { <Now team=team.clone() now=now /> } /> }
}

/// The clock that all rows of the page are told by.
#[derive(Clone)]
struct Clock {
    now: i64,
    today: String,
    home: String,
}

#[component]
fn Now(team: TeamView, now: NowView) -> impl IntoView {
    let title = format!("Now · {}", team.name);
    let next_step = now.is_quiet().then(|| next_step(&team, &now));
    let clock = Clock {
        now: now.now,
        today: now.today,
        home: format!("/teams/{}", team.slug),
    };
    let people_clock = clock.clone();
    view! {
        <Title text=title />
        <div class="now-page">
            <h1>"Now"</h1>
            {next_step}
            <section aria-labelledby="now-people">
                <h2 id="now-people" class="visually-hidden">
                    "Who is on what"
                </h2>
                <ul class="now-people">
                    {now
                        .people
                        .into_iter()
                        .map(|row| view! { <PersonRow row=row clock=people_clock.clone() /> })
                        .collect_view()}
                </ul>
            </section>
            <Unheld tasks=now.unheld clock=clock.clone() />
            <Former rows=now.former clock=clock />
        </div>
    }
}

#[component]
fn PersonRow(row: PersonNow, clock: Clock) -> impl IntoView {
    let tasks = if row.tasks.is_empty() {
        Either::Left(view! { <p class="muted now-idle">"Nothing in progress"</p> })
    } else {
        Either::Right(view! { <Tasks tasks=row.tasks clock=clock /> })
    };
    view! {
        <li class="now-row">
            <h3 class="now-person">
                <Avatar name=row.person.name.clone() />
                {row.person.name}
            </h3>
            {tasks}
        </li>
    }
}

#[component]
fn Unheld(tasks: Vec<TaskNow>, clock: Clock) -> impl IntoView {
    (!tasks.is_empty()).then(|| {
        view! {
            <section class="now-unheld" aria-labelledby="now-unheld">
                <h2 id="now-unheld">"In progress, held by nobody"</h2>
                <Tasks tasks=tasks clock=clock />
            </section>
        }
    })
}

#[component]
fn Former(rows: Vec<PersonNow>, clock: Clock) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="now-former" aria-labelledby="now-former">
                <h2 id="now-former">"Held by former members"</h2>
                <ul class="now-people">
                    {rows
                        .into_iter()
                        .map(|row| view! { <PersonRow row=row clock=clock.clone() /> })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Tasks(tasks: Vec<TaskNow>, clock: Clock) -> impl IntoView {
    view! {
        <ul class="now-tasks">
            {tasks
                .into_iter()
                .map(|task| view! { <TaskLine task=task clock=clock.clone() /> })
                .collect_view()}
        </ul>
    }
}

#[component]
fn TaskLine(task: TaskNow, clock: Clock) -> impl IntoView {
    let Clock { now, today, home } = clock;
    let since = exact(task.since);
    let due = task.due_on.map(|due| {
        let words = day(&due, &today);
        let words = if task.is_overdue {
            format!("Overdue, was due {words}")
        } else {
            format!("Due {words}")
        };
        view! {
            <span class="due" class:overdue=task.is_overdue>
                {words}
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
            <A href=format!("{home}/tasks/{}", task.key)>{task.title}</A>
            " "
            <span class="muted now-board">{task.board}</span>
            " "
            <span class="muted now-since">
                {state}
                <time
                    datetime=since.clone()
                    title=since.replace('T', " ").replace('Z', " UTC")
                >
                    {duration(now - task.since)}
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
        _ if !may_write => ("Nobody has anything in progress.", None),
        None => (
            "The team has no board yet. Tasks live on boards.",
            Some((format!("{home}/boards"), "Create a board".to_owned())),
        ),
        Some(board) if !now.has_tasks => (
            "Here stands who is on what, once there are tasks.",
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
            "Nobody has anything in progress.",
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
