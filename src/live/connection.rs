//! Says that the connection is lost, and that it is back; and that something cannot be done without it.

use std::time::Duration;

use js_sys::{Array, Promise};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlFormElement;

use super::listener::{Live, use_live};
use crate::{
    accounts::model::sign_in_address,
    error::Code,
    ui::{
        announce::{Announcer, use_announcer},
        page::address_of,
    },
};

/// Marks a form that may be sent, because the server has just answered.
const REACHED: &str = "data-reached";

/// How long the server is waited for before a form is sent.
const PATIENCE: Duration = Duration::from_secs(3);

/// Stands below the header while the feed is not heard, or while something waits to be sent.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let live = use_live();
    let announcer = use_announcer();
    Effect::new(move |before: Option<bool>| {
        let connected = live.connected.get();
        if before == Some(false) && connected {
            announcer.late_success("Connected again.");
        }
        connected
    });
    let location = use_location();
    let sign_in = move || sign_in_address(&address_of(&location));
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
                                            <a href=sign_in() rel="external">
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
        // It is the server that says why, so there is a connection.
        (None, _, Some(error)) if error.code != Code::Unreachable => {
            (first_sentence(&error.message), kept("that is over"))
        }
        (None, false, _) => (
            "No connection.".to_owned(),
            kept("it is back").or_else(|| Some("What you see may be out of date.".to_owned())),
        ),
        (None, true, Some(error)) => (first_sentence(&error.message), kept("that is over")),
        (None, true, None) => return None,
    };
    Some(match then {
        Some(then) => format!("{what} {then}"),
        None => what,
    })
}

fn first_sentence(message: &str) -> String {
    let first = message.split_inclusive('.').next();
    first.unwrap_or_default().to_owned()
}

/// Stops a form that the browser would send by itself as long as nothing can be sent, and says so: otherwise
/// the browser's own error page would be in the place of what was typed. Gives whether it did.
pub fn stop_without_connection(
    event: &SubmitEvent,
    live: Option<Live>,
    announcer: Announcer,
) -> bool {
    let form = event.current_target();
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return false;
    };
    if form.has_attribute(REACHED) {
        let _ = form.remove_attribute(REACHED);
        return false;
    }
    let is_heard = live.and_then(|live| live.connected.try_get_untracked());
    if is_heard.unwrap_or(true) && window().navigator().on_line() {
        return false;
    }
    event.prevent_default();
    let pressed = event.submitter();
    spawn_local(async move {
        if is_reached().await {
            // A form that its browser finds incomplete is not sent, and says so itself.
            let _ = form.set_attribute(REACHED, "");
            let _ = form.request_submit_with_submitter(pressed.as_ref());
        } else {
            announcer.failure(
                "There is no connection, and this cannot be done without one. What you typed is still here; try again when it is back.",
            );
        }
    });
    true
}

/// Whether the server answers. What keeps the feed away may let everything else through.
async fn is_reached() -> bool {
    let asked = window().fetch_with_str("/health/live");
    let late = Promise::new(&mut |_, reject| {
        set_timeout(
            move || {
                // Rejecting a promise does not fail.
                let _ = reject.call0(&JsValue::UNDEFINED);
            },
            PATIENCE,
        );
    });
    JsFuture::from(Promise::race(&Array::of2(&asked, &late)))
        .await
        .is_ok()
}
