//! What a target is sent.

use serde::Serialize;

use crate::{ids::DeliveryId, live::told::ToldEvent};

/// The body of a request.
#[derive(Debug, Serialize)]
pub struct Payload<'a> {
    pub id: DeliveryId,
    /// The kind of the event, or `ping`.
    pub kind: &'a str,
    /// The team as its address names it.
    pub team: &'a str,
    pub event: Option<ToldEvent>,
}

impl Payload<'_> {
    pub fn body(&self) -> Vec<u8> {
        // It has no map with keys that are no text, so it cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
