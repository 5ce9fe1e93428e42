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
    refused: Option<RefusedForm>,
    /// No form of the page says the refusal: the page does.
    is_unsaid: bool,
    #[serde(skip)]
    said: Said,
    /// Shown once to whoever asked for it, such as a new invitation's link.
    pub shown_once: Option<String>,
    /// Said beside the success of the last form, such as that somebody has too much in progress now.
    pub remark: Option<String>,
}

impl FormOutcome {
    pub fn new(
        refused: Option<RefusedForm>,
        shown_once: Option<String>,
        remark: Option<String>,
    ) -> Self {
        Self {
            refused,
            shown_once,
            remark,
            ..Self::default()
        }
    }

    /// The refusal, if it is one that the caller says.
    pub fn taken(self, is_mine: impl FnOnce(&RefusedForm) -> bool) -> Option<RefusedForm> {
        let refused = self.refused.filter(is_mine)?;
        self.said.mark();
        Some(refused)
    }

    /// The refusal, if no form of the page says it.
    pub fn unsaid(self) -> Option<RefusedForm> {
        self.refused.filter(|_| self.is_unsaid)
    }

    /// Whether a form was refused.
    pub fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Whether something on the page that was made with this says the refusal.
    pub fn is_said(&self) -> bool {
        self.said.is_marked()
    }

    /// Whether the page is made with this once more, to say the refusal itself.
    pub fn is_unsaid(&self) -> bool {
        self.is_unsaid
    }

    /// The same for a page on which nothing else says the refusal.
    pub fn left_unsaid(self) -> Self {
        Self {
            is_unsaid: true,
            ..self
        }
    }
}

/// Whether something on the page says the refusal. What renders the page marks it, and the server asks when the page is
/// finished; a browser does not ask.
#[derive(Clone, Debug, Default)]
struct Said(Arc<AtomicBool>);

impl Said {
    fn mark(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_marked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
