//! The bell's list: what one was told, newest first, and what one wants to be told.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    bell::{Unread, use_unread},
    model::{Kind, NotificationSettings, NotificationView, NotificationsView},
    requests::{ChangeNotifications, MarkAllRead, MarkRead, load_notifications},
};
use crate::{
    forms::view::PlainForm,
    people::shell::use_team,
    ui::{
        announce::use_announcer,
        data::PageData,
        page::{Loaded, focus_content},
        time::{Ago, day},
        words::counted,
    },
};

#[component]
pub fn NotificationsPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|query| query.get("before")));
    let page = PageData::new(
        move || (slug.clone(), before.get()),
        |(team, before)| load_notifications(team, before),
    );
    let title = format!("Notifications · {}", team.name);
    view! {
        <Title text=title />
        <Loaded
            data=page
            view=move |view| {
                view! {
                    <Notifications
                        team=team.slug.clone()
                        is_newest=before.with_untracked(Option::is_none)
                        page=view
                        reload=move || page.refetch()
                    />
                }
            }
        />
    }
}

#[component]
fn Notifications(
    /// Its slug.
    team: String,
    /// Whether it begins with the newest.
    is_newest: bool,
    page: NotificationsView,
    reload: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let NotificationsView {
        items,
        older,
        unread,
        settings,
        mail,
        time_zone,
        now,
        today,
    } = page;
    // How many there would be if nothing had come since the page was made.
    let known = RwSignal::new(unread);
    let home = format!("/teams/{team}");
    let newest = items.first().map(|newest| newest.number);
    let slug = team.clone();
    let read_all = newest.filter(|_| unread > 0 && is_newest).map(|newest| {
        view! {
            <PlainForm action=MarkAllRead::url() class="mark-all-read">
                <input type="hidden" name="team" value=slug />
                <input type="hidden" name="until" value=newest.to_string() />
                <button type="submit">"Mark all read"</button>
            </PlainForm>
        }
    });
    let empty = items.is_empty().then(|| {
        view! {
            <p class="empty">
                "Nothing yet. You are told here when somebody gives you a task, mentions you, or comments on what is yours, and when a task of yours is due."
            </p>
        }
    });
    let older = older.map(|number| {
        view! {
            <p>
                <a class="button" href=format!("{home}/notifications?before={number}")>
                    "Older"
                </a>
            </p>
        }
    });
    let row = {
        let team = team.clone();
        move |item| {
            view! { <Item team=team.clone() item=item known=known now=now today=today.clone() /> }
        }
    };
    view! {
        <div class="notifications-page">
            <header class="page-header">
                <h1>"Notifications"</h1>
                <div class="notification-tools">
                    {read_all}
                    // The browser's own way there takes the focus along.
                    <a href="#told" rel="external">
                        "What you are told"
                    </a>
                </div>
            </header>
            <News known=known reload=reload />
            {empty}
            <ul class="notifications">{items.into_iter().map(row).collect_view()}</ul>
            {older}
            <Choices team=team settings=settings mail=mail time_zone=time_zone />
        </div>
    }
}

/// What came since is shown when the reader asks for it, so that nothing moves under their hands.
#[component]
fn News(known: RwSignal<i64>, reload: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let Unread(unread) = use_unread();
    let is_loaded = RwSignal::new(false);
    Effect::new(move || is_loaded.set(true));
    move || {
        let news = unread.get() - known.get();
        (is_loaded.get() && news > 0).then(|| {
            view! {
                <p class="notification-news">
                    <button
                        type="button"
                        on:click=move |_| {
                            reload();
                            focus_content();
                        }
                    >
                        {format!("Show {news} new")}
                    </button>
                </p>
            }
        })
    }
}

