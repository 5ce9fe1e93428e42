//! Values that follow from others.

use leptos::prelude::*;

/// A value that follows from signals. The browser computes it when one of them changes, and tells those who
/// show it only when it is another. The server shows everything once, so it computes where it is read.
pub fn derived<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn() -> T + Send + Sync + 'static,
) -> Signal<T> {
    if cfg!(feature = "ssr") {
        Signal::derive(compute)
    } else {
        Memo::new(move |_| compute()).into()
    }
}
