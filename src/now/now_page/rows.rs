//! The rows of the page. One is drawn anew when something in it is different.

use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

use crate::{
    ids::PersonId,
    live::model::Present,
    now::model::{Note, PersonNow, TaskNow},
    ui::{
        avatar::Avatar,
        time::{Moment, duration},
    },
};

/// What all rows of the page are told by.
#[derive(Clone)]
pub struct Frame {
    /// The server's clock, in seconds since 1970, when the page was read last.
    pub now: RwSignal<i64>,
    pub home: String,
    pub me: PersonId,
    /// Who looks at anything of the team.
    pub present: RwSignal<Vec<Present>>,
}

#[component]
pub fn People(
    rows: Signal<Vec<PersonNow>>,
    frame: Frame,
    /// Whether there can be something that the reader could take.
    can_take: Memo<bool>,
) -> impl IntoView {
    view! {
        <For each=move || rows.get() key=Clone::clone let:row>
            <PersonRow row=row frame=frame.clone() can_take=can_take />
        </For>
    }
}

#[component]
fn PersonRow(row: PersonNow, frame: Frame, can_take: Memo<bool>) -> impl IntoView {
    let id = row.person.id;
    let is_me = id == frame.me;
    let present = frame.present;
    let is_here =
        Memo::new(move |_| present.with(|present| present.iter().any(|who| who.person.id == id)));
    let waiting = row.waiting.map(|waiting| format!("{waiting} not started"));
    let idle = (row.in_progress == 0).then(|| {
        let boards = format!("{}/boards", frame.home);
        let take = move || {
            (is_me && can_take.get()).then(|| {
                view! {
                    ". "
                    <A href=boards.clone()>"Take a task"</A>
                }
            })
        };
        view! { <p class="now-idle">"Nothing in progress" {take}</p> }
    });
    let has_tasks = !row.tasks.is_empty();
    view! {
        <li class="now-row" class:mine=is_me>
            <h3 class="now-person">
                <Avatar name=row.person.name.clone() />
                <span class="now-name">
                    {row.person.name.clone()}
                    {is_me.then(|| view! { <span class="muted now-you">" (you)"</span> })}
                </span>
                {move || {
                    is_here
                        .get()
                        .then(|| {
                            view! {
                                <span class="now-here" title="Here now">
                                    <span class="visually-hidden">"here now"</span>
                                </span>
                            }
                        })
                }}
                <Load in_progress=row.in_progress over_limit=row.over_limit />
            </h3>
            <div class="now-work">
                {idle}
                {has_tasks.then(|| view! { <Tasks tasks=row.tasks is_mine=is_me frame=frame /> })}
                {waiting.map(|words| view! { <p class="muted now-waiting">{words}</p> })}
            </div>
        </li>
    }
}

/// How much somebody has in progress, when it is more than one thing.
#[component]
pub fn Load(in_progress: usize, over_limit: Option<i16>) -> impl IntoView {
    match over_limit {
        Some(limit) => {
            let words = format!("{in_progress} in progress, limit {limit}");
            Some(Either::Left(
                view! { <span class="badge warning now-over">{words}</span> },
            ))
        }
        None if in_progress > 1 => Some(Either::Right(view! {
            <span class="count">
                {in_progress} <span class="visually-hidden">" in progress"</span>
            </span>
        })),
        None => None,
    }
}

#[component]
pub fn Unheld(tasks: Signal<Vec<TaskNow>>, frame: Frame) -> impl IntoView {
    let some = Memo::new(move |_| tasks.with(|tasks| !tasks.is_empty()));
    view! {
        <Show when=move || some.get()>
            <section class="now-unheld" aria-labelledby="now-unheld">
                <h2 id="now-unheld">"Held by nobody"</h2>
                {
                    let frame = frame.clone();
                    move || view! { <Tasks tasks=tasks.get() is_mine=false frame=frame.clone() /> }
                }
            </section>
        </Show>
    }
}

#[component]
pub fn Former(rows: Signal<Vec<PersonNow>>, frame: Frame, can_take: Memo<bool>) -> impl IntoView {
    let some = Memo::new(move |_| rows.with(|rows| !rows.is_empty()));
    view! {
        <Show when=move || some.get()>
            <section class="now-former" aria-labelledby="now-former">
                <h2 id="now-former">"Held by former members"</h2>
                <ul class="now-people">
                    <People rows=rows frame=frame.clone() can_take=can_take />
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn Tasks(tasks: Vec<TaskNow>, is_mine: bool, frame: Frame) -> impl IntoView {
    view! {
        <ul class="now-tasks">
            {tasks
                .into_iter()
                .map(|task| {
                    view! { <TaskLine task=task is_mine=is_mine now=frame.now home=frame.home.clone() /> }
                })
                .collect_view()}
        </ul>
    }
}

#[component]
fn TaskLine(task: TaskNow, is_mine: bool, now: RwSignal<i64>, home: String) -> impl IntoView {
    let href = format!("{home}/tasks/{}", task.key);
    let asks = (is_mine && task.is_stale).then(|| {
        let key = task.key.clone();
        view! {
            " "
            <A href=href.clone() attr:class="now-ask">
                "Still on it?"
                <span class="visually-hidden">{format!(" {key}")}</span>
            </A>
        }
    });
    view! {
        <li class="now-task" class:waits=!task.in_progress>
            <span class="task-key">{task.key.clone()}</span>
            " "
            <span class="now-title">
                <A href=href>{task.title}</A>
                " "
                <span class="muted now-board">{task.board}</span>
            </span>
            " "
            <span class="muted now-since">
                {if task.in_progress {
                    Either::Left(
                        view! {
                            "for "
                            <Moment at=task.since>{move || duration(now.get() - task.since)}</Moment>
                        },
                    )
                } else if task.is_next {
                    Either::Right("due next")
                } else {
                    Either::Right("not started")
                }}
            </span>
            " "
            <span class="now-notes">
                <Notes due=task.due notes=task.notes />
                {asks}
            </span>
        </li>
    }
}

/// When a task is due, and why it needs attention.
#[component]
pub fn Notes(due: Option<Note>, notes: Vec<Note>) -> impl IntoView {
    due.into_iter()
        .chain(notes)
        .map(|note| {
            let class = format!("now-note {}", note.tone.class());
            view! {
                <span class=class>{note.words}</span>
                " "
            }
        })
        .collect_view()
}
