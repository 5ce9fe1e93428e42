//! The page of my tasks.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use super::model::{MOST, MineTask, MineView, Section};
use crate::{
    error::Result,
    ids::PersonId,
    live::{coalesced::at_events, model::FeedEvent},
    people::{model::TeamView, shell::use_team},
    tasks::{due, model::Priority},
    ui::{
        avatar::Avatar,
        data::PageData,
        page::Loaded,
        time::{Moment, duration},
    },
};

#[component]
pub fn MinePage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let mine = PageData::new(move || slug.clone(), load_mine);
    view! { <Loaded data=mine view=move |mine| view! { <Mine team=team.clone() loaded=mine /> } /> }
}

/// What the lines are told by.
#[derive(Clone, Copy)]
struct Frame {
    home: StoredValue<String>,
    /// The server's clock, in seconds since 1970, when the page was read last.
    now: RwSignal<i64>,
    /// The team's calendar date, `YYYY-MM-DD`.
    today: Memo<String>,
}

#[component]
fn Mine(team: TeamView, loaded: MineView) -> impl IntoView {
    let title = format!("My tasks · {}", team.name);
    let clock = RwSignal::new(loaded.now);
    let mine = RwSignal::new(loaded);
    follow_feed(team.slug.clone(), team.me.id, mine, clock);
    let home = format!("/teams/{}", team.slug);
    let frame = Frame {
        home: StoredValue::new(home.clone()),
        now: clock,
        today: Memo::new(move |_| mine.with(|mine| mine.today.clone())),
    };
    let may_write = team.role.may_write();
    let none = Memo::new(move |_| mine.with(|mine| mine.sections.is_empty()));
    let sections = move || {
        let sections =
            mine.with(|mine| mine.sections.iter().map(|(section, _)| *section).collect());
        Vec::<Section>::into_iter(sections)
    };
    let tasks_of = move |section: Section| {
        mine.with(|mine| {
            let own = mine.sections.iter().find(|(other, _)| *other == section);
            own.map(|(_, tasks)| tasks.clone()).unwrap_or_default()
        })
    };
    view! {
        <Title text=title />
        <div class="mine-page">
            <h1>"My tasks"</h1>
            {move || none.get().then(|| nothing_to_do(may_write, &home))}
            {move || cut(mine.with(|mine| mine.has_more.0), "your tasks")}
            <For each=sections key=|section| *section let:section>
                <Lines
                    heading=section.label()
                    id=format!("mine-{}", section as u8)
                    tasks=Signal::derive(move || tasks_of(section))
                    frame=frame
                />
            </For>
            <Show when=move || mine.with(|mine| !mine.watched.is_empty())>
                <Lines
                    heading="Watching"
                    id="mine-watched".to_owned()
                    tasks=Signal::derive(move || mine.with(|mine| mine.watched.clone()))
                    frame=frame
                />
                {move || cut(mine.with(|mine| mine.has_more.1), "what you watch")}
            </Show>
        </div>
    }
}

/// Reads the page again when something happens that it may show. Only what is different is drawn anew.
fn follow_feed(team: String, me: PersonId, mine: RwSignal<MineView>, clock: RwSignal<i64>) {
    let read = move || {
        let request = load_mine(team.clone());
        async move {
            let fresh = request.await?;
            if !mine.is_disposed() {
                clock.set(fresh.now);
                mine.set(fresh);
            }
            Ok(())
        }
    };
    // Who comments watches from then on; what others say changes nothing here.
    let concerns =
        move |event: &FeedEvent| event.actor.id == me || !event.kind.starts_with("comment.");
    at_events(mine.with_untracked(|mine| mine.seq), concerns, read);
}

/// One section. A line is drawn anew when something in it is different.
#[component]
fn Lines(
    heading: &'static str,
    id: String,
    tasks: Signal<Vec<MineTask>>,
    frame: Frame,
) -> impl IntoView {
    let labelled = id.clone();
    view! {
        <section class="mine-section" aria-labelledby=labelled>
            <h2 id=id>
                {heading} " " <span class="count">{move || tasks.with(Vec::len)}</span>
            </h2>
            <ul class="mine-tasks">
                <For
                    each=move || {
                        let today = frame.today.get();
                        tasks.get().into_iter().map(move |task| (task, today.clone()))
                    }
                    key=|line| line.clone()
                    let:line
                >
                    <Line task=line.0 today=line.1 frame=frame />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Line(task: MineTask, today: String, frame: Frame) -> impl IntoView {
    let href = format!("{}/tasks/{}", frame.home.get_value(), task.key);
    let due = task.due_on.map(|date| {
        let class = due::Nearness::of(&date, &today).class();
        view! { <span class=class>{due::words(&date, &today)}</span> }
    });
    let priority = (task.priority != Priority::Normal).then(|| {
        let class = format!("priority {}", task.priority.as_str());
        view! { <span class=class>{task.priority.label()}</span> }
    });
    let holder = (!task.is_mine).then(|| match task.holder {
        Some(name) => {
            view! { <span class="mine-holder"><Avatar name=name.clone() />{name}</span> }.into_any()
        }
        None => view! { <span class="mine-holder muted">"Nobody"</span> }.into_any(),
    });
    view! {
        <li class="mine-task">
            <span class="task-key">{task.key}</span>
            " "
            <span class="mine-title">
                <A href=href>{task.title}</A>
                " "
                <span class="muted mine-place">{task.board} " · " {task.column}</span>
            </span>
            " "
            <span class="mine-facts">
                {holder}
                " "
                {priority}
                " "
                {due}
                " "
                <Moment at=task.since class="muted">
                    {move || format!("for {}", duration(frame.now.get() - task.since))}
                </Moment>
            </span>
        </li>
    }
}

/// What to do when nothing is one's own: one step, the next one.
fn nothing_to_do(may_write: bool, home: &str) -> impl IntoView + use<> {
    let free = may_write.then(|| {
        let href = format!("{home}/search?q=is%3Atodo+is%3Aunassigned");
        view! {
            <A href=href attr:class="button primary">
                "Find a task that nobody has"
            </A>
        }
    });
    let words = if may_write {
        "Nothing is assigned to you. A task that you claim, or that somebody gives you, is listed here by when it is due."
    } else {
        "Viewers hold no tasks. What you watch is listed here: the button Watch is on the page of each task."
    };
    view! {
        <div class="empty">
            <p>{words}</p>
            {free}
        </div>
    }
}

/// Says that a list was cut.
fn cut(is: bool, what: &'static str) -> Option<impl IntoView> {
    is.then(|| {
        view! { <p class="muted">"The first " {MOST} " of " {what} ", by when they are due."</p> }
    })
}

/// What the reader has to do and what they watch.
#[server]
pub async fn load_mine(team: String) -> Result<MineView> {
    use crate::{people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    super::store::mine(access.db(), access.team(), access.person().id).await
}
