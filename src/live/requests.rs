//! The entrances for tabs that say what they show.

use leptos::prelude::*;

use crate::error::Result;

/// Tells the team what a tab shows: a board, or a task and the field that is being edited, or nothing
/// in particular; `gone` when the tab is being closed. To be repeated every 5 s.
#[server]
pub async fn be_present(
    team: String,
    tab: String,
    board: Option<String>,
    task: Option<String>,
    field: Option<String>,
    gone: Option<String>,
) -> Result<()> {
    use uuid::Uuid;

    use super::{model::Present, presence};
    use crate::{
        error::Error,
        ids::{BoardId, TaskId},
        people::access::Permission,
        server::request,
    };

    let access = request::access_in_passing(&team, Permission::Read).await?;
    request::state().feed.may_tell(access.person().id)?;
    let tab: Uuid = tab
        .parse()
        .map_err(|_| Error::field("tab", "This is not a valid id."))?;
    let at = Present {
        person: access.person().clone(),
        board: board
            .map(|board| BoardId::parse("board", &board))
            .transpose()?,
        task: task.map(|task| TaskId::parse("task", &task)).transpose()?,
        field: field.map(presence::known_field).transpose()?,
    };
    presence::tell(&access, tab, gone.is_none().then_some(at)).await
}

/// Counts a conflict that a page has told at once, before anything was sent.
#[server]
pub async fn count_conflict(team: String) -> Result<()> {
    use super::metrics;
    use crate::{
        insights::{self, model::Happened},
        people::access::Permission,
        server::request,
    };

    let access = request::access_in_passing(&team, Permission::Write).await?;
    metrics::conflict_told_at_once();
    insights::actions::count(&access, Happened::ConflictCaught).await;
    Ok(())
}
