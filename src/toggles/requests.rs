//! What the owners' page asks of toggles: thin entrances to the same door.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::model::TogglesView;
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions,
    model::{Mode, Percent},
};
#[cfg(feature = "ssr")]
use crate::{ids::PersonId, people::access::Permission, server::request::access};

/// The toggles of a team.
#[server]
pub async fn load_toggles(team: String) -> Result<TogglesView> {
    actions::all(&access(&team, Permission::Govern).await?).await
}

/// Turns a feature on or off, for all or some. Each of `people` is the id of somebody who has it whatever the share
/// is; how the fields are called beside that is all the same.
#[server]
pub async fn change_toggle(
    team: String,
    toggle: String,
    mode: String,
    share: String,
    people: Option<BTreeMap<String, String>>,
) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let (toggle, mode) = (toggle.parse()?, mode.parse()?);
    // What is in the field of a share does not keep anybody from turning something off.
    let share = match (mode, Percent::parse(&share)) {
        (Mode::Share, share) => share?,
        (_, share) => share.unwrap_or(Percent::HALF),
    };
    let mut always = Vec::new();
    for (key, person) in people.unwrap_or_default() {
        let field = format!("people[{key}]");
        let person = PersonId::parse(&field, &person)?;
        always.push((field, person));
    }
    actions::change_toggle(&access, toggle, mode, share, &always).await
}
