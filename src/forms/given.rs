//! A field that a form may leave out, as opposed to one that was left empty.

use serde::{Deserialize, Deserializer, Serialize};

/// What was typed into a field, if the field was sent at all. An `Option` alone cannot tell: the decoder
/// of forms reads an empty field as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Given(pub Option<String>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Some(text)))
    }
}

impl From<Option<String>> for Given {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}
