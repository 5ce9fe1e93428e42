//! The links by which displays show the Now page.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    model::WallLinkView,
    requests::{CreateWallLink, RevokeWallLink},
    shown_once::ShownOnce,
};
use crate::{forms::view::PlainForm, ids::WallLinkId, ui::time::Ago};

/// The form for a new link, and what links there are.
#[component]
pub fn WallLinks(
    /// The slug of the team.
    team: String,
    links: Vec<WallLinkView>,
    /// The id of the link that the form would make.
    next: WallLinkId,
    now: i64,
) -> impl IntoView {
    let slug = team.clone();
    let has_links = !links.is_empty();
    let rows = links
        .into_iter()
        .map(move |link| view! { <Row team=slug.clone() link=link now=now /> })
        .collect_view();
    view! {
        <section class="wall-links" aria-labelledby="wall-links">
            <h2 id="wall-links">"Wall"</h2>
            <p class="muted">
                "A wall link shows the Now page on a display without signing in: names and open tasks, and nothing else."
            </p>
            <ShownOnce
                kind="/wall/"
                label="Wall link"
                note="Copy it now: it is shown only this once. Whoever holds it sees the Now page until it is revoked."
            />
            <PlainForm action=CreateWallLink::url()>
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="id" value=next.to_string() />
                <button type="submit">"Create wall link"</button>
            </PlainForm>
            {has_links.then(|| view! { <ul class="invitations">{rows}</ul> })}
        </section>
    }
}

#[component]
fn Row(team: String, link: WallLinkView, now: i64) -> impl IntoView {
    let id = link.id.to_string();
    view! {
        <li>
            <span>
                "Created " <Ago at=link.created_at now=now /> " by " {link.created_by.name} ", "
                {match link.last_opened_at {
                    Some(at) => {
                        view! {
                            "last opened "
                            <Ago at=at now=now />
                        }
                            .into_any()
                    }
                    None => "never opened".into_any(),
                }}
            </span>
            <PlainForm action=RevokeWallLink::url() key=("wall_link".to_owned(), id)>
                <input type="hidden" name="team" value=team />
                <button type="submit" class="quiet">
                    "Revoke"
                </button>
            </PlainForm>
        </li>
    }
}
