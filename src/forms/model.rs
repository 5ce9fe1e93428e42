//! A form that was refused, as server and browser share it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FormOutcome {
    pub refused: Option<RefusedForm>,
    /// No form of the page is the one that was refused: the page says it itself.
    pub is_unclaimed: bool,
    #[serde(skip)]
    pub claim: Claim,
    /// Shown once to whoever asked for it, such as a new invitation's link.
    pub shown_once: Option<String>,
    /// Said beside the success of the last form, such as that somebody has too much in progress now.
    pub remark: Option<String>,
}

/// Whether something on the page says the refusal. What renders the page makes the claim, and the server asks when
/// the page is finished; a browser does not ask.
#[derive(Clone, Debug, Default)]
pub struct Claim(Arc<AtomicBool>);

impl Claim {
    pub fn make(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_made(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
