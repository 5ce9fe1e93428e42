//! Skateboard: a task board that shows a small team who is working on what.
//!
//! One slice a domain word, and in every slice the same three words: `model` is shared by server and
//! browser, `actions` is the door on the server, `store` is its SQL.

#![recursion_limit = "512"]

pub mod accounts;
pub mod app;
pub mod boards;
pub mod columns;
pub mod comments;
pub mod error;
pub mod exports;
pub mod feedback;
pub mod forms;
pub mod hypotheses;
pub mod ids;
pub mod imports;
pub mod insights;
pub mod live;
pub mod mine;
pub mod notifications;
pub mod now;
pub mod palette;
pub mod people;
pub mod search;
pub mod tasks;
pub mod toggles;
pub mod ui;
pub mod webhooks;

#[cfg(feature = "ssr")]
pub mod answers;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod backup;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod server;

#[cfg(feature = "ssr")]
#[cfg(test)]
pub mod testing;

/// Brings the page that the server rendered to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Tells tests, and whoever looks, that clicks are answered now.
    if let Some(html) = leptos::prelude::document().document_element() {
        // A page that cannot be marked works all the same.
        let _ = html.set_attribute("data-hydrated", "");
    }
}
