//! Texts that the browser keeps. Where it may keep nothing, or has no room left, a text is not kept: that is no error,
//! and whoever has to know is told.

use leptos::prelude::window;

/// Where a text is kept.
#[derive(Clone, Copy)]
pub enum Storage {
    /// For as long as this tab is open, also when its page is loaded again.
    Tab,
    /// For all tabs, until it is forgotten.
    Browser,
}

impl Storage {
    /// Keeps a text, or forgets it when it is empty, and says whether that was possible.
    pub fn keep(self, place: &str, text: &str) -> bool {
        let Some(storage) = self.open() else {
            return false;
        };
        let kept = match text {
            "" => storage.remove_item(place),
            text => storage.set_item(place, text),
        };
        kept.is_ok()
    }

    /// The text that was kept, if there is one.
    pub fn read(self, place: &str) -> Option<String> {
        self.open()?.get_item(place).ok().flatten()
    }

    /// The places that begin with a text, in the order of their names.
    pub fn places(self, prefix: &str) -> Vec<String> {
        let Some(storage) = self.open() else {
            return Vec::new();
        };
        let mut places: Vec<_> = (0..storage.length().unwrap_or(0))
            .filter_map(|index| storage.key(index).ok().flatten())
            .filter(|place| place.starts_with(prefix))
            .collect();
        places.sort_unstable();
        places
    }

    fn open(self) -> Option<web_sys::Storage> {
        let storage = match self {
            Self::Tab => window().session_storage(),
            Self::Browser => window().local_storage(),
        };
        storage.ok().flatten()
    }
}
