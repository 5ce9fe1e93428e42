//! The clipboard of the browser.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Puts a text where it can be pasted from, and says whether that was possible: a browser may refuse, and over plain
/// http it has no clipboard.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let has_clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_object());
    has_clipboard
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}
