//! `/`: the way to where one works.

use leptos::prelude::*;

use crate::{
    error::Result,
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn HomePage() -> impl IntoView {
    let home = PageData::new(|| (), |()| load_home());
    view! {
        <Loaded
            data=home
            view=|path: String| {
                view! {
                    <main id="content" class="door">
                        <h1>"Skateboard"</h1>
                        <p>
                            <a href=path>"Go on"</a>
                        </p>
                    </main>
                }
            }
        />
    }
}

/// Sends the browser to the team used last, or to the door.
#[server]
pub async fn load_home() -> Result<String> {
    use super::store;
    use crate::{forms::origin, people, server::request};

    let (db, parts) = (request::state().db, request::parts());
    let path = match request::session() {
        Some(session) => {
            let teams = people::store::teams_of(&db, session.person_id()).await?;
            let last = teams
                .iter()
                .find(|team| Some(&team.slug) == session.last_team.as_ref());
            match last.or(teams.first()) {
                Some(team) => format!("/teams/{}", team.slug),
                None => "/teams/new".to_owned(),
            }
        }
        None if store::is_empty(&db).await? => "/register".to_owned(),
        None => "/sign-in".to_owned(),
    };
    // What was done is said where this leads to.
    let said = parts.uri.query().filter(|said| said.starts_with("done="));
    let path = origin::with_query(&path, said.unwrap_or_default());
    request::redirect(&path);
    Ok(path)
}
