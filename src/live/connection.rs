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
        <div role="status" class="connection">
            {move || {
                (!live.connected.get())
                    .then(|| view! { <p>"No connection. What you see may be out of date."</p> })
            }}
        </div>
    }
}
