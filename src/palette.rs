//! The command palette: one field to go anywhere in the team and to do anything with the current task, by keys
//! alone.
//!
//! It changes nothing itself. A page that has something to offer, such as the task that is open, says so by
//! [`Palette::offer`], and what is chosen is done by the page in its own way.

pub mod choice;
mod dialog;
mod matching;
mod places;
mod recent;
mod shown;

use std::sync::Arc;

use leptos::prelude::*;

use self::choice::Choice;
pub use self::{
    dialog::PaletteDialog,
    recent::{Visit, visited},
};

/// What can be done with what one has before oneself.
#[derive(Clone)]
pub struct Offer {
    /// What it is done with, such as `WEB-12`.
    pub about: String,
    /// The likeliest first.
    pub choices: Vec<Choice>,
}

/// What a page has to offer at the moment, if anything.
type Source = Arc<dyn Fn() -> Option<Offer> + Send + Sync>;

/// The palette of the team's frame.
#[derive(Clone, Copy)]
pub struct Palette {
    is_open: RwSignal<bool>,
    /// What was there to be offered when it was opened.
    offer: RwSignal<Option<Offer>>,
    sources: StoredValue<Vec<(u64, Source)>>,
    next: StoredValue<u64>,
}

impl Palette {
    /// Makes the palette that [`use_palette`] finds.
    pub fn provide() {
        provide_context(Self {
            is_open: RwSignal::new(false),
            offer: RwSignal::new(None),
            sources: StoredValue::new(Vec::new()),
            next: StoredValue::new(0),
        });
    }

    /// Offers something as long as the component stands. What was offered last comes first: the task over its
    /// board. To be called from an effect: only a browser offers anything.
    pub fn offer(self, source: impl Fn() -> Option<Offer> + Send + Sync + 'static) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let source: Source = Arc::new(source);
        self.sources
            .update_value(|sources| sources.push((number, source)));
        on_cleanup(move || {
            // The frame may end first.
            let _ = self
                .sources
                .try_update_value(|sources| sources.retain(|(other, _)| *other != number));
        });
    }

    /// Opens it with what can be done now, while the focus still says with what.
    pub fn open(self) {
        let sources = self.sources.get_value();
        let offer = sources.iter().rev().find_map(|(_, source)| source());
        self.offer.set(offer);
        self.is_open.set(true);
    }
}

/// The palette of the team's frame.
pub fn use_palette() -> Palette {
    expect_context()
}
