//! Says that the reader's role is another one than the page was made for. What they have typed stays until
//! they load it again.

use leptos::prelude::*;

use super::load_team;
use crate::{
    live::{coalesced::at_events, model::FeedEvent},
    people::model::TeamView,
};

/// Stands below the header once somebody has changed the reader's role.
#[component]
pub fn NewRole(team: TeamView) -> impl IntoView {
    let role = RwSignal::new(team.role);
    let me = team.me.id.to_string();
    let concerns_me = move |event: &FeedEvent| {
        event.kind == "member.role_changed"
            && event
                .changes
                .iter()
                .any(|change| change.field == "person" && change.to.as_ref() == Some(&me))
    };
    let slug = team.slug;
    at_events(team.seq, concerns_me, move || {
        let read = load_team(slug.clone());
        async move {
            // The page may be left meanwhile.
            let _ = role.try_set(read.await?.role);
            Ok(())
        }
    });
    let words = move || {
        let role = role.get();
        (role != team.role).then(|| {
            view! {
                <p>
                    {format!("Your role is {} now. ", role.in_words().to_lowercase())}
                    <a href="" rel="external">
                        "Load the page again"
                    </a>
                </p>
            }
        })
    };
    view! {
        <div class="connection" aria-live="polite">
            {words}
        </div>
    }
}
