//! Says that the connection is lost, and that it is back.

use leptos::prelude::*;

use super::listener::use_live;
use crate::ui::announce::use_announcer;

/// Stands below the header while the feed is not heard.
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
    view! {
        <div class="connection" aria-live="polite">
            {move || {
                (!live.connected.get())
                    .then(|| {
                        let unsent = match live.unsent.get() {
                            0 => "What you see may be out of date.".to_owned(),
                            1 => "One change is kept here and sent when it is back.".to_owned(),
                            count => format!("{count} changes are kept here and sent when it is back."),
                        };
                        view! { <p>"No connection. " {unsent}</p> }
                    })
            }}
        </div>
    }
}