#[component]
fn Item(
    team: String,
    item: NotificationView,
    known: RwSignal<i64>,
    now: i64,
    today: String,
) -> impl IntoView {
    let what = in_words(&item, &today);
    let further = further(&team, &item);
    let anchor = item
        .comment
        .map(|comment| format!("#comment-{comment}"))
        .unwrap_or_default();
    let href = format!("/teams/{team}/tasks/{}{anchor}", item.task);
    let is_unread = RwSignal::new(item.unread);
    let (bell, announcer) = (use_unread(), use_announcer());
    let link = NodeRef::<leptos::html::A>::new();
    let id = item.id;
    let read = {
        let team = team.clone();
        move || {
            if is_unread.get_untracked() {
                is_unread.set(false);
                known.update(|known| *known -= 1);
                bell.read(team.clone(), id, move |error| {
                    is_unread.try_set(true);
                    known.try_update(|known| *known += 1);
                    announcer.failure(error.message);
                });
            }
        }
    };
    let read_by_opening = read.clone();
    let mark = move || {
        let (team, read) = (team.clone(), read.clone());
        is_unread.get().then(|| {
            view! {
                <form
                    method="post"
                    action=MarkRead::url()
                    on:submit=move |event: SubmitEvent| {
                        event.prevent_default();
                        read();
                        announcer.success("Marked as read.");
                        // The button goes, and the focus stays in its row.
                        if let Some(link) = link.get_untracked() {
                            let _ = link.focus();
                        }
                    }
                >
                    <input type="hidden" name="team" value=team />
                    <input type="hidden" name="notification" value=id.to_string() />
                    <button type="submit" class="quiet">
                        "Mark read"
                    </button>
                </form>
            }
        })
    };
    view! {
        <li class="notification" class:unread=is_unread>
            <p class="notification-what">
                {move || {
                    is_unread.get().then(|| view! { <span class="notification-new">"New"</span> " " })
                }} {what} " " <span class="muted">
                    <Ago at=item.at now=now />
                </span>
            </p>
            <p class="notification-task">
                <span class="task-key">{item.task}</span>
                " "
                <a node_ref=link href=href on:click=move |_| read_by_opening()>
                    {item.title}
                </a>
                {further}
                {item.deleted.then_some(" (deleted)")}
            </p>
            {mark}
        </li>
    }
}

/// The other tasks of the same deed. Those that were assigned are among the reader's own.
fn further(team: &str, item: &NotificationView) -> Option<AnyView> {
    let words = match item.further_tasks {
        0 => return None,
        count => counted(count, "more task", "more tasks"),
    };
    Some(match item.kind {
        Kind::Assigned => {
            let mine = format!("/teams/{team}/mine");
            view! {
                " and "
                <a href=mine>{words}</a>
            }
            .into_any()
        }
        _ => format!(" and {words}").into_any(),
    })
}

/// Why the reader is told of the task.
fn in_words(item: &NotificationView, today: &str) -> String {
    let who = item.actor.as_ref().map_or("Somebody", |actor| &actor.name);
    let due = item.due_on.as_deref().map(|due_on| day(due_on, today));
    let due = due.unwrap_or_default();
    match item.kind {
        Kind::Mentioned => format!("{who} mentioned you"),
        Kind::Assigned => format!("{who} assigned this to you"),
        Kind::Commented => format!("{who} commented"),
        Kind::Contested => format!("{who} tried to claim your task"),
        Kind::DueSoon => format!("Yours is due on {due}"),
        Kind::Late => format!("Yours is late, it was due on {due}"),
    }
}

/// What the reader wants to be told.
#[component]
fn Choices(
    team: String,
    settings: NotificationSettings,
    mail: bool,
    time_zone: String,
) -> impl IntoView {
    let digest = if mail {
        format!("At 07:00 on working days, {time_zone} time, when there is something to say.")
    } else {
        "This server sends no mail yet.".to_owned()
    };
    view! {
        <section class="notification-choices" id="told">
            <h2>"What you are told"</h2>
            <PlainForm action=ChangeNotifications::url()>
                <input type="hidden" name="team" value=team />
                <fieldset class="field" aria-describedby="mention-note">
                    <legend>"Tell me when"</legend>
                    <div class="choices">
                        {Kind::ALL
                            .into_iter()
                            .map(|kind| {
                                let checked = !settings.muted.contains(&kind);
                                view! {
                                    <label class="choice">
                                        <input type="checkbox" name=kind.as_str() value="on" checked=checked />
                                        <span>{kind.in_words()}</span>
                                    </label>
                                }
                            })
                            .collect_view()}
                    </div>
                    <p id="mention-note" class="field-note">
                        "Write @ and a name in a comment or a description to mention somebody."
                    </p>
                </fieldset>
                <fieldset class="field" aria-describedby="digest-note">
                    <legend>"By mail"</legend>
                    <div class="choices">
                        <label class="choice">
                            <input
                                type="checkbox"
                                name=NotificationSettings::DIGEST
                                value="on"
                                checked=settings.digest
                            />
                            <span>"Daily digest of my late, due and at-risk tasks"</span>
                        </label>
                    </div>
                    <p id="digest-note" class="field-note">
                        {digest}
                    </p>
                </fieldset>
                <button type="submit">"Save"</button>
            </PlainForm>
        </section>
    }
}
