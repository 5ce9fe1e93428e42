//! What the owners' page asks for, and what the browser tells because only there it is seen.

use leptos::prelude::*;

use super::model::FiguresView;
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::actions;
#[cfg(feature = "ssr")]
use crate::{error::Error, people::access::Permission, server::request::access};

/// The figures of a period, `YYYY-MM-DD` to `YYYY-MM-DD`; of the last eight weeks without it.
#[server]
pub async fn load_figures(
    team: String,
    from: Option<String>,
    to: Option<String>,
) -> Result<FiguresView> {
    let access = access(&team, Permission::Govern).await?;
    actions::figures(&access, from.as_deref(), to.as_deref()).await
}

/// Records what became of a warning of similar tasks: it was `shown`, `taken` or `ignored`, at `new_task` or
/// at `rename`, with so many tasks.
#[server]
pub async fn record_warning(
    team: String,
    warning: String,
    typed_at: String,
    tasks: String,
) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    let tasks = tasks.parse().ok().filter(|count| (1..=5).contains(count));
    let tasks = tasks.ok_or_else(|| Error::field("tasks", "One to five tasks are shown."))?;
    actions::record_warning(&access, warning.parse()?, typed_at.parse()?, tasks).await
}
