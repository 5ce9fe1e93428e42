//! Which team a request is for, known since its door was opened.

use std::sync::{Arc, OnceLock};

use uuid::Uuid;

use crate::people::access::TeamId;

/// The team whose door a request has opened. In the extensions of every request, where its copies share it.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<OnceLock<Uuid>>);

impl Door {
    /// Notes the team. The first one stays.
    pub fn opened(&self, team: TeamId) {
        // It fails only if it was noted already.
        let _ = self.0.set(team.uuid());
    }

    /// The team, if any door was opened.
    pub fn team(&self) -> Option<Uuid> {
        self.0.get().copied()
    }
}
