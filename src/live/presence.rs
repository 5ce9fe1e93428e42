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
    accounts::limits,
    error::{Code, Error, Result},
    ids::PersonId,
    people::access::Access,
    tasks::model::FIELDS,
};

/// A tab tells every 5 s that it is there; one that misses two of them is gone.
const SILENCE: Duration = Duration::from_secs(11);

/// How many tabs of one person are kept, the latest; and how many places of all are told at once.
const MOST_TABS: usize = 20;
const MOST_TOLD: usize = 300;

/// How often one person may tell it in a minute: as often as all of their tabs do, and when the eye moves on.
const MOST_A_MINUTE: u32 = 400;
const MINUTE: Duration = Duration::from_secs(60);

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
        let Some(present) = tab.at else {
            self.tabs.remove(&tab.tab);
            return;
        };
        let person = present.person.id;
        self.tabs.insert(tab.tab, (Instant::now(), present));
        let theirs = || {
            let tabs = self.tabs.iter();
            tabs.filter(|(_, (_, present))| present.person.id == person)
        };
        if theirs().count() > MOST_TABS {
            let oldest = theirs().min_by_key(|(_, (seen, _))| *seen);
            if let Some(oldest) = oldest.map(|(tab, _)| *tab) {
                self.tabs.remove(&oldest);
            }
        }
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
        present.truncate(MOST_TOLD);
        let data = serde_json::to_string(&present).unwrap_or_default();
        format!("event: presence\ndata: {data}\n\n").into()
    }
}

/// How often people have told what they look at, in the minute that runs. Each instance counts for itself:
/// what is told is kept in memory only, and this protects nothing else.
#[derive(Default)]
pub struct Tellers {
    since: Option<Instant>,
    times: HashMap<PersonId, u32>,
}

impl Tellers {
    /// # Errors
    /// 429 when somebody tells too often.
    pub fn count(&mut self, person: PersonId) -> Result<()> {
        if self.since.is_none_or(|since| since.elapsed() >= MINUTE) {
            self.since = Some(Instant::now());
            self.times.clear();
        }
        let times = self.times.entry(person).or_default();
        *times += 1;
        if *times <= MOST_A_MINUTE {
            return Ok(());
        }
        limits::count_refusal("presence_per_person");
        Err(Error {
            retry_after: Some(60),
            ..Error::new(
                Code::TooManyRequests,
                "Too many attempts. Try again in a minute.",
            )
        })
    }
}

/// The field of a task that somebody is editing.
///
/// # Errors
/// A field error on `field` when tasks have no such field.
pub fn known_field(field: String) -> Result<String> {
    if FIELDS.contains(&field.as_str()) {
        return Ok(field);
    }
    Err(Error::field("field", "Tasks have no such field."))
}

/// Tells everybody in the team what a tab shows; nothing when it is being closed.
pub async fn tell(access: &Access, tab: Uuid, at: Option<Present>) -> Result<()> {
    let tab = Tab {
        team: access.team().uuid(),
        tab,
        at,
    };
    let payload = serde_json::to_string(&tab).map_err(|_| Error::internal())?;
    store::tell_presence(access.db(), &payload).await
}
