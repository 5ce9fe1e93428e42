//! The bell in the team's header: how many notifications are unread, as it changes.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

use super::requests::{load_unread, mark_read};
use crate::{
    error::Error,
    ids::{NotificationId, PersonId},
    live::{coalesced::at_events_and_every, model::FeedEvent},
    people::model::TeamView,
    ui::icon::Icon,
};

/// How often the number is asked for when nothing happens: what is due, and a refused claim, are no events.
const AGAIN: Duration = Duration::from_secs(60);

/// How many notifications of the page's team are unread. The frame of the page provides it.
#[derive(Clone, Copy)]
pub struct Unread(pub RwSignal<i64>);

impl Unread {
    /// Begins with what the page was loaded with, and follows the feed.
    pub fn provide(team: &TeamView) {
        let unread = Self(RwSignal::new(team.unread));
        provide_context(unread);
        let (me, slug) = (team.me.id, team.slug.clone());
        at_events_and_every(
            team.seq,
            AGAIN,
            move |event| may_concern(event, me),
            move || {
                let slug = slug.clone();
                async move {
                    unread.set(load_unread(slug).await?);
                    Ok(())
                }
            },
        );
    }

    /// Marks a notification as read, at once on the screen, and takes that back when it fails.
    pub fn read(self, team: String, id: NotificationId, take_back: impl FnOnce(Error) + 'static) {
        self.0.update(|count| *count = (*count - 1).max(0));
        spawn_local(async move {
            match mark_read(team, id.to_string()).await {
                Ok(count) => self.set(count),
                Err(error) => {
                    self.0.try_update(|count| *count += 1);
                    take_back(error);
                }
            }
        });
    }

    fn set(self, count: i64) {
        if self
            .0
            .try_get_untracked()
            .is_some_and(|before| before != count)
        {
            self.0.set(count);
        }
    }
}

/// The unread notifications of the page's team.
pub fn use_unread() -> Unread {
    expect_context()
}

/// Whether an event may have told this person something. The server decides; this only saves questions.
fn may_concern(event: &FeedEvent, me: PersonId) -> bool {
    event.actor.id != me
        && (event.kind.starts_with("comment.")
            || event.changes.iter().any(|change| match &*change.field {
                "assignee" => change
                    .to_id
                    .as_ref()
                    .is_some_and(|id| *id == me.to_string()),
                "description" => change.to.as_ref().is_some_and(|text| text.contains('@')),
                _ => false,
            }))
}

/// The link to what is unread.
#[component]
pub fn Bell(
    /// `/teams/lantern-works`
    home: String,
) -> impl IntoView {
    let Unread(unread) = use_unread();
    let href = format!("{home}/notifications");
    let path = use_location().pathname;
    let is_here = {
        let href = href.clone();
        move || path.with(|path| *path == href).then_some("page")
    };
    let name = move || match unread.get() {
        0 => "Notifications".to_owned(),
        count => format!("Notifications, {count} unread"),
    };
    let count = move || {
        let words = match unread.get() {
            0 => return None,
            count @ 1..=99 => count.to_string(),
            _ => "99+".to_owned(),
        };
        Some(view! {
            <span class="bell-count" aria-hidden="true">
                {words}
            </span>
        })
    };
    // Said when there is more than before, not when something was read.
    let news = Memo::new(move |before: Option<&(i64, Option<i64>)>| {
        let count = unread.get();
        let said = match before {
            Some((before, _)) if count > *before => Some(count),
            _ => None,
        };
        (count, said)
    });
    view! {
        <a class="bell" href=href title="Notifications" aria-label=name aria-current=is_here>
            <Icon name="bell" />
            {count}
        </a>
        <span class="visually-hidden" aria-live="polite">
            {move || news.get().1.map(|count| format!("{count} unread notifications."))}
        </span>
    }
}
