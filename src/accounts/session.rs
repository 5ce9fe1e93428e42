//! Who is signed in.

use crate::{
    ids::{PersonId, SessionId},
    people::model::PersonName,
};

/// A signed-in person. The session layer puts it into the extensions of every request that carries
/// a valid cookie.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonName,
    pub email: String,
}

impl Session {
    pub fn person_id(&self) -> PersonId {
        self.person.id
    }
}
