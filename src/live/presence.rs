//! Who looks at what. Each tab tells it every few seconds, through the database to every instance; it is
//! kept in memory only, and forgotten when the tab falls silent.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{model::Present, store};
use crate::{
    error::{Error, Result},
    people::access::Access,
    tasks::model::FIELDS,
};

/// A tab tells every 5 s that it is there; one that misses two of them is gone.
const SILENCE: Duration = Duration::from_secs(11);

/// What a tab shows, as the instances tell each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tab {
    pub team: Uuid,
    tab: Uuid,
    /// None when the tab has been closed.
    at: Option<Present>,
}

/// The people of one team who are there.
#[derive(Default)]
pub struct PresentPeople {
    tabs: HashMap<Uuid, (Instant, Present)>,
    told: Option<Bytes>,
}

impl PresentPeople {
    pub fn see(&mut self, tab: Tab) {
        match tab.at {
            Some(present) => self.tabs.insert(tab.tab, (Instant::now(), present)),
            None => self.tabs.remove(&tab.tab),
        };
    }

    pub fn forget_who_left(&mut self) {
        self.tabs.retain(|_, (seen, _)| seen.elapsed() < SILENCE);
    }

    /// Who is there, as a server-sent event, if anybody is.
    pub fn message(&self) -> Option<Bytes> {
        (!self.tabs.is_empty()).then(|| self.compose())
    }

    /// The same, if it is not what was told last.
    pub fn news(&mut self) -> Option<Bytes> {
        if self.tabs.is_empty() && self.told.is_none() {
            return None;
        }
        let message = self.compose();
        if self.told.as_ref() == Some(&message) {
            return None;
        }
        self.told = Some(message.clone());
        Some(message)
    }

    fn compose(&self) -> Bytes {
        let mut present: Vec<&Present> = self.tabs.values().map(|(_, present)| present).collect();
        present.sort_unstable();
        present.dedup();
        let data = serde_json::to_string(&present).unwrap_or_default();
        format!("event: presence\ndata: {data}\n\n").into()
    }
}

/// Tells everybody in the team what a tab shows; nothing when it is being closed.
///
/// # Errors
/// A field error on `field` when tasks have no such field.
pub async fn tell(access: &Access, tab: Uuid, at: Option<Present>) -> Result<()> {
    if let Some(field) = at.as_ref().and_then(|at| at.field.as_deref())
        && !FIELDS.contains(&field)
    {
        return Err(Error::field("field", "Tasks have no such field."));
    }
    let tab = Tab {
        team: access.team().uuid(),
        tab,
        at,
    };
    let payload = serde_json::to_string(&tab).map_err(|_| Error::internal())?;
    store::tell_presence(access.db(), &payload).await
}
