//! A form that was refused, as server and browser share it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What was typed into a form and why it was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// The path of the action, such as `/actions/accounts/sign_in`.
    pub action: String,
    /// What was typed, by the fields' names, without anything secret.
    pub fields: BTreeMap<String, String>,
    pub error: Error,
}

/// What the address of the page says about the form that was just sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    pub refused: Option<RefusedForm>,
    /// Shown once to whoever asked for it, such as a new invitation's link.
    pub shown_once: Option<String>,
    /// Said beside the success of the last form, such as that somebody has too much in progress now.
    pub remark: Option<String>,
}
