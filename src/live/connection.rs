//! Says that the connection is lost, and that it is back; and that something cannot be done without it.

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_location;

use super::listener::{Live, use_live};
use crate::{error::Code, ui::announce::Announcer, ui::announce::use_announcer};

/// Stands below the header while the feed is not heard, or while something waits to be sent.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let live = use_live();
    let announcer = use_announcer();
    Effect::new(move |before: Option<bool>| {
        let connected = live.connected.get();
        if before == Some(false) && connected {
            announcer.success("Connected again.");
        }
        connected
    });
    let path = use_location().pathname;
    let signed_out = move || live.shut.get() == Some(Code::Unauthenticated);
    view! {
        <div class="connection" aria-live="polite">
            {move || {
                words(live)
                    .map(|words| {
                        view! {
                            <p>
                                {words}
                                {signed_out()
                                    .then(|| {
                                        view! {
                                            " "
                                            <a href=format!("/sign-in?next={}", path.get()) rel="external">
                                                "Sign in again"
                                            </a>
                                        }
                                    })}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

fn words(live: Live) -> Option<String> {
    let count = live.unsent.get();
    let kept = |when: &str| match count {
        0 => None,
        1 => Some(format!("One change is kept here and sent when {when}.")),
        count => Some(format!(
            "{count} changes are kept here and sent when {when}."
        )),
    };
    let (what, then) = match (live.shut.get(), live.connected.get(), live.held.get()) {
        (Some(Code::Unauthenticated), ..) => {
            ("You are signed out.".to_owned(), kept("you are back"))
        }
        (Some(_), ..) => (
            "You are not in this team any more.".to_owned(),
            kept("you are in it again"),
        ),
        (None, false, _) => (
            "No connection.".to_owned(),
            kept("it is back").or_else(|| Some("What you see may be out of date.".to_owned())),
        ),
        (None, true, Some(error)) => {
            let first = error.message.split_inclusive('.').next();
            (first.unwrap_or_default().to_owned(), kept("that is over"))
        }
        (None, true, None) => return None,
    };
    let said = then.map_or_else(|| what.clone(), |then| format!("{what} {then}"));
    Some(said)
}

/// Stops a form that the browser would send by itself, and says so, when nothing can be sent: otherwise its
/// own error page would be in the place of what was typed. Gives whether it did.
pub fn stop_without_connection(
    event: &SubmitEvent,
    live: Option<Live>,
    announcer: Announcer,
) -> bool {
    let is_heard = live.and_then(|live| live.connected.try_get_untracked());
    let is_there = is_heard.unwrap_or(true) && window().navigator().on_line();
    if !is_there {
        event.prevent_default();
        announcer.failure(
            "There is no connection, and this cannot be done without one. What you typed is still here; try again when it is back.",
        );
    }
    !is_there
}
